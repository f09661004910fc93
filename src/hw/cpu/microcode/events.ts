/**
 * After which routines the interpreter may go on at once. A slice has an end because interrupts, privilege, breakpoints, timers and
 * counters are looked at between two slices; what changes none of them needs no end.
 */
import { RF, TF } from '../../../x86/flags.ts';
import type { Processor } from '../processor.ts';
import { SIMD_STATE } from './simd-state.ts';
import { X87_ARITHMETIC } from './x87-arithmetic.ts';
import { X87_COMPARE } from './x87-compare.ts';
import { X87_CONTROL } from './x87-control.ts';
import { X87_MOVE } from './x87-move.ts';
import { X87_TRANSCENDENTAL } from './x87-transcendental.ts';
import { XSAVE } from './xsave.ts';

/** What changes only registers and memory, and translations of addresses; or looks at counters, which is no change. */
export const UNEVENTFUL: ReadonlySet<string> = new Set([
  ...[X87_ARITHMETIC, X87_COMPARE, X87_CONTROL, X87_MOVE, X87_TRANSCENDENTAL, SIMD_STATE, XSAVE].flatMap(Object.keys),
  'CLTS', 'CMPXCHG8B', 'CPUID', 'INVLPG', 'RDFSBASE', 'RDGSBASE', 'RDPMC', 'RDRAND', 'RDSEED', 'WRFSBASE', 'WRGSBASE',
]);

/**
 * What may let in an interrupt that waits, or begin what is looked at between two slices. MOV: to control and debug registers. RDMSR: of a
 * register that a local APIC does not have, which is an error and may be an interrupt.
 */
export const LETS_IN: ReadonlySet<string> = new Set(['IRET', 'MOV', 'RDMSR', 'STI']);

/** What may change, besides, how far timers and counters let the processor run. */
export const REBOUNDS: ReadonlySet<string> = new Set(['SYSCALL', 'SYSRET', 'WRMSR']);

/** Nothing waits to be let in, and nothing must be looked at after each instruction. Of a guest its host is to judge. */
export const nothingWaits = ({ lapic, registers, breakpoints, nonRoot }: Processor): boolean =>
  nonRoot === undefined && !lapic.nmiPending && !lapic.initPending && !lapic.requested && !breakpoints.armed
  && (registers.system & (TF | RF)) === 0;
