/** The routine of each microcoded instruction, by mnemonic. */
import { assert } from '../../../base/assert.ts';
import type { Decoded } from '../../../x86/isa/decode.ts';
import { INSTRUCTIONS } from '../../../x86/isa/table.ts';
import type { Routine } from '../processor.ts';
import { CALLS } from './calls.ts';
import { COMPOUND } from './compound.ts';
import { CONTROL, moveControl } from './control.ts';
import { FRAME } from './frame.ts';
import { iret } from './iret.ts';
import { MONITOR } from './monitor.ts';
import { PORT } from './port.ts';
import { moveSegment, popSegment, pushSegment, SEGMENTS } from './segments.ts';
import { SIMD_STATE } from './simd-state.ts';
import { TRANSFER } from './transfer.ts';
import { X87_ARITHMETIC } from './x87-arithmetic.ts';
import { X87_COMPARE } from './x87-compare.ts';
import { X87_CONTROL } from './x87-control.ts';
import { X87_ENVIRONMENT } from './x87-environment.ts';
import { X87_MOVE } from './x87-move.ts';
import { X87_TRANSCENDENTAL } from './x87-transcendental.ts';
import { XSAVE } from './xsave.ts';

/** Mnemonics of which only some forms are microcoded. */
const MIXED: Readonly<Record<string, (decoded: Decoded) => Routine>> = {
  MOV: ({ operands }) => (operands.some(({ kind }) => kind === 'segment') ? moveSegment : moveControl),
  PUSH: () => pushSegment,
  POP: () => popSegment,
};

const ROUTINES: Readonly<Record<string, Routine>> = {
  ...X87_ARITHMETIC, ...X87_COMPARE, ...X87_CONTROL, ...X87_ENVIRONMENT, ...X87_MOVE, ...X87_TRANSCENDENTAL,
  ...SIMD_STATE, ...XSAVE,
  ...CALLS, ...COMPOUND, ...CONTROL, ...MONITOR, ...PORT, ...SEGMENTS, ...TRANSFER, ...FRAME,
  IRET: iret,
};

export function routineOf(decoded: Decoded): Routine {
  const { mnemonic } = decoded.instruction;
  const routine = MIXED[mnemonic]?.(decoded) ?? ROUTINES[mnemonic];
  assert(routine !== undefined, `${mnemonic} has a routine`);
  return routine;
}

for (const { mnemonic, semantics } of INSTRUCTIONS) {
  assert(semantics !== undefined || mnemonic in ROUTINES || mnemonic in MIXED, `${mnemonic} has neither semantics nor a routine`);
}
