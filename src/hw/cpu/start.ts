/**
 * INIT and SIPI: how a processor is brought to its state after INIT, and is started in real-address mode. SDM: "IA-32 Processor States
 * Following Power-up, Reset, or INIT", "MP Initialization Protocol Algorithm for MP Systems".
 */
import { NEVER } from '../../base/state.ts';
import { FIXED_FLAG } from '../../x86/flags.ts';
import { CR0_CD, CR0_ET, CR0_NW } from '../../x86/paging.ts';
import { CS, DS, ES, FS, GPR64, GS, LDTR, RDX, SS, TR } from '../../x86/registers.ts';
import { DR6_ONES, DR7_ONES } from './breakpoints.ts';
import { ATTRIBUTE } from './mode.ts';
import type { Processor } from './processor.ts';
import type { Registers } from './registers.ts';

const DATA = ATTRIBUTE.present | ATTRIBUTE.notSystem | ATTRIBUTE.writable | ATTRIBUTE.accessed;
const LIMIT = 0xffff;

/**
 * INIT: a processor but the bootstrap processor waits for a SIPI.
 *
 * Limit: there is no firmware. The bootstrap processor goes on where it would be, at the end of the first 4 GiB.
 */
export function takeInit(cpu: Processor): true {
  const { lapic } = cpu;
  lapic.initPending = false;
  lapic.reset();
  initialize(cpu);
  cpu.waiting = !lapic.bootstrap;
  return true;
}

/** A processor that waits is started, if a SIPI has come: the vector is the number of a page below 1 MiB. */
export function takeStartUp(cpu: Processor): boolean {
  const { lapic, registers } = cpu;
  const vector = lapic.startupVector;
  if (vector === NEVER) return false;
  lapic.startupVector = NEVER;
  startAt(registers, vector);
  cpu.waiting = false;
  return true;
}

/** Where a processor begins after INIT that was sent a SIPI. */
export function startAt(registers: Registers, vector: number): void {
  registers.setSegment(CS, { ...registers.segment(CS), selector: vector << 8, base: BigInt(vector << 12) });
  registers.rip = 0n;
}

/** Brings all but the local APIC to the state after INIT. Caches, counters, MSRs, and FPU and vector registers stay as they are. */
export function initialize(cpu: Processor): void {
  const { registers } = cpu;
  const kept = registers.control('cr0') & (CR0_CD | CR0_NW);
  cpu.setCpl(0);
  registers.rflags = FIXED_FLAG;
  registers.setControl('efer', 0);
  registers.setControl('cr0', CR0_ET | kept);
  registers.setControl('cr4', 0);
  registers.cr2 = 0n;
  registers.cr3 = 0n;
  for (const reg of GPR64.keys()) registers.setGpr(reg, 0n);
  registers.setGpr(RDX, BigInt(cpu.cpuid(1, 0).eax));
  for (const segment of [ES, SS, DS, FS, GS]) registers.setSegment(segment, { selector: 0, base: 0n, limit: LIMIT, attributes: DATA });
  // The first instruction lies 16 bytes below 4 GiB.
  registers.setSegment(CS, { selector: 0xf000, base: 0xffff_0000n, limit: LIMIT, attributes: DATA });
  registers.rip = 0xfff0n;
  registers.setSegment(LDTR, { selector: 0, base: 0n, limit: LIMIT, attributes: ATTRIBUTE.present | 2 });
  registers.setSegment(TR, { selector: 0, base: 0n, limit: LIMIT, attributes: ATTRIBUTE.present | 11 });
  for (const table of ['gdtr', 'idtr'] as const) registers.setTable(table, 0n, LIMIT);
  for (let i = 0; i < 4; i += 1) registers.setDebug(i, 0n);
  registers.setDebug(6, DR6_ONES);
  registers.setDebug(7, DR7_ONES);
  cpu.shadow = false;
  cpu.repeating = false;
  cpu.nmiBlocked = false;
  cpu.memory.tlb.flush(true);
  cpu.chooseMode();
}
