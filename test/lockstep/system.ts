/** The registers of a processor that only the system changes: as QEMU prints them, and as ours has them. */
import { CPU } from '../../src/hw/cpu/layout.ts';
import type { Registers } from '../../src/hw/cpu/registers.ts';
import { CS, SREG } from '../../src/x86/registers.ts';

/** By name, such as "cs", "fs.base" and "cr3". */
export type System = ReadonlyMap<string, bigint>;

/** Where all of them lie in a processor's block. */
export const SYSTEM_STATE = { from: CPU.segments, to: CPU.msrs } as const;

const SEGMENTS = [...SREG, 'LDT', 'TR'].map((name) => name.toLowerCase());
/** In 64-bit mode the other bases and limits mean nothing, and emulators keep what they like in them. */
const WITH_BASE = new Set(['fs', 'gs', 'tr']);
/** Bits of a descriptor without the limit, and without "accessed", which QEMU does not set. */
const ATTRIBUTES = 0xf0fen;
/** Which of the debug registers exist. */
const DEBUG = [0, 1, 2, 3, 6, 7] as const;

export function printedSystem(text: string): System {
  const values = new Map<string, bigint>();
  const hex = (digits: string): bigint => BigInt(`0x${digits}`);
  for (const [, name, value] of text.matchAll(/\b(CR\d|DR\d|EFER)=([0-9a-f]+)/g)) values.set(name!.toLowerCase(), hex(value!));
  values.set('cpl', BigInt(/CPL=(\d)/.exec(text)![1]!));
  for (const [, name, selector, base, , flags] of text.matchAll(/^(\w\w\w?) *=([0-9a-f]{4}) ([0-9a-f]+) ([0-9a-f]{8}) ([0-9a-f]{8})/gm)) {
    const key = name!.toLowerCase();
    values.set(key, hex(selector!));
    if (WITH_BASE.has(key)) values.set(`${key}.base`, hex(base!));
    // Bits 55:40 of a descriptor are bits 23:8 of its upper half.
    if (key === 'cs') values.set('cs.attributes', (hex(flags!) >> 8n) & ATTRIBUTES);
  }
  for (const [, name, base, limit] of text.matchAll(/^(GDT|IDT)= +([0-9a-f]+) ([0-9a-f]{8})/gm)) {
    values.set(`${name!.toLowerCase()}r.base`, hex(base!));
    values.set(`${name!.toLowerCase()}r.limit`, hex(limit!));
  }
  return values;
}

export function ourSystem(registers: Registers): System {
  const values = new Map<string, bigint>();
  for (const name of ['cr0', 'cr4', 'efer'] as const) values.set(name, BigInt(registers.control(name)));
  values.set('cr2', registers.cr2);
  values.set('cr3', registers.cr3);
  for (const i of DEBUG) values.set(`dr${i}`, registers.debug(i));
  values.set('cpl', BigInt(registers.cpl));
  for (const [i, name] of SEGMENTS.entries()) {
    values.set(name, BigInt(registers.selector(i)));
    if (WITH_BASE.has(name)) values.set(`${name}.base`, registers.segmentBase(i));
  }
  values.set('cs.attributes', BigInt(registers.segment(CS).attributes) & ATTRIBUTES);
  for (const table of ['gdtr', 'idtr'] as const) {
    const { base, limit } = registers.table(table);
    values.set(`${table}.base`, base);
    values.set(`${table}.limit`, BigInt(limit));
  }
  return values;
}

/** Before the first instruction: tables that firmware has and the program does not know. */
export function adoptTables(registers: Registers, system: System): void {
  for (const table of ['gdtr', 'idtr'] as const) {
    registers.setTable(table, system.get(`${table}.base`)!, Number(system.get(`${table}.limit`)!));
  }
}

/** What differs, a line each. */
export const differing = (here: System, there: System): readonly string[] =>
  [...there].filter(([name, value]) => here.has(name) && here.get(name) !== value)
    .map(([name, value]) => differs(name, here.get(name)!, value));

export const differs = (name: string, here: bigint, there: bigint): string =>
  `${name}: ${here.toString(16)} here, ${there.toString(16)} there`;
