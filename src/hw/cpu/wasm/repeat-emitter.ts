/**
 * REP in emitted routines. What copies or fills memory upwards goes by runs: as many iterations at once as lie on one page and have a
 * budget, where the TLB knows the pages. Everything else goes one by one, and so do iterations whose order can be told.
 */
import { DF, ZF } from '../../../x86/flags.ts';
import { type Micro, type MicroId, REPEAT } from '../../../x86/isa/micro.ts';
import { RAX, RCX, RDI, RSI, type Width } from '../../../x86/registers.ts';
import { CPU, gprOffset, RECORD, STATUS, TLB } from '../layout.ts';
import { ConvertEmitter } from './convert-emitter.ts';
import { LOAD, PROCESSOR } from './emitter.ts';

/** Shorter runs are not worth asking for. */
export const SHORTEST = 8n;

export abstract class RepeatEmitter extends ConvertEmitter {
  protected abstract sequence(ids: readonly MicroId[]): void;
  protected abstract leave(status: number): void;

  /**
   * After each iteration the budget is looked at: a string instruction can be interrupted there, with its
   * registers showing what is left.
   */
  protected repeat({ n, width, body }: Micro): void {
    const { code } = this;
    const count = (): void => this.cpuField(LOAD[width], gprOffset(RCX));
    code.block();
    code.loop();
    count();
    code.op('i64_eqz');
    code.brIf(1);
    if (n === REPEAT.REP && width === 8 && this.callees.observers === undefined) this.run();
    this.sequence(body);
    this.commit();
    this.accessed.length = 0;
    code.get(PROCESSOR);
    count();
    code.i64(1n);
    code.op('i64_sub');
    if (width === 4) {
      code.i64(0xffff_ffffn);
      code.op('i64_and');
    }
    code.access('i64_store', gprOffset(RCX));
    if (n !== REPEAT.REP) {
      this.flag(ZF);
      if (n === REPEAT.REPE) code.op('i32_eqz');
      code.brIf(1);
    }
    this.spend(() => code.i64(1n));
    count();
    code.op('i64_eqz');
    code.brIf(1);
    this.pushBudgetLasts();
    code.brIf(0);
    this.leave(STATUS.repeat);
    code.op('end', 'end');
  }

  private pushBudgetLasts(): void {
    this.cpuField('i32_load', CPU.budget);
    this.code.i32(0);
    this.code.op('i32_gt_s');
  }

  /** Pays for so many iterations. */
  private spend(pushCount: () => void): void {
    const { code } = this;
    code.get(PROCESSOR);
    this.cpuField('i32_load', CPU.budget);
    pushCount();
    this.recordField('i64_load32_u', RECORD.cost);
    code.op('i64_mul', 'i32_wrap_i64', 'i32_sub');
    code.access('i32_store', CPU.budget);
  }

  /** Begins with a run of iterations, if this is a copy or a fill; goes on with the loop around it, or leaves both. */
  private run(): void {
    const { code } = this;
    const { micros } = this.program;
    const store = micros.find(({ op }) => op === 'store'), copies = micros.some(({ op }) => op === 'load');
    if (store === undefined) return;
    const { width } = store;
    const to = code.local('i64'), from = code.local('i64'), run = code.local('i64');
    const target = code.local('i32'), source = code.local('i32');
    const bytes = (): void => {
      code.get(run);
      code.i64(BigInt(width));
      code.op('i64_mul');
    };
    code.block();
    this.cpuField('i32_load', CPU.system);
    code.i32(DF);
    code.op('i32_and');
    code.brIf(0);
    this.cpuField('i64_load', gprOffset(RDI));
    code.set(to);
    this.cpuField('i64_load', gprOffset(RCX));
    code.set(run);
    this.atMost(run, () => this.roomFrom(to, width));
    this.atMost(run, () => this.affordable());
    if (copies) {
      this.cpuField('i64_load', gprOffset(RSI));
      this.fieldOf(RECORD.segment, 'i64_load');
      code.op('i64_add');
      code.set(from);
      this.atMost(run, () => this.roomFrom(from, width));
    }
    code.get(run);
    code.i64(SHORTEST);
    code.op('i64_lt_u');
    code.brIf(0);
    this.lookUp(to, TLB.write, target);
    if (copies) {
      this.lookUp(from, TLB.read, source);
      // What is written is read again, by a later iteration.
      code.get(target);
      code.get(source);
      code.op('i32_sub');
      bytes();
      code.op('i32_wrap_i64', 'i32_lt_u');
      code.brIf(0);
    } else this.unlessUniform(width);
    code.get(target);
    if (copies) code.get(source);
    else this.cpuField('i32_load8_u', gprOffset(RAX));
    bytes();
    code.op('i32_wrap_i64');
    code.bulk(copies ? 'copy' : 'fill');
    for (const register of copies ? [RDI, RSI] : [RDI]) this.addTo(register, bytes);
    this.addTo(RCX, () => {
      code.i64(0n);
      code.get(run);
      code.op('i64_sub');
    });
    this.spend(() => code.get(run));
    // Out of this block, the loop and the block around that; or on with the loop.
    this.cpuField('i64_load', gprOffset(RCX));
    code.op('i64_eqz');
    code.brIf(2);
    this.pushBudgetLasts();
    code.brIf(1);
    this.leave(STATUS.repeat);
    code.op('end');
  }

  private addTo(register: number, push: () => void): void {
    this.code.get(PROCESSOR);
    this.cpuField('i64_load', gprOffset(register));
    push();
    this.code.op('i64_add');
    this.code.access('i64_store', gprOffset(register));
  }

  private atMost(local: number, push: () => void): void {
    const { code } = this;
    const other = code.local('i64');
    push();
    code.set(other);
    code.get(local);
    code.get(other);
    code.get(local);
    code.get(other);
    code.op('i64_lt_u', 'select');
    code.set(local);
  }

  /** Pushes how many elements lie between an address and the end of its page. */
  private roomFrom(address: number, width: Width): void {
    const { code } = this;
    code.i64(0x1000n);
    code.get(address);
    code.i64(0xfffn);
    code.op('i64_and', 'i64_sub');
    code.i64(BigInt(Math.log2(width)));
    code.op('i64_shr_u');
  }

  /** Pushes how many iterations there can be until the budget is used up: the last one may overdraw it. */
  private affordable(): void {
    const { code } = this;
    this.cpuField('i64_load32_u', CPU.budget);
    this.recordField('i64_load32_u', RECORD.cost);
    code.op('i64_add');
    code.i64(1n);
    code.op('i64_sub');
    this.recordField('i64_load32_u', RECORD.cost);
    code.op('i64_div_u');
  }

  /** Sets `host` to the place of an address in linear memory; leaves the run when the TLB does not know it. */
  private lookUp(address: number, table: number, host: number): void {
    const { code } = this;
    const entry = code.local('i32');
    this.tlbEntry(address);
    code.tee(entry);
    code.access('i64_load', table + TLB.tag);
    code.get(address);
    code.i64(-0x1000n);
    code.op('i64_and', 'i64_ne');
    code.brIf(0);
    this.translated(address, entry, table);
    code.set(host);
  }

  /** Leaves the run unless all bytes of what is stored are the same. */
  private unlessUniform(width: Width): void {
    if (width === 1) return;
    const { code } = this;
    this.cpuField(LOAD[width], gprOffset(RAX));
    this.cpuField('i64_load8_u', gprOffset(RAX));
    code.i64(BigInt.asUintN(8 * width, 0x0101_0101_0101_0101n));
    code.op('i64_mul', 'i64_ne');
    code.brIf(0);
  }
}
