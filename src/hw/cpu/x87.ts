/**
 * The registers of the x87 FPU: named access to their part of the processor's block. The eight data registers lie there in
 * their physical order, R0 to R7, each in 16 bytes with its significand first; MMX registers are the same significands.
 *
 * Of the tag word only what cannot be worked out is kept: which registers are in use.
 */
import type { Serializer, Stateful } from '../../base/state.ts';
import { type Extended, fromHalves, upperHalf } from '../../x86/x87/extended.ts';
import {
  BEFORE_RESULT, C1, CONTROL_KNOWN, CONTROL_ONES, IE, INITIAL_CONTROL, RESET_CONTROL, SF_FAULT, summarize, TAG, TOP_MASK, TOP_SHIFT, tagOf,
} from '../../x86/x87/words.ts';
import { CPU, X87_REGISTER } from './layout.ts';

export class X87 implements Stateful {
  private readonly base: number;
  private readonly view: DataView;
  private readonly u32: Uint32Array;

  constructor(memory: ArrayBuffer, base: number) {
    this.base = base;
    this.view = new DataView(memory);
    this.u32 = new Uint32Array(memory);
    // SDM, "IA-32 and Intel 64 Processor States Following Power-up, Reset, or INIT": all registers hold +0, and are in use.
    this.control = RESET_CONTROL;
    this.inUse = 0xff;
  }

  serialize(s: Serializer): void {
    const { u32, view } = this;
    for (let i = 0; i < 8; i += 1) {
      const at = this.registerAt(i);
      s.u64(`r${i}.significand`, u32, at >> 2);
      view.setUint16(at + X87_REGISTER.upper, s.u16(`r${i}.upper`, view.getUint16(at + X87_REGISTER.upper, true)), true);
    }
    for (const name of ['x87Control', 'x87Status', 'x87InUse', 'x87Opcode'] as const) this.set(name, s.u16(name, this.get(name)));
    s.u64('instructionPointer', u32, (this.base + CPU.x87Ip) >> 2);
    s.u64('dataPointer', u32, (this.base + CPU.x87Dp) >> 2);
  }

  /** FNINIT. SDM: "FINIT/FNINIT - Initialize Floating-Point Unit". The data registers keep what they hold. */
  initialize(): void {
    this.control = INITIAL_CONTROL;
    this.status = 0;
    this.inUse = 0;
    this.opcode = 0;
    this.instructionPointer = 0n;
    this.dataPointer = 0n;
  }

  get control(): number {
    return this.get('x87Control');
  }

  /** Masking what is flagged, or unmasking it, changes the status word's summary. */
  set control(value: number) {
    this.set('x87Control', (value & CONTROL_KNOWN) | CONTROL_ONES);
    this.status = this.get('x87Status');
  }

  get status(): number {
    return this.get('x87Status');
  }

  set status(value: number) {
    this.set('x87Status', summarize(value, this.control));
  }

  /** Bit i: register Ri is not empty. This is FXSAVE's abridged tag word. */
  get inUse(): number {
    return this.get('x87InUse');
  }

  set inUse(value: number) {
    this.set('x87InUse', value & 0xff);
  }

  /** The tag word in full: two bits a register. */
  get tags(): number {
    let tags = 0;
    for (let i = 0; i < 8; i += 1) tags |= ((this.inUse >> i) & 1 ? tagOf(this.register(i)) : TAG.empty) << (2 * i);
    return tags;
  }

  set tags(value: number) {
    let inUse = 0;
    for (let i = 0; i < 8; i += 1) if (((value >> (2 * i)) & 3) !== TAG.empty) inUse |= 1 << i;
    this.inUse = inUse;
  }

  /** The last instruction that was not of control: eleven bits of its opcode, its RIP, and its operand's effective address. */
  get opcode(): number {
    return this.get('x87Opcode');
  }

  set opcode(value: number) {
    this.set('x87Opcode', value & 0x7ff);
  }

  get instructionPointer(): bigint {
    return this.view.getBigUint64(this.base + CPU.x87Ip, true);
  }

  set instructionPointer(value: bigint) {
    this.view.setBigUint64(this.base + CPU.x87Ip, value, true);
  }

  get dataPointer(): bigint {
    return this.view.getBigUint64(this.base + CPU.x87Dp, true);
  }

  set dataPointer(value: bigint) {
    this.view.setBigUint64(this.base + CPU.x87Dp, value, true);
  }

  /** Which physical register is ST(0). */
  get top(): number {
    return (this.status & TOP_MASK) >> TOP_SHIFT;
  }

  set top(value: number) {
    this.status = (this.status & ~TOP_MASK) | ((value & 7) << TOP_SHIFT);
  }

  /** A data register by its physical number. */
  register(i: number): Extended {
    const at = this.registerAt(i);
    return fromHalves(this.view.getUint16(at + X87_REGISTER.upper, true), this.view.getBigUint64(at, true));
  }

  setRegister(i: number, value: Extended): void {
    const at = this.registerAt(i);
    this.view.setBigUint64(at, value.significand, true);
    this.view.setUint16(at + X87_REGISTER.upper, upperHalf(value), true);
  }

  // The stack.

  st(i: number): Extended {
    return this.register((this.top + i) & 7);
  }

  /** Writes ST(i), which is not empty from then on. */
  setSt(i: number, value: Extended): void {
    const physical = (this.top + i) & 7;
    this.setRegister(physical, value);
    this.inUse |= 1 << physical;
  }

  isEmpty(i: number): boolean {
    return ((this.inUse >> ((this.top + i) & 7)) & 1) === 0;
  }

  free(i: number): void {
    this.inUse &= ~(1 << ((this.top + i) & 7));
  }

  /** Pushes, where there is room: see `overflows`. */
  push(value: Extended): void {
    this.top -= 1;
    this.setSt(0, value);
  }

  pop(): void {
    this.free(0);
    this.top += 1;
  }

  // Exceptions.

  /** Condition codes that an instruction sets. */
  setCodes(mask: number, codes: number): void {
    this.status = (this.status & ~mask) | codes;
  }

  /** One that is met before the result is known, and is unmasked: the instruction flags it and does nothing else. */
  stops(flags: number): boolean {
    return (flags & BEFORE_RESULT & ~this.control) !== 0;
  }

  /** Flags exceptions, and says in C1 whether the result was rounded away from zero. True where the instruction is to stop. */
  meet({ flags, up }: { readonly flags: number; readonly up: boolean }): boolean {
    const stops = this.stops(flags);
    const codes = this.status & ~C1;
    this.status = stops ? codes | (flags & BEFORE_RESULT) : codes | flags | (up ? C1 : 0);
    return stops;
  }

  /** A register was wanted that is empty; or, with C1, room where there is none. True where the instruction is to stop. */
  stackFault(overflow: boolean): boolean {
    this.status = (this.status & ~C1) | IE | SF_FAULT | (overflow ? C1 : 0);
    return (this.control & IE) === 0;
  }

  private registerAt(i: number): number {
    return this.base + CPU.x87 + X87_REGISTER.size * i;
  }

  private get(name: 'x87Control' | 'x87Status' | 'x87InUse' | 'x87Opcode'): number {
    return this.view.getUint16(this.base + CPU[name], true);
  }

  private set(name: 'x87Control' | 'x87Status' | 'x87InUse' | 'x87Opcode', value: number): void {
    this.view.setUint16(this.base + CPU[name], value, true);
  }
}
