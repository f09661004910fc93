/**
 * Descriptors and segment registers. SDM: "Protected-Mode Memory Management" and "Checking Caller Access
 * Privileges". Addresses in the tables are read as the processor reads them for itself: with supervisor rights.
 */
import { GP, NP, STACK, TS, type Vector } from '../../x86/fault.ts';
import { DS, ES, FS, GS, LDTR, SS, TR } from '../../x86/registers.ts';
import { GuestFault } from './guest-fault.ts';
import { highOf, type LinearMemory, lowOf } from './memory.ts';
import { ATTRIBUTE } from './mode.ts';
import type { Registers, Segment } from './registers.ts';

/** A descriptor, and where its first eight bytes lie. */
export interface Descriptor {
  readonly address: bigint;
  readonly low: bigint;
  readonly base: bigint;
  readonly limit: number;
  readonly attributes: number;
}

/** Types of system segments. Those of 16 bits, and task gates, do not exist in IA-32e mode. */
export const SYSTEM_TYPE = {
  tss16Available: 1, ldt: 2, tss16Busy: 3, callGate16: 4, taskGate: 5, interruptGate16: 6, trapGate16: 7,
  tssAvailable: 9, tssBusy: 11, callGate: 12, interruptGate: 14, trapGate: 15,
} as const;
/** A TSS of 32 bits, or of 64. */
const TSS_32 = 8;
/** What makes a TSS busy. */
export const BUSY = 2;

export const dplOf = (attributes: number): number => (attributes >> ATTRIBUTE.dplShift) & 3;
const CODE_OR_DATA = ATTRIBUTE.notSystem | ATTRIBUTE.code;
const isCode = (attributes: number): boolean => (attributes & CODE_OR_DATA) === CODE_OR_DATA;
const isData = (attributes: number): boolean => (attributes & CODE_OR_DATA) === ATTRIBUTE.notSystem;
export const isPresent = (attributes: number): boolean => (attributes & ATTRIBUTE.present) !== 0;

/** What a null selector loads: nothing can be addressed through it, which 64-bit mode does not check. */
export const NULL_SEGMENT: Segment = { selector: 0, base: 0n, limit: 0, attributes: 0 };

const DATA_SEGMENTS = [ES, DS, FS, GS] as const;

export class Descriptors {
  private readonly registers: Registers;
  private readonly memory: LinearMemory;

  constructor(registers: Registers, memory: LinearMemory) {
    this.registers = registers;
    this.memory = memory;
  }

  /** The descriptor of a selector, or undefined when it lies outside its table. `bytes` is 16 for system segments. */
  find(selector: number, bytes: 8 | 16 = 8): Descriptor | undefined {
    const local = (selector & 4) !== 0;
    const index = selector & ~7;
    const ldt = this.registers.segment(LDTR);
    const table = local ? { base: ldt.base, limit: isPresent(ldt.attributes) ? ldt.limit : -1 } : this.registers.table('gdtr');
    if (index + bytes - 1 > table.limit) return undefined;
    const address = BigInt.asUintN(64, table.base + BigInt(index));
    const low = this.memory.readSystem(address, 8);
    const first = lowOf(low), second = highOf(low);
    const base = BigInt(((first >>> 16) | ((second & 0xff) << 16) | (second & 0xff00_0000)) >>> 0);
    const attributes = (second >>> 8) & 0xf0ff, raw = (second & 0xf_0000) | (first & 0xffff);
    return {
      address, low, attributes,
      base: bytes === 16 ? base | (this.memory.readSystem(address + 8n, 4) << 32n) : base,
      limit: attributes & ATTRIBUTE.granular ? raw * 0x1000 + 0xfff : raw,
    };
  }

  /** The descriptor, or a fault with the selector as error code. */
  require(selector: number, vector: Vector = GP, external = 0, bytes: 8 | 16 = 8): Descriptor {
    const found = this.find(selector, bytes);
    if (found === undefined) throw new GuestFault(vector, (selector & ~3) | external);
    return found;
  }

  /** The descriptor of a system segment or a gate, which has 16 bytes in IA-32e mode. */
  requireSystem(selector: number): Descriptor {
    return this.require(selector, GP, 0, this.registers.mode.long ? 16 : 8);
  }

  /** Loads a data or stack segment register, with all checks of MOV and POP. */
  load(register: number, selector: number): void {
    this.registers.setSegment(register, this.checked(register, selector));
  }

  /** What loading would put there; the descriptor is then marked as accessed. */
  checked(register: number, selector: number): Segment {
    if (!this.registers.mode.hasDescriptors) return this.paragraph(register, selector);
    return register === SS ? this.checkedStack(selector, this.registers.cpl) : this.checkedData(selector);
  }

  /** What a selector that is a number of a paragraph loads: in real-address mode limit and attributes stay as they are. */
  paragraph(register: number, selector: number): Segment {
    const base = BigInt(selector << 4);
    if (this.registers.mode.virtual8086) return { selector, base, limit: 0xffff, attributes: VIRTUAL_8086 };
    const { limit, attributes } = this.registers.segment(register);
    return { selector, base, limit, attributes };
  }

  private checkedData(selector: number): Segment {
    if ((selector & ~3) === 0) return { ...NULL_SEGMENT, selector };
    const descriptor = this.require(selector);
    const { attributes } = descriptor;
    const readable = isData(attributes) || (isCode(attributes) && (attributes & ATTRIBUTE.writable) !== 0);
    const conforming = isCode(attributes) && (attributes & ATTRIBUTE.conforming) !== 0;
    const dpl = dplOf(attributes);
    if (!readable || (!conforming && (dpl < (selector & 3) || dpl < this.registers.cpl))) throw new GuestFault(GP, selector & ~3);
    if (!isPresent(attributes)) throw new GuestFault(NP, selector & ~3);
    return this.segment(selector, descriptor);
  }

  /** A stack segment for privilege level `cpl`. In 64-bit mode, or on the way to it, it may be null, but not at CPL 3. */
  checkedStack(selector: number, cpl: number, vector: Vector = GP, external = 0, mayBeNull = !this.registers.mode.legacy): Segment {
    if ((selector & ~3) === 0) {
      if (!mayBeNull || cpl === 3 || (selector & 3) !== cpl) throw new GuestFault(vector, external);
      return { ...NULL_SEGMENT, selector };
    }
    const descriptor = this.require(selector, vector, external);
    const { attributes } = descriptor;
    const wrong = (selector & 3) !== cpl || !isData(attributes) || (attributes & ATTRIBUTE.writable) === 0 || dplOf(attributes) !== cpl;
    if (wrong) throw new GuestFault(vector, (selector & ~3) | external);
    if (!isPresent(attributes)) throw new GuestFault(STACK, (selector & ~3) | external);
    return this.segment(selector, descriptor);
  }

  /** What a code segment register holds after a transfer to privilege level `cpl`; sets the accessed bit. */
  segment(selector: number, descriptor: Descriptor): Segment {
    this.markAccessed(descriptor);
    const { base, limit, attributes } = descriptor;
    return { selector, base, limit, attributes: attributes | ATTRIBUTE.accessed };
  }

  markAccessed({ address, attributes }: Descriptor): void {
    if ((attributes & ATTRIBUTE.accessed) === 0) this.memory.writeSystem(address + 5n, BigInt((attributes & 0xff) | ATTRIBUTE.accessed), 1);
  }

  /** A code segment that may be entered at `cpl` by a gate or a return; other kinds are a fault. */
  requireCode(selector: number, external = 0): Descriptor {
    if ((selector & ~3) === 0) throw new GuestFault(GP, external);
    const descriptor = this.require(selector, GP, external);
    if (!isCode(descriptor.attributes)) throw new GuestFault(GP, (selector & ~3) | external);
    return descriptor;
  }

  /** SDM, "Validating a return": a data segment that the outer level may not use becomes null. */
  dropPrivileged(cpl: number): void {
    for (const register of DATA_SEGMENTS) {
      const attributes = this.registers.attributes(register), selector = this.registers.selector(register);
      const conforming = isCode(attributes) && (attributes & ATTRIBUTE.conforming) !== 0;
      if ((selector & ~3) !== 0 && !conforming && dplOf(attributes) < cpl) {
        // The base stays: it is hidden state that only a load changes.
        this.registers.setSegment(register, { ...NULL_SEGMENT, base: this.registers.segmentBase(register) });
      }
    }
  }

  /** The stack of an inner privilege level outside IA-32e mode, from a TSS of 32 or 16 bits. SDM: "Stack Switching". */
  innerStack(cpl: number, external = 0): { readonly segment: Segment; readonly pointer: bigint } {
    const tr = this.registers.segment(TR);
    const wide = (tr.attributes & TSS_32) !== 0;
    const width = wide ? 4 : 2;
    const at = wide ? 4 + 8 * cpl : 2 + 4 * cpl;
    if (at + width + 1 > tr.limit) throw new GuestFault(TS, (tr.selector & ~3) | external);
    const address = BigInt.asUintN(32, tr.base + BigInt(at));
    const pointer = this.memory.readSystem(address, width);
    const selector = Number(this.memory.readSystem(BigInt.asUintN(32, address + BigInt(width)), 2));
    return { segment: this.checkedStack(selector, cpl, TS, external, false), pointer };
  }

  /** RSP for a privilege level, or of an interrupt stack, from the TSS. `external` is CODE_EXT when it is for an external event. */
  stackPointer(offset: number, tr: Segment, external = 0): bigint {
    if (offset + 7 > tr.limit) throw new GuestFault(TS, (tr.selector & ~3) | external);
    return this.memory.readSystem(BigInt.asUintN(64, tr.base + BigInt(offset)), 8);
  }
}

/** Data of level 3, which can be read and written: what all segments of a virtual-8086 task are. */
export const VIRTUAL_8086 = ATTRIBUTE.present | (3 << ATTRIBUTE.dplShift) | ATTRIBUTE.notSystem | ATTRIBUTE.writable | ATTRIBUTE.accessed;

/** Whether a descriptor is of 64-bit code. D must then be clear. */
export const isLong = (attributes: number): boolean => (attributes & (ATTRIBUTE.long | ATTRIBUTE.big)) === ATTRIBUTE.long;
export const isConforming = (attributes: number): boolean => (attributes & ATTRIBUTE.conforming) !== 0;
