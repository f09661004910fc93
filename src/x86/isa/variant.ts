/**
 * Variants: what is left of an encoding when its registers, displacement and immediate become parameters. An
 * interpreter has one routine per variant. Encodings that do the same to the same kinds of places share one.
 */
import { assert } from '../../base/assert.ts';
import type { Width } from '../registers.ts';
import type { Decoded } from './decode.ts';
import type { Instruction } from './define.ts';
import { sizesOf } from './encode.ts';
import { KeptVariants, packVariants } from './kept-variants.ts';
import { type Place, record } from './lift.ts';
import { type Micro, type Program, REPEAT, type Repeat } from './micro.ts';
import type { Form, Operand, OperandWidth } from './notation.ts';
import type { Sizes } from './recorder.ts';
import { INSTRUCTIONS } from './table.ts';
import type { Counts, Traits } from './traits.ts';

export class Variant implements Traits {
  readonly index: number;
  readonly counts: Counts;
  readonly leaves: boolean;
  readonly repeat: Repeat | undefined;
  private readonly make: () => Program;
  private made: Program | undefined;

  constructor({ index, counts, leaves }: Traits, repeat: Repeat | undefined, make: () => Program) {
    this.index = index;
    this.counts = counts;
    this.leaves = leaves;
    this.repeat = repeat;
    this.make = make;
  }

  /** Recorded when somebody asks for it first. */
  get program(): Program {
    return this.made ??= this.make();
  }
}

/** Behind these a block ends; behind `rights`, because it is asked anew whether what comes next may be fetched. */
const LEAVES: ReadonlySet<Micro['op']> = new Set(['jump', 'fault', 'check', 'microcode', 'rights']);

/** What tells two uses of one form apart. */
interface Use extends Sizes { readonly memory: boolean; readonly repeat: Repeat | undefined }

/**
 * The variants of the table in 64-bit mode, or outside it. Each is made when something asks for it first: a program uses few of the
 * two thousand, and all of them would take longer than everything else that a machine does before it starts.
 */
export class Variants {
  /** By their index. Those that are only known are not there until something asks for them. */
  readonly all: Variant[];
  private readonly legacy: boolean;
  private readonly kept: KeptVariants | undefined;
  private readonly byUse = new Map<Form, Map<number, Variant>>();
  /** Of each instruction, by the kinds of its places. */
  private readonly byPlaces = new Map<Instruction, Map<string, Same[]>>();

  /** With what `keep` returns, in another process: all have the indices that they had there, and traits before they have programs. */
  constructor(legacy = false, kept?: Uint32Array) {
    this.legacy = legacy;
    this.kept = kept && new KeptVariants(kept);
    this.all = new Array<Variant>(this.kept?.count ?? 0);
  }

  /** Undefined for a microcoded instruction. */
  of(decoded: Decoded): Variant | undefined {
    const { instruction, form, operandSize, addressSize } = decoded;
    const memory = hasMemory(decoded), repeat = repeatOf(decoded);
    return this.byUse.get(form)?.get(useKey(operandSize, addressSize, this.legacy, memory, repeat))
      ?? this.ofUse(instruction, form, { operandSize, addressSize, repeat, legacy: this.legacy, memory });
  }

  /** Makes all that there are. */
  complete(): this {
    for (const { instruction, form, use } of usesOfAll(this.legacy)) this.ofUse(instruction, form, use);
    return this;
  }

  /** Makes all, for processes that only want to know them. */
  keep(): Uint32Array {
    const uses = [...usesOfAll(this.legacy)].flatMap(({ instruction, form, use }) => {
      const traits = this.ofUse(instruction, form, use);
      return traits === undefined ? [] : [{ form, key: keyOf(use), traits }];
    });
    return packVariants(this.all.length, uses);
  }

  private ofUse(instruction: Instruction, form: Form, use: Use): Variant | undefined {
    if (instruction.semantics === undefined) return undefined;
    const key = keyOf(use);
    return this.byUse.get(form)?.get(key) ?? entryOf(entryOf(this.byUse, form, () => new Map<number, Variant>()), key, () => {
      const traits = this.kept?.traits(form, key);
      return traits === undefined ? this.made(instruction, form, use) : this.all[traits.index] ??= new Variant(
        traits, use.repeat, () => record(instruction.semantics!, placesOf(form, use), use, use.repeat));
    });
  }

  /** One that is known, when the sizes in which it differs made no difference. */
  private made(instruction: Instruction, form: Form, use: Use): Variant {
    const places = placesOf(form, use);
    const key = `${use.repeat ?? '-'} ${places.map(({ kind, width, slot, fixed }) => `${kind}${width}${fixed ?? `@${slot}`}`).join()}`;
    const known = entryOf(entryOf(this.byPlaces, instruction, () => new Map<string, Same[]>()), key, (): Same[] => []);
    const same = known.find(({ variant: { program }, sizes }) =>
      (!program.usedOperandSize || sizes.operandSize === use.operandSize)
      && (!program.usedAddressSize || sizes.addressSize === use.addressSize));
    if (same !== undefined) return same.variant;
    const program = record(instruction.semantics!, places, use, use.repeat);
    const leaves = program.body.some((id) => LEAVES.has(program.micros[id]!.op));
    const variant = new Variant({ index: this.all.length, counts: countsOf(program), leaves }, use.repeat, () => program);
    this.all.push(variant);
    known.push({ variant, sizes: use });
    return variant;
  }
}

/** A variant, and sizes with which it was made. */
interface Same { readonly variant: Variant; readonly sizes: Sizes }

/** The uses of all forms, in an order that follows from the table. */
function* usesOfAll(legacy: boolean): Generator<{ readonly instruction: Instruction; readonly form: Form; readonly use: Use }> {
  for (const instruction of INSTRUCTIONS) for (const form of instruction.forms) for (const use of usesOf(form, legacy)) {
    yield { instruction, form, use };
  }
}

/** The variants of 64-bit mode, or those outside it. */
export type VariantsOf = (long: boolean) => Variants;

function hasMemory({ operands }: Decoded): boolean {
  for (let slot = 0; slot < operands.length; slot += 1) if (operands[slot]!.kind === 'memory') return true;
  return false;
}

/** What a map has for a key, made if it has nothing. */
function entryOf<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/** Of a use. The address size adds nothing when it is the larger of the two. */
const useKey = (operandSize: Width, addressSize: Width, legacy: boolean, memory: boolean, repeat: Repeat | undefined): number =>
  operandSize + (memory ? 16 : 0) + (addressSize === (legacy ? 4 : 8) ? 0 : 32) + (repeat === undefined ? 0 : 64 * (repeat + 1));
const keyOf = ({ operandSize, addressSize, legacy, memory, repeat }: Use): number =>
  useKey(operandSize, addressSize, legacy, memory, repeat);

/** The prefixes F2 and F3 mean the same to instructions that do not test ZF. */
function repeatOf({ form, repeat }: Decoded): Repeat | undefined {
  if (repeat === 0) return undefined;
  if (form.attributes.has('rep')) return REPEAT.REP;
  if (form.attributes.has('repe')) return repeat === 0xf3 ? REPEAT.REPE : REPEAT.REPNE;
  return undefined;
}

/** The larger first. */
const addressSizes = (legacy: boolean): readonly Width[] => (legacy ? [4, 2] : [8, 4]);

function usesOf(form: Form, legacy: boolean): Use[] {
  const rm = form.operands.find((operand) => operand.kind === 'rm');
  const absolute = form.operands.some((operand) => operand.kind === 'moffs' || operand.kind === 'far');
  const kinds = rm === undefined ? [absolute] : form.mod === undefined ? [false, true] : [form.mod === 'mem'];
  const repeats: (Repeat | undefined)[] = form.attributes.has('rep')
    ? [undefined, REPEAT.REP]
    : form.attributes.has('repe') ? [undefined, REPEAT.REPE, REPEAT.REPNE] : [undefined];
  const uses: Use[] = [];
  for (const operandSize of legacy ? new Set([...sizesOf(form, 32), ...sizesOf(form, 16)]) : sizesOf(form)) {
    for (const memory of kinds) for (const addressSize of addressSizes(legacy)) for (const repeat of repeats) {
      uses.push({ operandSize, memory, addressSize, repeat, legacy });
    }
  }
  return uses;
}

const placesOf = (form: Form, use: Use): Place[] => form.operands.map((operand, slot) => placeOf(operand, slot, use));

function placeOf(operand: Operand, slot: number, { operandSize, memory }: Use): Place {
  const place = (kind: Place['kind'], width: OperandWidth, fixed?: number): Place => {
    if (width === 16) return { kind: kind === 'memory' ? 'packed memory' : kind, width: 8, slot, fixed };
    return { kind, width: typeof width === 'number' ? width : operandSize, slot, fixed };
  };
  switch (operand.kind) {
    case 'reg': return place(operand.file ?? 'register', operand.width);
    case 'rm':
      if (memory && operand.only !== 'always reg') return place('memory', operand.width);
      return place(operand.file ?? 'register', operand.registerWidth);
    case 'fixed': return place('register', operand.width, operand.register);
    case 'imm': return place('immediate', operand.width);
    case 'one': return place('immediate', 1);
    case 'rel': return place('target', 8);
    case 'moffs': return place('memory', operand.width);
    // The record says where its selector lies.
    case 'sreg': return place('register', 2);
    case 'cr': case 'dr': return place('register', 8);
    default: return assert(false, `${operand.kind} is for microcode`) as never;
  }
}

/** What a program counts as follows from its micro-ops: whether it loads, stores or branches is not said twice. */
function countsOf(program: Program): Counts {
  const has = (test: (micro: Micro) => boolean): 0 | 1 => (program.micros.some(test) ? 1 : 0);
  return {
    branches: has(({ op }) => op === 'jump' || op === 'branch'),
    conditional: has(({ op }) => op === 'branch'),
    nearCalls: has(({ branch }) => branch === 'call' || branch === 'indirect call'),
    loads: has(({ op }) => op === 'load' || op === 'loadPacked' || op === 'update'),
    stores: has(({ op }) => op === 'store' || op === 'storePacked' || op === 'put'),
  };
}

const NOTHING: Counts = { branches: 0, conditional: 0, nearCalls: 0, loads: 0, stores: 0 };

/** The same for a microcoded instruction, whose definition says it; where memory is not the operand, it is not accessed. */
export function microcodeCounts({ instruction, operands }: Decoded): Counts {
  if (instruction.counted.length === 0) return NOTHING;
  const register = !operands.some(({ kind }) => kind === 'memory')
    && instruction.forms.some((form) => form.operands.some(({ kind }) => kind === 'rm'));
  const counted = (what: 'branch' | 'load' | 'store'): 0 | 1 => (instruction.counted.includes(what) && !register ? 1 : 0);
  return { branches: counted('branch'), conditional: 0, nearCalls: 0, loads: counted('load'), stores: counted('store') };
}
