/** Where QEMU deviates from the manual: XSAVE and its kin. */
import type { Deviation } from './deviation.ts';

const program = 'extensions';

export const EXTENSIONS_DIFFER: readonly Deviation[] = [
  {
    program, cases: /^TS: x(save|rstor)/, answer: () => ' 7 ip=+0 cs=8 ss=10 sp=K-0 fl=46 at=K-28',
    reason: 'SDM, XSAVE, XRSTOR: #NM if CR0.TS is set. QEMU 7.2 does not ask.',
  },
  {
    program, cases: /^CPUID leaf 0DH, subleaf 1$/, answer: (outcome) => outcome.replace('rax=5', 'rax=7'),
    reason: 'SDM, CPUID leaf 0DH: bit 1 is XSAVEC. QEMU 7.2 has no XSAVEC.',
  },
  {
    program, cases: /^xsave(opt)? of [13]: the word at 0$/, answer: (outcome) => outcome.replace('m=555500000000037f', 'm=37f'),
    reason: 'SDM, "Legacy Region of an XSAVE Area": bytes 7:6 are FOP. QEMU 7.2 leaves them as they are.',
  },
  {
    program, cases: /^XRSTOR of a bad MXCSR$/, answer: () => ' d:0 ip=+5 cs=8 ss=10 sp=K-0 fl=46 at=K-30',
    reason: 'SDM, XRSTOR: #GP for a reserved bit of MXCSR. QEMU 7.2 loads it.',
  },
];
