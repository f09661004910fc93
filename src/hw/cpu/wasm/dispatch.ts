/**
 * The rest of the interpreter's module: the run loop, which finds blocks and goes through their records, and the
 * functions that handlers call. The loop and its bookkeeping are told in interpreter.ts, which does the same without
 * WebAssembly.
 */
import { assert } from '../../../base/assert.ts';
import type { Variant } from '../../../x86/isa/variant.ts';
import { FETCH } from '../guest-fault.ts';
import { BLOCK, CPU, HANDLER, type Layout, RECORD, STATUS, TLB, TRANSLATIONS } from '../layout.ts';
import { fieldsOf } from '../translated-blocks.ts';
import { importShared, SHARED_NAMES, writeShared } from './called-functions.ts';
import { accessCode, type Callees, isElsewhere, PROCESSOR, RECORD_PARAMETER, tlbOffset } from './emitter.ts';
import { endOfBlock, leaveWith } from './end-handlers.ts';
import { handlerCode } from './handlers.ts';
import { Code, ModuleWriter } from './module.ts';
import { exportObservers, importMissed, importObservers } from './observers.ts';
import { walk } from './walk-emitter.ts';

/** Where the run loop finds blocks, and their translations for processors that are observed. */
type Tables = Pick<Layout, 'blocks' | 'observedBlocks'>;

/** Entries of the table of handlers: more than there are variants. */
const TABLE_SIZE = 1 << 12;
const HANDLERS = { name: 'table', size: TABLE_SIZE } as const;

/**
 * The module of the run loop, with the handlers that belong to no variant; the layout says where the tables of blocks are. With
 * `observed` the budget is looked at after every instruction, because observers may take from it.
 */
export function loopModule(layout: Tables, observed: boolean): Uint8Array {
  const module = new ModuleWriter([{ ...HANDLERS, own: true }, { name: 'translations', size: TRANSLATIONS, own: true }]);
  const handler = module.type(['i32', 'i32'], ['i32']);
  const slowly = module.importFunction('fill', handler);
  const missed = observed ? importMissed(module) : undefined;
  const table: number[] = [];
  table[HANDLER.end] = module.function(handler, endOfBlock());
  table[HANDLER.microcode] = module.function(handler, leaveWith(STATUS.microcode));
  table[HANDLER.undefined] = module.function(handler, leaveWith(STATUS.assist));
  table[HANDLER.crossing] = module.function(handler, crossing());
  module.elementsFrom(0, table);
  for (const name of SHARED_NAMES) module.export(name, writeShared(module, name));
  if (missed !== undefined) exportObservers(module, missed);
  // In place of the one that it imports, for all who import it from here on.
  const fill = module.function(handler, walk(slowly));
  module.export('fill', fill);
  module.export('run', module.function(handler, runLoop(handler, fill, layout, observed)));
  return module.finish(1);
}

/**
 * A module that puts the handlers of these variants, which follow each other, into the table. With `observed` they tell of branches
 * and accesses.
 */
export function handlersModule(variants: readonly Variant[], observed: boolean): Uint8Array {
  const last = HANDLER.variants + variants.at(-1)!.index;
  assert(last < TABLE_SIZE, `there is room for handler ${last}`);
  const module = new ModuleWriter([{ ...HANDLERS, own: false }]);
  const handler = module.type(['i32', 'i32'], ['i32']);
  const callees: Callees = {
    fill: module.importFunction('fill', handler),
    observers: observed ? importObservers(module) : undefined,
    ...importShared(module),
  };
  module.elementsFrom(
    HANDLER.variants + variants[0]!.index,
    variants.map(({ program }) => module.function(handler, handlerCode(program, callees))),
  );
  return module.finish(1);
}

/** The record before an instruction on two pages: the second one is where it was when it was decoded. */
function crossing(): Code {
  const out = new Code(2);
  const page = out.local('i64'), entry = out.local('i32');
  out.get(PROCESSOR);
  out.access('i64_load', CPU.blockRip);
  out.i64(-0x1000n);
  out.op('i64_and');
  out.i64(0x1000n);
  out.op('i64_add');
  out.set(page);
  fetchEntry(out, page);
  out.set(entry);
  isElsewhere(out, entry, page, () => {
    out.get(RECORD_PARAMETER);
    out.access('i32_load', RECORD.displacement);
  });
  out.if('i32');
  out.i32(STATUS.crossing);
  out.op('else');
  out.i32(STATUS.next);
  out.op('end');
  return out;
}

/** Pushes where the TLB of the present mode has the page of an address of code, if it has it. */
function fetchEntry(out: Code, address: number): void {
  out.get(PROCESSOR);
  out.access('i32_load', CPU.tlb);
  out.get(address);
  out.op('i32_wrap_i64');
  tlbOffset(out);
  out.op('i32_add');
}

function runLoop(handlerType: number, fill: number, layout: Tables, observed: boolean): Code {
  const out = new Code(2);
  const translates = 1;
  const rip = out.local('i64');
  const entry = out.local('i32'), host = out.local('i32'), record = out.local('i32'), status = out.local('i32');
  const interprets = out.local('i32');
  const field = (op: 'i32_load' | 'i64_load', offset: number): void => {
    out.get(PROCESSOR);
    out.access(op, offset);
  };
  const callHandler = (): void => {
    out.get(PROCESSOR);
    out.get(record);
    out.get(record);
    out.access('i32_load16_u', RECORD.handler);
    out.callIndirect(handlerType);
  };
  const nextRecord = (by: number): void => {
    out.get(record);
    out.i32(by);
    out.op('i32_add');
    out.set(record);
  };
  /** processor.rip := blockRip + record.next */
  const setNextRip = (): void => {
    out.get(PROCESSOR);
    out.get(rip);
    out.get(record);
    out.access('i64_load16_u', RECORD.next);
    out.op('i64_add');
    out.access('i64_store', CPU.rip);
  };

  out.loop();
  // Which page is RIP on?
  field('i64_load', CPU.rip);
  out.set(rip);
  fetchEntry(out, rip);
  out.tee(entry);
  out.access('i64_load', TLB.fetch + TLB.tag);
  out.get(rip);
  out.i64(-0x1000n);
  out.op('i64_and', 'i64_ne');
  out.rarely();
  out.get(PROCESSOR);
  out.get(rip);
  out.access('i64_store', CPU.address);
  out.get(PROCESSOR);
  out.i32(accessCode(FETCH, 1, 1));
  out.call(fill);
  out.op('i32_eqz');
  out.brIf(1);
  out.i32(STATUS.fetch);
  out.op('return', 'end');
  out.get(rip);
  out.op('i32_wrap_i64');
  out.get(entry);
  out.access('i32_load', TLB.fetch + TLB.addend);
  out.op('i32_add');
  out.set(host);
  // Which block begins there?
  blockAddress(out, host, layout.blocks);
  out.tee(entry);
  out.access('i32_load', BLOCK.host);
  out.get(host);
  out.op('i32_ne');
  out.if();
  out.get(entry);
  out.i32(BLOCK.size);
  out.op('i32_xor');
  out.tee(entry);
  out.access('i32_load', BLOCK.host);
  out.get(host);
  out.op('i32_ne');
  out.rarely();
  out.i32(STATUS.decode);
  out.op('return', 'end', 'end');
  translation(out, layout, observed, { handlerType, translates, interprets, entry, host, status });
  out.get(PROCESSOR);
  out.get(rip);
  out.access('i64_store', CPU.blockRip);
  out.get(entry);
  out.access('i32_load', BLOCK.first);
  out.set(record);
  // When the budget may end inside the block, every instruction is checked; else only the block was.
  const withoutChecks = (): void => {
    out.loop();
    callHandler();
    out.tee(status);
    out.op('i32_eqz');
    out.if();
    nextRecord(RECORD.size);
    out.br(1);
    out.op('end', 'end');
  };
  const withChecks = (): void => {
    out.block();
    out.loop();
    callHandler();
    out.tee(status);
    out.brIf(1);
    out.get(record);
    out.access('i32_load', RECORD.cycles);
    field('i32_load', CPU.budget);
    out.op('i32_ge_s');
    out.if();
    setNextRip();
    out.i32(STATUS.branch);
    out.set(status);
    out.br(2);
    out.op('end');
    nextRecord(RECORD.size);
    out.br(0);
    out.op('end', 'end');
  };
  if (observed) withChecks();
  else {
    field('i32_load', CPU.budget);
    out.get(entry);
    out.access('i32_load16_u', BLOCK.cycles);
    out.op('i32_ge_s');
    out.if();
    withoutChecks();
    out.op('else');
    withChecks();
    out.op('end');
  }
  // The books: the sums of the last instruction that retired.
  out.get(PROCESSOR);
  out.get(record);
  out.access('i32_store', CPU.record);
  out.get(status);
  out.i32(STATUS.check);
  out.op('i32_gt_s');
  out.if();
  nextRecord(-RECORD.size);
  out.op('end');
  account(out, record);
  // A branch goes on here, while the budget lasts.
  out.get(status);
  out.i32(STATUS.branch);
  out.op('i32_eq');
  out.if();
  field('i32_load', CPU.budget);
  out.i32(0);
  out.op('i32_gt_s');
  out.brIf(1);
  out.i32(STATUS.budget);
  out.op('return', 'end');
  setNextRip();
  out.get(status);
  out.op('return', 'end');
  out.op('unreachable');
  return out;
}

interface RunLoop {
  readonly handlerType: number;
  /** Local variables: whether translations are wanted; whether the block is to be interpreted all the same. */
  readonly translates: number;
  readonly interprets: number;
  readonly entry: number;
  readonly host: number;
  readonly status: number;
}

/** Runs the translation that begins at the block, if there is one; else says when there should be. */
function translation(out: Code, layout: Tables, observed: boolean, locals: RunLoop): void {
  const { handlerType, translates, interprets, entry, host, status } = locals;
  const fields = fieldsOf(layout, observed);
  // In the entry of the block, or as far along in a table of smaller ones.
  const smaller = BLOCK.size / fields.size, start = fields.start - layout.blocks / smaller;
  const pushFields = (): void => {
    out.get(entry);
    if (smaller === 1) return;
    out.i32(Math.log2(smaller));
    out.op('i32_shr_u');
  };
  const load = (field: number): void => {
    pushFields();
    out.access('i32_load16_u', start + field);
  };
  out.get(translates);
  out.if();
  out.get(interprets);
  out.if();
  out.i32(0);
  out.set(interprets);
  out.op('else');
  load(fields.code);
  out.if();
  out.get(PROCESSOR);
  out.get(host);
  load(fields.code);
  out.callIndirect(handlerType, 1);
  out.tee(status);
  out.i32(STATUS.check);
  out.op('i32_eq');
  out.get(status);
  out.i32(STATUS.left);
  out.op('i32_eq', 'i32_or');
  out.rarely();
  out.get(status);
  out.op('return', 'end');
  out.get(PROCESSOR);
  out.access('i32_load', CPU.budget);
  out.i32(1);
  out.op('i32_lt_s');
  out.rarely();
  out.i32(STATUS.budget);
  out.op('return', 'end');
  out.get(status);
  out.i32(STATUS.interpret);
  out.op('i32_eq');
  out.set(interprets);
  // The loop is around three conditions.
  out.br(3);
  out.op('end');
  pushFields();
  load(fields.cold);
  out.i32(1);
  out.op('i32_sub');
  out.access('i32_store16', start + fields.cold);
  load(fields.cold);
  out.op('i32_eqz');
  out.if();
  out.i32(STATUS.hot);
  out.op('return', 'end', 'end');
  out.op('end');
}

/** Pushes the address of the entry for the code at `host`. */
function blockAddress(out: Code, host: number, blocks: number): void {
  out.get(host);
  out.get(host);
  out.i32(12);
  out.op('i32_shr_u', 'i32_xor');
  out.i32(BLOCK.entries - 1);
  out.op('i32_and');
  out.i32(Math.log2(BLOCK.size));
  out.op('i32_shl');
  out.i32(blocks);
  out.op('i32_add');
}

/** Takes the sums of a record from the budget and adds them to the counts. */
function account(out: Code, record: number): void {
  type Load = 'i32_load' | 'i64_load';
  type Store = 'i32_store' | 'i64_store';
  const add = (load: Load, store: Store, to: number, from: number, op: 'i32_add' | 'i32_sub' | 'i64_add'): void => {
    out.get(PROCESSOR);
    out.get(PROCESSOR);
    out.access(load, to);
    out.get(record);
    out.access(load, from);
    out.op(op);
    out.access(store, to);
  };
  add('i32_load', 'i32_store', CPU.budget, RECORD.cycles, 'i32_sub');
  add('i32_load', 'i32_store', CPU.retired, RECORD.retired, 'i32_add');
  add('i64_load', 'i64_store', CPU.branches, RECORD.branches, 'i64_add');
  add('i64_load', 'i64_store', CPU.accesses, RECORD.accesses, 'i64_add');
}
