/**
 * The area of memory in which FXSAVE and its kin have the state of the x87 FPU, MXCSR and the XMM registers, in words of 64 bits. SDM:
 * "Layout of the 64-Bit Mode FXSAVE Map", "Legacy Region of an XSAVE Area".
 */
import { GP } from '../../../x86/fault.ts';
import { MXCSR_MASK } from '../../../x86/mxcsr.ts';
import { fromHalves, upperHalf } from '../../../x86/x87/extended.ts';
import { XSAVE_AREA } from '../../../x86/xcr.ts';
import { notCanonical } from '../exceptions.ts';
import { type Access, GuestFault, READ } from '../guest-fault.ts';
import type { Operation, Processor } from '../processor.ts';
import type { Registers } from '../registers.ts';
import { blame } from './operand.ts';

const AREA = { control: 0, pointers: 1, mxcsr: 3, st: 4, xmm: 20 } as const;
const PAIR = 2;
/** Words that the processor writes; those from byte 464 on are software's. */
const WORDS = 52;
/** Outside 64-bit mode there are eight XMM registers, and the others and their places stay as they are. */
const wordsOf = ({ mode }: Registers): number => (mode.legacy ? WORDS - 16 : WORDS);
const u32 = (value: bigint): bigint => BigInt.asUintN(32, value);
const range = (from: number, to: number): readonly number[] => Array.from({ length: to - from }, (_, i) => from + i);

/** The words of each part. */
export const X87_WORDS = [...range(AREA.control, AREA.mxcsr), ...range(AREA.st, AREA.xmm)];
export const MXCSR_WORDS = [AREA.mxcsr];
export const xmmWords = (registers: Registers): readonly number[] => range(AREA.xmm, wordsOf(registers));
export const allWords = (registers: Registers): readonly number[] => range(0, wordsOf(registers));

/** An area's bytes, the alignment that it must have, and the places that are looked at first: all of it can be accessed, or none is. */
interface Shape { readonly bytes: number; readonly alignment: number; readonly first: readonly number[] }
const LEGACY: Shape = { bytes: 512, alignment: 16, first: [511, 0] };
export const EXTENDED: Shape = { bytes: XSAVE_AREA, alignment: 64, first: [0, XSAVE_AREA - 1] };

/** Where an area begins. */
export function placeOf(cpu: Processor, operation: Operation, access: Access, { bytes, alignment, first }: Shape = LEGACY): bigint {
  const address = operation.address(bytes, access);
  // SDM, "FXSAVE", "XSAVE": where alignment is checked, it is either exception. A real processor chose so, and asked for the alignment of
  // XSAVE's area first.
  if (alignment === 16) {
    if (notCanonical(address)) throw new GuestFault(blame(operation));
    cpu.memory.checkAlignment(address, alignment, blame(operation));
  }
  if ((address & BigInt(alignment - 1)) !== 0n) throw new GuestFault(GP);
  for (const n of first) {
    const at = BigInt.asUintN(64, address + BigInt(n));
    if (access === READ) cpu.memory.read(at, 1, blame(operation));
    else cpu.memory.readForUpdate(at, 1, blame(operation));
  }
  return address;
}

const addressOf = (start: bigint, n: number): bigint => BigInt.asUintN(64, start + BigInt(8 * n));
export const readWord = (cpu: Processor, operation: Operation, start: bigint, n: number): bigint =>
  cpu.memory.read(addressOf(start, n), 8, blame(operation));
export const writeWord = (cpu: Processor, operation: Operation, start: bigint, n: number, value: bigint): void =>
  cpu.memory.write(addressOf(start, n), value, 8, blame(operation));

/** `wide`: the pointers have 64 bits. Else they have 32, and the selectors beside them are no longer kept. */
export function stateOf(registers: Registers, wide: boolean): BigUint64Array {
  const { x87 } = registers;
  const area = new BigUint64Array(wordsOf(registers));
  area[AREA.control] = BigInt(x87.control) | (BigInt(x87.status) << 16n) | (BigInt(x87.inUse) << 32n) | (BigInt(x87.opcode) << 48n);
  area[AREA.pointers] = wide ? x87.instructionPointer : u32(x87.instructionPointer);
  area[AREA.pointers + 1] = wide ? x87.dataPointer : u32(x87.dataPointer);
  area[AREA.mxcsr] = BigInt(registers.mxcsr) | (BigInt(MXCSR_MASK) << 32n);
  for (let i = 0; i < 8; i += 1) {
    const value = x87.register((x87.top + i) & 7);
    area[AREA.st + PAIR * i] = value.significand;
    area[AREA.st + PAIR * i + 1] = BigInt(upperHalf(value));
  }
  for (let i = 0; i < area.length - AREA.xmm; i += 1) area[AREA.xmm + i] = registers.xmm(i >> 1, i & 1);
  return area;
}

/** An area in which every part is in its initial configuration. */
export const initialState = (control: number, mxcsr: number): BigUint64Array => {
  const area = new BigUint64Array(WORDS);
  area[AREA.control] = BigInt(control);
  area[AREA.mxcsr] = BigInt(mxcsr);
  return area;
};

export function setX87({ x87 }: Registers, area: BigUint64Array, wide: boolean): void {
  const words = area[AREA.control]!;
  const word = (n: bigint): number => Number(BigInt.asUintN(16, words >> (16n * n)));
  x87.control = word(0n);
  x87.status = word(1n);
  x87.inUse = word(2n) & 0xff;
  x87.opcode = word(3n);
  x87.instructionPointer = wide ? area[AREA.pointers]! : u32(area[AREA.pointers]!);
  x87.dataPointer = wide ? area[AREA.pointers + 1]! : u32(area[AREA.pointers + 1]!);
  for (let i = 0; i < 8; i += 1) {
    const upper = Number(BigInt.asUintN(16, area[AREA.st + PAIR * i + 1]!));
    x87.setRegister((x87.top + i) & 7, fromHalves(upper, area[AREA.st + PAIR * i]!));
  }
}

export function setXmm(registers: Registers, area: BigUint64Array): void {
  for (let i = 0; i < wordsOf(registers) - AREA.xmm; i += 1) registers.setXmm(i >> 1, i & 1, area[AREA.xmm + i]!);
}

/** MXCSR of an area, in which no reserved bit may be set. */
export function mxcsrOf(area: BigUint64Array): number {
  const mxcsr = Number(u32(area[AREA.mxcsr]!));
  if ((mxcsr & ~MXCSR_MASK) !== 0) throw new GuestFault(GP);
  return mxcsr;
}
