/** What a multiboot loader tells the image it starts. Multiboot Specification 0.6.96, "Boot information format". */
import { utf8 } from '../base/utf8.ts';
import { ImageError, type MultibootStart } from './image.ts';

/** What EAX holds when the image is entered; EBX then points to the boot information. */
export const MULTIBOOT_LOADED = 0x2bad_b002;
/** Where the boot information lies, above what real-address mode images take, and how much there may be. */
export const INFORMATION = { at: 0x9_0000, size: 0x7000 } as const;

const FLAG = { memory: 1 << 0, commandLine: 1 << 2, modules: 1 << 3, memoryMap: 1 << 6, loaderName: 1 << 9 } as const;
const FIELD = {
  flags: 0, lower: 4, upper: 8, commandLine: 16, moduleCount: 20, modules: 24, mapLength: 44, map: 48, loaderName: 64,
} as const;
const SIZE = 120;
const MIB = 1 << 20;
/** Where the memory below 1 MiB ends that is free to use, as on a PC. */
const LOW_END = 0x9_fc00;
const AVAILABLE = 1, RESERVED = 2;
/** An entry of the memory map, without the field that tells its size. */
const ENTRY_SIZE = 20;
/** Start, end, command line, and a field that is reserved. */
const MODULE_SIZE = 16;

/** The boot information for `memory` bytes. Throws an ImageError when it does not fit. */
export function multibootInformation(memory: number, { commandLine, modules }: MultibootStart): Uint8Array {
  const map = [[0, LOW_END, AVAILABLE], [LOW_END, MIB, RESERVED], [MIB, memory, AVAILABLE]] as const;
  const modulesAt = SIZE + map.length * (ENTRY_SIZE + 4), textAt = modulesAt + modules.length * MODULE_SIZE;
  const texts: number[] = [];
  /** Where a string is that ends with a zero. */
  const place = (text: string): number => {
    const at = INFORMATION.at + textAt + texts.length;
    texts.push(...utf8(text), 0);
    return at;
  };
  const header = new Uint8Array(textAt);
  const view = new DataView(header.buffer);
  const set = (offset: number, value: number): void => view.setUint32(offset, value, true);
  set(FIELD.flags, FLAG.memory | FLAG.commandLine | FLAG.modules | FLAG.memoryMap | FLAG.loaderName);
  set(FIELD.lower, LOW_END >> 10);
  set(FIELD.upper, (memory - MIB) >>> 10);
  set(FIELD.commandLine, place(commandLine));
  set(FIELD.moduleCount, modules.length);
  set(FIELD.modules, INFORMATION.at + modulesAt);
  set(FIELD.mapLength, map.length * (ENTRY_SIZE + 4));
  set(FIELD.map, INFORMATION.at + SIZE);
  set(FIELD.loaderName, place('vpmu'));
  for (const [i, [start, end, type]] of map.entries()) {
    const entry = SIZE + i * (ENTRY_SIZE + 4);
    set(entry, ENTRY_SIZE);
    view.setBigUint64(entry + 4, BigInt(start), true);
    view.setBigUint64(entry + 12, BigInt(end - start), true);
    set(entry + 20, type);
  }
  for (const [i, module] of modules.entries()) {
    const words = [module.at, module.at + module.size, place(module.commandLine)];
    for (const [k, word] of words.entries()) set(modulesAt + i * MODULE_SIZE + 4 * k, word);
  }
  const bytes = Uint8Array.from([...header, ...texts]);
  if (bytes.length > INFORMATION.size) {
    throw new ImageError(`the command lines of the image and its modules take ${bytes.length} bytes with all else that it is told; `
      + `there is room for ${INFORMATION.size}`);
  }
  return bytes;
}
