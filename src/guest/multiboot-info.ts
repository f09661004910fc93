/** What a multiboot loader tells the image it starts. Multiboot Specification 0.6.96, "Boot information format". */

/** What EAX holds when the image is entered; EBX then points to the boot information. */
export const MULTIBOOT_LOADED = 0x2bad_b002;

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

/** The boot information for `memory` bytes, to be put at physical address `at`. */
export function multibootInformation(at: number, memory: number, commandLine: string): Uint8Array {
  const map = [[0, LOW_END, AVAILABLE], [LOW_END, MIB, RESERVED], [MIB, memory, AVAILABLE]] as const;
  const texts = [commandLine, 'vpmu'].map((text) => [...text, '\0'].map((character) => character.charCodeAt(0)));
  const mapAt = SIZE, textAt = mapAt + map.length * (ENTRY_SIZE + 4);
  const bytes = new Uint8Array(textAt + texts[0]!.length + texts[1]!.length);
  const view = new DataView(bytes.buffer);
  const set = (offset: number, value: number): void => view.setUint32(offset, value, true);
  set(FIELD.flags, FLAG.memory | FLAG.commandLine | FLAG.modules | FLAG.memoryMap | FLAG.loaderName);
  set(FIELD.lower, LOW_END >> 10);
  set(FIELD.upper, (memory - MIB) >>> 10);
  set(FIELD.commandLine, at + textAt);
  set(FIELD.mapLength, map.length * (ENTRY_SIZE + 4));
  set(FIELD.map, at + mapAt);
  set(FIELD.loaderName, at + textAt + texts[0]!.length);
  for (const [i, [start, end, type]] of map.entries()) {
    const entry = mapAt + i * (ENTRY_SIZE + 4);
    set(entry, ENTRY_SIZE);
    view.setBigUint64(entry + 4, BigInt(start), true);
    view.setBigUint64(entry + 12, BigInt(end - start), true);
    set(entry + 20, type);
  }
  bytes.set(texts.flat(), textAt);
  return bytes;
}
