/** What is delivered to a handler: exceptions, interrupts, and software interrupts. */
import type { Vector } from '../../x86/fault.ts';
import { RF } from '../../x86/flags.ts';
import type { Processor } from './processor.ts';

/**
 * A `fault` pushes the RIP of the instruction, everything else that of the next. `software` is INT n,
 * whose gate must allow the caller; `privileged software` is INT1, whose gate need not.
 */
export interface Event {
  readonly vector: Vector;
  readonly kind: 'fault' | 'trap' | 'interrupt' | 'software' | 'privileged software';
  readonly code?: number;
}

/**
 * RF is set in what a fault pushes, so that the instruction does not meet its own breakpoint again, and in what anything
 * between two iterations of a string instruction does. SDM: "Instruction-Breakpoint Exception Condition".
 */
export function pushedFlags({ registers, repeating }: Processor, { kind }: Event): number {
  if (kind === 'fault' || repeating) return registers.rflags | RF;
  return kind === 'software' || kind === 'privileged software' ? registers.rflags & ~RF : registers.rflags;
}
