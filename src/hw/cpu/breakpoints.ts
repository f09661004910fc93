/**
 * Breakpoints of the debug registers: which conditions an instruction meets, and what DR6 says of them. SDM: "Debug Registers", "Debug
 * Exception (#DB)".
 *
 * While one is enabled the processor runs an instruction at a time and is told of its accesses; else nothing asks.
 *
 * Limit: of breakpoints that are not enabled DR6 tells nothing, and accesses that the processor makes for itself - to descriptors, gates
 * and the stacks of inner levels - meet none.
 */
import type { Serializer, Stateful } from '../../base/state.ts';
import { CR4_DE } from '../../x86/paging.ts';
import type { Registers } from './registers.ts';

/** Of DR7: L0 to G3, general detect; and of R/W0 what each condition is. */
const ENABLED = 0xff;
const GENERAL_DETECT = 1n << 13n;
const KIND = { execute: 0, write: 1, port: 2, access: 3 } as const;
/** LEN0: how many bytes a breakpoint has. */
const LENGTHS = [1, 2, 8, 4] as const;

/** Of DR6: B0 to B3, access to a debug register, single step. */
const MET = 0xfn;
export const DR6_BD = 1n << 13n;
export const DR6_BS = 1n << 14n;
/** Bits of DR6 and DR7 that always read as 1: all that is in them at power-on, and after INIT. */
export const DR6_ONES = 0xffff_0ff0n;
export const DR7_ONES = 0x400n;

export class Breakpoints implements Stateful {
  /** Bits 3:0 of DR6 for what was met and is not reported yet: a load of SS holds it off. */
  met = 0;
  private readonly registers: Registers;

  constructor(registers: Registers) {
    this.registers = registers;
  }

  serialize(s: Serializer): void {
    this.met = s.u8('met', this.met);
  }

  /** At least one is enabled. */
  get armed(): boolean {
    return (this.registers.debugControl & ENABLED) !== 0;
  }

  /** The instruction at a linear address is about to be executed: it meets a breakpoint, and DR6 says which. */
  execute(address: bigint): boolean {
    const met = this.matching((kind, at) => kind === KIND.execute && at === address);
    if (met !== 0) this.report(met, 0n);
    return met !== 0;
  }

  /** An instruction has accessed memory. */
  access(address: bigint, bytes: number, write: boolean): void {
    const end = address + BigInt(bytes);
    this.met |= this.matching((kind, at, length) =>
      (kind === KIND.access || (write && kind === KIND.write)) && address < at + BigInt(length) && end > at);
  }

  /** An instruction has used a port. */
  port(port: number, bytes: number): void {
    if (!this.armed || (this.registers.control('cr4') & CR4_DE) === 0) return;
    this.met |= this.matching((kind, at, length) =>
      kind === KIND.port && BigInt(port) < at + BigInt(length) && BigInt(port + bytes) > at);
  }

  /** Says in DR6 what was met; what it said of an earlier exception is gone, but for bits that software clears. */
  report(met: number, others: bigint): void {
    const { registers } = this;
    registers.setDebug(6, (registers.debug(6) & ~MET) | BigInt(met) | others);
    this.met = 0;
  }

  /** A handler for #DB is entered, and may use the debug registers. */
  entered(): void {
    const { registers } = this;
    registers.setDebug(7, registers.debug(7) & ~GENERAL_DETECT);
  }

  /** Any access to a debug register is an exception itself: then DR6 says so. */
  detects(): boolean {
    const detects = (this.registers.debug(7) & GENERAL_DETECT) !== 0n;
    if (detects) this.report(0, DR6_BD);
    return detects;
  }

  private matching(meets: (kind: number, at: bigint, length: number) => boolean): number {
    const control = this.registers.debugControl;
    let met = 0;
    for (let i = 0; i < 4; i += 1) {
      if (((control >>> (2 * i)) & 3) === 0) continue;
      const length = LENGTHS[(control >>> (18 + 4 * i)) & 3]!;
      // A breakpoint is aligned to its length: the low bits of its address do not count.
      const at = this.registers.debug(i) & ~BigInt(length - 1);
      if (meets((control >>> (16 + 4 * i)) & 3, at, length)) met |= 1 << i;
    }
    return met;
  }
}
