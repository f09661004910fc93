/** The x87 FPU. Each instruction is a routine of the processor's: its arithmetic is far from what micro-ops say. */
import { type Instruction, microcoded } from '../define.ts';

export const X87: readonly Instruction[] = [
  // Control.
  microcoded('FNINIT', ['DB E3'], 'x87 environment', { feature: 'FPU' }),
  microcoded('FNCLEX', ['DB E2'], 'x87', { feature: 'FPU' }),
  microcoded('FLDCW', ['D9 /5 | m2byte'], 'x87', { feature: 'FPU', counted: ['load'] }),
  microcoded('FNSTCW', ['D9 /7 | m2byte'], 'x87', { feature: 'FPU', counted: ['store'] }),
  microcoded('FNSTSW', ['DD /7 | m2byte', 'DF E0 | AX'], 'x87', { feature: 'FPU', counted: ['store'] }),
  microcoded('WAIT', ['9B'], 'x87', { feature: 'FPU' }),
];
