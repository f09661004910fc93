/** Where FXSAVE has what. SDM: "Layout of FXSAVE Area". */
export const AREA = {
  control: 0, status: 2, inUse: 4, opcode: 6, instructionPointer: 8, dataPointer: 16, mxcsr: 24, st: 32, each: 16, xmm: 160,
} as const;
