/**
 * XSAVE and its kin, which save and restore what XCR0 enables: here the x87 FPU and the XMM registers. SDM: "Managing State Using the
 * XSAVE Feature Set".
 *
 * Limit: XSAVEOPT leaves out what is in its initial configuration, and not what has not changed since it was restored.
 */
import { GP, NM, UD } from '../../../x86/fault.ts';
import { MXCSR_RESET } from '../../../x86/mxcsr.ts';
import { CR0_TS, CR4_OSXSAVE } from '../../../x86/paging.ts';
import { RAX, RCX, RDX } from '../../../x86/registers.ts';
import { INITIAL_CONTROL } from '../../../x86/x87/words.ts';
import { XCR0_SSE, XCR0_X87 } from '../../../x86/xcr.ts';
import { VmExit } from '../../vmx/vmx.ts';
import { type Access, GuestFault, READ, WRITE } from '../guest-fault.ts';
import type { Operation, Processor, Routine } from '../processor.ts';
import type { Registers } from '../registers.ts';
import {
  EXTENDED, initialState, MXCSR_WORDS, mxcsrOf, placeOf, readWord, setX87, setXmm, stateOf, writeWord, X87_WORDS, xmmWords,
} from './floating-area.ts';
import { requireSupervisor } from './operand.ts';

/** Words of the header, which follows the legacy region of 512 bytes. */
const HEADER = { xstateBv: 64, xcompBv: 65, reserved: 66, end: 72 } as const;
const COMPACTED = 1n << 63n;
const INITIAL = initialState(INITIAL_CONTROL, MXCSR_RESET);

function requireEnabled(cpu: Processor): void {
  if ((cpu.registers.control('cr4') & CR4_OSXSAVE) === 0) throw new GuestFault(UD);
}

function place(cpu: Processor, operation: Operation, access: Access): bigint {
  requireEnabled(cpu);
  if ((cpu.registers.control('cr0') & CR0_TS) !== 0) throw new GuestFault(NM);
  return placeOf(cpu, operation, access, EXTENDED);
}

/** RFBM, the requested-feature bitmap: EDX:EAX, as far as XCR0 enables it. */
const requested = ({ registers }: Processor): number => registers.low(RAX) & registers.xcr0;

/** XINUSE: the parts that are not in their initial configuration. MXCSR is none of them. */
function inUse(registers: Registers, state: BigUint64Array): number {
  const differs = (words: readonly number[]): boolean => words.some((n) => state[n] !== INITIAL[n]);
  return (differs(X87_WORDS) ? XCR0_X87 : 0) | (differs(xmmWords(registers)) ? XCR0_SSE : 0);
}

const wordsOf = (registers: Registers, parts: number): readonly number[] =>
  [...((parts & XCR0_X87) !== 0 ? X87_WORDS : []), ...((parts & XCR0_SSE) !== 0 ? xmmWords(registers) : [])];

/** SDM: "XSAVE - Save Processor Extended States", "XSAVEOPT". `optimized`: what is in its initial configuration is not written. */
const save = (wide: boolean, optimized: boolean): Routine => (cpu, operation) => {
  const { registers } = cpu;
  const start = place(cpu, operation, WRITE);
  const state = stateOf(registers, wide), parts = requested(cpu), used = inUse(registers, stateOf(registers, true));
  const before = readWord(cpu, operation, start, HEADER.xstateBv);
  const mxcsr = (parts & XCR0_SSE) !== 0 ? MXCSR_WORDS : [];
  for (const n of [...wordsOf(registers, optimized ? parts & used : parts), ...mxcsr]) writeWord(cpu, operation, start, n, state[n]!);
  writeWord(cpu, operation, start, HEADER.xstateBv, (before & ~BigInt(parts)) | BigInt(parts & used));
};

/** SDM: "XSAVEC - Save Processor Extended States With Compaction". Of these parts the places are the same; MXCSR belongs to the second. */
const saveCompacted = (wide: boolean): Routine => (cpu, operation) => {
  const { registers } = cpu;
  const start = place(cpu, operation, WRITE);
  const state = stateOf(registers, wide), parts = requested(cpu);
  const used = inUse(registers, stateOf(registers, true)) | (registers.mxcsr === MXCSR_RESET ? 0 : XCR0_SSE);
  const saved = parts & used;
  const mxcsr = (saved & XCR0_SSE) !== 0 ? MXCSR_WORDS : [];
  for (const n of [...wordsOf(registers, saved), ...mxcsr]) writeWord(cpu, operation, start, n, state[n]!);
  writeWord(cpu, operation, start, HEADER.xstateBv, BigInt(saved));
  writeWord(cpu, operation, start, HEADER.xcompBv, BigInt(parts) | COMPACTED);
};

/** What the header says is in the area, and in which form it is. A header that says what cannot be is #GP. */
function checkedHeader(cpu: Processor, word: (n: number) => bigint): { readonly present: number; readonly compacted: boolean } {
  const present = word(HEADER.xstateBv), form = word(HEADER.xcompBv);
  const compacted = (form & COMPACTED) !== 0n;
  const enabled = BigInt(cpu.registers.xcr0);
  const possible = compacted ? form & ~COMPACTED : enabled;
  const unknown = compacted ? !cpu.features.has('XSAVEC') : form !== 0n;
  const reserved = Array.from({ length: (compacted ? HEADER.end : HEADER.reserved + 1) - HEADER.reserved }, (_, i) => HEADER.reserved + i);
  const wrong = unknown || (possible & ~enabled) !== 0n || (present & ~possible) !== 0n || reserved.some((n) => word(n) !== 0n);
  if (wrong) throw new GuestFault(GP);
  return { present: Number(present), compacted };
}

/** SDM: "XRSTOR - Restore Processor Extended States". What is asked for and not in the area gets its initial configuration. */
const restore = (wide: boolean): Routine => (cpu, operation) => {
  const { registers } = cpu;
  const start = place(cpu, operation, READ);
  const word = (n: number): bigint => readWord(cpu, operation, start, n);
  const { present, compacted } = checkedHeader(cpu, word);
  const parts = requested(cpu);
  const area = INITIAL.slice();
  // Of the standard form, MXCSR is loaded whether or not its part is there.
  const mxcsr = (parts & XCR0_SSE) !== 0 && (!compacted || (present & XCR0_SSE) !== 0) ? MXCSR_WORDS : [];
  for (const n of [...wordsOf(registers, parts & present), ...mxcsr]) area[n] = word(n);
  const control = mxcsrOf(area);
  if ((parts & XCR0_X87) !== 0) setX87(registers, area, wide);
  if ((parts & XCR0_SSE) === 0) return;
  registers.mxcsr = control;
  setXmm(registers, area);
};

/** SDM: "XGETBV - Get Value of Extended Control Register". Register 1 is XCR0 and XINUSE, where XSAVEC is. */
const xgetbv: Routine = (cpu) => {
  requireEnabled(cpu);
  const { registers, features } = cpu;
  const which = registers.low(RCX);
  if (which > 1 || (which === 1 && !features.has('XSAVEC'))) throw new GuestFault(GP);
  const value = which === 0 ? registers.xcr0 : registers.xcr0 & inUse(registers, stateOf(registers, true));
  registers.setGpr(RAX, BigInt(value));
  registers.setGpr(RDX, 0n);
};

/** SDM: "XSETBV - Set Extended Control Register". There is one, and of its parts the first is always enabled. */
const xsetbv: Routine = (cpu) => {
  requireEnabled(cpu);
  requireSupervisor(cpu);
  const { registers } = cpu;
  const which = registers.low(RCX), low = registers.low(RAX), high = registers.low(RDX);
  if (cpu.nonRoot !== undefined) return new VmExit('XSETBV', which, low, high);
  if (!setXcr(registers, which, low, high)) throw new GuestFault(GP);
};

/** False is #GP, and nothing has changed. */
export function setXcr(registers: Registers, which: number, low: number, high: number): boolean {
  if (which !== 0 || high !== 0 || (low & ~(XCR0_X87 | XCR0_SSE)) !== 0 || (low & XCR0_X87) === 0) return false;
  registers.xcr0 = low;
  return true;
}

export const XSAVE: Readonly<Record<string, Routine>> = {
  XSAVE: save(false, false), XSAVE64: save(true, false), XSAVEOPT: save(false, true), XSAVEOPT64: save(true, true),
  XSAVEC: saveCompacted(false), XSAVEC64: saveCompacted(true), XRSTOR: restore(false), XRSTOR64: restore(true),
  XGETBV: xgetbv, XSETBV: xsetbv,
};
