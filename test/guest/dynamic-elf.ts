/** Files built like dynamic programs and libraries. System V ABI, "Object Files" and "Dynamic Linking". */

const BASE = 0x40_0000;

/** What `needs` names, and the interpreter, if any. All of the file is one segment at 400000H. */
export function dynamicElf(needs: readonly string[], interpreter?: string): Uint8Array {
  const headers = 64 + 3 * 56;
  const strings = Buffer.from(`\0${[...needs, interpreter ?? ''].join('\0')}\0`, 'latin1');
  const entries: (readonly [tag: number, value: number])[] = [];
  let at = 1;
  for (const name of needs) {
    entries.push([1, at]);
    at += name.length + 1;
  }
  const dynamic = headers + strings.length;
  entries.push([5, BASE + headers], [0, 0]);
  const file = Buffer.alloc(dynamic + entries.length * 16);
  file.write('\x7fELF\x02\x01\x01', 'latin1');
  file.writeUInt16LE(3, 16);
  file.writeUInt16LE(62, 18);
  file.writeBigUInt64LE(64n, 32);
  file.writeUInt16LE(56, 54);
  file.writeUInt16LE(3, 56);
  const header = (i: number, type: number, offset: number, size: number): void => {
    const place = 64 + 56 * i;
    file.writeUInt32LE(type, place);
    for (const [k, value] of [offset, BASE + offset, BASE + offset, size, size].entries()) {
      file.writeBigUInt64LE(BigInt(value), place + 8 + 8 * k);
    }
  };
  header(0, 1, 0, file.length);
  header(1, 2, dynamic, entries.length * 16);
  header(2, interpreter === undefined ? 4 : 3, headers + at, interpreter === undefined ? 0 : interpreter.length + 1);
  strings.copy(file, headers);
  for (const [i, [tag, value]] of entries.entries()) {
    file.writeBigUInt64LE(BigInt(tag), dynamic + 16 * i);
    file.writeBigUInt64LE(BigInt(value), dynamic + 16 * i + 8);
  }
  return file;
}
