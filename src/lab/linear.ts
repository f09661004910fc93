/**
 * Linear memory as a debugger reads it: by page tables, and with no trace of it in TLBs, accessed bits or caches.
 *
 * Limit: without paging, or with the four levels of 64-bit mode; not by the page tables of 32-bit mode.
 */
import { CR0_PG, EFER_LMA, PTE_LARGE, PTE_PRESENT } from '../x86/paging.ts';

/** What of a processor says how addresses are translated. */
export interface Translation { readonly cr0: number; readonly cr3: bigint; readonly efer: number }

const ADDRESS = 0x000f_ffff_ffff_f000n;
const PAGE = 0x1000;

/** As many of the bytes as are there. `ram` is physical memory. */
export function readLinear(ram: Uint8Array, translation: Translation, address: bigint, length: number): Uint8Array {
  const bytes: number[] = [];
  for (let at = address; bytes.length < length;) {
    const physical = physicalOf(ram, translation, BigInt.asUintN(64, at));
    if (physical === undefined) break;
    const end = Math.min(physical + length - bytes.length, physical - (physical % PAGE) + PAGE, ram.length);
    if (end <= physical) break;
    bytes.push(...ram.subarray(physical, end));
    at += BigInt(end - physical);
  }
  return Uint8Array.from(bytes);
}

function physicalOf(ram: Uint8Array, { cr0, cr3, efer }: Translation, address: bigint): number | undefined {
  if ((cr0 & CR0_PG) === 0) return Number(address & 0xffff_ffffn);
  if ((efer & EFER_LMA) === 0) return undefined;
  const view = new DataView(ram.buffer, ram.byteOffset, ram.byteLength);
  let table = cr3 & ADDRESS;
  for (let shift = 39n; shift >= 12n; shift -= 9n) {
    const at = Number(table + ((address >> shift) & 0x1ffn) * 8n);
    if (at + 8 > ram.length) return undefined;
    const entry = view.getBigUint64(at, true);
    if ((entry & BigInt(PTE_PRESENT)) === 0n) return undefined;
    const offset = (1n << shift) - 1n;
    const last = shift === 12n || (shift < 39n && (entry & BigInt(PTE_LARGE)) !== 0n);
    if (last) return Number((entry & ADDRESS & ~offset) | (address & offset));
    table = entry & ADDRESS;
  }
  return undefined;
}
