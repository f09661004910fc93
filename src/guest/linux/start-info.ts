/** What a PVH loader tells a kernel: `struct hvm_start_info`. Xen, "x86/HVM direct boot ABI", version 1. */
import type { Told } from './boot-params.ts';

const MAGIC = 0x336e_c578;
const VERSION = 1;
const HEADER = 56;
const MODULE = 32;
const RANGE = 24;

/** The structure and the lists that it points to, for a place in physical memory. */
export function startInfo(at: number, { commandLine, ramdisk, memory, rsdp }: Told): Uint8Array {
  const modules = HEADER, ranges = modules + MODULE;
  const bytes = new Uint8Array(ranges + RANGE * memory.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, VERSION, true);
  view.setUint32(12, ramdisk === undefined ? 0 : 1, true);
  const pointers = [at + modules, commandLine.at, rsdp, at + ranges];
  for (const [i, address] of pointers.entries()) view.setBigUint64(16 + 8 * i, BigInt(address), true);
  view.setUint32(48, memory.length, true);
  if (ramdisk !== undefined) {
    view.setBigUint64(modules, BigInt(ramdisk.at), true);
    view.setBigUint64(modules + 8, BigInt(ramdisk.size), true);
  }
  for (const [i, { start, end, type }] of memory.entries()) {
    view.setBigUint64(ranges + RANGE * i, BigInt(start), true);
    view.setBigUint64(ranges + RANGE * i + 8, BigInt(end - start), true);
    view.setUint32(ranges + RANGE * i + 16, type, true);
  }
  return bytes;
}
