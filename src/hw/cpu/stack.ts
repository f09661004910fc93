/**
 * The stack as far transfers, interrupts and other routines use it: the present one, or one that is about to be. Values are pushed and
 * popped without a register changing; `commit` sets the stack pointer when nothing can fault any more.
 */
import { STACK } from '../../x86/fault.ts';
import { RSP, SS, type Width } from '../../x86/registers.ts';
import { type Access, GuestFault, READ, WRITE } from './guest-fault.ts';
import { ATTRIBUTE } from './mode.ts';
import type { Processor } from './processor.ts';
import type { Segment } from './registers.ts';
import { linearOf } from './segmentation.ts';

const ALL = (1n << 64n) - 1n;
/** By width, because a bigint of it is made slowly. */
const BYTES: Readonly<Record<Width, bigint>> = { 1: 1n, 2: 2n, 4: 4n, 8: 8n };

export class Stack {
  pointer: bigint;
  private readonly cpu: Processor;
  /** Undefined in 64-bit mode, where the stack has no segment. */
  private readonly segment: Segment | undefined;
  private readonly mask: bigint;
  /** It is accessed with a supervisor's rights, whatever the present privilege level is. */
  private readonly system: boolean;
  /** The error code of its faults. */
  private readonly code: number;

  private constructor(cpu: Processor, segment: Segment | undefined, pointer: bigint, system: boolean, code: number) {
    this.cpu = cpu;
    this.segment = segment;
    this.mask = segment === undefined ? ALL : stackMaskOf(segment);
    this.pointer = pointer & this.mask;
    this.system = system;
    this.code = code;
  }

  /** The stack that RSP points to. */
  static present(cpu: Processor, code = 0): Stack {
    const { registers } = cpu;
    return new Stack(cpu, registers.mode.legacy ? registers.segment(SS) : undefined, registers.gpr(RSP), false, code);
  }

  /** The present stack, as if the stack pointer were another. */
  static at(cpu: Processor, pointer: bigint): Stack {
    const stack = Stack.present(cpu);
    stack.pointer = pointer & stack.mask;
    return stack;
  }

  /** The stack of an inner privilege level, outside IA-32e mode. A fault of it names its selector. */
  static inner(cpu: Processor, segment: Segment, pointer: bigint, external = 0): Stack {
    return new Stack(cpu, segment, pointer, true, (segment.selector & ~3) | external);
  }

  /** The stack pointer as it would be: with the bits of it that the stack segment does not use. */
  get whole(): bigint {
    return combined(this.cpu, this.pointer, this.mask);
  }

  push(value: bigint, width: Width): void {
    this.pointer = this.within(this.pointer - BYTES[width]);
    const at = this.linear(this.pointer, width, WRITE), cut = BigInt.asUintN(8 * width, value);
    if (this.system) this.cpu.memory.writeSystem(at, cut, width);
    else this.cpu.memory.write(at, cut, width, STACK);
  }

  pop(width: Width): bigint {
    const value = this.peek(0, width);
    this.release(BYTES[width]);
    return value;
  }

  /** What lies so many bytes above the top. */
  peek(distance: number, width: Width): bigint {
    const at = this.linear(distance === 0 ? this.pointer : this.within(this.pointer + BigInt(distance)), width, READ);
    return this.cpu.memory.read(at, width, STACK);
  }

  /** A fault where the top cannot be written. */
  probe(width: Width): void {
    this.cpu.memory.readForUpdate(this.linear(this.pointer, width, WRITE), width, STACK);
  }

  release(bytes: bigint): void {
    this.pointer = this.within(this.pointer + bytes);
  }

  /** As many bits of an offset as the stack segment uses. */
  private within(offset: bigint): bigint {
    return this.segment === undefined ? BigInt.asUintN(64, offset) : offset & this.mask;
  }

  /** Makes it the stack that the stack pointer points to. */
  commit(): void {
    setStackPointer(this.cpu, this.pointer, this.mask);
  }

  private linear(offset: bigint, width: Width, access: Access): bigint {
    const { segment, code } = this;
    if (segment === undefined) return offset;
    const linear = linearOf(segment, Number(offset), width, access, this.cpu.registers.mode.hasDescriptors);
    if (linear === undefined) throw new GuestFault(STACK, code);
    return linear;
  }
}

/** The bits of a stack pointer that a stack segment uses. */
const stackMaskOf = ({ attributes }: Segment): bigint => ((attributes & ATTRIBUTE.big) === 0 ? 0xffffn : 0xffff_ffffn);

/** Sets as much of the stack pointer as the mask says, which is that of the present stack unless it is given. */
export function setStackPointer(cpu: Processor, pointer: bigint, mask = cpu.registers.mode.stackMask): void {
  const { registers } = cpu;
  registers.setGpr(RSP, combined(cpu, pointer, mask));
}

const combined = ({ registers }: Processor, pointer: bigint, mask: bigint): bigint =>
  (mask === 0xffffn ? registers.gpr(RSP) & 0xffff_0000n : 0n) | (pointer & mask);
