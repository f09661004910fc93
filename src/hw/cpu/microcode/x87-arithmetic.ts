/** Arithmetic of the x87 FPU: what its instructions take, and where the result goes. What they compute is in `x86/x87/`. */
import { add, type Binary, divide, multiply, squareRoot, subtract } from '../../../x86/x87/arithmetic.ts';
import { type Extended, INDEFINITE, isNan, withSign } from '../../../x86/x87/extended.ts';
import { extract, remainder, roundToInteger, scale } from '../../../x86/x87/partial.ts';
import type { Result } from '../../../x86/x87/round.ts';
import { C1, C2, CONDITION_CODES, DENORMAL, IE, ZE } from '../../../x86/x87/words.ts';
import type { Routine } from '../processor.ts';
import type { X87 } from '../x87.ts';
import { computing } from './x87-control.ts';
import { source, stackRegister } from './x87-operand.ts';

const swapped = (operation: Binary): Binary => (a, b, control) => operation(b, a, control);

/** FADD to FDIVR: ST(0) with memory, or two registers of which the first takes the result; with `pops`, ST(0) is popped then. */
const binary = (operation: Binary, pops = false): Routine => computing((cpu, instruction) => {
  const { x87 } = cpu.registers;
  const { operands } = instruction.decoded;
  const [first, second] = operands.length === 1 ? [{ kind: 'st', reg: 0 } as const, operands[0]!] : [operands[0]!, operands[1]!];
  const a = source(cpu, instruction, first), b = source(cpu, instruction, second);
  const to = stackRegister(first);
  if (a === undefined || b === undefined) {
    if (x87.stackFault(false)) return;
    x87.setSt(to, INDEFINITE);
  } else {
    const result = operation(a.value, b.value, x87.control);
    const denormal = b.denormal && !isNan(a.value) && (result.flags & (IE | ZE)) === 0;
    if (x87.meet(denormal ? { ...result, flags: result.flags | DENORMAL } : result)) return;
    x87.setSt(to, result.value);
  }
  if (pops) x87.pop();
});

/** ST(0) alone. */
const unary = (operation: (a: Extended, control: number) => Result): Routine => computing(({ registers: { x87 } }) => {
  if (x87.isEmpty(0)) {
    if (!x87.stackFault(false)) x87.setSt(0, INDEFINITE);
    return;
  }
  const result = operation(x87.st(0), x87.control);
  if (!x87.meet(result)) x87.setSt(0, result.value);
});

/** Only the sign, of whatever is there. */
const sign = (change: (negative: boolean) => boolean): Routine => computing(({ registers: { x87 } }) => {
  if (x87.isEmpty(0)) {
    if (!x87.stackFault(false)) x87.setSt(0, INDEFINITE);
    return;
  }
  x87.setCodes(C1, 0);
  x87.setSt(0, withSign(x87.st(0), change(x87.st(0).negative)));
});

/** ST(0) with ST(1), to ST(0). */
const pair = (operation: (x87: X87) => Result): Routine => computing(({ registers: { x87 } }) => {
  if (x87.isEmpty(0) || x87.isEmpty(1)) {
    if (!x87.stackFault(false)) x87.setSt(0, INDEFINITE);
    return;
  }
  const result = operation(x87);
  if (!x87.meet(result)) x87.setSt(0, result.value);
});

const partialRemainder = (nearest: boolean): Routine => computing(({ registers: { x87 } }) => {
  x87.setCodes(C2, 0);
  if (x87.isEmpty(0) || x87.isEmpty(1)) {
    if (!x87.stackFault(false)) x87.setSt(0, INDEFINITE);
    return;
  }
  const { result, codes } = remainder(x87.st(0), x87.st(1), x87.control, nearest);
  if (x87.meet(result)) return;
  if (codes !== undefined) x87.setCodes(CONDITION_CODES, codes);
  x87.setSt(0, result.value);
});

/** FXTRACT: the exponent takes the number's place, and the significand is pushed. */
const fxtract: Routine = computing(({ registers: { x87 } }) => {
  if (x87.isEmpty(0) || !x87.isEmpty(7)) {
    if (x87.stackFault(!x87.isEmpty(0))) return;
    x87.setSt(0, INDEFINITE);
    x87.push(INDEFINITE);
    return;
  }
  const { exponent, significand, flags } = extract(x87.st(0));
  if (x87.meet({ flags, up: false })) return;
  x87.setSt(0, exponent);
  x87.push(significand);
});

export const X87_ARITHMETIC: Readonly<Record<string, Routine>> = {
  FADD: binary(add), FADDP: binary(add, true), FIADD: binary(add),
  FSUB: binary(subtract), FSUBP: binary(subtract, true), FISUB: binary(subtract),
  FSUBR: binary(swapped(subtract)), FSUBRP: binary(swapped(subtract), true), FISUBR: binary(swapped(subtract)),
  FMUL: binary(multiply), FMULP: binary(multiply, true), FIMUL: binary(multiply),
  FDIV: binary(divide), FDIVP: binary(divide, true), FIDIV: binary(divide),
  FDIVR: binary(swapped(divide)), FDIVRP: binary(swapped(divide), true), FIDIVR: binary(swapped(divide)),
  FSQRT: unary(squareRoot), FRNDINT: unary(roundToInteger), FABS: sign(() => false), FCHS: sign((negative) => !negative),
  FSCALE: pair((x87) => scale(x87.st(0), x87.st(1), x87.control)),
  FPREM: partialRemainder(false), FPREM1: partialRemainder(true), FXTRACT: fxtract,
};
