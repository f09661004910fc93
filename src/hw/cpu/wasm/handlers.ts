/**
 * Micro-ops to WebAssembly: one function per variant, `(processor, record) -> status`. The record says which registers,
 * displacement and immediate; the function says the rest.
 *
 * A pure micro-op that is used once is written where it is used; every other value has a local variable.
 */
import { assert } from '../../../base/assert.ts';
import { type BranchKind, MICRO_OPS, type Micro, type MicroId, type Program } from '../../../x86/isa/micro.ts';
import { ES, type Width } from '../../../x86/registers.ts';
import { CPU, gprOffset, RECORD, STATUS, segmentBase } from '../layout.ts';
import { type Callees, LOAD, PROCESSOR, SIGN_EXTEND, STORE } from './emitter.ts';
import type { Code } from './module.ts';
import { SystemEmitter } from './system-emitter.ts';

/** The function that runs `program`. */
export function handlerCode(program: Program, callees: Callees): Code {
  return new HandlerWriter(program, callees).write();
}

const LOCAL = { word: 'i64', bit: 'i32', packed: 'v128' } as const;

/** What is done only under conditions that hardly ever hold. */
const RARE: ReadonlySet<Micro['op']> = new Set(['fault', 'microcode']);

export class HandlerWriter extends SystemEmitter {
  /** How often each value is used. */
  protected readonly uses: number[];

  constructor(program: Program, callees: Callees, code?: Code) {
    super(program, callees, code);
    this.uses = new Array<number>(program.micros.length).fill(0);
    for (const micro of program.micros) for (const arg of micro.args) this.uses[arg]! += 1;
  }

  write(): Code {
    this.sequence(this.program.body);
    this.commit();
    this.code.i32(STATUS.next);
    return this.code;
  }

  protected sequence(ids: readonly MicroId[]): void {
    for (const id of ids) this.statement(id);
  }

  protected statement(id: MicroId): void {
    const micro = this.micro(id);
    const { result, pure } = MICRO_OPS[micro.op];
    if (result === 'none') return this.effect(micro);
    // Constants, and what is used once, are written at their use.
    if (pure && (micro.op === 'const' || this.uses[id]! <= 1)) return;
    this.compute(id, micro);
    const local = this.code.local(LOCAL[result]);
    this.locals[id] = local;
    this.code.set(local);
  }

  // Values.

  protected override compute(id: MicroId, micro: Micro): void {
    const { code } = this;
    const { op, args, width, n } = micro;
    switch (op) {
      case 'const': return code.i64(micro.value);
      case 'add': return this.simple(args, 'i64_add');
      case 'sub': return this.simple(args, 'i64_sub');
      case 'mul': return this.simple(args, 'i64_mul');
      case 'udiv': return this.simple(args, 'i64_div_u');
      case 'and': return this.simple(args, 'i64_and');
      case 'or': return this.simple(args, 'i64_or');
      case 'xor': return this.simple(args, 'i64_xor');
      case 'shl': return this.simple(args, 'i64_shl');
      case 'shr': return this.simple(args, 'i64_shr_u');
      case 'sar': return this.simple(args, 'i64_shr_s');
      case 'ctz': return this.simple(args, 'i64_ctz');
      case 'clz': return this.simple(args, 'i64_clz');
      case 'popcnt': return this.simple(args, 'i64_popcnt');
      case 'select': return this.simple([args[1]!, args[2]!, args[0]!], 'select');
      case 'word': return this.simple(args, 'i64_extend_i32_u');
      case 'mulhu': return this.callWith(args, this.callees.mulhu);
      case 'udiv128': return this.callWith(args, this.callees.udiv128);
      case 'bswap': return this.callWith(args, this.callees.bswap);
      case 'crc32': return this.checksum(args, width);
      case 'sext': return this.simple(args, SIGN_EXTEND[width]!);
      case 'zext': return this.zeroExtend(args[0]!, width);
      case 'eq': return this.equal(args);
      case 'ltu': return this.simple(args, 'i64_lt_u');
      case 'lts': return this.simple(args, 'i64_lt_s');
      case 'not': return this.simple(args, 'i32_eqz');
      case 'both': return this.simple(args, 'i32_and');
      case 'either': return this.simple(args, 'i32_or');
      case 'differ': return this.simple(args, 'i32_xor');
      case 'packed': case 'lanes': case 'shift': case 'bytes': case 'permute': case 'withLane': case 'lane': case 'signs':
        return this.packedValue(micro);
      // Few programs want them.
      case 'matches': case 'dot': return this.assist();
      case 'float': return this.float(micro);
      case 'floatOf': return this.floatOf(micro);
      case 'integerOf': case 'truncated': return this.integerOf(micro);
      case 'order': return this.order(micro);
      case 'mxcsr': return this.cpuField('i64_load32_u', CPU.mxcsr);
      case 'xmm': return this.xmm(n);
      case 'vector': return this.vector(n);
      case 'loadPacked': return this.loadPacked(micro);
      case 'operand': return this.fieldOf(RECORD.operands + 2 * n, LOAD[width]);
      case 'immediate': return this.recordField('i64_load', RECORD.immediate);
      case 'target': return this.fromBlock(() => this.recordField('i64_load', RECORD.immediate));
      case 'nextRip': return this.fromBlock(() => this.recordField('i64_load16_u', RECORD.next));
      case 'gpr': return this.cpuField(LOAD[width], gprOffset(n));
      case 'address': return this.address(args[0]!);
      case 'offset': return this.effectiveAddress(undefined);
      case 'segmentBase': return n === -1 ? this.fieldOf(RECORD.segment, 'i64_load') : this.cpuField('i64_load', segmentBase(ES));
      case 'system': return this.maskedSystem(n);
      case 'field': return this.field(n);
      case 'timestamp': return this.timestamp();
      case 'cpl': return this.cpuField('i64_load32_u', CPU.cpl);
      case 'load': return this.load(micro);
      case 'update': return this.update(id, micro);
      case 'status': return this.status();
      case 'flag': return this.flag(n);
      case 'condition': return this.condition(n);
      default: assert(false, `${op} has no value`);
    }
  }

  private equal([a, b]: readonly MicroId[]): void {
    this.push(a!);
    if (this.isZero(b!)) return this.code.op('i64_eqz');
    this.push(b!);
    this.code.op('i64_eq');
  }

  private checksum([crc, data]: readonly MicroId[], width: Width): void {
    this.push(crc!);
    this.zeroExtend(data!, width);
    this.code.op('i64_xor');
    this.code.i32(8 * width);
    this.code.call(this.callees.crc32);
  }

  private maskedSystem(mask: number): void {
    this.cpuField('i64_load32_u', CPU.system);
    this.code.i64(BigInt(mask >>> 0));
    this.code.op('i64_and');
  }

  // Effects.

  protected effect(micro: Micro): void {
    const { op, args, width, n } = micro;
    switch (op) {
      case 'setOperand': return this.setOperand(args[0]!, n, width);
      case 'setXmm': return this.setXmm(args[0]!, n);
      case 'setVector': return this.setVector(args[0]!, n);
      case 'setXmmLow': return this.setXmmLow(args[0]!, n, width);
      case 'setMxcsr': return this.setMxcsr(args[0]!);
      case 'storePacked': return this.storePacked(micro);
      case 'simd': return this.simd();
      case 'mmx': return this.mmx();
      case 'mmxState': return this.mmxState(n);
      case 'setMmx': return this.setMmx(args[0]!, n);
      case 'setGpr': return this.setRegister(args[0]!, gprOffset(n), width);
      case 'store': return this.store(micro);
      case 'put': return this.put(micro);
      case 'resultFlags': return this.resultFlags(args[0]!, width);
      case 'carryFlags': return this.carryFlags(args[0]!, width);
      case 'setCarry': return this.setCarry(args[0]!, args[1]!);
      case 'setFlag': return this.setFlag(n, args[0]!);
      case 'setStatus': return this.setStatus(args[0]!);
      case 'setSystem': return this.setSystem(n, args[0]!);
      case 'setField': return this.setField(args[0]!, n);
      case 'rights': return this.applyRights();
      case 'jump': return this.jump(args[0]!, micro.branch!);
      case 'branch': return this.branch(args[0]!, args[1]!);
      case 'fault': return this.leave(STATUS.assist);
      case 'check':
        this.commit();
        return this.leave(STATUS.check);
      case 'if': return this.if(micro);
      case 'repeat': return this.repeat(micro);
      case 'microcode': return this.leave(STATUS.microcode);
      default: assert(false, `${op} is no effect`);
    }
  }

  protected status(): void {
    this.call(this.callees.status);
  }

  protected setStatus(value: MicroId): void {
    this.code.get(PROCESSOR);
    this.push(value);
    this.code.call(this.callees.setStatus);
  }

  protected leave(status: number): void {
    this.code.i32(status);
    this.code.op('return');
  }

  /** A write of four bytes clears the upper half; narrower ones leave the rest alone. */
  private writeRegister(value: MicroId, width: Width): void {
    if (width === 4) {
      this.zeroExtend(value, 4);
      this.code.access('i64_store', 0);
    } else {
      this.push(value);
      this.code.access(STORE[width], 0);
    }
  }

  protected setOperand(value: MicroId, slot: number, width: Width): void {
    this.code.get(PROCESSOR);
    this.recordField('i32_load16_u', RECORD.operands + 2 * slot);
    this.code.op('i32_add');
    this.writeRegister(value, width);
  }

  protected setRegister(value: MicroId, offset: number, width: Width): void {
    this.code.get(PROCESSOR);
    this.code.i32(offset);
    this.code.op('i32_add');
    this.writeRegister(value, width);
  }

  protected setSystem(mask: number, value: MicroId): void {
    const { code } = this;
    code.get(PROCESSOR);
    this.cpuField('i32_load', CPU.system);
    code.i32(~mask);
    code.op('i32_and');
    this.push(value);
    code.op('i32_wrap_i64');
    code.i32(mask);
    code.op('i32_and', 'i32_or');
    code.access('i32_store', CPU.system);
  }

  protected jump(target: MicroId, kind: BranchKind): void {
    this.setRip(target);
    this.commit();
    this.observeBranch(kind, () => this.code.i32(1));
    this.leave(STATUS.branch);
  }

  protected branch(taken: MicroId, target: MicroId): void {
    this.push(taken);
    this.code.if();
    this.setRip(target);
    this.observeBranch('conditional', () => this.code.i32(1));
    this.leave(STATUS.branch);
    this.code.op('end');
    this.observeBranch('conditional', () => this.code.i32(0));
  }

  private setRip(target: MicroId): void {
    this.code.get(PROCESSOR);
    this.push(target);
    this.code.access('i64_store', CPU.rip);
  }

  protected if({ args, body, otherwise }: Micro): void {
    this.push(args[0]!);
    if (body.some((id) => RARE.has(this.micro(id).op))) this.code.rarely();
    else this.code.if();
    this.sequence(body);
    if (otherwise.length > 0) {
      this.code.op('else');
      this.sequence(otherwise);
    }
    this.code.op('end');
  }
}
