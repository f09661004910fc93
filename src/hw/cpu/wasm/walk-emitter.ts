/**
 * The walk through page tables in WebAssembly: the common case of what memory.ts and page-tables.ts do, which are the reference. It is
 * that of 4-level paging, where all that is needed is allowed, no accessed or dirty bit must be set, and no page of code would be
 * written. It leaves the same entry in the TLB, or none of a device; what is otherwise it leaves to the function that does everything.
 */
import {
  CR4_PGE, CR4_SMAP, CR4_SMEP, EFER_NXE, PTE_ACCESSED, PTE_DIRTY, PTE_GLOBAL, PTE_LARGE, PTE_PRESENT, PTE_USER, PTE_WRITE,
} from '../../../x86/paging.ts';
import { FETCH, WRITE } from '../guest-fault.ts';
import {
  CPU, CPU_BLOCK, pageSizeFlag, STATUS, TLB, TLB_GLOBAL, TLB_HOLDS_CODE, TLB_INVALID, TLB_LOCALS, TLB_MODES,
} from '../layout.ts';
import { ACCESS, PROCESSOR } from './emitter.ts';
import { Code } from './module.ts';

/** The second parameter: what `fill` is told of an access; see emitter.ts. */
const ACCESS_CODE = 1;
const ADDRESS_BITS = 0xf_ffff_ffff_f000n;
const TOP = 39n, SMALL = 12n;
/** Where the tables of a mode begin, from those of the first. */
const tablesOf = (mode: (typeof TLB_MODES)[number]): number => TLB_MODES.indexOf(mode) * TLB.mode;

/** (processor, access code) -> status, as `fill`. `slow` is the function that does everything. */
export function walk(slow: number): Code {
  return new WalkWriter().write(slow);
}

class WalkWriter {
  private readonly code = new Code(2);
  private readonly address = this.code.local('i64');
  private readonly page = this.code.local('i64');
  /** READ, WRITE or FETCH. */
  private readonly access = this.code.local('i32');
  /** Where the tables of the present mode begin, from those of the first. */
  private readonly mode = this.code.local('i32');
  private readonly entry = this.code.local('i32');
  private readonly tag = this.code.local('i64');
  /** The entry of the paging structures, and where the next one lies. */
  private readonly pte = this.code.local('i64');
  private readonly table = this.code.local('i64');
  private readonly shift = this.code.local('i64');
  /** What all entries have, and what any has. */
  private readonly all = this.code.local('i64');
  private readonly any = this.code.local('i64');
  private readonly reserved = this.code.local('i64');
  /** Of the page, less one. */
  private readonly size = this.code.local('i64');
  /** Where the page lies in linear memory. */
  private readonly host = this.code.local('i32');
  private readonly flags = this.code.local('i32');
  private readonly count = this.code.local('i32');

  write(slow: number): Code {
    const { code } = this;
    code.block();
    this.checkPlace();
    this.findEntry();
    this.descend();
    this.checkRights();
    this.findPage();
    this.list();
    this.remember();
    code.i32(STATUS.next);
    code.op('return', 'end');
    code.get(PROCESSOR);
    code.get(ACCESS_CODE);
    code.call(slow);
    return code;
  }

  private field(op: 'i32_load' | 'i64_load' | 'i64_load32_u', offset: number): void {
    this.code.get(PROCESSOR);
    this.code.access(op, offset);
  }

  /** An access to two pages, or one that is not aligned as it must be, is another's. */
  private checkPlace(): void {
    const { code, address, access } = this;
    this.field('i64_load', CPU.address);
    code.set(address);
    code.get(ACCESS_CODE);
    code.i32(ACCESS.kinds);
    code.op('i32_and');
    code.set(access);
    const inPage = (): void => {
      code.get(address);
      code.op('i32_wrap_i64');
      code.i32(0xfff);
      code.op('i32_and');
    };
    inPage();
    code.get(ACCESS_CODE);
    code.i32(ACCESS.widthShift);
    code.op('i32_shr_u');
    code.i32(ACCESS.widths);
    code.op('i32_and', 'i32_add');
    code.i32(0x1000);
    code.op('i32_gt_s');
    inPage();
    code.get(ACCESS_CODE);
    code.i32(ACCESS.alignmentShift);
    code.op('i32_shr_u');
    code.i32(1);
    code.op('i32_sub', 'i32_and', 'i32_or');
    code.brIf(0);
  }

  /** The entry of the TLB, which must not translate the address already: then it serves for something else. */
  private findEntry(): void {
    const { code, address, page, access, mode, entry, tag } = this;
    code.get(address);
    code.i64(-0x1000n);
    code.op('i64_and');
    code.set(page);
    this.field('i32_load', CPU.tlb);
    code.get(PROCESSOR);
    code.i32(CPU_BLOCK);
    code.op('i32_add', 'i32_sub');
    code.tee(mode);
    code.i32(tablesOf('none'));
    code.op('i32_eq');
    code.brIf(0);
    // Canonical.
    code.get(address);
    code.i64(16n);
    code.op('i64_shl');
    code.i64(16n);
    code.op('i64_shr_s');
    code.get(address);
    code.op('i64_ne');
    code.brIf(0);
    this.field('i32_load', CPU.tlb);
    code.get(access);
    code.i32(TLB.write);
    code.op('i32_mul', 'i32_add');
    code.get(address);
    code.op('i32_wrap_i64');
    code.i32(12 - Math.log2(TLB.entrySize));
    code.op('i32_shr_u');
    code.i32((TLB.entries - 1) * TLB.entrySize);
    code.op('i32_and', 'i32_add');
    code.tee(entry);
    code.access('i64_load', TLB.tag);
    code.tee(tag);
    code.i64(BigInt(~TLB_HOLDS_CODE));
    code.op('i64_and');
    code.get(page);
    code.op('i64_eq');
    code.brIf(0);
  }

  /** Down to the entry that maps the page. */
  private descend(): void {
    const { code, address, pte, table, shift, all, any, reserved } = this;
    this.field('i64_load', CPU.cr3);
    code.i64(ADDRESS_BITS);
    code.op('i64_and');
    code.set(table);
    // NX is reserved where it does not exist.
    this.field('i64_load', CPU.reserved);
    this.field('i64_load', CPU.efer);
    code.i64(BigInt(EFER_NXE));
    code.op('i64_and', 'i64_eqz', 'i64_extend_i32_u');
    code.i64(63n);
    code.op('i64_shl', 'i64_or');
    code.i64(BigInt(PTE_PRESENT | PTE_ACCESSED));
    code.op('i64_or');
    code.set(reserved);
    code.i64(-1n);
    code.set(all);
    code.i64(TOP);
    code.set(shift);
    code.block();
    code.loop();
    code.get(table);
    code.get(address);
    code.get(shift);
    code.op('i64_shr_u');
    code.i64(0x1ffn);
    code.op('i64_and');
    code.i64(3n);
    code.op('i64_shl', 'i64_add');
    code.tee(table);
    this.field('i64_load32_u', CPU.ramSize);
    code.op('i64_ge_u');
    code.brIf(2);
    this.field('i32_load', CPU.ram);
    code.get(table);
    code.op('i32_wrap_i64', 'i32_add');
    code.access('i64_load', 0);
    code.tee(pte);
    code.get(reserved);
    code.op('i64_and');
    code.i64(BigInt(PTE_PRESENT | PTE_ACCESSED));
    code.op('i64_ne');
    code.brIf(2);
    code.get(all);
    code.get(pte);
    code.op('i64_and');
    code.set(all);
    code.get(any);
    code.get(pte);
    code.op('i64_or');
    code.set(any);
    code.get(pte);
    code.i64(ADDRESS_BITS);
    code.op('i64_and');
    code.set(table);
    // Small pages and large ones end it.
    code.get(shift);
    code.i64(SMALL);
    code.op('i64_eq');
    code.brIf(1);
    code.get(pte);
    code.i64(BigInt(PTE_LARGE));
    code.op('i64_and', 'i64_eqz');
    code.if();
    code.get(shift);
    code.i64(9n);
    code.op('i64_sub');
    code.set(shift);
    code.br(1);
    code.op('end', 'end', 'end');
  }

  /**
   * SDM: "Determination of Access Rights". What faults, or sets a bit, is not for here; nor is a write that only a supervisor without
   * CR0.WP may do.
   */
  private checkRights(): void {
    const { code, access, mode, all, any, pte } = this;
    this.is(access, WRITE);
    this.has(all, PTE_WRITE);
    this.has(pte, PTE_DIRTY);
    code.op('i32_and', 'i32_eqz', 'i32_and');
    this.is(access, FETCH);
    code.get(any);
    code.i64(0n);
    code.op('i64_lt_s', 'i32_and', 'i32_or');
    // A user on a page that is not one's; a supervisor on one that is.
    this.has(all, PTE_USER);
    code.op('i32_eqz');
    this.has(all, PTE_USER);
    this.cr4(CR4_SMEP);
    this.cr4(CR4_SMAP);
    this.is(mode, tablesOf('supervisor'));
    code.op('i32_and');
    this.is(access, FETCH);
    code.op('select', 'i32_and');
    this.is(mode, tablesOf('user'));
    code.op('select', 'i32_or');
    code.brIf(0);
  }

  /** Which page of memory it is. Leaves in `table` where it lies, from the beginning of memory. */
  private findPage(): void {
    const { code, address, access, table, shift, size } = this;
    code.i64(1n);
    code.get(shift);
    code.op('i64_shl');
    code.i64(1n);
    code.op('i64_sub');
    code.set(size);
    // Of a large page: none of the largest, and no low bit but that of the memory type.
    code.get(shift);
    code.i64(TOP);
    code.op('i64_eq');
    code.get(table);
    code.get(size);
    code.op('i64_and');
    code.i64(~0x1fffn);
    code.op('i64_and', 'i64_eqz', 'i32_eqz');
    code.op('i32_or');
    code.brIf(0);
    code.get(table);
    code.get(size);
    code.i64(-1n);
    code.op('i64_xor', 'i64_and');
    code.get(address);
    code.get(size);
    code.op('i64_and');
    code.i64(-0x1000n);
    code.op('i64_and', 'i64_or');
    code.tee(table);
    this.field('i64_load32_u', CPU.ramSize);
    code.op('i64_ge_u');
    // The TLB remembers no devices.
    code.if();
    code.i32(STATUS.assist);
    code.op('return', 'end');
    this.field('i32_load', CPU.ram);
    code.get(table);
    code.op('i32_wrap_i64', 'i32_add');
    code.set(this.host);
    this.is(access, WRITE);
    code.if();
    this.field('i32_load', CPU.codeMap);
    code.get(this.host);
    code.i32(12);
    code.op('i32_shr_u', 'i32_add');
    code.access('i32_load8_u', 0);
    code.brIf(1);
    code.op('end');
  }

  /** Works out the flags of the entry, and lists it where a load of CR3 will look for what it drops. */
  private list(): void {
    const { code, entry, tag, pte, shift, flags, count } = this;
    this.has(pte, PTE_GLOBAL);
    this.cr4(CR4_PGE);
    code.op('i32_and');
    code.i32(TLB_GLOBAL);
    code.op('i32_mul');
    code.tee(flags);
    code.op('i32_eqz');
    code.get(tag);
    code.i64(BigInt(TLB_INVALID));
    code.op('i64_and', 'i64_eqz', 'i32_eqz');
    code.get(entry);
    code.access('i32_load', TLB.flags);
    code.i32(TLB_GLOBAL);
    code.op('i32_and', 'i32_or', 'i32_and');
    this.field('i32_load', CPU.localCount);
    code.tee(count);
    code.i32(-1);
    code.op('i32_ne', 'i32_and');
    code.if();
    code.get(count);
    code.i32(TLB_LOCALS.most);
    code.op('i32_eq');
    code.brIf(1);
    code.get(PROCESSOR);
    code.get(count);
    code.i32(2);
    code.op('i32_shl', 'i32_add');
    code.get(entry);
    code.access('i32_store', TLB_LOCALS.start);
    code.get(PROCESSOR);
    code.get(count);
    code.i32(1);
    code.op('i32_add');
    code.access('i32_store', CPU.localCount);
    code.op('end');
    for (const bits of [21, 30]) {
      code.get(flags);
      code.i32(pageSizeFlag(bits));
      code.i32(0);
      code.get(shift);
      code.i64(BigInt(bits));
      code.op('i64_eq', 'select', 'i32_or');
      code.set(flags);
    }
  }

  private remember(): void {
    const { code, page, entry, flags } = this;
    code.get(entry);
    code.get(page);
    code.access('i64_store', TLB.tag);
    code.get(entry);
    code.get(this.host);
    code.get(page);
    code.op('i32_wrap_i64', 'i32_sub');
    code.access('i32_store', TLB.addend);
    code.get(entry);
    code.get(flags);
    code.access('i32_store', TLB.flags);
  }

  private is(local: number, value: number): void {
    this.code.get(local);
    this.code.i32(value);
    this.code.op('i32_eq');
  }

  private has(local: number, bit: number): void {
    this.code.get(local);
    this.code.i64(BigInt(bit));
    this.code.op('i64_and', 'i64_eqz', 'i32_eqz');
  }

  private cr4(bit: number): void {
    this.field('i32_load', CPU.cr4);
    this.code.i32(bit);
    this.code.op('i32_and', 'i32_eqz', 'i32_eqz');
  }
}
