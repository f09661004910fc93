/** Where QEMU deviates from the manual: who may use XMM registers. */
import type { Deviation } from './deviation.ts';

export const SIMD_DIFFERS: readonly Deviation[] = [
  {
    program: 'simd', cases: /^OSFXSR, EM and TS: (?!fx)/, answer: (outcome) => outcome.replace(/^ 7 /, ' 6 '),
    reason: 'SDM, "Action Taken for Combinations of OSFXSR, OSXMMEXCPT, SSE, SSE2, SSE3, EM, MP, and TS": with EM set it is #UD, whatever '
      + 'TS is. QEMU 7.2 asks for TS first.',
  },
  ...([[/TS.*: emms$/, 7], [/EM.*: emms$/, 6]] as const).map(([cases, vector]): Deviation => ({
    program: 'simd', cases, answer: () => ` ${vector} ip=+0 cs=8 ss=10 sp=K-0 fl=46 at=K-28`,
    reason: 'SDM, EMMS: #UD if CR0.EM is set, else #NM if CR0.TS is. QEMU 7.2 asks for neither.',
  })),
];
