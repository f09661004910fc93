/** IRR, ISR and TMR, and which interrupt comes first. SDM: "Task and Processor Priorities". */
import { assert } from '../../base/assert.ts';
import type { Serializer, Stateful } from '../../base/state.ts';

const highest = (words: Uint32Array): number => {
  // Mostly there is none.
  if ((words[0]! | words[1]! | words[2]! | words[3]! | words[4]! | words[5]! | words[6]! | words[7]!) === 0) return -1;
  for (let i = 7; i >= 0; i -= 1) {
    if (words[i] !== 0) return i * 32 + 31 - Math.clz32(words[i]!);
  }
  return -1;
};

export class Priorities implements Stateful {
  tpr = 0;
  private readonly irr = new Uint32Array(8);
  private readonly isr = new Uint32Array(8);
  private readonly tmr = new Uint32Array(8);

  reset(): void {
    this.tpr = 0;
    for (const words of [this.irr, this.isr, this.tmr]) words.fill(0);
  }

  serialize(s: Serializer): void {
    this.tpr = s.u8('tpr', this.tpr);
    s.words('irr', this.irr);
    s.words('isr', this.isr);
    s.words('tmr', this.tmr);
  }

  /** The processor priority: the task's, or that of the interrupt in service. */
  get ppr(): number {
    const inService = highest(this.isr);
    if (inService === -1 || this.tpr >> 4 >= inService >> 4) return this.tpr;
    return inService & 0xf0;
  }

  request(vector: number, level: boolean): void {
    this.irr[vector >> 5]! |= 1 << (vector & 31);
    if (level) this.tmr[vector >> 5]! |= 1 << (vector & 31);
    else this.tmr[vector >> 5]! &= ~(1 << (vector & 31));
  }

  /** The requested interrupt of a class above the processor's priority, or -1. */
  pending(): number {
    const vector = highest(this.irr);
    return vector !== -1 && vector >> 4 > this.ppr >> 4 ? vector : -1;
  }

  /** The class of the highest request, if it would come but for the task priority; else 0. */
  get heldByTpr(): number {
    const requested = highest(this.irr) >> 4, inService = highest(this.isr) >> 4;
    return requested > inService && requested <= this.tpr >> 4 ? requested : 0;
  }

  acknowledge(): number {
    const vector = this.pending();
    assert(vector !== -1, 'an interrupt is acknowledged only when one is pending');
    this.irr[vector >> 5]! &= ~(1 << (vector & 31));
    this.isr[vector >> 5]! |= 1 << (vector & 31);
    return vector;
  }

  /** Ends the highest interrupt in service; -1 when there was none. */
  endOfInterrupt(): { vector: number; level: boolean } {
    const vector = highest(this.isr);
    if (vector === -1) return { vector, level: false };
    this.isr[vector >> 5]! &= ~(1 << (vector & 31));
    return { vector, level: ((this.tmr[vector >> 5]! >>> (vector & 31)) & 1) !== 0 };
  }

  /** A word of the three arrays, by the offset of its register. */
  word(offset: number): number {
    const words = offset >= 0x200 ? this.irr : offset >= 0x180 ? this.tmr : this.isr;
    return words[(offset & 0x70) >> 4]!;
  }
}
