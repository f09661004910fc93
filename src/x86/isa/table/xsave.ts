/** The state of the FPU and of the XMM registers, as far as XCR0 enables it. */
import type { Feature, Instruction } from '../define.ts';
import { microcoded } from '../define.ts';

const area = (name: string, opcode: string, feature: Feature, counted: 'load' | 'store'): readonly Instruction[] => [
  microcoded(name, [`NP 0F ${opcode} | mem | w0`], 'x87 environment', { feature, counted: [counted] }),
  microcoded(`${name}64`, [`NP REX.W + 0F ${opcode} | mem`], 'x87 environment', { feature, counted: [counted] }),
];

export const XSAVE: readonly Instruction[] = [
  ...area('XSAVE', 'AE /4', 'XSAVE', 'store'), ...area('XRSTOR', 'AE /5', 'XSAVE', 'load'),
  ...area('XSAVEOPT', 'AE /6', 'XSAVEOPT', 'store'), ...area('XSAVEC', 'C7 /4', 'XSAVEC', 'store'),
  microcoded('XGETBV', ['NP 0F 01 /2 r/m=0'], 'control register', { feature: 'XSAVE' }),
  microcoded('XSETBV', ['NP 0F 01 /2 r/m=1'], 'control register', { feature: 'XSAVE' }),
];
