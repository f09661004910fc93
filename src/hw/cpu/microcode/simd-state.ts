/** FXSAVE and FXRSTOR, and the store that a mask chooses the bytes of. */
import { GP, NM } from '../../../x86/fault.ts';
import type { Bound } from '../../../x86/isa/decode.ts';
import { CR0_EM, CR0_TS } from '../../../x86/paging.ts';
import { RDI } from '../../../x86/registers.ts';
import { notCanonical } from '../exceptions.ts';
import { type Access, GuestFault, READ, WRITE } from '../guest-fault.ts';
import type { Operation, Processor, Routine } from '../processor.ts';
import { checkMmx, checkSimd } from '../simd.ts';
import { allWords, mxcsrOf, placeOf, readWord, setX87, setXmm, stateOf, writeWord } from './floating-area.ts';

function place(cpu: Processor, operation: Operation, access: Access): bigint {
  if ((cpu.registers.control('cr0') & (CR0_EM | CR0_TS)) !== 0) throw new GuestFault(NM);
  return placeOf(cpu, operation, access);
}

/** SDM: "FXSAVE - Save x87 FPU, MMX Technology, and SSE State". Pending exceptions stay pending. */
const save = (wide: boolean): Routine => (cpu, operation) => {
  const start = place(cpu, operation, WRITE);
  for (const [n, value] of stateOf(cpu.registers, wide).entries()) writeWord(cpu, operation, start, n, value);
};

/** SDM: "FXRSTOR - Restore x87 FPU, MMX, XMM, and MXCSR State". */
const restore = (wide: boolean): Routine => (cpu, operation) => {
  const { registers } = cpu;
  const start = place(cpu, operation, READ);
  const area = BigUint64Array.from(allWords(registers), (n) => readWord(cpu, operation, start, n));
  const mxcsr = mxcsrOf(area);
  setX87(registers, area, wide);
  registers.mxcsr = mxcsr;
  setXmm(registers, area);
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
