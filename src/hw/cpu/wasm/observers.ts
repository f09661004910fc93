/**
 * Observers of branches and accesses, as emitted code calls them: what predictor.ts and cache.ts tell, on the same memory. Only what
 * the first level of the cache has not is for TypeScript.
 */
import type { BranchKind } from '../../../x86/isa/micro.ts';
import { FIRST_LEVEL, LINE } from '../../caches.ts';
import { CPU, LEARNED_START } from '../layout.ts';
import { HISTORY, LEARNED, RETURNS, TARGETS } from '../learned.ts';
import { Code, type ModuleWriter } from './module.ts';

/** All are told of a processor first; of addresses they are told the low halves. */
export interface Observers {
  /** (place in linear memory): an instruction that is done has accessed it. */
  readonly use: number;
  /** (the address behind it, taken) */
  readonly conditional: number;
  /** (the address behind it, where it goes) */
  readonly indirect: number;
  /** (the address behind it) */
  readonly call: number;
  /** (where it goes) */
  readonly return: number;
}

/** How many words each of them is told. */
const WORDS: Readonly<Record<keyof Observers, number>> = { use: 2, conditional: 3, indirect: 3, call: 2, return: 2 };

/** What a branch of each kind is told as; nobody wants to know of direct ones. */
export const TOLD: Readonly<Record<BranchKind, readonly Exclude<keyof Observers, 'use'>[]>> = {
  direct: [], conditional: ['conditional'], call: ['call'], indirect: ['indirect'], 'indirect call': ['call', 'indirect'],
  return: ['return'],
};

const typeOf = (module: ModuleWriter, words: number): number => module.type(new Array<'i32'>(words).fill('i32'), []);

export const importObservers = (module: ModuleWriter): Observers =>
  each((name, words) => module.importFunction(name, typeOf(module, words)));

/** Exports them from the module that owns them. `missed` is told of an access (processor, place) that the first level has not. */
export function exportObservers(module: ModuleWriter, missed: number): void {
  const code: Readonly<Record<keyof Observers, () => Code>> = {
    use: () => use(missed), conditional, indirect, call, return: back,
  };
  each((name, words) => {
    const index = module.function(typeOf(module, words), code[name]());
    module.export(name, index);
    return index;
  });
}

export const importMissed = (module: ModuleWriter): number => module.importFunction('missed', typeOf(module, 2));

const each = (make: (name: keyof Observers, words: number) => number): Observers =>
  Object.fromEntries(Object.entries(WORDS).map(([name, words]) => [name, make(name as keyof Observers, words)])) as unknown as Observers;

// Parameters.
const PROCESSOR = 0, FIRST = 1, SECOND = 2;

const load = (out: Code, offset: number): void => {
  out.get(PROCESSOR);
  out.access('i32_load', LEARNED_START + offset);
};
const bit = Math.log2;

/** CacheLevel.use of the first level. The line goes first; those before it move by one, up to where it was or the last one falls out. */
function use(missed: number): Code {
  const out = new Code(2);
  const line = out.local('i32'), at = out.local('i32'), end = out.local('i32'), moved = out.local('i32'), next = out.local('i32');
  out.get(FIRST);
  out.i32(bit(LINE));
  out.op('i32_shr_u');
  out.tee(at);
  load(out, LEARNED.memory);
  out.op('i32_sub');
  out.set(line);
  // The memory of a machine begins with a page, so a line has its set by either number.
  out.get(PROCESSOR);
  out.get(at);
  out.i32(FIRST_LEVEL.sets - 1);
  out.op('i32_and');
  out.i32(bit(4 * FIRST_LEVEL.ways));
  out.op('i32_shl', 'i32_add');
  out.tee(at);
  out.i32(4 * FIRST_LEVEL.ways);
  out.op('i32_add');
  out.set(end);
  const tags = LEARNED_START + LEARNED.tags;
  out.get(line);
  out.set(moved);
  out.loop();
  out.get(at);
  out.access('i32_load', tags);
  out.set(next);
  out.get(at);
  out.get(moved);
  out.access('i32_store', tags);
  out.get(next);
  out.get(line);
  out.op('i32_eq');
  out.if();
  out.op('return', 'end');
  out.get(next);
  out.set(moved);
  out.get(at);
  out.i32(4);
  out.op('i32_add');
  out.tee(at);
  out.get(end);
  out.op('i32_ne');
  out.brIf(0);
  out.op('end');
  out.get(PROCESSOR);
  out.get(FIRST);
  out.call(missed);
  return out;
}

/** Takes whether it was wrong: that is counted, and paid for. */
function tell(out: Code): Code {
  out.if();
  out.get(PROCESSOR);
  load(out, LEARNED.mispredicts);
  out.i32(1);
  out.op('i32_add');
  out.access('i32_store', LEARNED_START + LEARNED.mispredicts);
  out.get(PROCESSOR);
  out.get(PROCESSOR);
  out.access('i32_load', CPU.budget);
  load(out, LEARNED.penalty);
  out.op('i32_sub');
  out.access('i32_store', CPU.budget);
  out.op('end');
  return out;
}

/** BranchPredictor.conditional. */
function conditional(): Code {
  const out = new Code(3);
  const at = out.local('i32'), counter = out.local('i32');
  const counters = LEARNED_START + LEARNED.counters, mask = (1 << HISTORY) - 1;
  out.get(SECOND);
  out.i32(0);
  out.op('i32_ne');
  out.set(SECOND);
  out.get(PROCESSOR);
  hashed(out, HISTORY);
  load(out, LEARNED.history);
  out.op('i32_xor');
  out.i32(mask);
  out.op('i32_and', 'i32_add');
  out.tee(at);
  out.access('i32_load8_u', counters);
  out.set(counter);
  // One more up to 3, or one less down to 0.
  out.get(at);
  out.get(counter);
  out.get(counter);
  out.i32(3);
  out.op('i32_ne', 'i32_add');
  out.get(counter);
  out.get(counter);
  out.i32(0);
  out.op('i32_ne', 'i32_sub');
  out.get(SECOND);
  out.op('select');
  out.access('i32_store8', counters);
  out.get(PROCESSOR);
  load(out, LEARNED.history);
  out.i32(1);
  out.op('i32_shl');
  out.get(SECOND);
  out.op('i32_or');
  out.i32(mask);
  out.op('i32_and');
  out.access('i32_store', LEARNED_START + LEARNED.history);
  out.get(counter);
  out.i32(2);
  out.op('i32_ge_s');
  out.get(SECOND);
  out.op('i32_ne');
  return tell(out);
}

/** BranchPredictor.indirect. */
function indirect(): Code {
  const out = new Code(3);
  const at = out.local('i32');
  const targets = LEARNED_START + LEARNED.targets;
  out.get(PROCESSOR);
  hashed(out, bit(TARGETS));
  out.i32(TARGETS - 1);
  out.op('i32_and');
  out.i32(2);
  out.op('i32_shl', 'i32_add');
  out.tee(at);
  out.access('i32_load', targets);
  out.get(at);
  out.get(SECOND);
  out.access('i32_store', targets);
  out.get(SECOND);
  out.op('i32_ne');
  return tell(out);
}

/** Pushes the address behind a branch, with its upper bits upon the lower ones. */
function hashed(out: Code, bits: number): void {
  out.get(FIRST);
  out.get(FIRST);
  out.i32(bits);
  out.op('i32_shr_u', 'i32_xor');
}

/** Pushes where a return is kept. */
function returnAt(out: Code, depth: number): void {
  out.get(PROCESSOR);
  out.get(depth);
  out.i32(2);
  out.op('i32_shl', 'i32_add');
}

/** Goes so far up or down the stack, which wraps. */
function move(out: Code, depth: number, by: number): void {
  out.get(depth);
  out.i32(by);
  out.op('i32_add');
  out.i32(RETURNS - 1);
  out.op('i32_and');
  out.set(depth);
  out.get(PROCESSOR);
  out.get(depth);
  out.access('i32_store', LEARNED_START + LEARNED.depth);
}

/** BranchPredictor.push. */
function call(): Code {
  const out = new Code(2);
  const depth = out.local('i32');
  load(out, LEARNED.depth);
  out.set(depth);
  move(out, depth, 1);
  returnAt(out, depth);
  out.get(FIRST);
  out.access('i32_store', LEARNED_START + LEARNED.returns);
  return out;
}

/** BranchPredictor.pop. */
function back(): Code {
  const out = new Code(2);
  const depth = out.local('i32');
  load(out, LEARNED.depth);
  out.set(depth);
  returnAt(out, depth);
  out.access('i32_load', LEARNED_START + LEARNED.returns);
  move(out, depth, RETURNS - 1);
  out.get(FIRST);
  out.op('i32_ne');
  return tell(out);
}
