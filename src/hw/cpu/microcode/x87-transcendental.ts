/** Transcendental instructions of the x87 FPU: what they take from its stack, and what they leave there. */

import { classOf, type Extended, INDEFINITE, ONE } from '../../../x86/x87/extended.ts';
import { INVALID } from '../../../x86/x87/nan.ts';
import { exactly, type Result } from '../../../x86/x87/round.ts';
import {
  arctangentOf, cosineOfAngle, exponential, isReducible, sine, tangent, yLog2, yLog2OnePlus,
} from '../../../x86/x87/transcendental.ts';
import { C1, C2 } from '../../../x86/x87/words.ts';
import type { Routine } from '../processor.ts';
import { computing } from './x87-control.ts';

type Unary = (x: Extended, control: number) => Result;

/** F2XM1: ST(0) alone. */
const f2xm1: Routine = computing(({ registers: { x87 } }) => {
  if (x87.isEmpty(0)) {
    if (!x87.stackFault(false)) x87.setSt(0, INDEFINITE);
    return;
  }
  const result = exponential(x87.st(0), x87.control);
  if (!x87.meet(result)) x87.setSt(0, result.value);
});

/** ST(1) with ST(0), to ST(1); ST(0) is popped. */
const toSecond = (operation: (y: Extended, x: Extended, control: number) => Result): Routine => computing(({ registers: { x87 } }) => {
  if (x87.isEmpty(0) || x87.isEmpty(1)) {
    if (x87.stackFault(false)) return;
    x87.setSt(1, INDEFINITE);
  } else {
    const result = operation(x87.st(1), x87.st(0), x87.control);
    if (x87.meet(result)) return;
    x87.setSt(1, result.value);
  }
  x87.pop();
});

/** C2: the angle is too large, and nothing was done. Infinities and what is no number are not too large, but invalid. */
const isOutOfRange = (angle: Extended): boolean => !isReducible(angle) && classOf(angle) === 'normal';

/** FSIN and FCOS: in place. */
const inPlace = (operation: Unary): Routine => computing(({ registers: { x87 } }) => {
  x87.setCodes(C2, 0);
  if (x87.isEmpty(0)) {
    if (!x87.stackFault(false)) x87.setSt(0, INDEFINITE);
  } else if (isOutOfRange(x87.st(0))) x87.setCodes(C1 | C2, C2);
  else {
    const result = operation(x87.st(0), x87.control);
    if (!x87.meet(result)) x87.setSt(0, result.value);
  }
});

/** FSINCOS and FPTAN: the first result in place, the second pushed. */
const withPush = (first: Unary, second: Unary): Routine => computing(({ registers: { x87 } }) => {
  x87.setCodes(C2, 0);
  if (x87.isEmpty(0) || !x87.isEmpty(7)) {
    if (x87.stackFault(!x87.isEmpty(0))) return;
    x87.setSt(0, INDEFINITE);
    x87.push(INDEFINITE);
    return;
  }
  const angle = x87.st(0);
  if (isOutOfRange(angle)) return x87.setCodes(C1 | C2, C2);
  const [one, other] = [first(angle, x87.control), second(angle, x87.control)];
  if (x87.meet({ flags: one.flags | other.flags, up: one.up })) return;
  x87.setSt(0, one.value);
  x87.push(other.value);
});

/** What FPTAN pushes: 1, so that a division gives the cotangent; with what is no number, that. */
const one: Unary = (x) => {
  const kind = classOf(x);
  if (kind === 'infinity' || kind === 'unsupported') return INVALID;
  return kind === 'QNaN' || kind === 'SNaN' ? tangent(x, 0) : exactly(ONE);
};

export const X87_TRANSCENDENTAL: Readonly<Record<string, Routine>> = {
  F2XM1: f2xm1, FYL2X: toSecond(yLog2), FYL2XP1: toSecond(yLog2OnePlus), FPATAN: toSecond(arctangentOf),
  FSIN: inPlace(sine), FCOS: inPlace(cosineOfAngle), FSINCOS: withPush(sine, cosineOfAngle), FPTAN: withPush(tangent, one),
};
