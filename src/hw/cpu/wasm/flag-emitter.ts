/** Status flags in emitted routines. What they follow from is told in layout.ts. */
import { assert } from '../../../base/assert.ts';
import { AF, CF, OF, PF, SF, ZF } from '../../../x86/flags.ts';
import type { MicroId } from '../../../x86/isa/micro.ts';
import type { Width } from '../../../x86/registers.ts';
import { CPU } from '../layout.ts';
import { Emitter, PROCESSOR, SIGN_EXTEND } from './emitter.ts';

export abstract class FlagEmitter extends Emitter {
  protected flag(mask: number): void {
    const { code } = this;
    switch (mask) {
      case CF: this.cpuField('i64_load', CPU.carries); return this.isNegative();
      case OF: this.overflowWord(); return this.isNegative();
      case ZF: this.cpuField('i64_load', CPU.zeroSource); return code.op('i64_eqz');
      case SF: this.cpuField('i64_load', CPU.signSource); return this.isNegative();
      case PF:
        this.cpuField('i64_load8_u', CPU.signSource);
        code.op('i64_popcnt', 'i32_wrap_i64');
        code.i32(1);
        return code.op('i32_and', 'i32_eqz');
      case AF:
        this.cpuField('i64_load', CPU.carries);
        code.i64(3n);
        code.op('i64_shr_u', 'i32_wrap_i64');
        code.i32(1);
        return code.op('i32_and');
      default: assert(false, `flag ${mask}`);
    }
  }

  private isNegative(): void {
    this.code.i64(0n);
    this.code.op('i64_lt_s');
  }

  /** A word whose sign is OF. */
  private overflowWord(): void {
    this.cpuField('i64_load', CPU.carries);
    this.cpuField('i64_load', CPU.carries);
    this.code.i64(1n);
    this.code.op('i64_shl', 'i64_xor');
  }

  /** SDM: "EFLAGS Condition Codes". The odd codes are the negations. */
  protected condition(code: number): void {
    switch (code >> 1) {
      case 0: this.flag(OF); break;
      case 1: this.flag(CF); break;
      case 2: this.flag(ZF); break;
      case 3: this.flag(CF); this.orZero(); break;
      case 4: this.flag(SF); break;
      case 5: this.flag(PF); break;
      case 6: this.lessThan(); break;
      case 7: this.lessThan(); this.orZero(); break;
      default: assert(false, `condition ${code}`);
    }
    if (code & 1) this.code.op('i32_eqz');
  }

  private orZero(): void {
    this.flag(ZF);
    this.code.op('i32_or');
  }

  /** SF differs from OF. */
  private lessThan(): void {
    this.overflowWord();
    this.cpuField('i64_load', CPU.signSource);
    this.code.op('i64_xor');
    this.isNegative();
  }

  protected resultFlags(value: MicroId, width: Width): void {
    const { code } = this;
    const result = code.local('i64');
    this.push(value);
    if (width !== 8) code.op(SIGN_EXTEND[width]!);
    code.set(result);
    for (const field of [CPU.zeroSource, CPU.signSource]) {
      code.get(PROCESSOR);
      code.get(result);
      code.access('i64_store', field);
    }
  }

  protected carryFlags(value: MicroId, width: Width): void {
    const { code } = this;
    code.get(PROCESSOR);
    if (width === 8) this.push(value);
    else {
      const carries = code.local('i64');
      this.push(value);
      code.tee(carries);
      code.i64(BigInt(64 - 8 * width));
      code.op('i64_shl');
      code.get(carries);
      code.i64(8n);
      code.op('i64_and', 'i64_or');
    }
    code.access('i64_store', CPU.carries);
  }

  protected setCarry(cf: MicroId, of: MicroId): void {
    const { code } = this;
    const never = (id: MicroId): boolean => {
      const { op, args } = this.micro(id);
      return op === 'eq' && this.micro(args[0]!).value === 1n && this.isZero(args[1]!);
    };
    code.get(PROCESSOR);
    if (never(cf) && never(of)) code.i64(0n);
    else {
      const carry = code.local('i32');
      this.push(cf);
      code.tee(carry);
      code.op('i64_extend_i32_u');
      code.i64(63n);
      code.op('i64_shl');
      code.get(carry);
      this.push(of);
      code.op('i32_xor', 'i64_extend_i32_u');
      code.i64(62n);
      code.op('i64_shl', 'i64_or');
    }
    code.access('i64_store', CPU.carries);
  }

  /** Changing CF flips bits 63 and 62, so that OF, their difference, stays; changing OF flips bit 62. */
  protected setFlag(mask: number, value: MicroId): void {
    const { code } = this;
    code.get(PROCESSOR);
    if (mask === ZF) {
      this.push(value);
      code.op('i32_eqz', 'i64_extend_i32_u');
      return code.access('i64_store', CPU.zeroSource);
    }
    assert(mask === CF || mask === OF, 'one of the flags that instructions set alone');
    this.cpuField('i64_load', CPU.carries);
    this.push(value);
    this.flag(mask);
    code.op('i32_xor', 'i64_extend_i32_u');
    if (mask === CF) {
      code.i64(3n << 62n);
      code.op('i64_mul');
    } else {
      code.i64(62n);
      code.op('i64_shl');
    }
    code.op('i64_xor');
    code.access('i64_store', CPU.carries);
  }
}
