/**
 * Vectors: what a real processor did with one instruction. A vector holds the instruction, a seed from which registers
 * and memory follow, what differs from that, and the outcome. The recorder (recorder.c) gets the registers and memory in
 * full and gives the outcome in full; what is committed holds differences only.
 */
import { Seeded } from '../../src/base/choice.ts';
import { interesting } from './edge.ts';
import { FLOATING, floatingOf } from './floating.ts';

// Where the recorder has its memory. Two pages can be written; then nothing; then a page that can only be read.
export const DATA = 0x1000_0000;
export const DATA_END = DATA + 0x2000;
export const READ_ONLY = 0x1000_3000;
export const CODE = 0x2000_0000;
export const CODE_AT = CODE + 0x100;
export const GS_BASE = 0x0800_0000n;
export const FS_BASE = 0x0c00_0000n;
/** Memory that is given and compared: around the middle of the two pages, and at their end. */
export const WINDOWS = [{ at: DATA + 0xf80, size: 0x100 }, { at: DATA + 0x1fc0, size: 0x40 }] as const;
export const MEMORY = 0x140;
export const COMPLETED = 0xff;

export interface Input {
  readonly code: Uint8Array;
  readonly registers: readonly bigint[];
  readonly flags: number;
  readonly memory: Uint8Array;
  readonly floating: Uint8Array;
}

export interface Outcome {
  /** The exception, or COMPLETED. */
  readonly vector: number;
  readonly error: number;
  readonly rip: bigint;
  readonly cr2: bigint;
  readonly registers: readonly bigint[];
  readonly flags: number;
  readonly memory: Uint8Array;
  readonly floating: Uint8Array;
}

/** What is chosen about a vector; the rest follows from the seed. */
export interface Case {
  readonly code: Uint8Array;
  readonly seed: number;
  readonly registers: ReadonlyMap<number, bigint>;
  /** Patches of memory, by offset in the windows put together. */
  readonly memory: ReadonlyMap<number, Uint8Array>;
  readonly flags: number;
  /** A seed from which the floating-point registers follow; 0: they are in their initial state. */
  readonly floating: number;
}

/** All that a case is run with. */
export function inputOf({ code, seed, registers, memory, flags, floating }: Case): Input {
  const random = new Seeded(seed);
  const values = Array.from({ length: 16 }, (_, i) => {
    const value = interesting(random);
    return registers.get(i) ?? value;
  });
  const bytes = new Uint8Array(MEMORY);
  for (let i = 0; i < MEMORY; i += 1) bytes[i] = random.next() >>> 24;
  for (const [at, patch] of memory) bytes.set(patch, at);
  return { code, registers: values, flags, memory: bytes, floating: floatingOf(floating) };
}

/** Offset in the windows of an address in them, or undefined. */
export function windowOffset(address: number): number | undefined {
  let before = 0;
  for (const { at, size } of WINDOWS) {
    if (address >= at && address < at + size) return before + address - at;
    before += size;
  }
  return undefined;
}

// What the recorder reads and writes.

const INPUT_SIZE = 16 + 128 + 4 + MEMORY + FLOATING;
const OUTPUT_SIZE = 1 + 4 + 8 + 8 + 128 + 4 + MEMORY + FLOATING;

/** `environment` comes first: where the cases run. */
export function recorderInput(environment: Uint8Array, inputs: readonly Input[]): Uint8Array {
  const first = environment.length + 8;
  const bytes = new Uint8Array(first + inputs.length * INPUT_SIZE);
  const view = new DataView(bytes.buffer);
  bytes.set(environment);
  view.setBigUint64(environment.length, BigInt(inputs.length), true);
  for (const [i, { code, registers, flags, memory, floating }] of inputs.entries()) {
    const at = first + i * INPUT_SIZE;
    bytes.set(code, at);
    bytes[at + 15] = code.length;
    for (const [r, value] of registers.entries()) view.setBigUint64(at + 16 + 8 * r, value, true);
    view.setUint32(at + 144, flags, true);
    bytes.set(memory, at + 148);
    bytes.set(floating, at + 148 + MEMORY);
  }
  return bytes;
}

export function recorderOutput(bytes: Uint8Array): Outcome[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / OUTPUT_SIZE }, (_, i) => {
    const at = i * OUTPUT_SIZE;
    return {
      vector: bytes[at]!, error: view.getUint32(at + 1, true), rip: view.getBigUint64(at + 5, true), cr2: view.getBigUint64(at + 13, true),
      registers: Array.from({ length: 16 }, (_, r) => view.getBigUint64(at + 21 + 8 * r, true)), flags: view.getUint32(at + 149, true),
      memory: bytes.slice(at + 153, at + 153 + MEMORY), floating: bytes.slice(at + 153 + MEMORY, at + OUTPUT_SIZE),
    };
  });
}

// What is committed. Integers are LEB128; differences are against the input.

class Writer {
  readonly bytes: number[] = [];

  integer(value: bigint | number): void {
    let rest = BigInt(value);
    while (rest >= 0x80n) {
      this.bytes.push(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    this.bytes.push(Number(rest));
  }

  word(value: bigint): void {
    for (let i = 0n; i < 64n; i += 8n) this.bytes.push(Number((value >> i) & 0xffn));
  }

  /** Length and contents. */
  run(bytes: Uint8Array): void {
    this.integer(bytes.length);
    for (const byte of bytes) this.bytes.push(byte);
  }
}

class Reader {
  private readonly bytes: Uint8Array;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get done(): boolean {
    return this.at === this.bytes.length;
  }

  big(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.bytes[this.at++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  integer(): number {
    return Number(this.big());
  }

  word(): bigint {
    let value = 0n;
    for (let i = 0n; i < 64n; i += 8n) value |= BigInt(this.bytes[this.at++]!) << i;
    return value;
  }

  run(): Uint8Array {
    const length = this.integer();
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
}

const zigzag = (value: bigint): bigint => (value >= 0n ? value * 2n : -value * 2n - 1n);
const unzigzag = (value: bigint): bigint => ((value & 1n) === 0n ? value / 2n : -(value + 1n) / 2n);

function writeRegisters(writer: Writer, registers: ReadonlyMap<number, bigint>): void {
  let mask = 0;
  for (const reg of registers.keys()) mask |= 1 << reg;
  writer.integer(mask);
  for (let reg = 0; reg < 16; reg += 1) if (registers.has(reg)) writer.word(registers.get(reg)!);
}

function readRegisters(reader: Reader): Map<number, bigint> {
  const mask = reader.integer();
  const registers = new Map<number, bigint>();
  for (let reg = 0; reg < 16; reg += 1) if (mask & (1 << reg)) registers.set(reg, reader.word());
  return registers;
}

function writePatches(writer: Writer, patches: ReadonlyMap<number, Uint8Array>): void {
  writer.integer(patches.size);
  for (const [at, patch] of patches) {
    writer.integer(at);
    writer.run(patch);
  }
}

const readPatches = (reader: Reader): Map<number, Uint8Array> =>
  new Map(Array.from({ length: reader.integer() }, () => [reader.integer(), reader.run()] as const));

/** Runs of bytes in which two pieces of memory differ. */
function differences(before: Uint8Array, after: Uint8Array): Map<number, Uint8Array> {
  const patches = new Map<number, Uint8Array>();
  for (let at = 0; at < before.length; at += 1) {
    let end = at;
    while (end < before.length && before[end] !== after[end]) end += 1;
    if (end > at) patches.set(at, after.slice(at, end));
    at = end;
  }
  return patches;
}

function patched(before: Uint8Array, patches: ReadonlyMap<number, Uint8Array>): Uint8Array {
  const after = before.slice();
  for (const [at, patch] of patches) after.set(patch, at);
  return after;
}

export interface Vector { readonly given: Case; readonly outcome: Outcome }

export function pack(vectors: readonly Vector[]): Uint8Array {
  const writer = new Writer();
  for (const { given, outcome } of vectors) {
    const input = inputOf(given);
    writer.run(given.code);
    writer.integer(given.seed);
    writer.integer(given.flags);
    writer.integer(given.floating);
    writeRegisters(writer, given.registers);
    writePatches(writer, given.memory);
    writer.integer(outcome.vector);
    if (outcome.vector !== COMPLETED) {
      writer.integer(outcome.error);
      writer.word(outcome.cr2);
    }
    writer.integer(zigzag(BigInt.asIntN(64, outcome.rip - BigInt(CODE_AT))));
    writer.integer(outcome.flags);
    writeRegisters(writer, new Map([...outcome.registers.entries()].filter(([reg, value]) => value !== input.registers[reg])));
    writePatches(writer, differences(input.memory, outcome.memory));
    writePatches(writer, differences(input.floating, outcome.floating));
  }
  return Uint8Array.from(writer.bytes);
}

export function* unpack(bytes: Uint8Array): Generator<Vector> {
  const reader = new Reader(bytes);
  while (!reader.done) {
    const code = reader.run();
    const seed = reader.integer(), flags = reader.integer(), floating = reader.integer();
    const registers = readRegisters(reader), memory = readPatches(reader);
    const given: Case = { code, seed, flags, registers, memory, floating };
    const input = inputOf(given);
    const vector = reader.integer();
    const error = vector === COMPLETED ? 0 : reader.integer(), cr2 = vector === COMPLETED ? 0n : reader.word();
    const rip = BigInt.asUintN(64, unzigzag(reader.big()) + BigInt(CODE_AT));
    const flagsAfter = reader.integer();
    const changed = readRegisters(reader);
    const outcome: Outcome = {
      vector, error, rip, cr2, flags: flagsAfter, memory: patched(input.memory, readPatches(reader)),
      floating: patched(input.floating, readPatches(reader)), registers: input.registers.map((value, reg) => changed.get(reg) ?? value),
    };
    yield { given, outcome };
  }
}
