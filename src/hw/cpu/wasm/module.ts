/**
 * A writer of WebAssembly modules: just the parts of the binary format that the interpreter needs. Opcodes are named as
 * in the text format, dots and all turned to underscores.
 */

import { SIMD, SIMD_PREFIX, type SimdOp } from './simd-op.ts';

/** Instructions, by their name in the text format. */
export const OP = {
  unreachable: 0x00, block: 0x02, loop: 0x03, if: 0x04, else: 0x05, end: 0x0b, br: 0x0c, br_if: 0x0d, br_table: 0x0e,
  return: 0x0f, call: 0x10, call_indirect: 0x11, drop: 0x1a, select: 0x1b, local_get: 0x20, local_set: 0x21,
  local_tee: 0x22, i32_load: 0x28, i64_load: 0x29, i32_load8_u: 0x2d, i32_load16_u: 0x2f, i64_load8_u: 0x31,
  i64_load16_u: 0x33, i64_load32_s: 0x34, i64_load32_u: 0x35, i32_store: 0x36, i64_store: 0x37, i32_store8: 0x3a, i32_store16: 0x3b,
  i64_store8: 0x3c, i64_store16: 0x3d, i64_store32: 0x3e, i32_const: 0x41, i64_const: 0x42, i32_eqz: 0x45,
  i32_eq: 0x46, i32_ne: 0x47, i32_lt_s: 0x48, i32_lt_u: 0x49, i32_gt_s: 0x4a, i32_le_s: 0x4c, i32_ge_s: 0x4e,
  i64_eqz: 0x50, i64_eq: 0x51, i64_ne: 0x52, i64_lt_s: 0x53, i64_lt_u: 0x54, i64_gt_s: 0x55, i64_ge_u: 0x5a, i32_add: 0x6a, i32_sub: 0x6b,
  i32_mul: 0x6c, i32_and: 0x71, i32_or: 0x72, i32_xor: 0x73, i32_shl: 0x74, i32_shr_u: 0x76, i64_clz: 0x79, i64_ctz: 0x7a,
  i64_popcnt: 0x7b, i64_add: 0x7c, i64_sub: 0x7d, i64_mul: 0x7e, i64_div_u: 0x80, i64_and: 0x83, i64_or: 0x84, i64_xor: 0x85,
  i64_shl: 0x86, i64_shr_s: 0x87, i64_shr_u: 0x88, i64_rotl: 0x89, i32_wrap_i64: 0xa7, i64_extend_i32_u: 0xad, f32_ne: 0x5c,
  f64_eq: 0x61, f64_ne: 0x62, f64_lt: 0x63, f64_gt: 0x64, f64_ge: 0x66, f32_neg: 0x8c, f32_add: 0x92, f32_sub: 0x93,
  f64_abs: 0x99, f64_neg: 0x9a, f64_trunc: 0x9d, f64_nearest: 0x9e, f64_add: 0xa0, f64_sub: 0xa1, f64_mul: 0xa2, f64_div: 0xa3,
  f32_convert_i32_s: 0xb2, f32_convert_i64_s: 0xb4, f64_convert_i32_s: 0xb7, f64_convert_i64_s: 0xb9, f64_promote_f32: 0xbb,
  i32_reinterpret_f32: 0xbc, i64_reinterpret_f64: 0xbd, f64_reinterpret_i64: 0xbf, i64_extend8_s: 0xc2, i64_extend16_s: 0xc3,
  i64_extend32_s: 0xc4,
} as const;
export type Op = keyof typeof OP;

export type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128';
const VALUE_TYPE: Readonly<Record<ValueType, number>> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b };
/** The type of a block without a result. */
const VOID = 0x40;

/** log2 of the bytes that a load or store touches: the alignment hint of the format. */
const ACCESS_LOG = Object.fromEntries(Object.keys(OP).map((op) => {
  const [, type, bits] = /^i(32|64)_(?:load|store)(8|16|32)?/.exec(op) ?? [];
  return [op, type === undefined ? 0 : Math.log2(Number(bits ?? type) / 8)];
})) as Readonly<Record<Op, number>>;

/** A growing list of bytes. */
class Bytes {
  private buffer: Uint8Array;
  length = 0;

  constructor(room = 64) {
    this.buffer = new Uint8Array(room);
  }

  /** What was written; it stays so until more is written. */
  get written(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }

  byte(value: number): void {
    if (this.length === this.buffer.length) this.grow(1);
    this.buffer[this.length] = value;
    this.length += 1;
  }

  append(other: Bytes): void {
    if (this.length + other.length > this.buffer.length) this.grow(other.length);
    this.buffer.set(other.written, this.length);
    this.length += other.length;
  }

  private grow(bytes: number): void {
    const larger = new Uint8Array(2 * (this.buffer.length + bytes));
    larger.set(this.buffer);
    this.buffer = larger;
  }

  unsigned(value: number): void {
    let rest = value >>> 0;
    while (rest >= 0x80) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.byte(rest);
  }

  signed(value: number): void {
    let rest = value | 0;
    for (;;) {
      const low = rest & 0x7f;
      rest >>= 7;
      if ((rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)) return this.byte(low);
      this.byte(low | 0x80);
    }
  }

  signedBig(value: bigint): void {
    const number = Number(value);
    if (number === (number | 0)) return this.signed(number);
    let rest = BigInt.asIntN(64, value);
    for (;;) {
      const low = Number(rest & 0x7fn);
      rest >>= 7n;
      if ((rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0)) return this.byte(low);
      this.byte(low | 0x80);
    }
  }

  name(text: string): void {
    this.unsigned(text.length);
    for (const character of text) this.byte(character.charCodeAt(0));
  }
}

/** Where functions and modules were written that are done: a thousand are written, one after the other. */
const spare: Bytes[] = [];
const spareBodies: Bytes[] = [];

/** The body of one function. Every method appends one instruction. */
export class Code {
  private readonly bytes = spare.pop() ?? new Bytes(1024);
  private readonly locals: ValueType[] = [];
  /** Where the conditions are that hardly ever hold. */
  private readonly unlikely: number[] = [];
  private readonly parameters: number;

  constructor(parameters: number) {
    this.parameters = parameters;
  }

  /** A new local variable. */
  local(type: ValueType): number {
    this.locals.push(type);
    return this.parameters + this.locals.length - 1;
  }

  /** At most three at once: the rest of a list of any length would be an array, and there are 40,000 calls. */
  op(first: Op, second?: Op, third?: Op): void {
    this.bytes.byte(OP[first]);
    if (second !== undefined) this.bytes.byte(OP[second]);
    if (third !== undefined) this.bytes.byte(OP[third]);
  }

  get(local: number): void {
    this.bytes.byte(OP.local_get);
    this.bytes.unsigned(local);
  }

  set(local: number): void {
    this.bytes.byte(OP.local_set);
    this.bytes.unsigned(local);
  }

  tee(local: number): void {
    this.bytes.byte(OP.local_tee);
    this.bytes.unsigned(local);
  }

  i32(value: number): void {
    this.bytes.byte(OP.i32_const);
    this.bytes.signed(value);
  }

  i64(value: bigint): void {
    this.bytes.byte(OP.i64_const);
    this.bytes.signedBig(value);
  }

  /** A load or store at the address on the stack plus `offset`. */
  access(op: Op, offset: number): void {
    this.bytes.byte(OP[op]);
    this.bytes.byte(ACCESS_LOG[op]);
    this.bytes.unsigned(offset);
  }

  /** i64.trunc_sat_f64_s: what does not fit becomes the nearest that does. */
  truncate(): void {
    this.bytes.byte(0xfc);
    this.bytes.byte(0x06);
  }

  /** memory.fill takes where to, which byte and how many; memory.copy where to, where from and how many. */
  bulk(op: 'fill' | 'copy'): void {
    for (const byte of op === 'fill' ? [0xfc, 0x0b, 0] : [0xfc, 0x0a, 0, 0]) this.bytes.byte(byte);
  }

  simd(op: SimdOp): void {
    this.bytes.byte(SIMD_PREFIX);
    this.bytes.unsigned(SIMD[op]);
  }

  /** A vector instruction on one lane. */
  simdLane(op: SimdOp, lane: number): void {
    this.simd(op);
    this.bytes.byte(lane);
  }

  /** A vector instruction with sixteen bytes of its own: a constant, or the order of a shuffle. */
  simdBytes(op: SimdOp, value: bigint): void {
    this.simd(op);
    for (let i = 0n; i < 128n; i += 8n) this.bytes.byte(Number((value >> i) & 0xffn));
  }

  /** A load or store of 16 bytes. */
  simdAccess(op: SimdOp, offset: number): void {
    this.simd(op);
    this.bytes.byte(0);
    this.bytes.unsigned(offset);
  }

  block(): void {
    this.bytes.byte(OP.block);
    this.bytes.byte(VOID);
  }

  loop(): void {
    this.bytes.byte(OP.loop);
    this.bytes.byte(VOID);
  }

  if(result?: ValueType): void {
    this.bytes.byte(OP.if);
    this.bytes.byte(result === undefined ? VOID : VALUE_TYPE[result]);
  }

  /** A condition that hardly ever holds: what is done then is kept out of the way, with the registers that it needs. */
  rarely(result?: ValueType): void {
    this.unlikely.push(this.bytes.length);
    this.if(result);
  }

  br(depth: number): void {
    this.bytes.byte(OP.br);
    this.bytes.unsigned(depth);
  }

  brIf(depth: number): void {
    this.bytes.byte(OP.br_if);
    this.bytes.unsigned(depth);
  }

  call(functionIndex: number): void {
    this.bytes.byte(OP.call);
    this.bytes.unsigned(functionIndex);
  }

  /** Calls a function of the table with this number. */
  callIndirect(type: number, table = 0): void {
    this.bytes.byte(OP.call_indirect);
    this.bytes.unsigned(type);
    this.bytes.byte(table);
  }

  /**
   * Ends the function, and writes it as the code section holds it: its length, its local variables and its instructions. Returns how far
   * from the first of its local variables the conditions are that hardly ever hold.
   */
  finish(out: Bytes): readonly number[] {
    const declarations = new Bytes();
    // Runs of equal types are declared together.
    const runs: { type: ValueType; count: number }[] = [];
    for (const type of this.locals) {
      const last = runs.at(-1);
      if (last?.type === type) last.count += 1;
      else runs.push({ type, count: 1 });
    }
    declarations.unsigned(runs.length);
    for (const { type, count } of runs) {
      declarations.unsigned(count);
      declarations.byte(VALUE_TYPE[type]);
    }
    this.op('end');
    out.unsigned(declarations.length + this.bytes.length);
    out.append(declarations);
    out.append(this.bytes);
    this.bytes.length = 0;
    spare.push(this.bytes);
    return this.unlikely.map((at) => declarations.length + at);
  }
}

export interface FunctionType { readonly parameters: readonly ValueType[]; readonly results: readonly ValueType[] }

/** A table of functions: a module's own, which it exports, or one that it imports. */
export interface Table { readonly name: string; readonly size: number; readonly own: boolean }

/** A module with one imported memory, imported functions, tables of functions, and exports. */
export class ModuleWriter {
  private readonly types: FunctionType[] = [];
  private readonly imports: { readonly name: string; readonly type: number }[] = [];
  /** By function: where its conditions are that hardly ever hold. */
  private readonly unlikely: (readonly number[])[] = [];
  /** The type of each function. */
  private readonly functions: number[] = [];
  private readonly bodies = spareBodies.pop() ?? new Bytes(1 << 14);
  private readonly exports: { readonly name: string; readonly index: number }[] = [];
  private elements: readonly number[] = [];
  private firstElement = 0;
  private readonly ownTables: readonly Table[];
  private readonly importedTables: readonly Table[];

  /** The tables that it imports are numbered first. */
  constructor(tables: readonly Table[]) {
    this.ownTables = tables.filter(({ own }) => own);
    this.importedTables = tables.filter(({ own }) => !own);
  }

  type(parameters: readonly ValueType[], results: readonly ValueType[]): number {
    const same = (a: readonly string[], b: readonly string[]): boolean => a.join() === b.join();
    const known = this.types.findIndex((t) => same(t.parameters, parameters) && same(t.results, results));
    if (known !== -1) return known;
    this.types.push({ parameters, results });
    return this.types.length - 1;
  }

  /** Imports come before all functions. */
  importFunction(name: string, type: number): number {
    this.imports.push({ name, type });
    return this.imports.length - 1;
  }

  /** Adds a function and returns its index. */
  function(type: number, code: Code): number {
    this.functions.push(type);
    this.unlikely.push(code.finish(this.bodies));
    return this.imports.length + this.functions.length - 1;
  }

  export(name: string, index: number): void {
    this.exports.push({ name, index });
  }

  /** The functions that are put into the first table, from index `first` on. */
  elementsFrom(first: number, functions: readonly number[]): void {
    this.firstElement = first;
    this.elements = functions;
  }

  /** The section of branch hints: engines that do not know it pass over it. WebAssembly: "Branch Hinting". */
  private hints(out: Bytes): void {
    const hinted = this.unlikely.map((places, i) => ({ index: this.imports.length + i, places })).filter(({ places }) => places.length > 0);
    if (hinted.length === 0) return;
    const content = new Bytes();
    content.name('metadata.code.branch_hint');
    content.unsigned(hinted.length);
    for (const { index, places } of hinted) {
      content.unsigned(index);
      content.unsigned(places.length);
      for (const place of places) {
        content.unsigned(place);
        content.unsigned(1);
        content.byte(0);
      }
    }
    out.byte(0);
    out.unsigned(content.length);
    out.append(content);
  }

  /** The module, importing `env.memory` of `pages` pages of 64 KiB. */
  finish(pages: number): Uint8Array {
    const out = new Bytes();
    for (const byte of [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]) out.byte(byte);
    const section = (id: number, count: number, write: (bytes: Bytes) => void): void => {
      const content = new Bytes();
      content.unsigned(count);
      write(content);
      out.byte(id);
      out.unsigned(content.length);
      out.append(content);
    };
    section(1, this.types.length, (bytes) => {
      for (const { parameters, results } of this.types) {
        bytes.byte(0x60);
        for (const list of [parameters, results]) {
          bytes.unsigned(list.length);
          for (const type of list) bytes.byte(VALUE_TYPE[type]);
        }
      }
    });
    const limits = (bytes: Bytes, { size }: Table): void => {
      bytes.byte(0x70);
      bytes.byte(0);
      bytes.unsigned(size);
    };
    section(2, this.imports.length + 1 + this.importedTables.length, (bytes) => {
      for (const { name, type } of this.imports) {
        bytes.name('env');
        bytes.name(name);
        bytes.byte(0);
        bytes.unsigned(type);
      }
      bytes.name('env');
      bytes.name('memory');
      bytes.byte(2);
      bytes.byte(0);
      bytes.unsigned(pages);
      for (const table of this.importedTables) {
        bytes.name('env');
        bytes.name(table.name);
        bytes.byte(1);
        limits(bytes, table);
      }
    });
    section(3, this.functions.length, (bytes) => {
      for (const type of this.functions) bytes.unsigned(type);
    });
    section(4, this.ownTables.length, (bytes) => {
      for (const table of this.ownTables) limits(bytes, table);
    });
    section(7, this.exports.length + this.ownTables.length, (bytes) => {
      for (const { name, index } of this.exports) {
        bytes.name(name);
        bytes.byte(0);
        bytes.unsigned(index);
      }
      for (const [i, { name }] of this.ownTables.entries()) {
        bytes.name(name);
        bytes.byte(1);
        bytes.unsigned(this.importedTables.length + i);
      }
    });
    section(9, this.elements.length > 0 ? 1 : 0, (bytes) => {
      if (this.elements.length === 0) return;
      bytes.byte(0);
      bytes.byte(OP.i32_const);
      bytes.signed(this.firstElement);
      bytes.byte(OP.end);
      bytes.unsigned(this.elements.length);
      for (const index of this.elements) bytes.unsigned(index);
    });
    this.hints(out);
    section(10, this.functions.length, (bytes) => bytes.append(this.bodies));
    this.bodies.length = 0;
    spareBodies.push(this.bodies);
    return out.written;
  }
}
