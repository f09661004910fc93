/**
 * Status flags in emitted routines. What they follow from is told in layout.ts; where that is kept while a routine runs is a
 * matter of four methods.
 */
import { assert } from '../../../base/assert.ts';
import { AF, CF, OF, PF, SF, ZF } from '../../../x86/flags.ts';
import type { MicroId } from '../../../x86/isa/micro.ts';
import type { Width } from '../../../x86/registers.ts';
import { CPU } from '../layout.ts';
import { Emitter, PROCESSOR, SIGN_EXTEND } from './emitter.ts';

/** What status flags follow from. */
export type FlagSource = 'zeroSource' | 'signSource' | 'carries';

export abstract class FlagEmitter extends Emitter {
  protected pushSource(source: FlagSource): void {
    this.cpuField('i64_load', CPU[source]);
  }

  /** ZF, SF and PF will follow from what `push` pushes. */
  protected setResult(push: () => void): void {
    const { code } = this;
    const result = code.local('i64');
    push();
    code.set(result);
    for (const field of [CPU.zeroSource, CPU.signSource]) {
      code.get(PROCESSOR);
      code.get(result);
      code.access('i64_store', field);
    }
  }

  /** ZF alone. */
  protected setZero(push: () => void): void {
    this.code.get(PROCESSOR);
    push();
    this.code.access('i64_store', CPU.zeroSource);
  }

  protected setCarries(push: () => void): void {
    this.code.get(PROCESSOR);
    push();
    this.code.access('i64_store', CPU.carries);
  }

  protected flag(mask: number): void {
    const { code } = this;
    switch (mask) {
      case CF: this.pushSource('carries'); return this.isNegative();
      case OF: this.overflowWord(); return this.isNegative();
      case ZF: this.pushSource('zeroSource'); return code.op('i64_eqz');
      case SF: this.pushSource('signSource'); return this.isNegative();
      case PF:
        this.pushSource('signSource');
        code.i64(0xffn);
        code.op('i64_and', 'i64_popcnt', 'i32_wrap_i64');
        code.i32(1);
        return code.op('i32_and', 'i32_eqz');
      case AF:
        this.pushSource('carries');
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
    this.pushSource('carries');
    this.pushSource('carries');
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
    this.pushSource('signSource');
    this.code.op('i64_xor');
    this.isNegative();
  }

  protected resultFlags(value: MicroId, width: Width): void {
    this.setResult(() => {
      this.push(value);
      if (width !== 8) this.code.op(SIGN_EXTEND[width]!);
    });
  }

  protected carryFlags(value: MicroId, width: Width): void {
    const { code } = this;
    this.setCarries(() => {
      this.push(value);
      if (width === 8) return;
      const carries = code.local('i64');
      code.tee(carries);
      code.i64(BigInt(64 - 8 * width));
      code.op('i64_shl');
      code.get(carries);
      code.i64(8n);
      code.op('i64_and', 'i64_or');
    });
  }

  protected setCarry(cf: MicroId, of: MicroId): void {
    const { code } = this;
    const never = (id: MicroId): boolean => {
      const { op, args } = this.micro(id);
      return op === 'eq' && this.micro(args[0]!).value === 1n && this.isZero(args[1]!);
    };
    this.setCarries(() => {
      if (never(cf) && never(of)) return code.i64(0n);
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
    });
  }

  /** Changing CF flips bits 63 and 62, so that OF, their difference, stays; changing OF flips bit 62. */
  protected setFlag(mask: number, value: MicroId): void {
    const { code } = this;
    if (mask === ZF) {
      return this.setZero(() => {
        this.push(value);
        code.op('i32_eqz', 'i64_extend_i32_u');
      });
    }
    assert(mask === CF || mask === OF, 'one of the flags that instructions set alone');
    this.setCarries(() => {
      this.pushSource('carries');
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
    });
  }
}
