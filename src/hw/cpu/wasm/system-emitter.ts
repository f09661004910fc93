/** What a processor's system registers and its clock say, and what follows from EFLAGS.AC, in emitted routines. */

import { AC } from '../../../x86/flags.ts';
import type { MicroId } from '../../../x86/isa/micro.ts';
import { CR4_SMAP } from '../../../x86/paging.ts';
import { FIELD_OFFSETS } from '../fields.ts';
import { CPU, CPU_BLOCK, RECORD, TLB, TLB_MODES } from '../layout.ts';
import { PROCESSOR, RECORD_PARAMETER } from './emitter.ts';
import { RepeatEmitter } from './repeat-emitter.ts';

export abstract class SystemEmitter extends RepeatEmitter {
  protected field(n: number): void {
    this.cpuField('i64_load', FIELD_OFFSETS[n]!);
  }

  protected setField(value: MicroId, n: number): void {
    this.code.get(PROCESSOR);
    this.push(value);
    this.code.access('i64_store', FIELD_OFFSETS[n]!);
  }

  /** As clock.ts computes it, step by step. */
  protected timestamp(): void {
    const { code } = this;
    this.cpuField('i64_load', CPU.horizon);
    code.op('f64_reinterpret_i64');
    this.pushBudget();
    code.op('f64_convert_i32_s', 'f64_sub');
    this.cpuField('i64_load', CPU.ticks);
    code.op('f64_reinterpret_i64', 'f64_mul');
    this.cpuField('i64_load', CPU.cycles);
    code.op('f64_reinterpret_i64', 'f64_div');
    code.truncate();
    this.cpuField('i64_load', CPU.tscAdjust);
    code.op('i64_add');
  }

  /** Pushes what is left of the budget before the instruction: what its block has used up is not taken yet. */
  protected pushBudget(): void {
    const { code } = this;
    this.cpuField('i32_load', CPU.budget);
    code.get(RECORD_PARAMETER);
    code.i32(RECORD.size);
    code.op('i32_sub');
    code.access('i32_load', RECORD.cycles);
    code.op('i32_sub');
  }

  /** Chooses the TLB's table for CPL 0. */
  protected applyRights(): void {
    const { code } = this;
    const table = (mode: (typeof TLB_MODES)[number]): void => {
      code.get(PROCESSOR);
      code.i32(CPU_BLOCK + TLB_MODES.indexOf(mode) * TLB.mode);
      code.op('i32_add');
    };
    code.get(PROCESSOR);
    table('explicit');
    table('supervisor');
    this.cpuField('i32_load', CPU.system);
    code.i32(AC);
    code.op('i32_and', 'i32_eqz');
    this.cpuField('i32_load', CPU.cr4);
    code.i32(CR4_SMAP);
    code.op('i32_and', 'i32_eqz', 'i32_or');
    code.op('i32_eqz', 'select');
    code.access('i32_store', CPU.tlb);
  }
}
