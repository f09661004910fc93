/** The state of the FPU and of the XMM registers as a whole, MXCSR, and stores past the caches. */
import { MXCSR_MASK } from '../../mxcsr.ts';
import { define, type Instruction, microcoded } from '../define.ts';
import { sse } from './sse.ts';

export const SSE_STATE: readonly Instruction[] = [
  microcoded('FXSAVE', ['NP 0F AE /0 | m512byte | w0'], 'x87 environment', { feature: 'FXSR', counted: ['store'] }),
  microcoded('FXSAVE64', ['NP REX.W + 0F AE /0 | m512byte'], 'x87 environment', { feature: 'FXSR', counted: ['store'] }),
  microcoded('FXRSTOR', ['NP 0F AE /1 | m512byte | w0'], 'x87 environment', { feature: 'FXSR', counted: ['load'] }),
  microcoded('FXRSTOR64', ['NP REX.W + 0F AE /1 | m512byte'], 'x87 environment', { feature: 'FXSR', counted: ['load'] }),
  sse('LDMXCSR', ['NP 0F AE /2 | m32'], (u, src) => {
    const value = u.read(src!);
    u.faultIf(u.not(u.isZero(u.and(value, ~MXCSR_MASK))));
    u.setMxcsr(value);
  }),
  sse('STMXCSR', ['NP 0F AE /3 | m32'], (u, dst) => u.write(dst!, u.mxcsr())),
  // It is of general registers, and asks nobody whether XMM registers may be used.
  define('MOVNTI', ['NP 0F C3 /r | mv, r | no16'], (u, dst, src) => u.write(dst!, u.read(src!)), { feature: 'SSE2' }),
  microcoded('MASKMOVDQU', ['66 0F F7 /r | xmm, xmm:r'], 'simple', { feature: 'SSE2', counted: ['store'] }),
];
