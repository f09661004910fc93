/** FXSAVE and FXRSTOR, and the store that a mask chooses the bytes of. */
import { GP, NM } from '../../../x86/fault.ts';
import type { Bound } from '../../../x86/isa/decode.ts';
import { MXCSR_MASK } from '../../../x86/mxcsr.ts';
import { CR0_EM, CR0_TS } from '../../../x86/paging.ts';
import { RDI } from '../../../x86/registers.ts';
import { fromHalves, upperHalf } from '../../../x86/x87/extended.ts';
import { notCanonical } from '../exceptions.ts';
import { type Access, GuestFault, READ, WRITE } from '../guest-fault.ts';
import type { Operation, Processor, Routine } from '../processor.ts';
import type { Registers } from '../registers.ts';
import { checkMmx, checkSimd } from '../simd.ts';
import { blame } from './operand.ts';

/** Words of 64 bits that the processor writes; those from 464 on are software's. SDM: "Layout of the 64-Bit Mode FXSAVE Map". */
const WORDS = 52;
/** Outside 64-bit mode there are eight XMM registers, and the others and their places stay as they are. */
const wordsOf = ({ mode }: Registers): number => (mode.legacy ? WORDS - 16 : WORDS);
/** The last byte of the area, which is looked at first. */
const LAST = 511n;
const AREA = { control: 0, pointers: 1, mxcsr: 3, st: 4, xmm: 20 } as const;
const PAIR = 2;
const u32 = (value: bigint): bigint => BigInt.asUintN(32, value);

function place(cpu: Processor, operation: Operation, access: Access): bigint {
  if ((cpu.registers.control('cr0') & (CR0_EM | CR0_TS)) !== 0) throw new GuestFault(NM);
  const address = operation.address(Number(LAST) + 1, access);
  // SDM, "FXSAVE": where alignment is checked, it is either exception.
  cpu.memory.checkAlignment(address, 16, blame(operation));
  if ((address & 15n) !== 0n) throw new GuestFault(GP);
  return address;
}

/** `wide`: the pointers have 64 bits. Else they have 32, and the selectors beside them are no longer kept. */
function stateOf({ registers }: Processor, wide: boolean): BigUint64Array {
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

function setState({ registers }: Processor, area: BigUint64Array, wide: boolean): void {
  const { x87 } = registers;
  const words = area[AREA.control]!;
  const word = (n: bigint): number => Number(BigInt.asUintN(16, words >> (16n * n)));
  x87.control = word(0n);
  x87.status = word(1n);
  x87.inUse = word(2n) & 0xff;
  x87.opcode = word(3n);
  x87.instructionPointer = wide ? area[AREA.pointers]! : u32(area[AREA.pointers]!);
  x87.dataPointer = wide ? area[AREA.pointers + 1]! : u32(area[AREA.pointers + 1]!);
  registers.mxcsr = Number(u32(area[AREA.mxcsr]!));
  for (let i = 0; i < 8; i += 1) {
    const upper = Number(BigInt.asUintN(16, area[AREA.st + PAIR * i + 1]!));
    x87.setRegister((x87.top + i) & 7, fromHalves(upper, area[AREA.st + PAIR * i]!));
  }
  for (let i = 0; i < area.length - AREA.xmm; i += 1) registers.setXmm(i >> 1, i & 1, area[AREA.xmm + i]!);
}

const addressOf = (start: bigint, n: number): bigint => BigInt.asUintN(64, start + BigInt(8 * n));

/** SDM: "FXSAVE - Save x87 FPU, MMX Technology, and SSE State". Pending exceptions stay pending. */
const save = (wide: boolean): Routine => (cpu, operation) => {
  const start = place(cpu, operation, WRITE);
  // All of it can be written, or none is.
  for (const n of [LAST, 0n]) cpu.memory.readForUpdate(BigInt.asUintN(64, start + n), 1, blame(operation));
  for (const [n, value] of stateOf(cpu, wide).entries()) cpu.memory.write(addressOf(start, n), value, 8, blame(operation));
};

/** SDM: "FXRSTOR - Restore x87 FPU, MMX, XMM, and MXCSR State". */
const restore = (wide: boolean): Routine => (cpu, operation) => {
  const start = place(cpu, operation, READ);
  cpu.memory.read(BigInt.asUintN(64, start + LAST), 1, blame(operation));
  const area = BigUint64Array.from({ length: wordsOf(cpu.registers) }, (_, n) => cpu.memory.read(addressOf(start, n), 8, blame(operation)));
  if ((Number(u32(area[AREA.mxcsr]!)) & ~MXCSR_MASK) !== 0) throw new GuestFault(GP);
  setState(cpu, area, wide);
};

/** MASKMOVDQU and MASKMOVQ: bytes of the first register go to DS:rDI where the second has its topmost bits set. */
const maskedStore = (bytes: 8 | 16): Routine => (cpu, { decoded, segment }) => {
  const { registers, memory, segmentation } = cpu;
  const { x87 } = registers;
  if (bytes === 16) checkSimd(registers.control('cr0'), registers.control('cr4'));
  else {
    checkMmx(registers.control('cr0'), x87.status);
    // MMX registers they are even if the store faults.
    x87.top = 0;
    x87.inUse = 0xff;
  }
  const contents = (operand: Bound | undefined): bigint =>
    (operand?.kind === 'xmm' ? registers.xmm(operand.reg, 0) | (registers.xmm(operand.reg, 1) << 64n)
      : operand?.kind === 'mm' ? x87.register(operand.reg).significand : 0n);
  const [source, mask] = [contents(decoded.operands[0]), contents(decoded.operands[1])];
  const offset = BigInt.asUintN(8 * decoded.addressSize, registers.gpr(RDI));
  const base = decoded.segment === -1 ? 0n : registers.segmentBase(decoded.segment);
  const start = registers.mode.legacy ? segmentation.linear(segment, offset, bytes, WRITE) : base + offset;
  const byte = (value: bigint, n: number): bigint => (value >> BigInt(8 * n)) & 0xffn;
  const chosen = Array.from({ length: bytes }, (_, n) => n).filter((n) => byte(mask, n) >= 0x80n);
  const at = (n: number): bigint => BigInt.asUintN(64, start + BigInt(n));
  if ([0, bytes - 1].some((n) => notCanonical(at(n)))) throw new GuestFault(GP);
  memory.checkAlignment(at(0), bytes, GP);
  for (const n of chosen) memory.readForUpdate(at(n), 1);
  for (const n of chosen) memory.write(at(n), byte(source, n), 1);
};

export const SIMD_STATE: Readonly<Record<string, Routine>> = {
  FXSAVE: save(false), FXSAVE64: save(true), FXRSTOR: restore(false), FXRSTOR64: restore(true),
  MASKMOVDQU: maskedStore(16), MASKMOVQ: maskedStore(8),
};
