/**
 * The registers of one processor: named access to its block of the linear memory, and what of it is state. Routines that
 * are not in a hurry read and write 64-bit registers as bigints.
 */
import type { Serializer, Stateful } from '../../base/state.ts';
import { AF, CF, FIXED_FLAG, OF, PF, SF, STATUS_FLAGS, SYSTEM_FLAGS, ZF } from '../../x86/flags.ts';
import { MISC_ENABLE, MSRS, type MsrIndex } from '../../x86/msr.ts';
import { MXCSR_RESET } from '../../x86/mxcsr.ts';
import { CS, GPR64, SREG, SS, type Width } from '../../x86/registers.ts';
import { XCR0_RESET } from '../../x86/xcr.ts';
import { CPU, SEGMENT } from './layout.ts';
import { Mode } from './mode.ts';
import { X87 } from './x87.ts';

/** A loaded segment register. `attributes` are bits 55:40 of the descriptor, with those of the limit zero. */
export interface Segment {
  readonly selector: number;
  readonly base: bigint;
  readonly limit: number;
  readonly attributes: number;
}

/** MSRs that hold a value and do nothing else; what they may hold is in msrs.ts. */
export const STORED_MSRS: readonly MsrIndex[] = [
  MSRS.IA32_STAR, MSRS.IA32_LSTAR, MSRS.IA32_CSTAR, MSRS.IA32_FMASK, MSRS.IA32_KERNEL_GS_BASE, MSRS.IA32_TSC_AUX, MSRS.IA32_SYSENTER_CS,
  MSRS.IA32_SYSENTER_ESP, MSRS.IA32_SYSENTER_EIP, MSRS.IA32_PAT, MSRS.IA32_MISC_ENABLE, MSRS.IA32_MTRR_DEF_TYPE,
];

const SEGMENT_NAMES = [...SREG.map((name) => name.toLowerCase()), 'ldtr', 'tr'] as const;

/** The six status flags as RFLAGS has them, from what they follow from. */
export function readStatus(view: DataView, cpu: number): number {
  const carries = view.getUint32(cpu + CPU.carries + 4, true);
  const sign = view.getUint32(cpu + CPU.signSource + 4, true);
  const zero = view.getUint32(cpu + CPU.zeroSource, true) | view.getUint32(cpu + CPU.zeroSource + 4, true);
  let parity = view.getUint8(cpu + CPU.signSource);
  parity ^= parity >> 4;
  parity ^= parity >> 2;
  parity ^= parity >> 1;
  return (carries >>> 31 ? CF : 0) | (parity & 1 ? 0 : PF) | (view.getUint8(cpu + CPU.carries) & 8 ? AF : 0)
    | (zero === 0 ? ZF : 0) | (sign >>> 31 ? SF : 0) | (((carries >>> 31) ^ (carries >>> 30)) & 1 ? OF : 0);
}

export function writeStatus(view: DataView, cpu: number, flags: number): void {
  const cf = flags & CF ? 1 : 0, of = flags & OF ? 1 : 0;
  view.setUint32(cpu + CPU.zeroSource, flags & ZF ? 0 : 1, true);
  view.setUint32(cpu + CPU.zeroSource + 4, 0, true);
  view.setUint32(cpu + CPU.signSource, flags & PF ? 0 : 1, true);
  view.setUint32(cpu + CPU.signSource + 4, flags & SF ? 0x8000_0000 : 0, true);
  view.setUint32(cpu + CPU.carries, flags & AF ? 8 : 0, true);
  view.setUint32(cpu + CPU.carries + 4, ((cf << 31) | ((cf ^ of) << 30)) >>> 0, true);
}

export class Registers implements Stateful {
  readonly x87: X87;
  private readonly base: number;
  private readonly view: DataView;
  private readonly u32: Uint32Array;
  private readonly u64: BigUint64Array;
  readonly mode: Mode;

  constructor(memory: ArrayBuffer, base: number) {
    this.base = base;
    this.view = new DataView(memory);
    this.u32 = new Uint32Array(memory);
    this.u64 = new BigUint64Array(memory);
    this.x87 = new X87(memory, base);
    this.mode = new Mode(this.view, base);
    this.rflags = FIXED_FLAG;
    this.setStoredMsr(STORED_MSRS.indexOf(MSRS.IA32_MISC_ENABLE), BigInt(MISC_ENABLE.FAST_STRINGS));
    this.mxcsr = MXCSR_RESET;
    this.xcr0 = XCR0_RESET;
  }

  serialize(s: Serializer): void {
    const { u32 } = this;
    const at = (offset: number): number => (this.base + offset) >> 2;
    for (const [i, name] of GPR64.entries()) s.u64(name.toLowerCase(), u32, at(CPU.gpr + 8 * i));
    s.u64('rip', u32, at(CPU.rip));
    this.rflags = s.u32('rflags', this.rflags);
    this.cpl = s.u8('cpl', this.cpl);
    for (const [i, name] of SEGMENT_NAMES.entries()) {
      for (let half = 0; half < SEGMENT.size; half += 8) {
        s.u64(`${name}.${half === 0 ? 'base' : 'rest'}`, u32, at(CPU.segments + i * SEGMENT.size + half));
      }
    }
    for (const [name, offset] of [['gdtr', CPU.gdtr], ['idtr', CPU.idtr]] as const) {
      s.u64(`${name}.base`, u32, at(offset));
      u32[at(offset + 8)] = s.u32(`${name}.limit`, u32[at(offset + 8)]!);
    }
    for (const name of ['cr0', 'cr2', 'cr3', 'cr4', 'efer'] as const) s.u64(name, u32, at(CPU[name]));
    for (let i = 0; i < 8; i += 1) s.u64(`dr${i}`, u32, at(CPU.dr + 8 * i));
    for (let i = 0; i < 32; i += 1) s.u64(`xmm${i >> 1}.${i & 1 ? 'high' : 'low'}`, u32, at(CPU.xmm + 8 * i));
    this.mxcsr = s.u32('mxcsr', this.mxcsr);
    this.xcr0 = s.u32('xcr0', this.xcr0);
    for (let i = 0; i < STORED_MSRS.length; i += 1) s.u64(`msr.${i}`, u32, at(CPU.msrs + 8 * i));
    s.part('x87', this.x87);
    s.u64('random', u32, at(CPU.random));
    for (let i = 0; i < 4; i += 1) s.u64(`pdpte${i}`, u32, at(CPU.pdptes + 8 * i));
    if (s.loading) this.mode.derive();
  }

  // General registers.

  /** A whole general register. */
  gpr(reg: number): bigint {
    return this.get(CPU.gpr + 8 * reg);
  }

  setGpr(reg: number, value: bigint): void {
    this.set(CPU.gpr + 8 * reg, value);
  }

  /** As instructions of 32 bits do it: the upper half is clear then. */
  setLow(reg: number, value: number): void {
    const at = (this.base + CPU.gpr + 8 * reg) >> 2;
    this.u32[at] = value;
    this.u32[at + 1] = 0;
  }

  /** The low half of a general register, unsigned. */
  low(reg: number): number {
    return this.u32[(this.base + CPU.gpr + 8 * reg) >> 2]!;
  }

  /** Writes `width` bytes of a general register as instructions do: four bytes clear the upper half. */
  setGprWidth(reg: number, value: bigint, width: Width): void {
    if (width === 4 || width === 8) this.setGpr(reg, BigInt.asUintN(8 * width, value));
    else if (width === 2) this.view.setUint16(this.base + CPU.gpr + 8 * reg, Number(BigInt.asUintN(16, value)), true);
    else this.view.setUint8(this.base + CPU.gpr + (reg < 16 ? 8 * reg : 8 * (reg - 16) + 1), Number(BigInt.asUintN(8, value)));
  }

  get rip(): bigint {
    return this.get(CPU.rip);
  }

  set rip(value: bigint) {
    this.set(CPU.rip, value);
  }

  // Flags.

  get rflags(): number {
    return readStatus(this.view, this.base) | this.system | FIXED_FLAG;
  }

  set rflags(value: number) {
    writeStatus(this.view, this.base, value & STATUS_FLAGS);
    this.system = value & SYSTEM_FLAGS;
  }

  /** RFLAGS without the status flags. */
  get system(): number {
    return this.u32[(this.base + CPU.system) >> 2]!;
  }

  set system(value: number) {
    this.u32[(this.base + CPU.system) >> 2] = value;
  }

  set status(value: number) {
    writeStatus(this.view, this.base, value);
  }

  get cpl(): number {
    return this.u32[(this.base + CPU.cpl) >> 2]!;
  }

  set cpl(value: number) {
    this.u32[(this.base + CPU.cpl) >> 2] = value;
  }

  // Vector registers.

  /** One of the two words of an XMM register. */
  xmm(reg: number, half: number): bigint {
    return this.get(CPU.xmm + 16 * reg + 8 * half);
  }

  setXmm(reg: number, half: number, value: bigint): void {
    this.set(CPU.xmm + 16 * reg + 8 * half, value);
  }

  get mxcsr(): number {
    return this.u32[(this.base + CPU.mxcsr) >> 2]!;
  }

  set mxcsr(value: number) {
    this.u32[(this.base + CPU.mxcsr) >> 2] = value;
  }

  /** Extended control register 0, whose bits all lie in its low half. */
  get xcr0(): number {
    return this.u32[(this.base + CPU.xcr0) >> 2]!;
  }

  set xcr0(value: number) {
    this.u32[(this.base + CPU.xcr0) >> 2] = value;
  }

  // Segments and tables.

  segment(index: number): Segment {
    const at = this.base + CPU.segments + index * SEGMENT.size;
    return {
      base: this.view.getBigUint64(at + SEGMENT.base, true),
      limit: this.view.getUint32(at + SEGMENT.limit, true),
      selector: this.view.getUint16(at + SEGMENT.selector, true),
      attributes: this.view.getUint16(at + SEGMENT.attributes, true),
    };
  }

  setSegment(index: number, { base, limit, selector, attributes }: Segment): void {
    const at = this.base + CPU.segments + index * SEGMENT.size;
    this.view.setBigUint64(at + SEGMENT.base, base, true);
    this.view.setUint32(at + SEGMENT.limit, limit, true);
    this.view.setUint16(at + SEGMENT.selector, selector, true);
    this.view.setUint16(at + SEGMENT.attributes, attributes, true);
    if (index === CS || index === SS) this.mode.derive();
  }

  selector(index: number): number {
    return this.view.getUint16(this.base + CPU.segments + index * SEGMENT.size + SEGMENT.selector, true);
  }

  attributes(index: number): number {
    return this.view.getUint16(this.base + CPU.segments + index * SEGMENT.size + SEGMENT.attributes, true);
  }

  segmentBase(index: number): bigint {
    return this.get(CPU.segments + index * SEGMENT.size);
  }

  setSegmentBase(index: number, value: bigint): void {
    this.set(CPU.segments + index * SEGMENT.size, value);
  }

  table(which: 'gdtr' | 'idtr'): { base: bigint; limit: number } {
    return { base: this.get(CPU[which]), limit: this.u32[(this.base + CPU[which] + 8) >> 2]! };
  }

  setTable(which: 'gdtr' | 'idtr', base: bigint, limit: number): void {
    this.set(CPU[which], base);
    this.u32[(this.base + CPU[which] + 8) >> 2] = limit;
  }

  // Control registers. The low half of CR0, CR4 and EFER holds all bits that exist.

  control(name: 'cr0' | 'cr4' | 'efer'): number {
    return this.u32[(this.base + CPU[name]) >> 2]!;
  }

  setControl(name: 'cr0' | 'cr4' | 'efer', value: number): void {
    this.u32[(this.base + CPU[name]) >> 2] = value >>> 0;
    this.mode.derive();
  }

  get cr2(): bigint {
    return this.get(CPU.cr2);
  }

  set cr2(value: bigint) {
    this.set(CPU.cr2, value);
  }

  get cr3(): bigint {
    return this.get(CPU.cr3);
  }

  set cr3(value: bigint) {
    this.set(CPU.cr3, value);
  }

  debug(index: number): bigint {
    return this.get(CPU.dr + 8 * index);
  }

  /** DR7, all of whose bits lie in its low half. */
  get debugControl(): number {
    return this.u32[(this.base + CPU.dr + 8 * 7) >> 2]!;
  }

  setDebug(index: number, value: bigint): void {
    this.set(CPU.dr + 8 * index, value);
  }

  /** What the numbers of RDRAND follow from. */
  get random(): bigint {
    return this.get(CPU.random);
  }

  set random(value: bigint) {
    this.set(CPU.random, value);
  }

  // Stored MSRs, by their position in STORED_MSRS.

  storedMsr(position: number): bigint {
    return this.get(CPU.msrs + 8 * position);
  }

  setStoredMsr(position: number, value: bigint): void {
    this.set(CPU.msrs + 8 * position, value);
  }

  private get(offset: number): bigint {
    return this.u64[(this.base + offset) >> 3]!;
  }

  private set(offset: number, value: bigint): void {
    this.u64[(this.base + offset) >> 3] = BigInt.asUintN(64, value);
  }
}
