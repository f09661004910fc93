/** Extended control register 0, and the area of what it enables. SDM: "Enabling the XSAVE Feature Set and XSAVE-Enabled Features". */

export const XCR0_X87 = 1 << 0;
export const XCR0_SSE = 1 << 1;
/** After a reset. */
export const XCR0_RESET = XCR0_X87;

/** Bytes of an area: the legacy region and the header. */
export const XSAVE_AREA = 512 + 64;
