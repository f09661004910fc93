/**
 * Undoes what XZ's filter for x86 does: the targets of CALL and JMP were made absolute, so that calls of the same routine look the
 * same. Here they become relative again.
 */

/** CALL rel32 and JMP rel32. */
const isBranch = (opcode: number): boolean => (opcode & 0xfe) === 0xe8;
/** A displacement is one whose upper byte is that of an address close by, in either direction. */
const isNear = (byte: number): boolean => byte === 0 || byte === 0xff;

/** After so many displacement bytes that may themselves be opcodes, by the mask of the last three: is a branch still taken for one? */
const ALLOWED = [true, true, true, false, true, false, false, false] as const;
/** The byte of the displacement that such a mask points at. */
const BYTE_OF_MASK = [0, 1, 2, 2, 3, 3, 3, 3] as const;

/** The filter is exact only when code was filtered as one piece, from its first byte on. */
export function convertCalls(code: Uint8Array): void {
  const view = new DataView(code.buffer, code.byteOffset, code.byteLength);
  let mask = 0, previous = -1;
  for (let at = 0; at + 5 <= code.length; at += 1) {
    if (!isBranch(code[at]!)) continue;
    const since = at - previous;
    if (since > 3) mask = 0;
    else {
      mask = (mask << (since - 1)) & 7;
      if (mask !== 0 && (!ALLOWED[mask] || isNear(code[at + 4 - BYTE_OF_MASK[mask]!]!))) {
        previous = at;
        mask = (mask << 1) | 1;
        continue;
      }
    }
    previous = at;
    if (!isNear(code[at + 4]!)) {
      mask = (mask << 1) | 1;
      continue;
    }
    view.setUint32(at + 1, relative(view.getUint32(at + 1, true), at + 5, mask), true);
    at += 4;
    mask = 0;
  }
}

/** Its upper byte repeats bit 24. Where a byte of it could have been taken for an opcode, it was mirrored. */
function relative(absolute: number, next: number, mask: number): number {
  const target = (absolute - next) >>> 0;
  if (mask === 0) return extend(target);
  const shift = BYTE_OF_MASK[mask]! * 8;
  if (!isNear((target >>> (24 - shift)) & 0xff)) return extend(target);
  return extend(((target ^ (2 ** (32 - shift) - 1)) >>> 0) - next);
}

const extend = (target: number): number => ((target << 7) >> 7) >>> 0;
