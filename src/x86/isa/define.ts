/** An instruction of the table: its encodings, what it does, what it costs and what it counts as. */
import { assert } from '../../base/assert.ts';
import type { Semantics } from './lift.ts';
import { type Form, parseForm } from './notation.ts';

/** Classes of cost; how many cycles each is, is up to the machine's timing model. */
export const COST_CLASSES = [
  'simple', 'multiply', 'divide', 'branch', 'string', 'locked', 'far', 'system call', 'interrupt', 'descriptor',
  'control register', 'msr', 'rdpmc', 'timestamp', 'cpuid', 'random', 'fence', 'cache', 'port', 'pause',
  'x87', 'x87 divide', 'x87 transcendental', 'x87 environment',
  'float', 'float divide',
] as const;
export type CostClass = (typeof COST_CLASSES)[number];

/** What a microcoded instruction counts as; of the others it follows from their micro-ops. */
export type Counted = 'branch' | 'load' | 'store';

/**
 * CPUID features that an instruction needs: without the feature its encodings are undefined. SYSCALL32 is none of CPUID's: it says that
 * SYSCALL and SYSRET exist in compatibility mode.
 */
export type Feature = 'CX8' | 'CX16' | 'MOVBE' | 'POPCNT' | 'RDTSCP' | 'FSGSBASE' | 'SMAP' | 'CLFSH' | 'SEP' | 'LAHF64'
  | 'FPU' | 'RDRAND' | 'RDSEED' | 'SYSCALL32' | 'MMX' | 'FXSR' | 'SSE' | 'SSE2' | 'SSE3' | 'SSSE3' | 'SSE4_1' | 'SSE4_2'
  | 'XSAVE' | 'XSAVEOPT' | 'XSAVEC';

/** Status flags that the manual leaves undefined, by letter. */
export interface UndefinedFlags {
  readonly always?: string;
  /** For a shift or rotate whose masked count is not 1. */
  readonly unlessCountIsOne?: string;
  /** For a shift whose masked count is not below the operand's width. */
  readonly beyondWidth?: string;
}

export interface Instruction {
  readonly mnemonic: string;
  readonly forms: readonly Form[];
  /** Undefined for a microcoded instruction: the processor has a routine of the instruction's name. */
  readonly semantics: Semantics | undefined;
  readonly cost: CostClass;
  readonly counted: readonly Counted[];
  readonly feature: Feature | undefined;
  readonly undefinedFlags: UndefinedFlags;
  /** The mnemonic depends on the operand size: CBW, CWDE, CDQE. By operand size 2, 4 and 8. */
  readonly sized: readonly [string, string, string] | undefined;
}

export type InstructionOptions = Partial<Pick<Instruction, 'cost' | 'counted' | 'feature' | 'undefinedFlags' | 'sized'>>;

const instruction = (
  mnemonic: string, rows: readonly string[], semantics: Semantics | undefined, options: InstructionOptions,
): Instruction => {
  assert(rows.length > 0, `${mnemonic} has no encoding`);
  return {
    mnemonic, forms: rows.map(parseForm), semantics, cost: 'simple', counted: [], feature: undefined,
    undefinedFlags: {}, sized: undefined, ...options,
  };
};

/** An instruction whose semantics are micro-ops. */
export const define = (mnemonic: string, rows: readonly string[], semantics: Semantics, options: InstructionOptions = {}): Instruction =>
  instruction(mnemonic, rows, semantics, options);

/** An instruction that the processor does in a routine of its own: it changes more than registers and memory. */
export const microcoded = (mnemonic: string, rows: readonly string[], cost: CostClass, options: InstructionOptions = {}): Instruction =>
  instruction(mnemonic, rows, undefined, { ...options, cost });
