/**
 * Segments outside 64-bit mode: from an offset to a linear address, past the limit and the rights of the segment. SDM: "Limit
 * Checking", "Type Checking". In real-address and virtual-8086 mode the limit alone is checked.
 */
import { GP, STACK, type Vector } from '../../x86/fault.ts';
import { SS } from '../../x86/registers.ts';
import { type Access, GuestFault, READ, WRITE } from './guest-fault.ts';
import { CPU, SEGMENT } from './layout.ts';
import { ATTRIBUTE, type Mode } from './mode.ts';
import type { Segment } from './registers.ts';

/** The fault of a bad offset, or of a bad address, in a segment. */
export const faultOf = (segment: number): Vector => (segment === SS ? STACK : GP);

const DATA = ATTRIBUTE.notSystem | ATTRIBUTE.present;
const CODE = DATA | ATTRIBUTE.code;

export class Segmentation {
  private readonly view: DataView;
  private readonly base: number;
  private readonly mode: Mode;

  constructor(view: DataView, base: number, mode: Mode) {
    this.view = view;
    this.base = base;
    this.mode = mode;
  }

  segmentBase(segment: number): bigint {
    return this.view.getBigUint64(this.base + CPU.segments + segment * SEGMENT.size + SEGMENT.base, true);
  }

  /** The linear address of `bytes` bytes at an offset of a segment, outside 64-bit mode. */
  linear(segment: number, offset: bigint, bytes: number, access: Access): bigint {
    const at = this.base + CPU.segments + segment * SEGMENT.size;
    const loaded = {
      base: this.view.getBigUint64(at + SEGMENT.base, true), limit: this.view.getUint32(at + SEGMENT.limit, true),
      attributes: this.view.getUint16(at + SEGMENT.attributes, true),
    };
    const linear = linearOf(loaded, Number(BigInt.asUintN(32, offset)), bytes, access, this.mode.hasDescriptors);
    if (linear === undefined) throw new GuestFault(faultOf(segment));
    return linear;
  }

  /** The same of an address that has the base in it already. */
  checked(segment: number, address: bigint, bytes: number, access: Access): bigint {
    return this.linear(segment, address - this.segmentBase(segment), bytes, access);
  }
}

/**
 * The linear address of `bytes` bytes at an offset of a segment; undefined where they are not all inside its limit, or where it is one of
 * protected mode and does not allow the access.
 */
export function linearOf(
  { base, limit, attributes }: Pick<Segment, 'base' | 'limit' | 'attributes'>, offset: number, bytes: number, access: Access,
  typed: boolean,
): bigint | undefined {
  const last = offset + bytes - 1;
  if (typed && !allows(attributes, access)) return undefined;
  if (typed && isExpandDown(attributes)) {
    const top = (attributes & ATTRIBUTE.big) !== 0 ? 0xffff_ffff : 0xffff;
    if (offset <= limit || last > top) return undefined;
  } else if (last > limit) return undefined;
  return BigInt.asUintN(32, base + BigInt(offset));
}

/** Writable data; or code, which may be readable. */
function allows(attributes: number, access: Access): boolean {
  const isCode = (attributes & CODE) === CODE, bit = (attributes & ATTRIBUTE.writable) !== 0;
  if ((attributes & DATA) !== DATA) return false;
  if (access === WRITE) return !isCode && bit;
  return access === READ ? !isCode || bit : isCode;
}

/** A data segment whose offsets lie above its limit. */
const isExpandDown = (attributes: number): boolean =>
  (attributes & (ATTRIBUTE.code | ATTRIBUTE.expandDown)) === ATTRIBUTE.expandDown;
