import { type Planted, testPlanted } from './plant.ts';

// Bugs in the x87 FPU, and the vectors of a real processor that see them.

const VECTORS = 'test/vectors/vectors.test.js';
const ROUND = 'src/x86/x87/round.js', PARTIAL = 'src/x86/x87/partial.js', NAN = 'src/x86/x87/nan.js';
const ROUTINES = 'src/hw/cpu/microcode';
const micro = (mnemonic: string): string => `^${mnemonic}: the WebAssembly`;

const PLANTED: readonly Planted[] = [
  {
    name: 'halves are rounded away from zero', file: ROUND,
    from: 'rest > half || (rest === half && (value & 1n) === 1n)', to: 'rest >= half', test: VECTORS, only: micro('FADD'),
  },
  {
    name: 'a masked underflow that is exact is flagged', file: ROUND,
    from: '(tiny && (!masked || inexact) ? UE : 0)', to: '(tiny ? UE : 0)', test: VECTORS, only: micro('FMUL'),
  },
  {
    name: 'an unmasked overflow does not adjust the exponent', file: ROUND,
    from: 'huge ? -BIAS_ADJUSTMENT', to: 'huge ? 0', test: VECTORS, only: micro('FSCALE'),
  },
  {
    name: 'of two NaNs it is the first', file: NAN,
    from: 'kindA === kindB ? larger(a, b)', to: 'kindA === kindB ? true', test: VECTORS, only: micro('FADD'),
  },
  {
    name: 'the quotient of a remainder has its bits in order', file: PARTIAL,
    from: '((quotient & 4n) === 0n ? 0 : C0)', to: '((quotient & 1n) === 0n ? 0 : C0)', test: VECTORS, only: micro('FPREM'),
  },
  {
    name: 'FPREM1 does not go to the even quotient', file: PARTIAL,
    from: '&& (quotient & 1n) === 1n)', to: ')', test: VECTORS, only: micro('FPREM1'),
  },
  {
    name: 'a comparison pops although its exception is unmasked', file: `${ROUTINES}/x87-compare.js`,
    from: 'i < pops && !found.stops', to: 'i < pops', test: VECTORS, only: micro('FCOMP'),
  },
  {
    name: 'a number is stored although it does not fit', file: `${ROUTINES}/x87-move.js`,
    from: 'stored) || unfit)', to: 'stored))', test: VECTORS, only: micro('FST'),
  },
  {
    name: 'pending exceptions wait for WAIT alone', file: `${ROUTINES}/x87-control.js`,
    from: 'requireFpu(cpu);\n    raisePending(cpu);', to: 'requireFpu(cpu);', test: VECTORS, only: micro('FLD1'),
  },
  {
    name: 'CR0.EM is not looked at', file: `${ROUTINES}/x87-control.js`, from: '(CR0_EM | CR0_TS)', to: 'CR0_TS',
    test: 'test/system/system.test.js', only: '^x87: the cases',
  },
  {
    name: 'pi has 64 bits', file: 'src/x86/x87/transcendental.js', from: '0xc90fdaa22168c234cn', to: '0xc90fdaa22168c2350n',
    test: 'src/x86/x87/transcendental.test.js', only: '66 bits',
  },
];

testPlanted(PLANTED);
