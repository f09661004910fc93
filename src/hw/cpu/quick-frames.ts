/**
 * The way into a handler and back in 64-bit mode, in its common case and in words of 32 bits: bigints and objects would take most of
 * the time. It is that of a handler at an inner or the same level, not a user's; of descriptors that were used before; and of frames that
 * lie on one page of memory.
 *
 * Each looks at the same things in the same order as exceptions.ts and microcode/iret.ts do. Where something is otherwise it has done
 * nothing but translate addresses, and they do it from the beginning.
 */
import { pushesErrorCode } from '../../x86/fault.ts';
import { IF, NT, RF, TF, VM } from '../../x86/flags.ts';
import { CS, RSP, SS, TR } from '../../x86/registers.ts';
import { dplOf } from './descriptors.ts';
import { type Event, pushedFlags } from './event.ts';
import { type Access, READ, WRITE } from './guest-fault.ts';
import { CPU, SEGMENT, segmentBase } from './layout.ts';
import { isCanonical, type LinearMemory } from './memory.ts';
import { ATTRIBUTE } from './mode.ts';
import { MODE_SUPERVISOR } from './page-tables.ts';
import type { Processor } from './processor.ts';

/** SS, RSP, RFLAGS, CS and RIP. */
const FRAME = 5 * 8;
const RSP_AT = CPU.gpr + 8 * RSP;
/** Of the attributes of a gate, all but its level and what tells a trap gate; and those of a 64-bit interrupt gate. */
const GATE_BITS = 0x9e, GATE = 0x8e, TRAP = 1;

const { accessed, writable, conforming, code, notSystem, present, long, big } = ATTRIBUTE;
/** Code of 64-bit mode that is not conforming, and data that can be written; both present, and used before. */
const CODE_BITS = accessed | conforming | code | notSystem | present | long | big, CODE = accessed | code | notSystem | present | long;
const STACK_BITS = accessed | writable | code | notSystem | present, STACK = accessed | writable | notSystem | present;

/**
 * Enters the handler of an event; the mode is yet to be worked out. False when it is not the common case, and nothing has happened.
 */
export function enterQuickly(cpu: Processor, event: Event): boolean {
  const { memory, registers } = cpu, { view, base } = memory;
  const { vector, kind } = event, { cpl } = registers;
  if (registers.mode.legacy || kind === 'software' || vector * 16 + 15 > view.getUint32(base + CPU.idtr + 8, true)) return false;
  const gate = placeFrom(memory, CPU.idtr, vector * 16, 12, READ);
  if (gate === 0) return false;
  const first = view.getUint32(gate, true), second = view.getUint32(gate + 4, true), high = view.getUint32(gate + 8, true);
  const selector = first >>> 16, type = second >>> 8;
  if ((type & GATE_BITS) !== GATE) return false;
  const descriptor = descriptorOf(memory, selector);
  if (descriptor === 0) return false;
  const attributes = view.getUint32(descriptor + 4, true) >>> 8, level = dplOf(attributes);
  if ((attributes & CODE_BITS) !== CODE || level > cpl || level === 3) return false;
  const stack = stackAt(memory, second & 7, level, cpl);
  if (stack === 0 || !isCanonical(high)) return false;
  const top = (view.getUint32(stack, true) & ~15) >>> 0, topHigh = view.getUint32(stack + 4, true);
  const hasCode = pushesErrorCode(vector) && (kind === 'fault' || kind === 'trap');
  const size = FRAME + (hasCode ? 8 : 0);
  // All on the page of what is pushed first.
  if ((top & 0xfff) !== 0 && (top & 0xfff) < size) return false;
  const last = top === 0 ? 0 : memory.place(top - 8, topHigh, 8, WRITE, MODE_SUPERVISOR);
  if (last === 0) return false;

  setPair(view, last, registers.selector(SS), 0);
  setPair(view, last - 8, view.getUint32(base + RSP_AT, true), view.getUint32(base + RSP_AT + 4, true));
  setPair(view, last - 16, pushedFlags(cpu, event), 0);
  setPair(view, last - 24, registers.selector(CS), 0);
  setPair(view, last - 32, view.getUint32(base + CPU.rip, true), view.getUint32(base + CPU.rip + 4, true));
  if (hasCode) setPair(view, last - 40, event.code ?? 0, 0);

  cpu.setCpl(level);
  load(memory, CS, (selector & ~3) | level, descriptor);
  if (level < cpl) load(memory, SS, level, 0);
  setPair(view, base + RSP_AT, top - size, topHigh);
  setPair(view, base + CPU.rip, (first & 0xffff) | (second & 0xffff_0000), high);
  registers.system &= ~(TF | NT | RF | VM | ((type & TRAP) !== 0 ? 0 : IF));
  return true;
}

/**
 * IRETQ, but for the flags, which it returns, and what all kinds of IRET end with, the mode among it. Undefined when it is not the common
 * case.
 */
export function returnQuickly(cpu: Processor): number | undefined {
  const { memory, registers } = cpu, { view, base } = memory;
  const from = registers.cpl;
  if (registers.mode.legacy || (registers.system & NT) !== 0 || memory.watch !== undefined) return undefined;
  const frame = memory.place(view.getUint32(base + RSP_AT, true), view.getUint32(base + RSP_AT + 4, true), FRAME, READ, memory.tlb.mode);
  if (frame === 0) return undefined;
  const selector = view.getUint16(frame + 8, true), stackSelector = view.getUint16(frame + 32, true), level = selector & 3;
  const high = view.getUint32(frame + 4, true);
  if (level < from) return undefined;
  const descriptor = descriptorOf(memory, selector);
  if (descriptor === 0 || !isCode(view, descriptor, level) || !isCanonical(high)) return undefined;
  const isNull = (stackSelector & ~3) === 0;
  if ((stackSelector & 3) !== level || (isNull && level === 3)) return undefined;
  const stack = isNull ? 0 : descriptorOf(memory, stackSelector);
  if (!isNull && (stack === 0 || !isStack(view, stack, level))) return undefined;

  const flags = view.getUint32(frame + 16, true), low = view.getUint32(frame, true);
  const pointer = view.getUint32(frame + 24, true), pointerHigh = view.getUint32(frame + 28, true);
  cpu.setCpl(level);
  load(memory, CS, selector, descriptor);
  load(memory, SS, stackSelector, stack);
  setPair(view, base + RSP_AT, pointer, pointerHigh);
  setPair(view, base + CPU.rip, low, high);
  if (level > from) cpu.descriptors.dropPrivileged(level);
  return flags;
}

function isCode(view: DataView, descriptor: number, level: number): boolean {
  const attributes = view.getUint32(descriptor + 4, true) >>> 8;
  return (attributes & CODE_BITS) === CODE && dplOf(attributes) === level;
}

function isStack(view: DataView, descriptor: number, level: number): boolean {
  const attributes = view.getUint32(descriptor + 4, true) >>> 8;
  return (attributes & STACK_BITS) === STACK && dplOf(attributes) === level;
}

/** Where so many bytes behind a base lie that the processor's block has at an offset; 0 as of `place`. */
function placeFrom(memory: LinearMemory, field: number, offset: number, bytes: number, access: Access): number {
  const { view, base } = memory;
  const low = view.getUint32(base + field, true) + offset;
  return memory.place(low >>> 0, view.getUint32(base + field + 4, true) + (low > 0xffff_ffff ? 1 : 0), bytes, access, MODE_SUPERVISOR);
}

/** Where the descriptor of a selector of the global table lies; 0 where there is none. */
function descriptorOf(memory: LinearMemory, selector: number): number {
  const outside = (selector & ~3) === 0 || (selector & 4) !== 0 || (selector | 7) > memory.view.getUint32(memory.base + CPU.gdtr + 8, true);
  return outside ? 0 : placeFrom(memory, CPU.gdtr, selector & ~7, 8, READ);
}

/** Where the stack pointer of a handler lies: in the task-state segment, or among the registers. */
function stackAt(memory: LinearMemory, ist: number, level: number, cpl: number): number {
  if (ist === 0 && level === cpl) return memory.base + RSP_AT;
  // SDM, "64-Bit Task State Segment": RSP0 to RSP2 at offset 4, IST1 to IST7 at offset 36.
  const offset = ist === 0 ? 4 + 8 * level : 36 + 8 * (ist - 1);
  const outside = offset + 7 > memory.view.getUint32(memory.base + segmentBase(TR) + SEGMENT.limit, true);
  return outside ? 0 : placeFrom(memory, segmentBase(TR), offset, 8, READ);
}

/** What a segment register holds of a descriptor; of a null selector, with 0, nothing. The mode is yet to be worked out. */
function load({ view, base }: LinearMemory, register: number, selector: number, descriptor: number): void {
  const at = base + segmentBase(register), isNull = descriptor === 0;
  const first = isNull ? 0 : view.getUint32(descriptor, true), second = isNull ? 0 : view.getUint32(descriptor + 4, true);
  const raw = (second & 0xf_0000) | (first & 0xffff), attributes = (second >>> 8) & 0xf0ff;
  setPair(view, at + SEGMENT.base, (first >>> 16) | ((second & 0xff) << 16) | (second & 0xff00_0000), 0);
  view.setUint32(at + SEGMENT.limit, (attributes & ATTRIBUTE.granular) !== 0 ? raw * 0x1000 + 0xfff : raw, true);
  view.setUint16(at + SEGMENT.selector, selector, true);
  view.setUint16(at + SEGMENT.attributes, attributes, true);
}

function setPair(view: DataView, at: number, low: number, high: number): void {
  view.setUint32(at, low, true);
  view.setUint32(at + 4, high, true);
}
