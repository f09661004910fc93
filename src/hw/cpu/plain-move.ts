/**
 * MOV between a device and a register, in 64-bit mode: the common case of what the evaluator does of accesses to devices, with its address
 * in words of 32 bits, because micro-ops one by one and bigints take most of the time. Where something is otherwise it has done nothing
 * but translate an address, and the evaluator does it from the beginning.
 */
import type { Micro, MicroId, Program } from '../../x86/isa/micro.ts';
import type { Width } from '../../x86/registers.ts';
import { type Access, READ, WRITE } from './guest-fault.ts';
import { CPU, gprOffset, RECORD } from './layout.ts';
import type { LinearMemory } from './memory.ts';

/** A program that loads from its memory operand into a register, or stores a register or an immediate there. */
export interface PlainMove {
  readonly access: typeof READ | typeof WRITE;
  /** Bytes of memory, and of the register that is loaded. */
  readonly width: Width;
  readonly registerWidth: Width;
  /** Of the other side. */
  readonly place: Place;
}

/** A register operand by its slot, a register by its number, or the immediate. */
interface Place { readonly kind: 'operand' | 'gpr' | 'immediate'; readonly n: number }

/** What the micro-ops of a program are, if they are no more than that. */
export function plainMove({ micros, body }: Program): PlainMove | undefined {
  const of = (id: MicroId | undefined): Micro | undefined => (id === undefined ? undefined : micros[id]);
  const addresses = (id: MicroId | undefined): boolean => {
    const address = of(id), further = of(address?.args[0]);
    return address?.op === 'address' && further?.op === 'const' && further.value === 0n;
  };
  // An address, how much further on it is, the access, and the other side.
  const last = of(body[3]);
  if (body.length !== 4 || last === undefined) return undefined;
  const value = of(last.args[last.op === 'store' ? 1 : 0]);
  if (value === undefined) return undefined;
  if (last.op === 'store') {
    const known = value.op === 'operand' || value.op === 'gpr' || value.op === 'immediate';
    if (!known || value.width < last.width || last.via !== 'operand' || !addresses(last.args[0])) return undefined;
    return { access: WRITE, width: last.width, registerWidth: last.width, place: { kind: value.op, n: value.n } };
  }
  if ((last.op !== 'setOperand' && last.op !== 'setGpr') || value.op !== 'load') return undefined;
  if (value.via !== 'operand' || !addresses(value.args[0])) return undefined;
  const place: Place = { kind: last.op === 'setGpr' ? 'gpr' : 'operand', n: last.n };
  return { access: READ, width: value.width, registerWidth: last.width, place };
}

/** Does the instruction of a record if it reaches a device. False when it does not, or not in the common case. */
export function moveQuickly(memory: LinearMemory, record: number, move: PlainMove): boolean {
  const { view, base } = memory, { access, width, registerWidth, place: { kind, n } } = move;
  const device = deviceAt(memory, record, width, access);
  if (device === -1) return false;
  const at = kind === 'immediate' ? record + RECORD.immediate
    : base + (kind === 'gpr' ? gprOffset(n) : view.getUint16(record + RECORD.operands + 2 * n, true));
  if (access === READ) set(view, at, memory.readPhysical(device, width), registerWidth);
  else memory.writePhysical(device, get(view, at, width), width);
  return true;
}

const TWO_32 = 0x1_0000_0000;

/** The physical address of the memory operand of a record where a device is there; else -1. */
function deviceAt(memory: LinearMemory, record: number, width: Width, access: Access): number {
  const { view, base } = memory;
  if (view.getUint32(base + CPU.bits, true) !== 64) return -1;
  const first = base + view.getUint16(record + RECORD.base, true), second = base + view.getUint16(record + RECORD.index, true);
  const segment = base + view.getUint16(record + RECORD.segment, true), scale = 1 << view.getUint8(record + RECORD.scale);
  const sum = view.getUint32(first, true) + view.getUint32(second, true) * scale + view.getUint32(record + RECORD.displacement, true);
  const offset = sum >>> 0;
  // Addresses of 32 bits have no upper half.
  const offsetHigh = view.getUint8(record + RECORD.addressShift) !== 0 ? 0
    : view.getUint32(first + 4, true) + view.getUint32(second + 4, true) * scale + view.getUint32(record + RECORD.displacement + 4, true)
      + (sum - offset) / TWO_32;
  const low = offset + view.getUint32(segment, true);
  return memory.device(low >>> 0, (offsetHigh + view.getUint32(segment + 4, true) + (low >= TWO_32 ? 1 : 0)) >>> 0, width, access);
}

function get(view: DataView, at: number, width: Width): bigint {
  switch (width) {
    case 1: return BigInt(view.getUint8(at));
    case 2: return BigInt(view.getUint16(at, true));
    case 4: return BigInt(view.getUint32(at, true));
    case 8: return view.getBigUint64(at, true);
  }
}

/** A write of four bytes clears the upper half; narrower ones leave the rest alone. */
function set(view: DataView, at: number, value: bigint, width: Width): void {
  if (width === 1) view.setUint8(at, Number(value));
  else if (width === 2) view.setUint16(at, Number(value), true);
  else view.setBigUint64(at, value, true);
}
