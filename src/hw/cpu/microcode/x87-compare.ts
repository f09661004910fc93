/** Comparisons of the x87 FPU: to its own condition codes, and to the flags. */
import { CF, PF, ZF } from '../../../x86/flags.ts';
import type { Bound } from '../../../x86/isa/decode.ts';
import { compare, examine, ORDER_CODES, type Order } from '../../../x86/x87/compare.ts';
import { isNan, ZERO } from '../../../x86/x87/extended.ts';
import { C0, C1, C2, C3, CONDITION_CODES, DENORMAL, IE } from '../../../x86/x87/words.ts';
import type { Operation, Processor, Routine } from '../processor.ts';
import { computing } from './x87-control.ts';
import { type Source, source } from './x87-operand.ts';

const ST0: Bound = { kind: 'st', reg: 0 };
const ST1: Bound = { kind: 'st', reg: 1 };

interface Found {
  readonly order: Order;
  /** An exception is unmasked: the instruction says how the operands compare, and does not pop. */
  readonly stops: boolean;
}

/** How ST(0) compares. An empty register is unordered. */
function order(cpu: Processor, operation: Operation, other: Source | undefined, ordered: boolean): Found {
  const { x87 } = cpu.registers;
  const first = source(cpu, operation, ST0);
  if (first === undefined || other === undefined) return { order: 'unordered', stops: x87.stackFault(false) };
  const { order: found, flags } = compare(first.value, other.value, ordered);
  const denormal = other.denormal && !isNan(first.value) && (flags & IE) === 0 ? DENORMAL : 0;
  return { order: found, stops: x87.meet({ flags: flags | denormal, up: false }) };
}

/** FCOM and FUCOM: by default with ST(1). */
const toCodes = (ordered: boolean, pops: 0 | 1 | 2): Routine => computing((cpu, operation) => {
  const { x87 } = cpu.registers;
  const found = order(cpu, operation, source(cpu, operation, operation.decoded.operands[0] ?? ST1), ordered);
  x87.setCodes(C0 | C2 | C3, ORDER_CODES[found.order]);
  for (let i = 0; i < pops && !found.stops; i += 1) x87.pop();
});

const ORDER_FLAGS: Readonly<Record<Order, number>> = { greater: 0, less: CF, equal: ZF, unordered: CF | PF | ZF };

/** FCOMI and FUCOMI. */
const toFlags = (ordered: boolean, pops: boolean): Routine => computing((cpu, operation) => {
  const { registers } = cpu;
  const found = order(cpu, operation, source(cpu, operation, operation.decoded.operands[1]!), ordered);
  registers.status = ORDER_FLAGS[found.order];
  if (pops && !found.stops) registers.x87.pop();
});

const ftst: Routine = computing((cpu, operation) => {
  const found = order(cpu, operation, { value: ZERO, denormal: false }, true);
  cpu.registers.x87.setCodes(C0 | C2 | C3, ORDER_CODES[found.order]);
});

/** C1 is the sign, also of an empty register. */
const fxam: Routine = computing(({ registers: { x87 } }) => {
  const codes = x87.isEmpty(0) ? C3 | C0 : examine(x87.st(0));
  x87.setCodes(CONDITION_CODES, codes | (x87.st(0).negative ? C1 : 0));
});

export const X87_COMPARE: Readonly<Record<string, Routine>> = {
  FCOM: toCodes(true, 0), FCOMP: toCodes(true, 1), FCOMPP: toCodes(true, 2), FICOM: toCodes(true, 0), FICOMP: toCodes(true, 1),
  FUCOM: toCodes(false, 0), FUCOMP: toCodes(false, 1), FUCOMPP: toCodes(false, 2),
  FCOMI: toFlags(true, false), FCOMIP: toFlags(true, true), FUCOMI: toFlags(false, false), FUCOMIP: toFlags(false, true),
  FTST: ftst, FXAM: fxam,
};
