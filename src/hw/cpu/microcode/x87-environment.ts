/**
 * The x87 environment and the whole state, in memory. SDM: "Saving the x87 FPU's State with FSTENV/FNSTENV and FSAVE/FNSAVE".
 *
 * Deviation: selectors of the two pointers are stored as 0 and not looked at, as on processors whose CPUID says so.
 */

import { VM } from '../../../x86/flags.ts';
import { CR0_PE } from '../../../x86/paging.ts';
import type { Width } from '../../../x86/registers.ts';
import { bitsOf, fromBits } from '../../../x86/x87/extended.ts';
import { EXCEPTIONS } from '../../../x86/x87/words.ts';
import { READ, WRITE } from '../guest-fault.ts';
import type { Operation, Processor, Routine } from '../processor.ts';
import { blame } from './operand.ts';
import { nonWaiting, waiting } from './x87-control.ts';

/** A register of ten bytes, as FNSAVE stores it. */
const TEN = 10;

/** Words of memory one after the other, of the operand size; what does not fit a word is lost. */
class Area {
  private readonly cpu: Processor;
  private readonly operation: Operation;
  readonly width: Width;
  private at: bigint;

  constructor(cpu: Processor, operation: Operation) {
    this.cpu = cpu;
    this.operation = operation;
    this.width = operation.operandSize === 2 ? 2 : 4;
    this.at = operation.address();
  }

  /** Faults now, where any of so many bytes would: at most two pages. */
  check(bytes: number, access: typeof READ | typeof WRITE): void {
    const { memory } = this.cpu;
    const segment = blame(this.operation);
    this.operation.address(bytes, access);
    const last = BigInt.asUintN(64, this.at + BigInt(bytes - 1));
    if (access === WRITE) memory.readForUpdate(this.at, this.width, segment);
    else memory.read(this.at, this.width, segment);
    memory.physical(last, access, segment);
  }

  read(width: Width = this.width): bigint {
    const value = this.cpu.memory.read(this.at, width, blame(this.operation));
    this.advance(width);
    return value;
  }

  write(value: bigint | number, width: Width = this.width): void {
    this.cpu.memory.write(this.at, BigInt.asUintN(8 * width, BigInt(value)), width, blame(this.operation));
    this.advance(width);
  }

  private advance(width: Width): void {
    this.at = BigInt.asUintN(64, this.at + BigInt(width));
  }
}

const environmentSize = ({ width }: Area): number => 7 * width;

/** Addresses that are not offsets in a segment: they are stored with their upper bits beside the opcode. */
const isReal = ({ registers }: Processor): boolean => (registers.control('cr0') & CR0_PE) === 0 || (registers.system & VM) !== 0;

/** What a word of 32 bits has above its 16. */
const RESERVED = 0xffff_0000;

function storeEnvironment(cpu: Processor, area: Area): void {
  const { x87 } = cpu.registers;
  const wide = area.width === 4;
  const upper = wide ? RESERVED : 0;
  for (const word of [x87.control, x87.status, x87.tags]) area.write((word | upper) >>> 0);
  const [ip, dp] = [Number(BigInt.asUintN(32, x87.instructionPointer)), Number(BigInt.asUintN(32, x87.dataPointer))];
  if (isReal(cpu)) {
    const high = (pointer: number): number => (pointer >>> 16) << 12;
    area.write(((ip & 0xffff) | upper) >>> 0);
    area.write((high(ip) | x87.opcode) >>> 0);
    area.write(((dp & 0xffff) | upper) >>> 0);
    area.write(high(dp) >>> 0);
  } else {
    area.write(ip);
    area.write(wide ? (x87.opcode << 16) >>> 0 : 0);
    area.write(dp);
    area.write(upper >>> 0);
  }
}

function loadEnvironment(cpu: Processor, area: Area): void {
  const { x87 } = cpu.registers;
  const words = Array.from({ length: 7 }, () => Number(area.read()));
  const [control, status, tags, ip, code, dp, selector] = words as [number, number, number, number, number, number, number];
  x87.control = control;
  x87.status = status & 0xffff;
  x87.tags = tags & 0xffff;
  const wide = area.width === 4;
  if (isReal(cpu)) {
    const whole = (low: number, high: number): bigint => BigInt(((low & 0xffff) | ((high >>> 12) << 16)) >>> 0);
    x87.instructionPointer = whole(ip, code);
    x87.dataPointer = whole(dp, selector);
    x87.opcode = code;
  } else {
    x87.instructionPointer = BigInt(ip);
    x87.dataPointer = BigInt(dp);
    x87.opcode = wide ? code >>> 16 : 0;
  }
}

const fnstenv: Routine = (cpu, operation) => {
  const area = new Area(cpu, operation);
  area.check(environmentSize(area), WRITE);
  storeEnvironment(cpu, area);
  cpu.registers.x87.control |= EXCEPTIONS;
};

const fldenv: Routine = (cpu, operation) => {
  const area = new Area(cpu, operation);
  area.check(environmentSize(area), READ);
  loadEnvironment(cpu, area);
};

const fnsave: Routine = (cpu, operation) => {
  const { x87 } = cpu.registers;
  const area = new Area(cpu, operation);
  area.check(environmentSize(area) + 8 * TEN, WRITE);
  storeEnvironment(cpu, area);
  for (let i = 0; i < 8; i += 1) {
    // In words: no more than the environment's words are aligned.
    for (let bits = bitsOf(x87.st(i)), word = 0; word < TEN; bits >>= 16n, word += 2) area.write(bits, 2);
  }
  x87.initialize();
};

const frstor: Routine = (cpu, operation) => {
  const { x87 } = cpu.registers;
  const area = new Area(cpu, operation);
  area.check(environmentSize(area) + 8 * TEN, READ);
  loadEnvironment(cpu, area);
  for (let i = 0; i < 8; i += 1) {
    let bits = 0n;
    for (let word = 0n; word < TEN; word += 2n) bits |= area.read(2) << (8n * word);
    x87.setRegister((x87.top + i) & 7, fromBits(bits));
  }
};

export const X87_ENVIRONMENT: Readonly<Record<string, Routine>> = {
  FNSTENV: nonWaiting(fnstenv), FLDENV: waiting(fldenv), FNSAVE: nonWaiting(fnsave), FRSTOR: waiting(frstor),
};
