/** Loads, stores and moves of the x87 FPU, its constants, and what only changes its stack. */
import type { Width } from '../../../x86/registers.ts';
import { constant } from '../../../x86/x87/constants.ts';
import {
  DOUBLE, fromDecimal, fromInteger, type Interchange, loadInterchange, SINGLE, type Stored, toDecimal, toInteger, toInterchange,
} from '../../../x86/x87/convert.ts';
import { bitsOf, type Extended, fromBits, INDEFINITE } from '../../../x86/x87/extended.ts';
import { exactly, type Result } from '../../../x86/x87/round.ts';
import { C1, IE, OE, PE, UE } from '../../../x86/x87/words.ts';
import type { Operation, Processor, Routine } from '../processor.ts';
import type { X87 } from '../x87.ts';
import { readOperand } from './operand.ts';
import { computing } from './x87-control.ts';
import { bytes, type Place, readTen, stackRegister, tenBytes } from './x87-operand.ts';

/** Pushes what an instruction loads; without room the indefinite. A denormal is loaded although its exception is unmasked. */
function load(x87: X87, result: Result): void {
  if (!x87.isEmpty(7)) {
    if (!x87.stackFault(true)) x87.push(INDEFINITE);
  } else if (!x87.meet(result) || (result.flags & IE) === 0) x87.push(result.value);
}

const formatOf = (width: unknown): Interchange => (width === 8 ? DOUBLE : SINGLE);

const fld: Routine = computing((cpu, operation) => {
  const { x87 } = cpu.registers;
  const operand = operation.decoded.operands[0]!;
  if (operand.kind === 'st') {
    // SDM, "Exception Priority": an underflow of the stack comes before an overflow.
    if (!x87.isEmpty(operand.reg)) load(x87, exactly(x87.st(operand.reg)));
    else if (!x87.stackFault(false)) x87.push(INDEFINITE);
  } else if (operand.kind === 'memory' && operand.width === 'tword') load(x87, exactly(fromBits(readTen(cpu, operation))));
  else {
    const width = operand.kind === 'memory' && operand.width === 8 ? 8 : 4;
    load(x87, loadInterchange(readOperand(cpu, operation, operand, width), formatOf(width)));
  }
});

const widthOf = ({ decoded }: Operation): Width => {
  const [operand] = decoded.operands;
  return operand?.kind === 'memory' && typeof operand.width === 'number' ? operand.width as Width : 8;
};

const fild: Routine = computing((cpu, operation) => {
  const width = widthOf(operation);
  const bits = readOperand(cpu, operation, operation.decoded.operands[0]!, width);
  load(cpu.registers.x87, exactly(fromInteger(BigInt.asIntN(8 * width, bits))));
});

const fbld: Routine = computing((cpu, operation) => {
  load(cpu.registers.x87, exactly(fromDecimal(readTen(cpu, operation))));
});

const loadConstant = (name: Parameters<typeof constant>[0]): Routine => computing(({ registers: { x87 } }) =>
  load(x87, exactly(constant(name, x87.control))));

/**
 * Stores ST(0) as `convert` makes it; with `pops`, pops it then. Where an unmasked exception tells that the value is not
 * fit for its place, memory stays as it is. Whether memory can be written comes first.
 */
function store(
  cpu: Processor, place: Place, convert: (value: Extended, control: number) => Stored, pops: boolean,
): void {
  const { x87 } = cpu.registers;
  place.check();
  if (x87.isEmpty(0)) {
    if (x87.stackFault(false)) return;
    place.write(convert(INDEFINITE, x87.control).bits);
  } else {
    const stored = convert(x87.st(0), x87.control);
    const unfit = (stored.flags & ~x87.control & (OE | UE)) !== 0;
    if (x87.meet(unfit ? { flags: stored.flags & ~PE, up: false } : stored) || unfit) return;
    place.write(stored.bits);
  }
  if (pops) x87.pop();
}

const fst = (pops: boolean): Routine => computing((cpu, operation) => {
  const { x87 } = cpu.registers;
  const operand = operation.decoded.operands[0]!;
  if (operand.kind === 'st') {
    if (x87.isEmpty(0)) {
      if (x87.stackFault(false)) return;
      x87.setSt(operand.reg, INDEFINITE);
    } else {
      x87.setCodes(C1, 0);
      x87.setSt(operand.reg, x87.st(0));
    }
    if (pops) x87.pop();
  } else if (operand.kind === 'memory' && operand.width === 'tword') {
    store(cpu, tenBytes(cpu, operation), (value) => ({ bits: bitsOf(value), flags: 0, up: false }), true);
  } else {
    const width = widthOf(operation);
    store(cpu, bytes(cpu, operation, width), (value, control) => toInterchange(value, formatOf(width), control), pops);
  }
});

/** FISTTP truncates, whatever the control word says. */
const fist = (pops: boolean, truncates = false): Routine => computing((cpu, operation) => {
  const width = widthOf(operation);
  store(cpu, bytes(cpu, operation, width), (value, control) => toInteger(value, width, control, truncates ? 'zero' : undefined), pops);
});

const fbstp: Routine = computing((cpu, operation) =>
  store(cpu, tenBytes(cpu, operation), toDecimal, true));

const fxch: Routine = computing(({ registers: { x87 } }, { decoded }) => {
  const i = stackRegister(decoded.operands[0]);
  if ((x87.isEmpty(0) || x87.isEmpty(i)) && x87.stackFault(false)) return;
  const fault = x87.isEmpty(0) || x87.isEmpty(i);
  const contents = (register: number): Extended => (x87.isEmpty(register) ? INDEFINITE : x87.st(register));
  const [first, second] = [contents(0), contents(i)];
  x87.setSt(0, second);
  x87.setSt(i, first);
  if (!fault) x87.setCodes(C1, 0);
});

/** CF, ZF and PF, as FCMOV looks at them. */
const CARRY = 1 << 0, PARITY = 1 << 2, ZERO_FLAG = 1 << 6;

const fcmov = (mask: number, wanted: boolean): Routine => computing(({ registers }, { decoded }) => {
  const { x87 } = registers;
  const i = stackRegister(decoded.operands[1]);
  const met = ((registers.rflags & mask) !== 0) === wanted;
  if (x87.isEmpty(0) || x87.isEmpty(i)) {
    if (!x87.stackFault(false)) x87.setSt(0, INDEFINITE);
    return;
  }
  if (met) x87.setSt(0, x87.st(i));
});

const ffree: Routine = computing(({ registers: { x87 } }, { decoded }) => {
  x87.free(stackRegister(decoded.operands[0]));
  x87.setCodes(C1, 0);
});

const turn = (by: number): Routine => computing(({ registers: { x87 } }) => {
  x87.top += by;
  x87.setCodes(C1, 0);
});

export const X87_MOVE: Readonly<Record<string, Routine>> = {
  FLD: fld, FILD: fild, FBLD: fbld, FST: fst(false), FSTP: fst(true), FIST: fist(false), FISTP: fist(true), FISTTP: fist(true, true),
  FBSTP: fbstp, FXCH: fxch,
  FLD1: loadConstant('1'), FLDL2T: loadConstant('log2(10)'), FLDL2E: loadConstant('log2(e)'), FLDPI: loadConstant('pi'),
  FLDLG2: loadConstant('log10(2)'), FLDLN2: loadConstant('ln(2)'), FLDZ: loadConstant('0'),
  FCMOVB: fcmov(CARRY, true), FCMOVE: fcmov(ZERO_FLAG, true), FCMOVBE: fcmov(CARRY | ZERO_FLAG, true), FCMOVU: fcmov(PARITY, true),
  FCMOVNB: fcmov(CARRY, false), FCMOVNE: fcmov(ZERO_FLAG, false), FCMOVNBE: fcmov(CARRY | ZERO_FLAG, false), FCMOVNU: fcmov(PARITY, false),
  FFREE: ffree,
  FINCSTP: turn(1), FDECSTP: turn(-1), FNOP: computing(() => {}),
};
