/**
 * Micro-ops, interpreted. This is the plain meaning of the instruction table: what it says is right, and what is emitted
 * as WebAssembly must agree with it. It also reaches what emitted code does not: devices, accesses to two pages, and
 * writes to pages of code.
 */
import { assert } from '../../base/assert.ts';
import { GP, STACK, type Vector } from '../../x86/fault.ts';
import { CF, OF, PF, SF, ZF } from '../../x86/flags.ts';
import { type BranchKind, type Micro, type MicroId, type Program, REPEAT, type Via } from '../../x86/isa/micro.ts';
import { floatValue, join, packedValue } from '../../x86/isa/packed-value.ts';
import { bitLength, byteSwap, checksum, lowestBit, ones } from '../../x86/isa/word-value.ts';
import { CS, ES, RCX, SS, type Width } from '../../x86/registers.ts';
import { compareStrings } from '../../x86/simd/text.ts';
import { TOP_MASK } from '../../x86/x87/words.ts';
import { timestamp } from './clock.ts';
import { FIELD_OFFSETS } from './fields.ts';
import { type Access, GuestFault, READ, WRITE } from './guest-fault.ts';
import { CPU, gprOffset, RECORD, RECORD_STACK, SEGMENT, STATUS, type Status, segmentBase, X87_REGISTER, xmmOffset } from './layout.ts';
import { type AccessWidth, highOf, type LinearMemory, lowOf } from './memory.ts';
import type { Observation } from './observation.ts';
import { readStatus, writeStatus } from './registers.ts';
import { faultOf, type Segmentation } from './segmentation.ts';
import { checkMmx, checkPlace, checkSimd, underMxcsr } from './simd.ts';

const MASK: Readonly<Record<Width, bigint>> = { 1: 0xffn, 2: 0xffffn, 4: 0xffff_ffffn, 8: 0xffff_ffff_ffff_ffffn };
const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);
const s64 = (value: bigint): bigint => BigInt.asIntN(64, value);
const SIGN = 1n << 63n;

/** Thrown out of a program that asks for what only assistance reaches. Nothing has happened. */
export const OUT_OF_REACH = Symbol('out of reach');

/** Runs programs on behalf of one processor. */
export class Evaluator {
  private readonly memory: LinearMemory;
  private readonly view: DataView;
  private readonly cpu: number;
  private readonly observation: Observation;
  private readonly segmentation: Segmentation;
  /** Outside 64-bit mode: what is accessed must lie in its segment. */
  private legacy = false;
  /** Branch predictor and caches see what it does. */
  observed = false;
  private record = 0;
  private once = false;
  private program: Program = { micros: [], body: [], usedOperandSize: false, usedAddressSize: false };
  private values: (bigint | boolean)[] = [];
  private addresses: bigint[] = [];

  constructor(memory: LinearMemory, observation: Observation, segmentation: Segmentation, cpu: number) {
    this.observation = observation;
    this.segmentation = segmentation;
    this.memory = memory;
    this.view = memory.view;
    this.cpu = cpu;
  }

  /**
   * Runs `program` with the parameters of `record`. With `once` it is assistance: all of memory is in reach, and of a repeated
   * instruction at most one iteration is done. Throws a GuestFault or OUT_OF_REACH, having changed nothing but, at most, memory.
   */
  run(program: Program, record: number, once: boolean): Status {
    this.program = program;
    this.record = record;
    this.once = once;
    this.legacy = this.view.getUint32(this.cpu + CPU.bits, true) !== 64;
    this.observation.drop();
    const status = this.sequence(program.body);
    this.observation.commit();
    return status;
  }

  private access(address: bigint, kind: Access, blame: Vector): void {
    if (!this.observed) return;
    const physical = this.memory.physical(address, kind, blame);
    if (this.memory.isCached(physical)) this.observation.access(this.memory.inMachine(physical));
  }

  private branch(kind: BranchKind, taken: boolean): void {
    if (!this.observed || kind === 'direct') return;
    this.observation.commit();
    const next = this.view.getUint32(this.cpu + CPU.blockRip, true) + this.u16(RECORD.next);
    this.observation.branch(kind, next >>> 0, taken, this.view.getUint32(this.cpu + CPU.rip, true));
  }

  /** The linear address of the memory operand of a record; outside 64-bit mode `bytes` bytes of it may be accessed so. */
  address(record: number, bytes: number, access: Access): bigint {
    this.record = record;
    this.legacy = this.view.getUint32(this.cpu + CPU.bits, true) !== 64;
    return this.within(u64(this.effectiveAddress(0n) + this.get64(this.u16(RECORD.segment))), bytes, access, 'operand');
  }

  /** The segment register of the memory operand of a record. */
  segmentOf(record: number): number {
    return (this.view.getUint16(record + RECORD.segment, true) - CPU.segments) / SEGMENT.size;
  }

  /** Its effective address: no segment base. */
  offset(record: number): bigint {
    this.record = record;
    return this.effectiveAddress(0n);
  }

  /** Runs micro-ops until one leaves the instruction; `next` when none did. */
  private sequence(ids: readonly MicroId[]): Status {
    for (const id of ids) {
      const left = this.step(id, this.program.micros[id]!);
      if (left !== STATUS.next) return left;
    }
    return STATUS.next;
  }

  private word(id: MicroId): bigint {
    return this.values[id] as bigint;
  }

  private step(id: MicroId, micro: Micro): Status {
    const { op, args, n, width } = micro;
    switch (op) {
      case 'setOperand': this.setRegister(this.u16(RECORD.operands + 2 * n), this.word(args[0]!), width); return STATUS.next;
      case 'setGpr': this.setRegister(gprOffset(n), this.word(args[0]!), width); return STATUS.next;
      case 'setXmm': this.setXmm(this.u16(RECORD.operands + 2 * n), this.word(args[0]!)); return STATUS.next;
      case 'setVector': this.setXmm(xmmOffset(n), this.word(args[0]!)); return STATUS.next;
      case 'store': return this.store(this.word(args[0]!), this.word(args[1]!) & MASK[width], width, micro.via);
      case 'setXmmLow': this.setLow(this.u16(RECORD.operands + 2 * n), this.word(args[0]!), width); return STATUS.next;
      case 'setMxcsr': this.view.setUint32(this.cpu + CPU.mxcsr, Number(this.word(args[0]!)), true); return STATUS.next;
      case 'storePacked': return this.store(this.word(args[0]!), this.word(args[1]!), 16, micro.via, n);
      case 'put': this.memory.write(this.addresses[args[0]!]!, this.word(args[1]!) & MASK[width], width); return STATUS.next;
      case 'resultFlags': this.resultFlags(this.word(args[0]!), width); return STATUS.next;
      case 'carryFlags': this.carryFlags(this.word(args[0]!), width); return STATUS.next;
      case 'setCarry': this.setCarry(this.values[args[0]!] === true, this.values[args[1]!] === true); return STATUS.next;
      case 'setFlag': this.setFlag(n, this.values[args[0]!] === true); return STATUS.next;
      case 'setStatus': writeStatus(this.view, this.cpu, Number(this.word(args[0]!) & 0xffffn)); return STATUS.next;
      case 'setSystem': this.setSystem(n, Number(BigInt.asUintN(32, this.word(args[0]!)))); return STATUS.next;
      case 'setField': this.set64(FIELD_OFFSETS[n]!, this.word(args[0]!)); return STATUS.next;
      case 'rights': this.memory.chooseMode(); return STATUS.next;
      case 'jump':
        this.set64(CPU.rip, this.word(args[0]!));
        this.branch(micro.branch!, true);
        return STATUS.branch;
      case 'branch': return this.conditional(this.values[args[0]!] === true, this.word(args[1]!));
      case 'simd': this.checkSimd(); return STATUS.next;
      case 'mmx': this.checkMmx(); return STATUS.next;
      case 'mmxState':
        this.view.setUint16(this.cpu + CPU.x87Status, this.view.getUint16(this.cpu + CPU.x87Status, true) & ~TOP_MASK, true);
        this.view.setUint16(this.cpu + CPU.x87InUse, n, true);
        return STATUS.next;
      case 'setMmx': this.setMmx(this.u16(RECORD.operands + 2 * n), this.word(args[0]!)); return STATUS.next;
      case 'fault': throw new GuestFault(n as Vector);
      case 'check': return STATUS.check;
      case 'microcode': return STATUS.microcode;
      case 'if': return this.sequence(this.values[args[0]!] === true ? micro.body : micro.otherwise);
      case 'repeat': return this.repeat(micro);
      default: this.values[id] = this.value(id, micro); return STATUS.next;
    }
  }

  private conditional(taken: boolean, target: bigint): Status {
    if (taken) this.set64(CPU.rip, target);
    this.branch('conditional', taken);
    return taken ? STATUS.branch : STATUS.next;
  }

  private value(id: MicroId, micro: Micro): bigint | boolean {
    const { op, args, n, width, via } = micro;
    const [a, b] = [this.values[args[0]!] as bigint, this.values[args[1]!] as bigint];
    switch (op) {
      case 'const': return micro.value;
      case 'add': return u64(a + b);
      case 'sub': return u64(a - b);
      case 'mul': return u64(a * b);
      case 'mulhu': return (a * b) >> 64n;
      case 'udiv': return a / b;
      case 'udiv128': return ((a << 64n) | b) / this.word(args[2]!);
      case 'and': return a & b;
      case 'or': return a | b;
      case 'xor': return a ^ b;
      case 'shl': return u64(a << (b & 63n));
      case 'shr': return a >> (b & 63n);
      case 'sar': return u64(s64(a) >> (b & 63n));
      case 'ctz': return a === 0n ? 64n : BigInt(lowestBit(a));
      case 'clz': return BigInt(64 - bitLength(a));
      case 'popcnt': return ones(a);
      case 'bswap': return byteSwap(a);
      case 'crc32': return checksum(a, b, width);
      case 'zext': return a & MASK[width];
      case 'sext': return u64(BigInt.asIntN(8 * width, a));
      case 'select': return (a as unknown) === true ? b : this.word(args[2]!);
      case 'word': return (a as unknown) === true ? 1n : 0n;
      case 'eq': return a === b;
      case 'ltu': return a < b;
      case 'lts': return s64(a) < s64(b);
      case 'not': return (a as unknown) !== true;
      case 'both': return (a as unknown) === true && (b as unknown) === true;
      case 'either': return (a as unknown) === true || (b as unknown) === true;
      case 'differ': return a !== b;
      case 'packed': case 'lanes': case 'shift': case 'bytes': case 'permute': case 'withLane': case 'lane': case 'signs':
        return packedValue(micro, a, b);
      case 'matches': return BigInt(compareStrings(a, b, Number(this.word(args[2]!)), Number(this.word(args[3]!) & 0xffn)));
      case 'float': case 'dot': case 'floatOf': case 'integerOf': case 'truncated': case 'order':
        return underMxcsr(this.view, this.cpu, (env) => floatValue(micro, env, a, b, this.values[args[2]!] as bigint));
      case 'mxcsr': return BigInt(this.view.getUint32(this.cpu + CPU.mxcsr, true));
      case 'operand': return this.register(this.u16(RECORD.operands + 2 * n), width);
      case 'immediate': return this.record64(RECORD.immediate);
      case 'target': return u64(this.get64(CPU.blockRip) + this.record64(RECORD.immediate));
      case 'nextRip': return u64(this.get64(CPU.blockRip) + BigInt(this.u16(RECORD.next)));
      case 'gpr': return this.register(gprOffset(n), width);
      case 'address': return u64(this.effectiveAddress(a) + this.get64(this.u16(RECORD.segment)));
      case 'offset': return this.effectiveAddress(0n);
      case 'segmentBase': return this.get64(n === -1 ? this.u16(RECORD.segment) : segmentBase(n));
      case 'system': return BigInt((this.view.getUint32(this.cpu + CPU.system, true) & n) >>> 0);
      case 'field': return this.get64(FIELD_OFFSETS[n]!);
      case 'timestamp': return timestamp(this.view, this.cpu, this.once ? undefined : this.record);
      case 'cpl': return BigInt(this.view.getUint32(this.cpu + CPU.cpl, true));
      case 'stackMask': return this.get64(CPU.stackMask);
      case 'codeLimit': return BigInt(this.view.getUint32(this.cpu + segmentBase(CS) + SEGMENT.limit, true));
      case 'load': return this.load(a, width, via);
      case 'update': return this.update(id, a, width, via);
      case 'xmm': return this.xmm(this.u16(RECORD.operands + 2 * n));
      case 'vector': return this.xmm(xmmOffset(n));
      case 'loadPacked': return this.load(a, 16, via, n);
      case 'status': return BigInt(readStatus(this.view, this.cpu));
      case 'flag': return (readStatus(this.view, this.cpu) & n) !== 0;
      case 'condition': return this.condition(n);
      default: return assert(false, `${op} has no value`) as never;
    }
  }

  /**
   * Emitted code reaches one page of guest memory that holds no code to be overwritten. What is beyond that, a device above
   * all, must see the time and the interrupts of that very instruction: it is not done in the middle of a block.
   */
  private reach(address: bigint, width: Width | 16, access: Access, blame: Vector): void {
    if (this.once) return;
    if (Number(address & 0xfffn) + width > 0x1000 || !this.memory.fill(lowOf(address), highOf(address), access, blame)) throw OUT_OF_REACH;
  }

  /** Where the place of an address is: outside 64-bit mode in its segment, or it is a fault. */
  private within(address: bigint, bytes: number, access: Access, via: Via): bigint {
    if (!this.legacy) return address;
    const segment = via === 'stack' ? SS : via === 'data' ? ES : this.segmentOf(this.record);
    return this.segmentation.checked(segment, address, bytes, access);
  }

  private store(to: bigint, value: bigint, width: AccessWidth, via: Via, alignment = 1): Status {
    checkPlace(to, alignment);
    const address = this.within(to, width, WRITE, via), blame = this.blame(via);
    this.reach(address, width, WRITE, blame);
    this.memory.write(address, value, width, blame);
    this.access(address, WRITE, GP);
    return STATUS.next;
  }

  private load(from: bigint, width: AccessWidth, via: Via, alignment = 1): bigint {
    checkPlace(from, alignment);
    const address = this.within(from, width, READ, via), blame = this.blame(via);
    this.reach(address, width, READ, blame);
    const value = this.memory.read(address, width, blame);
    this.access(address, READ, blame);
    return value;
  }

  private update(id: MicroId, from: bigint, width: Width, via: Via): bigint {
    const address = this.within(from, width, WRITE, via), blame = this.blame(via);
    this.addresses[id] = address;
    this.reach(address, width, WRITE, blame);
    const value = this.memory.readForUpdate(address, width, blame);
    this.access(address, WRITE, blame);
    return value;
  }

  /** base + index << scale + displacement, as wide as addresses are. */
  private effectiveAddress(extra: bigint): bigint {
    const base = this.get64(this.u16(RECORD.base)), index = this.get64(this.u16(RECORD.index));
    const scale = BigInt(this.view.getUint8(this.record + RECORD.scale));
    const sum = base + (index << scale) + this.record64(RECORD.displacement) + extra;
    return BigInt.asUintN(64 - this.view.getUint8(this.record + RECORD.addressShift), sum);
  }

  private blame(via: Via): Vector {
    if (this.legacy && via === 'operand') return faultOf(this.segmentOf(this.record));
    const stack = via === 'stack' || (via === 'operand' && (this.view.getUint8(this.record + RECORD.flags) & RECORD_STACK) !== 0);
    return stack ? STACK : GP;
  }

  private u16(offset: number): number {
    return this.view.getUint16(this.record + offset, true);
  }

  private record64(offset: number): bigint {
    return this.view.getBigUint64(this.record + offset, true);
  }

  private get64(offset: number): bigint {
    return this.view.getBigUint64(this.cpu + offset, true);
  }

  private set64(offset: number, value: bigint): void {
    this.view.setBigUint64(this.cpu + offset, value, true);
  }

  private register(offset: number, width: Width): bigint {
    const at = this.cpu + offset;
    switch (width) {
      case 1: return BigInt(this.view.getUint8(at));
      case 2: return BigInt(this.view.getUint16(at, true));
      case 4: return BigInt(this.view.getUint32(at, true));
      case 8: return this.view.getBigUint64(at, true);
    }
  }

  /** A write of four bytes clears the upper half; narrower ones leave the rest alone. */
  private setRegister(offset: number, value: bigint, width: Width): void {
    const at = this.cpu + offset;
    if (width === 1) this.view.setUint8(at, Number(value & 0xffn));
    else if (width === 2) this.view.setUint16(at, Number(value & 0xffffn), true);
    else this.view.setBigUint64(at, value & MASK[width], true);
  }

  private checkSimd(): void {
    checkSimd(this.view.getUint32(this.cpu + CPU.cr0, true), this.view.getUint32(this.cpu + CPU.cr4, true));
  }

  private checkMmx(): void {
    checkMmx(this.view.getUint32(this.cpu + CPU.cr0, true), this.view.getUint16(this.cpu + CPU.x87Status, true));
  }

  private setMmx(offset: number, value: bigint): void {
    this.set64(offset, value);
    this.view.setUint16(this.cpu + offset + X87_REGISTER.upper, 0xffff, true);
  }

  private setLow(offset: number, value: bigint, width: Width): void {
    if (width === 4) this.view.setUint32(this.cpu + offset, Number(value & MASK[4]), true);
    else this.set64(offset, value);
  }

  private xmm(offset: number): bigint {
    return join(this.get64(offset), this.get64(offset + 8));
  }

  private setXmm(offset: number, value: bigint): void {
    this.set64(offset, u64(value));
    this.set64(offset + 8, value >> 64n);
  }

  private condition(code: number): boolean {
    const status = readStatus(this.view, this.cpu);
    const has = (mask: number): boolean => (status & mask) !== 0;
    const less = has(SF) !== has(OF);
    const met = [has(OF), has(CF), has(ZF), has(CF) || has(ZF), has(SF), has(PF), less, less || has(ZF)][code >> 1]!;
    return met !== ((code & 1) !== 0);
  }

  private resultFlags(value: bigint, width: Width): void {
    const result = u64(BigInt.asIntN(8 * width, value));
    this.set64(CPU.zeroSource, result);
    this.set64(CPU.signSource, result);
  }

  private carryFlags(carries: bigint, width: Width): void {
    this.set64(CPU.carries, width === 8 ? carries : u64(carries << BigInt(64 - 8 * width)) | (carries & 8n));
  }

  private setCarry(cf: boolean, of: boolean): void {
    this.set64(CPU.carries, (cf ? SIGN : 0n) | (cf !== of ? SIGN >> 1n : 0n));
  }

  private setFlag(mask: number, value: boolean): void {
    const changed = ((readStatus(this.view, this.cpu) & mask) !== 0) !== value;
    if (mask === ZF) this.set64(CPU.zeroSource, value ? 0n : 1n);
    else if (changed) this.set64(CPU.carries, this.get64(CPU.carries) ^ (mask === CF ? SIGN | (SIGN >> 1n) : SIGN >> 1n));
    assert(mask === CF || mask === OF || mask === ZF, 'one of the flags that instructions set alone');
  }

  private setSystem(mask: number, value: number): void {
    const old = this.view.getUint32(this.cpu + CPU.system, true);
    this.view.setUint32(this.cpu + CPU.system, ((old & ~mask) | (value & mask)) >>> 0, true);
  }

  private repeat({ n, width, body }: Micro): Status {
    const { view, cpu } = this;
    for (;;) {
      if (this.register(gprOffset(RCX), width) === 0n) return STATUS.next;
      const left = this.sequence(body);
      assert(left === STATUS.next, 'an iteration goes to its end or faults');
      this.observation.commit();
      this.setRegister(gprOffset(RCX), this.register(gprOffset(RCX), width) - 1n, width);
      const zero = (readStatus(view, cpu) & ZF) !== 0;
      if ((n === REPEAT.REPE && !zero) || (n === REPEAT.REPNE && zero)) return STATUS.next;
      const budget = view.getInt32(cpu + CPU.budget, true) - view.getUint32(this.record + RECORD.cost, true);
      view.setInt32(cpu + CPU.budget, budget, true);
      if (this.register(gprOffset(RCX), width) === 0n) return STATUS.next;
      if (budget <= 0 || this.once) return STATUS.repeat;
    }
  }
}
