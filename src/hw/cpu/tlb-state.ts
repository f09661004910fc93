/**
 * The TLB as state. Software can see it: a translation that was changed without INVLPG may still be the old one. So it is
 * saved with the rest, in a form that does not depend on what an interpreter has derived or on where it keeps things: entries
 * that translate nothing are zeros, no page is marked as holding decoded instructions, and the others say where in guest
 * memory they lead.
 */
import type { Serializer, Stateful } from '../../base/state.ts';
import { CPU_BLOCK, TLB, TLB_HOLDS_CODE, TLB_INVALID, TLB_MODES } from './layout.ts';

/** The last mode has no entries. */
const BYTES = (TLB_MODES.length - 1) * TLB.mode;

export class TlbState implements Stateful {
  private readonly entries: Uint32Array;
  private readonly copy = new Uint32Array(BYTES / 4);
  private readonly ram: number;

  /** `ram`: where guest memory begins in the linear memory. */
  constructor(memory: ArrayBuffer, cpu: number, ram: number) {
    this.entries = new Uint32Array(memory, cpu + CPU_BLOCK, BYTES / 4);
    this.ram = ram;
  }

  serialize(s: Serializer): void {
    const { entries, copy, ram } = this;
    copy.fill(0);
    for (let at = 0; at < entries.length; at += WORDS) {
      if ((entries[at]! & TLB_INVALID) !== 0) continue;
      for (let word = 1; word < WORDS; word += 1) copy[at + word] = entries[at + word]!;
      copy[at + ADDEND]! -= ram;
      // An invalid entry is all zeros, a valid one says so in the low bit that its tag does not need.
      copy[at] = (entries[at]! & ~TLB_HOLDS_CODE) | VALID;
    }
    s.bytes('translations', new Uint8Array(copy.buffer));
    if (!s.loading) return;
    entries.set(copy);
    for (let at = 0; at < entries.length; at += WORDS) {
      const valid = (copy[at]! & VALID) !== 0;
      entries[at] = valid ? copy[at]! & ~VALID : TLB_INVALID;
      if (valid) entries[at + ADDEND]! += ram;
    }
  }
}

const WORDS = TLB.entrySize / 4, ADDEND = TLB.addend / 4;
const VALID = 4;
