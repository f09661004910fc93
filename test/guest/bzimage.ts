/** Small files that are built like a kernel's, around what tools have packed. Linux, "The Linux/x86 Boot Protocol". */
import { readFileSync } from 'node:fs';

const ROOT = new URL('../../../', import.meta.url);
export const HELLO = readFileSync(new URL('test/cli/images/hello.elf', ROOT));

const SETUP_SECTORS = 2;
const CODE = (SETUP_SECTORS + 1) * 512;
/** Where in the code the packed kernel begins. */
const PAYLOAD = 0x40;

/** A bzImage of protocol 2.15 with hello.elf in it, packed by the tool whose files end so. */
export function bzImage(extension: string): Uint8Array {
  const packed = readFileSync(new URL(`test/guest/packed/hello.elf.${extension}`, ROOT));
  const file = new Uint8Array(CODE + PAYLOAD + packed.length + 4);
  const view = new DataView(file.buffer);
  file[0x1f1] = SETUP_SECTORS;
  view.setUint16(0x1fe, 0xaa55, true);
  file.set([0xeb, 0x6a], 0x200);
  file.set(new TextEncoder().encode('HdrS'), 0x202);
  view.setUint16(0x206, 0x020f, true);
  view.setUint32(0x230, 0x20_0000, true);
  view.setUint16(0x236, 0x7f, true);
  view.setUint32(0x238, 2047, true);
  view.setUint32(0x248, PAYLOAD, true);
  view.setUint32(0x24c, packed.length + 4, true);
  view.setBigUint64(0x258, 0x100_0000n, true);
  view.setUint32(0x260, 0x40_0000, true);
  file.set(packed, CODE + PAYLOAD);
  view.setUint32(CODE + PAYLOAD + packed.length, HELLO.length, true);
  return file;
}
