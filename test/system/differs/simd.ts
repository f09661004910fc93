/** Where QEMU deviates from the manual: who may use XMM registers. */
import type { Deviation } from './deviation.ts';

export const SIMD_DIFFERS: readonly Deviation[] = [
  {
    program: 'simd', cases: /^OSFXSR, EM and TS: (?!fx)/, answer: (outcome) => outcome.replace(/^ 7 /, ' 6 '),
    reason: 'SDM, "Action Taken for Combinations of OSFXSR, OSXMMEXCPT, SSE, SSE2, SSE3, EM, MP, and TS": with EM set it is #UD, whatever '
      + 'TS is. QEMU 7.2 asks for TS first.',
  },
];
