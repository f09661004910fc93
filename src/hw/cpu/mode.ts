/**
 * The mode of the processor, as far as it decides how code is decoded and how far addresses reach. It follows from CR0, IA32_EFER,
 * RFLAGS.VM and the code and stack segments, and is worked out again when one of them changes.
 */
import { VM } from '../../x86/flags.ts';
import type { Bits } from '../../x86/isa/decode.ts';
import { CR0_PE, EFER_LMA } from '../../x86/paging.ts';
import { CS, SS } from '../../x86/registers.ts';
import { CPU, SEGMENT } from './layout.ts';

/** Bits of a segment's attributes: bits 55:40 of its descriptor, with those of the limit zero. SDM: "Segment Descriptors". */
export const ATTRIBUTE = {
  type: 0xf, accessed: 1 << 0, writable: 1 << 1, conforming: 1 << 2, expandDown: 1 << 2, code: 1 << 3, notSystem: 1 << 4, dplShift: 5,
  present: 1 << 7, long: 1 << 13, big: 1 << 14, granular: 1 << 15,
} as const;

/** Asks a processor's block what mode it is in. */
export class Mode {
  private readonly view: DataView;
  private readonly base: number;

  constructor(view: DataView, base: number) {
    this.view = view;
    this.base = base;
  }

  /** CR0.PE is set. */
  get protected(): boolean {
    return (this.view.getUint32(this.base + CPU.cr0, true) & CR0_PE) !== 0;
  }

  /** Protected mode, but not of a virtual-8086 task: selectors lead to descriptors. */
  get hasDescriptors(): boolean {
    return this.protected && !this.virtual8086;
  }

  get virtual8086(): boolean {
    return (this.view.getUint32(this.base + CPU.system, true) & VM) !== 0;
  }

  /** IA-32e mode: 64-bit mode, or compatibility mode. */
  get long(): boolean {
    return (this.view.getUint32(this.base + CPU.efer, true) & EFER_LMA) !== 0;
  }

  get bits(): Bits {
    return this.view.getUint32(this.base + CPU.bits, true) as Bits;
  }

  /** Not 64-bit mode. */
  get legacy(): boolean {
    return this.bits !== 64;
  }

  /** The bits of RSP that the stack segment uses. */
  get stackMask(): bigint {
    return this.view.getBigUint64(this.base + CPU.stackMask, true);
  }

  /** Works out what is kept. */
  derive(): void {
    const { view, base } = this;
    const attributes = (segment: number): number => view.getUint16(base + CPU.segments + segment * SEGMENT.size + SEGMENT.attributes, true);
    const code = attributes(CS);
    const bits: Bits = this.long && (code & ATTRIBUTE.long) !== 0 ? 64 : (code & ATTRIBUTE.big) !== 0 ? 32 : 16;
    view.setUint32(base + CPU.bits, bits, true);
    // The bits of RSP that the stack segment uses: 64, 32 or 16.
    view.setUint32(base + CPU.stackMask, bits === 64 || (attributes(SS) & ATTRIBUTE.big) !== 0 ? 0xffff_ffff : 0xffff, true);
    view.setUint32(base + CPU.stackMask + 4, bits === 64 ? 0xffff_ffff : 0, true);
  }
}
