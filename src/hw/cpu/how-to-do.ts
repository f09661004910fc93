/**
 * How an instruction is done outside the interpreter: by a routine, or by its micro-ops with all of memory in reach. It is worked out when
 * somebody asks for it first, and kept by the record of the instruction.
 */
import { assert } from '../../base/assert.ts';
import type { Decoded } from '../../x86/isa/decode.ts';
import type { Program } from '../../x86/isa/micro.ts';
import type { Counts } from '../../x86/isa/traits.ts';
import { microcodeCounts, type Variant } from '../../x86/isa/variant.ts';
import { LETS_IN, REBOUNDS, UNEVENTFUL } from './microcode/events.ts';
import { routineOf } from './microcode/microcode.ts';
import { BEFORE_RETIREMENT } from './microcode/monitor.ts';
import { type PlainMove, plainMove } from './plain-move.ts';
import type { Routine } from './processor.ts';

export interface ByRoutine {
  readonly decoded: Decoded;
  readonly routine: Routine;
  readonly counts: Counts;
  /** It has retired when its routine begins. */
  readonly early: boolean;
  /** The interpreter goes on behind it; or it does unless something waits, and perhaps not as far as it would have. */
  readonly goesOn: boolean;
  readonly letsIn: boolean;
  readonly rebounds: boolean;
}

export interface ByMicroOps {
  readonly decoded: Decoded;
  readonly program: Program;
  readonly counts: Counts;
  /** What it does when it is no more than a load or a store. */
  readonly move: PlainMove | undefined;
}

/** By record: as an integer of 32 bits, which V8 finds without a call. */
export class HowToDo {
  private readonly routines = new Map<number, ByRoutine>();
  private readonly programs = new Map<number, ByMicroOps>();

  routine(record: number): ByRoutine | undefined {
    return this.routines.get(record | 0);
  }

  microOps(record: number): ByMicroOps | undefined {
    return this.programs.get(record | 0);
  }

  learnRoutine(record: number, decoded: Decoded): ByRoutine {
    const { mnemonic } = decoded.instruction;
    const how: ByRoutine = {
      decoded, routine: routineOf(decoded), counts: microcodeCounts(decoded), early: !BEFORE_RETIREMENT.has(mnemonic),
      goesOn: UNEVENTFUL.has(mnemonic), letsIn: LETS_IN.has(mnemonic), rebounds: REBOUNDS.has(mnemonic),
    };
    this.routines.set(record | 0, how);
    return how;
  }

  learnMicroOps(record: number, decoded: Decoded, variant: Variant | undefined): ByMicroOps {
    assert(variant !== undefined, 'what has no routine has micro-ops');
    const { program, counts } = variant;
    const how: ByMicroOps = { decoded, program, counts, move: plainMove(program) };
    this.programs.set(record | 0, how);
    return how;
  }

  /** The records are used for other instructions from here on. */
  forget(): void {
    this.routines.clear();
    this.programs.clear();
  }
}
