/** The instruction table: everything else about instructions is worked out from it. */
import type { Instruction } from './define.ts';
import { ARITHMETIC } from './table/arithmetic.ts';
import { BIT } from './table/bit.ts';
import { BRANCH } from './table/branch.ts';
import { DECIMAL } from './table/decimal.ts';
import { FLAG } from './table/flag.ts';
import { LOGIC } from './table/logic.ts';
import { MMX } from './table/mmx.ts';
import { MOVE } from './table/move.ts';
import { MULTIPLY } from './table/multiply.ts';
import { SHIFT } from './table/shift.ts';
import { SSE_FLOAT } from './table/sse-float.ts';
import { SSE_INTEGER } from './table/sse-integer.ts';
import { SSE_MOVE } from './table/sse-move.ts';
import { SSE_STATE } from './table/sse-state.ts';
import { SSE3 } from './table/sse3.ts';
import { SSE4_INTEGER } from './table/sse4-integer.ts';
import { SSE4_MOVE } from './table/sse4-move.ts';
import { SSE4_TEXT } from './table/sse4-text.ts';
import { SSSE3 } from './table/ssse3.ts';
import { STACK } from './table/stack.ts';
import { STRING } from './table/string.ts';
import { SYSTEM } from './table/system.ts';
import { X87 } from './table/x87.ts';
import { XSAVE } from './table/xsave.ts';

export const INSTRUCTIONS: readonly Instruction[] = [
  ...ARITHMETIC, ...LOGIC, ...MULTIPLY, ...SHIFT, ...BIT, ...MOVE, ...STACK, ...BRANCH, ...STRING, ...FLAG, ...SYSTEM, ...DECIMAL,
  ...X87, ...SSE_MOVE, ...SSE_INTEGER, ...SSE_FLOAT, ...SSE_STATE, ...MMX, ...SSE3, ...SSSE3,
  ...SSE4_MOVE, ...SSE4_INTEGER, ...SSE4_TEXT, ...XSAVE,
];
