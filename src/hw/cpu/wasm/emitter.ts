/**
 * What all emitted routines share: values on the stack or in local variables, the fields of processor and record, addresses,
 * and memory through the TLB in line. A miss calls out, and the caller then knows what to do.
 */
import type { BranchKind, Micro, MicroId, Program } from '../../../x86/isa/micro.ts';
import type { Width } from '../../../x86/registers.ts';
import { type Access, READ, WRITE } from '../guest-fault.ts';
import { CPU, RECORD, STATUS, TLB } from '../layout.ts';
import type { AccessWidth } from '../memory.ts';
import { Code } from './module.ts';
import { type Observers, TOLD } from './observers.ts';
import type { Op } from './op.ts';

/** Functions that routines call. */
export interface Callees {
  /** (processor, access code) -> status: makes the TLB know `address`, or wants the instruction done another way. */
  readonly fill: number;
  readonly mulhu: number;
  readonly udiv128: number;
  readonly bswap: number;
  /** (checksum xor data, bits of data) -> the checksum of CRC32. */
  readonly crc32: number;
  /** (processor) -> the six status flags. */
  readonly status: number;
  /** (processor, flags). */
  readonly setStatus: number;
  /** By width of the numbers: (first, second, result) -> whether their sum, or product, is not just that. */
  readonly inexactSum4: number;
  readonly inexactSum8: number;
  readonly inexactProduct4: number;
  readonly inexactProduct8: number;
  /** Where branches and accesses are told to, in the module that observes them. */
  readonly observers: Observers | undefined;
}

export const PROCESSOR = 0;
export const RECORD_PARAMETER = 1;

/** What `fill` is told of an access: its kind, its width and its alignment. */
export const accessCode = (access: Access, width: AccessWidth, alignment: number): number =>
  access | (width << ACCESS.widthShift) | (alignment << ACCESS.alignmentShift);
export const ACCESS = { kinds: 3, widthShift: 2, widths: 0x3f, alignmentShift: 8 } as const;
export const accessKind = (code: number): Access => (code & ACCESS.kinds) as Access;
export const accessWidth = (code: number): number => (code >> ACCESS.widthShift) & ACCESS.widths;
/** Addresses that are no multiple of it are not for the fast way. */
export const accessAlignment = (code: number): number => code >> ACCESS.alignmentShift;

export const LOAD: Readonly<Record<Width, Op>> = { 1: 'i64_load8_u', 2: 'i64_load16_u', 4: 'i64_load32_u', 8: 'i64_load' };
export const STORE: Readonly<Record<Width, Op>> = { 1: 'i64_store8', 2: 'i64_store16', 4: 'i64_store32', 8: 'i64_store' };
export const SIGN_EXTEND: Readonly<Record<number, Op>> = { 1: 'i64_extend8_s', 2: 'i64_extend16_s', 4: 'i64_extend32_s' };

/** Takes the low half of an address, and pushes how far from the start of a table of the TLB its entry is. */
export function tlbOffset(code: Code): void {
  // The number of the page, modulo that of entries, times the size of one.
  code.i32(12 - Math.log2(TLB.entrySize));
  code.op('i32_shr_u');
  code.i32((TLB.entries - 1) * TLB.entrySize);
  code.op('i32_and');
}

/** Pushes whether an entry of the TLB does not say that the code at an address is fetched from the place that is pushed. */
export function isElsewhere(code: Code, entry: number, address: number, pushHost: () => void): void {
  code.get(entry);
  code.access('i64_load', TLB.fetch + TLB.tag);
  code.get(address);
  code.op('i64_ne');
  code.get(entry);
  code.access('i32_load', TLB.fetch + TLB.addend);
  code.get(address);
  code.op('i32_wrap_i64', 'i32_add');
  pushHost();
  code.op('i32_ne', 'i32_or');
}

export abstract class Emitter {
  protected readonly code: Code;
  protected readonly program: Program;
  protected readonly callees: Callees;
  /** By micro-op: the local variable of a value, once it was computed. */
  protected readonly locals: (number | undefined)[] = [];
  /** By micro-op: the local variable that says where the memory of an update lies. */
  protected readonly hosts: (number | undefined)[] = [];
  /** Local variables with the places of its accesses, of which observers are told when it is done. None depends on a condition. */
  protected readonly accessed: number[] = [];

  constructor(program: Program, callees: Callees, code = new Code(2)) {
    this.program = program;
    this.callees = callees;
    this.code = code;
  }

  /** Pushes the value of a micro-op that is not in a local variable. */
  protected abstract compute(id: MicroId, micro: Micro): void;

  protected micro(id: MicroId): Micro {
    return this.program.micros[id]!;
  }

  /** Pushes the value of a micro-op. */
  protected push(id: MicroId): void {
    const local = this.locals[id];
    if (local !== undefined) this.code.get(local);
    else this.compute(id, this.micro(id));
  }

  protected pushAll(ids: readonly MicroId[]): void {
    for (const id of ids) this.push(id);
  }

  protected isZero(id: MicroId): boolean {
    return this.micro(id).op === 'const' && this.micro(id).value === 0n;
  }

  protected simple(args: readonly MicroId[], op: Op): void {
    this.pushAll(args);
    this.code.op(op);
  }

  protected callWith(args: readonly MicroId[], index: number): void {
    this.pushAll(args);
    this.code.call(index);
  }

  protected call(index: number): void {
    this.code.get(PROCESSOR);
    this.code.call(index);
  }

  protected zeroExtend(arg: MicroId, width: Width): void {
    this.push(arg);
    this.code.i64((1n << BigInt(8 * width)) - 1n);
    this.code.op('i64_and');
  }

  // Fields.

  protected cpuField(op: Op, offset: number): void {
    this.code.get(PROCESSOR);
    this.code.access(op, offset);
  }

  protected recordField(op: Op, offset: number): void {
    this.code.get(RECORD_PARAMETER);
    this.code.access(op, offset);
  }

  /** A field of the processor whose offset is in the record. */
  protected fieldOf(recordOffset: number, op: Op): void {
    this.code.get(PROCESSOR);
    this.recordField('i32_load16_u', recordOffset);
    this.code.op('i32_add');
    this.code.access(op, 0);
  }

  protected fromBlock(pushOffset: () => void): void {
    this.cpuField('i64_load', CPU.blockRip);
    pushOffset();
    this.code.op('i64_add');
  }

  /** base + index << scale + displacement, as wide as addresses are. */
  protected effectiveAddress(extra: MicroId | undefined): void {
    const { code } = this;
    this.fieldOf(RECORD.base, 'i64_load');
    this.fieldOf(RECORD.index, 'i64_load');
    this.recordField('i64_load8_u', RECORD.scale);
    code.op('i64_shl', 'i64_add');
    this.recordField('i64_load', RECORD.displacement);
    code.op('i64_add');
    if (extra !== undefined && !this.isZero(extra)) {
      this.push(extra);
      code.op('i64_add');
    }
    this.recordField('i64_load8_u', RECORD.addressShift);
    code.op('i64_shl');
    this.recordField('i64_load8_u', RECORD.addressShift);
    code.op('i64_shr_u');
  }

  protected address(displacement: MicroId): void {
    this.effectiveAddress(displacement);
    this.fieldOf(RECORD.segment, 'i64_load');
    this.code.op('i64_add');
  }

  // Memory.

  protected load({ args, width }: Micro): void {
    this.translate(args[0]!, width, false);
    this.code.access(LOAD[width], 0);
  }

  protected update(id: MicroId, { args, width }: Micro): void {
    const host = this.code.local('i32');
    this.hosts[id] = host;
    this.translate(args[0]!, width, true, host);
    this.code.access(LOAD[width], 0);
  }

  protected store({ args, width }: Micro): void {
    this.translate(args[0]!, width, true);
    this.push(args[1]!);
    this.code.access(STORE[width], 0);
  }

  protected put({ args, width }: Micro): void {
    this.code.get(this.hosts[args[0]!]!);
    this.push(args[1]!);
    this.code.access(STORE[width], 0);
  }

  protected loadPacked({ args, n }: Micro): void {
    this.translate(args[0]!, 16, false, undefined, n);
    this.code.simdAccess('v128_load', 0);
  }

  protected storePacked({ args, n }: Micro): void {
    this.translate(args[0]!, 16, true, undefined, n);
    this.push(args[1]!);
    this.code.simdAccess('v128_store', 0);
  }

  /** Pushes the place in linear memory of a linear address, and keeps it in `host`; leaves the handler when there is none. */
  protected translate(addressId: MicroId, width: AccessWidth, write: boolean, host = this.code.local('i32'), alignment = 1): void {
    const { code } = this;
    const table = write ? TLB.write : TLB.read;
    const address = code.local('i64'), entry = code.local('i32'), status = code.local('i32');
    this.push(addressId);
    code.set(address);
    this.tlbEntry(address);
    code.tee(entry);
    code.access('i64_load', table + TLB.tag);
    this.fillIfMissed(address, width, write, alignment);
    code.tee(status);
    code.if();
    this.unlessAcross(status, entry, write, () => {
      code.get(status);
      code.op('return');
    });
    code.op('end', 'end');
    this.translated(address, entry, table);
    code.tee(host);
    this.observeAccess(host);
  }

  /** The TLB was not filled. What is read from two pages may have been put together: then `entry` leads there; else leaves. */
  protected unlessAcross(status: number, entry: number, write: boolean, leave: () => void): void {
    if (write || this.callees.observers !== undefined) return leave();
    const { code } = this;
    code.get(status);
    code.i32(STATUS.across);
    code.op('i32_ne');
    code.if();
    leave();
    code.op('end');
    code.get(PROCESSOR);
    code.i32(CPU.across - TLB.read);
    code.op('i32_add');
    code.set(entry);
  }

  /** Pushes the place in linear memory of an address that the entry translates. */
  protected translated(address: number, entry: number, table: number): void {
    const { code } = this;
    code.get(address);
    code.op('i32_wrap_i64');
    code.get(entry);
    code.access('i32_load', table + TLB.addend);
    code.op('i32_add');
  }

  protected pushTlb(): void {
    this.cpuField('i32_load', CPU.tlb);
  }

  /** Pushes where the TLB of the present mode has an address, if it has it. */
  protected tlbEntry(address: number): void {
    const { code } = this;
    this.pushTlb();
    code.get(address);
    code.op('i32_wrap_i64');
    tlbOffset(code);
    code.op('i32_add');
  }

  /** Takes a tag. Begins what is done if it is not that of the access: the TLB is filled, and whether that failed is left. */
  protected fillIfMissed(address: number, width: AccessWidth, write: boolean, alignment: number): void {
    const { code } = this;
    // The last byte must be on the page of the tag too: an access to two pages is a miss. One that is aligned cannot be.
    code.get(address);
    if (alignment < width && width > 1) {
      code.i64(BigInt(width - 1));
      code.op('i64_add');
    }
    code.i64(-0x1000n);
    code.op('i64_and', 'i64_ne');
    if (alignment > 1) {
      code.get(address);
      code.op('i32_wrap_i64');
      code.i32(alignment - 1);
      code.op('i32_and', 'i32_or');
    }
    code.rarely();
    code.get(PROCESSOR);
    code.get(address);
    code.access('i64_store', CPU.address);
    code.get(PROCESSOR);
    code.i32(accessCode(write ? WRITE : READ, width, alignment));
    code.call(this.callees.fill);
  }

  // Observation: nothing is emitted where nobody observes.

  protected observeAccess(host: number): void {
    if (this.callees.observers !== undefined) this.accessed.push(host);
  }

  protected observeBranch(kind: BranchKind, pushTaken: () => void): void {
    const { code, callees: { observers } } = this;
    if (observers === undefined) return;
    for (const name of TOLD[kind]) {
      code.get(PROCESSOR);
      if (name !== 'return') this.pushNext();
      if (name === 'conditional') pushTaken();
      else if (name !== 'call') this.pushWhere();
      code.call(observers[name]);
    }
  }

  /** Pushes the low half of the address behind the instruction. */
  protected pushNext(): void {
    this.cpuField('i32_load', CPU.blockRip);
    this.recordField('i32_load16_u', RECORD.next);
    this.code.op('i32_add');
  }

  /** Pushes the low half of the address to which a branch has gone. */
  protected pushWhere(): void {
    this.cpuField('i32_load', CPU.rip);
  }

  /** The instruction is done. */
  protected commit(): void {
    const { code, accessed, callees: { observers } } = this;
    for (const host of accessed) {
      code.get(PROCESSOR);
      code.get(host);
      code.call(observers!.use);
    }
  }
}
