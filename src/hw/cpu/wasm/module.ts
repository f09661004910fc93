/** A writer of WebAssembly modules: just the parts of the binary format that emitted code needs. */
import { Bytes } from './bytes.ts';
import { OP, type Op } from './op.ts';
import { SIMD, SIMD_PREFIX, type SimdOp } from './simd-op.ts';

export type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128';
const VALUE_TYPE: Readonly<Record<ValueType, number>> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b };
/** The type of a block without a result. */
const VOID = 0x40;

/** log2 of the bytes that a load or store touches: the alignment hint of the format. */
const ACCESS_LOG = Object.fromEntries(Object.keys(OP).map((op) => {
  const [, type, bits] = /^i(32|64)_(?:load|store)(8|16|32)?/.exec(op) ?? [];
  return [op, type === undefined ? 0 : Math.log2(Number(bits ?? type) / 8)];
})) as Readonly<Record<Op, number>>;

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
