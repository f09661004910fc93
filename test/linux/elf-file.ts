/**
 * Static programs for Linux guests, assembled: what they count can be read off their listing. As files of System V's "Object Files", with
 * one segment that is read and executed, and a symbol for each function, so that a profiler has names for what it finds.
 */
import { assemble } from '../../src/x86/isa/assemble.ts';

const BASE = 0x40_0000n;
const HEADER = 0x40, SEGMENT = 0x38, SECTION = 0x40, SYMBOL = 0x18;
const TYPE = { nothing: 0, code: 1, symbols: 2, names: 3 } as const;
const GLOBAL_FUNCTION = 0x12;

/** The program begins at the first of these functions. A function is its source; a label in it must be no other function's. */
export function staticProgram(functions: Readonly<Record<string, string>>): Uint8Array {
  const at = BASE + BigInt(HEADER + SEGMENT), names = Object.keys(functions);
  const source = [...names.map((name) => `${name}:\n${functions[name]!}`), 'end:'].join('\n');
  const { bytes: code, labels } = assemble(source, at);
  const places = [...names, 'end'].map((name) => labels.get(name)!);
  const symbols = Buffer.alloc(SYMBOL * (names.length + 1));
  const strings = stringsOf(names), sections = stringsOf(['.text', '.symtab', '.strtab', '.shstrtab']);
  for (const [i, name] of names.entries()) {
    const symbol = symbols.subarray(SYMBOL * (i + 1));
    symbol.writeUInt32LE(strings.at(name), 0);
    symbol.writeUInt8(GLOBAL_FUNCTION, 4);
    symbol.writeUInt16LE(1, 6);
    symbol.writeBigUInt64LE(places[i]!, 8);
    symbol.writeBigUInt64LE(places[i + 1]! - places[i]!, 16);
  }
  const parts = [
    { name: '.text', type: TYPE.code, flags: 6, bytes: code, link: 0, info: 0, entry: 0 },
    { name: '.symtab', type: TYPE.symbols, flags: 0, bytes: symbols, link: 3, info: 1, entry: SYMBOL },
    { name: '.strtab', type: TYPE.names, flags: 0, bytes: strings.bytes, link: 0, info: 0, entry: 0 },
    { name: '.shstrtab', type: TYPE.names, flags: 0, bytes: sections.bytes, link: 0, info: 0, entry: 0 },
  ];
  const headers = Buffer.alloc(SECTION * (parts.length + 1));
  let offset = HEADER + SEGMENT;
  for (const [i, { name, type, flags, bytes, link, info, entry }] of parts.entries()) {
    const section = headers.subarray(SECTION * (i + 1));
    const narrow = [[0, sections.at(name)], [0x04, type], [0x28, link], [0x2c, info]] as const;
    for (const [where, value] of narrow) section.writeUInt32LE(value, where);
    const address = type === TYPE.code ? Number(at) : 0;
    const wide = [[0x08, flags], [0x10, address], [0x18, offset], [0x20, bytes.length], [0x30, 1], [0x38, entry]] as const;
    for (const [where, value] of wide) section.writeBigUInt64LE(BigInt(value), where);
    offset += bytes.length;
  }
  const header = fileHeader(at, offset, parts.length + 1);
  return Buffer.concat([header, segment(HEADER + SEGMENT + code.length), ...parts.map(({ bytes }) => bytes), headers]);
}

function fileHeader(entry: bigint, sections: number, count: number): Buffer {
  const header = Buffer.alloc(HEADER);
  header.write('\x7fELF\x02\x01\x01', 'latin1');
  const kind = [[0x10, 2], [0x12, 62]] as const;
  const sizes = [[0x34, HEADER], [0x36, SEGMENT], [0x38, 1], [0x3a, SECTION], [0x3c, count], [0x3e, count - 1]] as const;
  for (const [at, value] of [...kind, ...sizes]) header.writeUInt16LE(value, at);
  header.writeUInt32LE(1, 0x14);
  for (const [at, value] of [[0x18, entry], [0x20, BigInt(HEADER)], [0x28, BigInt(sections)]] as const) header.writeBigUInt64LE(value, at);
  return header;
}

function segment(size: number): Buffer {
  const header = Buffer.alloc(SEGMENT);
  header.writeUInt32LE(1, 0);
  header.writeUInt32LE(5, 4);
  for (const [i, value] of [0n, BASE, BASE, BigInt(size), BigInt(size), 0x1000n].entries()) header.writeBigUInt64LE(value, 8 + 8 * i);
  return header;
}

/** A table of strings, which begins with an empty one. */
function stringsOf(names: readonly string[]): { readonly bytes: Uint8Array; at(name: string): number } {
  const text = `\0${names.join('\0')}\0`;
  return { bytes: Buffer.from(text, 'latin1'), at: (name) => text.indexOf(`\0${name}\0`) + 1 };
}
