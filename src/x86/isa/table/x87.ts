/**
 * The x87 FPU. Each instruction is a routine of the processor's: its arithmetic, of 80 bits and with its own exceptions, is far from
 * what micro-ops say.
 */
import { type Instruction, microcoded } from '../define.ts';

const FPU = { feature: 'FPU' } as const;
const LOADS = { ...FPU, counted: ['load'] } as const;
const STORES = { ...FPU, counted: ['store'] } as const;

/** The six operations, by the digit that selects them; those of the other direction have their digits exchanged in DC and DE. */
const OPERATIONS = [['ADD', 0, 0], ['MUL', 1, 1], ['SUB', 4, 5], ['SUBR', 5, 4], ['DIV', 6, 7], ['DIVR', 7, 6]] as const;

/** The second byte of a form with a register. */
const second = (digit: number): string => `${(0xc0 + 8 * digit).toString(16).toUpperCase()}+i`;

const ARITHMETIC = OPERATIONS.flatMap(([name, digit, toRegister]) => {
  const cost = name.startsWith('DIV') ? 'x87 divide' : 'x87';
  return [
    microcoded(`F${name}`, [
      `D8 /${digit} | m32fp`, `DC /${digit} | m64fp`, `D8 ${second(digit)} | ST(0), ST(i)`, `DC ${second(toRegister)} | ST(i), ST(0)`,
    ], cost, LOADS),
    microcoded(`F${name}P`, [`DE ${second(toRegister)} | ST(i), ST(0)`], cost, FPU),
    microcoded(`FI${name}`, [`DA /${digit} | m32int`, `DE /${digit} | m16int`], cost, LOADS),
  ];
});

export const X87: readonly Instruction[] = [
  // Loads and stores.
  microcoded('FLD', ['D9 /0 | m32fp', 'DD /0 | m64fp', 'DB /5 | m80fp', 'D9 C0+i | ST(i)'], 'x87', LOADS),
  microcoded('FST', ['D9 /2 | m32fp', 'DD /2 | m64fp', 'DD D0+i | ST(i)'], 'x87', STORES),
  microcoded('FSTP', ['D9 /3 | m32fp', 'DD /3 | m64fp', 'DB /7 | m80fp', 'DD D8+i | ST(i)'], 'x87', STORES),
  microcoded('FILD', ['DF /0 | m16int', 'DB /0 | m32int', 'DF /5 | m64int'], 'x87', LOADS),
  microcoded('FIST', ['DF /2 | m16int', 'DB /2 | m32int'], 'x87', STORES),
  microcoded('FISTP', ['DF /3 | m16int', 'DB /3 | m32int', 'DF /7 | m64int'], 'x87', STORES),
  microcoded('FISTTP', ['DF /1 | m16int', 'DB /1 | m32int', 'DD /1 | m64int'], 'x87', { feature: 'SSE3', counted: ['store'] }),
  microcoded('FBLD', ['DF /4 | m80bcd'], 'x87', LOADS),
  microcoded('FBSTP', ['DF /6 | m80bcd'], 'x87 divide', STORES),
  microcoded('FLD1', ['D9 E8'], 'x87', FPU),
  microcoded('FLDL2T', ['D9 E9'], 'x87', FPU),
  microcoded('FLDL2E', ['D9 EA'], 'x87', FPU),
  microcoded('FLDPI', ['D9 EB'], 'x87', FPU),
  microcoded('FLDLG2', ['D9 EC'], 'x87', FPU),
  microcoded('FLDLN2', ['D9 ED'], 'x87', FPU),
  microcoded('FLDZ', ['D9 EE'], 'x87', FPU),
  // The stack.
  microcoded('FXCH', ['D9 C8+i | ST(i)'], 'x87', FPU),
  microcoded('FCMOVB', ['DA C0+i | ST(0), ST(i)'], 'x87', FPU),
  microcoded('FCMOVE', ['DA C8+i | ST(0), ST(i)'], 'x87', FPU),
  microcoded('FCMOVBE', ['DA D0+i | ST(0), ST(i)'], 'x87', FPU),
  microcoded('FCMOVU', ['DA D8+i | ST(0), ST(i)'], 'x87', FPU),
  microcoded('FCMOVNB', ['DB C0+i | ST(0), ST(i)'], 'x87', FPU),
  microcoded('FCMOVNE', ['DB C8+i | ST(0), ST(i)'], 'x87', FPU),
  microcoded('FCMOVNBE', ['DB D0+i | ST(0), ST(i)'], 'x87', FPU),
  microcoded('FCMOVNU', ['DB D8+i | ST(0), ST(i)'], 'x87', FPU),
  microcoded('FFREE', ['DD C0+i | ST(i)'], 'x87', FPU),
  microcoded('FINCSTP', ['D9 F7'], 'x87', FPU),
  microcoded('FDECSTP', ['D9 F6'], 'x87', FPU),
  microcoded('FNOP', ['D9 D0'], 'x87', FPU),
  // Arithmetic.
  ...ARITHMETIC,
  microcoded('FABS', ['D9 E1'], 'x87', FPU),
  microcoded('FCHS', ['D9 E0'], 'x87', FPU),
  microcoded('FSQRT', ['D9 FA'], 'x87 divide', FPU),
  microcoded('FRNDINT', ['D9 FC'], 'x87', FPU),
  microcoded('FSCALE', ['D9 FD'], 'x87', FPU),
  microcoded('FXTRACT', ['D9 F4'], 'x87', FPU),
  microcoded('FPREM', ['D9 F8'], 'x87 divide', FPU),
  microcoded('FPREM1', ['D9 F5'], 'x87 divide', FPU),
  // Transcendental functions.
  microcoded('F2XM1', ['D9 F0'], 'x87 transcendental', FPU),
  microcoded('FYL2X', ['D9 F1'], 'x87 transcendental', FPU),
  microcoded('FYL2XP1', ['D9 F9'], 'x87 transcendental', FPU),
  microcoded('FPTAN', ['D9 F2'], 'x87 transcendental', FPU),
  microcoded('FPATAN', ['D9 F3'], 'x87 transcendental', FPU),
  microcoded('FSIN', ['D9 FE'], 'x87 transcendental', FPU),
  microcoded('FCOS', ['D9 FF'], 'x87 transcendental', FPU),
  microcoded('FSINCOS', ['D9 FB'], 'x87 transcendental', FPU),
  // Comparisons.
  microcoded('FCOM', ['D8 /2 | m32fp', 'DC /2 | m64fp', 'D8 D0+i | ST(i)'], 'x87', LOADS),
  microcoded('FCOMP', ['D8 /3 | m32fp', 'DC /3 | m64fp', 'D8 D8+i | ST(i)'], 'x87', LOADS),
  microcoded('FCOMPP', ['DE D9'], 'x87', FPU),
  microcoded('FICOM', ['DE /2 | m16int', 'DA /2 | m32int'], 'x87', LOADS),
  microcoded('FICOMP', ['DE /3 | m16int', 'DA /3 | m32int'], 'x87', LOADS),
  microcoded('FUCOM', ['DD E0+i | ST(i)'], 'x87', FPU),
  microcoded('FUCOMP', ['DD E8+i | ST(i)'], 'x87', FPU),
  microcoded('FUCOMPP', ['DA E9'], 'x87', FPU),
  microcoded('FCOMI', ['DB F0+i | ST, ST(i)'], 'x87', FPU),
  microcoded('FCOMIP', ['DF F0+i | ST, ST(i)'], 'x87', FPU),
  microcoded('FUCOMI', ['DB E8+i | ST, ST(i)'], 'x87', FPU),
  microcoded('FUCOMIP', ['DF E8+i | ST, ST(i)'], 'x87', FPU),
  microcoded('FTST', ['D9 E4'], 'x87', FPU),
  microcoded('FXAM', ['D9 E5'], 'x87', FPU),
  // Control.
  microcoded('FNINIT', ['DB E3'], 'x87 environment', FPU),
  microcoded('FNCLEX', ['DB E2'], 'x87', FPU),
  microcoded('FLDCW', ['D9 /5 | m2byte'], 'x87', LOADS),
  microcoded('FNSTCW', ['D9 /7 | m2byte'], 'x87', STORES),
  microcoded('FNSTSW', ['DD /7 | m2byte', 'DF E0 | AX'], 'x87', STORES),
  microcoded('FLDENV', ['D9 /4 | m14/28byte | io implied'], 'x87 environment', LOADS),
  microcoded('FNSTENV', ['D9 /6 | m14/28byte | io implied'], 'x87 environment', STORES),
  microcoded('FRSTOR', ['DD /4 | m94/108byte | io implied'], 'x87 environment', LOADS),
  microcoded('FNSAVE', ['DD /6 | m94/108byte | io implied'], 'x87 environment', STORES),
  // SDM, "Obsolete Instructions": those of earlier coprocessors, which do nothing.
  microcoded('FNENI', ['DB E0'], 'x87', FPU),
  microcoded('FNDISI', ['DB E1'], 'x87', FPU),
  microcoded('FSETPM', ['DB E4'], 'x87', FPU),
  microcoded('WAIT', ['9B'], 'x87', FPU),
];
