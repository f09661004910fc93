/**
 * ACPI Machine Language, as much as a description of this board takes: names, packages, buffers, devices and their resources.
 * ACPI Specification, "AML Grammar Definition" and "Resource Data Types for ACPI". Each function gives the bytes of one term.
 */
import { assert } from '../../base/assert.ts';

type Bytes = readonly number[];

const OP = {
  zero: 0x00, one: 0x01, name: 0x08, byte: 0x0a, word: 0x0b, dword: 0x0c, string: 0x0d, scope: 0x10, buffer: 0x11, package: 0x12,
  extended: 0x5b, device: 0x82,
} as const;

const ascii = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));
const le = (value: number, bytes: number): number[] => Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** i) % 256);

/** A name of at most four letters; a leading backslash is the root. */
function nameString(name: string): Bytes {
  const root = name.startsWith('\\');
  const segment = root ? name.slice(1) : name;
  assert(/^[A-Z_][A-Z0-9_]{0,3}$/.test(segment), `${name} is a name of AML`);
  return [...(root ? ascii('\\') : []), ...ascii(segment.padEnd(4, '_'))];
}

/** PkgLength: of what follows and of itself, in one to four bytes. */
function withLength(content: Bytes): Bytes {
  if (content.length + 1 < 0x40) return [content.length + 1, ...content];
  const extra = content.length + 2 < 2 ** 12 ? 1 : content.length + 3 < 2 ** 20 ? 2 : 3;
  const length = content.length + 1 + extra;
  return [(extra << 6) | (length & 0xf), ...le(Math.floor(length / 16), extra), ...content];
}

export function integer(value: number): Bytes {
  if (value === 0) return [OP.zero];
  if (value === 1) return [OP.one];
  if (value < 0x100) return [OP.byte, value];
  return value < 0x1_0000 ? [OP.word, ...le(value, 2)] : [OP.dword, ...le(value, 4)];
}

export const text = (value: string): Bytes => [OP.string, ...ascii(value), 0];

export const named = (name: string, value: Bytes): Bytes => [OP.name, ...nameString(name), ...value];

export const listOf = (elements: readonly Bytes[]): Bytes => [OP.package, ...withLength([elements.length, ...elements.flat()])];

export const scope = (name: string, terms: readonly Bytes[]): Bytes => [OP.scope, ...withLength([...nameString(name), ...terms.flat()])];

export const device = (name: string, terms: readonly Bytes[]): Bytes =>
  [OP.extended, OP.device, ...withLength([...nameString(name), ...terms.flat()])];

/** EISAID: three letters of five bits, four digits of four, the most significant byte first. */
export function eisaId(id: string): Bytes {
  assert(/^[A-Z]{3}[0-9A-F]{4}$/.test(id), `${id} is an EISA identifier`);
  const letters = ascii(id.slice(0, 3)).reduce((value, letter) => (value << 5) | (letter - 0x40), 0);
  const value = letters * 0x1_0000 + Number.parseInt(id.slice(3), 16);
  return integer(le(value, 4).reduce((swapped, byte) => swapped * 256 + byte, 0));
}

/** A resource template: the resources, and the end tag, whose checksum of zero is always right. */
export function resources(list: readonly Bytes[]): Bytes {
  const content = [...list.flat(), 0x79, 0];
  return [OP.buffer, ...withLength([...integer(content.length), ...content])];
}

/** I/O Port Descriptor, decoding 16 bits of the address: one range, at a fixed place. */
export const ioPorts = (port: number, count: number): Bytes => [0x47, 1, ...le(port, 2), ...le(port, 2), 1, count];

/** 32-bit Fixed Memory Range Descriptor, of memory that can be written. */
export const memoryRange = (address: number, size: number): Bytes => [0x86, 9, 0, 1, ...le(address, 4), ...le(size, 4)];

/** Extended Interrupt Descriptor: of the consumer of a resource, active high, not shared. */
export const interrupt = (line: number, trigger: 'edge' | 'level'): Bytes =>
  [0x89, 6, 0, trigger === 'edge' ? 0b11 : 0b01, 1, ...le(line, 4)];
