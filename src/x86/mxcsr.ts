/** The control and status register of SIMD floating point. SDM: "MXCSR Control and Status Register". */

/** The six exception flags; the masks lie seven bits higher. */
export const MXCSR_IE = 1 << 0;
export const MXCSR_DE = 1 << 1;
export const MXCSR_ZE = 1 << 2;
export const MXCSR_OE = 1 << 3;
export const MXCSR_UE = 1 << 4;
export const MXCSR_PE = 1 << 5;
export const MXCSR_FLAGS = 0x3f;
export const MXCSR_MASK_SHIFT = 7;
export const MXCSR_DAZ = 1 << 6;
export const MXCSR_PM = 1 << 12;
/** Rounding control: to nearest, down, up, towards zero. */
export const MXCSR_RC_SHIFT = 13;
export const MXCSR_RC = 3 << MXCSR_RC_SHIFT;
export const MXCSR_FTZ = 1 << 15;

/** All exceptions masked, rounding to nearest: after a reset. */
export const MXCSR_RESET = 0x1f80;
/** The bits that exist, as FXSAVE reports them. SDM: "Guidelines for Writing to the MXCSR Register". */
export const MXCSR_MASK = 0xffff;
