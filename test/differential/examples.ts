/** Operands for any form of the table: what a test encodes when it wants one instruction of each kind. */

import type { WantedOperand } from '../../src/x86/isa/encode.ts';
import type { Form, Operand, OperandWidth } from '../../src/x86/isa/notation.ts';
import { DS, RBX, RCX, RDX, type Width } from '../../src/x86/registers.ts';

/** [rbx]. */
const MEMORY = { base: RBX, index: -1, scale: 1, displacement: 0n } as const;

/** One operand for each of the form: CL, CX and so on, DL or [rbx], and constants that fit anywhere. */
export function exampleOperands(form: Form, size: Width, useMemory: boolean): WantedOperand[] {
  const sized = (width: OperandWidth): Width => (typeof width === 'number' ? width as Width : size);
  const example = (operand: Operand): WantedOperand => {
    switch (operand.kind) {
      case 'reg': return operand.file ? { kind: operand.file, reg: RCX } : { kind: 'register', reg: RCX, width: sized(operand.width) };
      case 'rm': return useMemory
        ? { kind: 'memory', memory: MEMORY, width: operand.width === 'v' ? size : operand.width }
        : operand.file ? { kind: operand.file, reg: RDX } : { kind: 'register', reg: RDX, width: sized(operand.registerWidth) };
      case 'far': return { kind: 'memory', memory: MEMORY, width: size, far: true };
      case 'moffs': return {
        kind: 'memory', memory: { base: -1, index: -1, scale: 1, displacement: 0x1_2345_6789n }, width: sized(operand.width),
      };
      case 'fixed': return { kind: 'register', reg: operand.register, width: sized(operand.width) };
      case 'imm': return { kind: 'immediate', value: 5n };
      case 'one': return { kind: 'immediate', value: 1n };
      case 'rel': return { kind: 'relative', value: 16n };
      case 'pointer': return { kind: 'pointer', selector: 0x1234, offset: 0x5678n, width: size };
      case 'segment': return { kind: 'segment', reg: operand.register };
      case 'sreg': return { kind: 'segment', reg: DS };
      case 'cr': return { kind: 'control', reg: 0 };
      case 'dr': return { kind: 'debug', reg: 0 };
      case 'st': return { kind: 'st', reg: operand.register ?? 1 };
    }
  };
  return form.operands.map(example);
}

/** Whether the form takes memory, a register, or either. */
export function kindsOf(form: Form): readonly boolean[] {
  const rm = form.operands.find((operand): operand is Extract<Operand, { kind: 'rm' }> => operand.kind === 'rm');
  if (rm === undefined) return [form.operands.some(({ kind }) => kind === 'moffs' || kind === 'far')];
  if (rm.only === 'always reg') return [false];
  return form.mod === undefined ? [false, true] : [form.mod === 'mem'];
}
