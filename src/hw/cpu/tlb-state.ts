/**
 * The TLB as state. Software can see it: a translation that was changed without INVLPG may still be the old one. So it is
 * saved with the rest, in a form that does not depend on what an interpreter has derived: entries that translate nothing
 * are zeros, and no page is marked as holding decoded instructions.
 */
import type { Serializer, Stateful } from '../../base/state.ts';
import { CPU_BLOCK, TLB, TLB_HOLDS_CODE, TLB_INVALID, TLB_MODES } from './layout.ts';

/** The last mode has no entries. */
const BYTES = (TLB_MODES.length - 1) * TLB.mode;

export class TlbState implements Stateful {
  private readonly entries: Uint32Array;
  private readonly copy = new Uint32Array(BYTES / 4);

  constructor(memory: ArrayBuffer, cpu: number) {
    this.entries = new Uint32Array(memory, cpu + CPU_BLOCK, BYTES / 4);
  }

  serialize(s: Serializer): void {
    const { entries, copy } = this;
    for (let at = 0; at < entries.length; at += TLB.entrySize / 4) {
      const valid = (entries[at]! & TLB_INVALID) === 0;
      for (let word = 0; word < TLB.entrySize / 4; word += 1) copy[at + word] = valid ? entries[at + word]! : 0;
      // An invalid entry is all zeros, a valid one says so in the low bit that its tag does not need.
      copy[at] = valid ? (copy[at]! & ~TLB_HOLDS_CODE) | VALID : 0;
    }
    s.bytes('entries', new Uint8Array(copy.buffer));
    if (!s.loading) return;
    for (let at = 0; at < entries.length; at += TLB.entrySize / 4) {
      const valid = (copy[at]! & VALID) !== 0;
      entries[at] = valid ? copy[at]! & ~VALID : TLB_INVALID;
      for (let word = 1; word < TLB.entrySize / 4; word += 1) entries[at + word] = copy[at + word]!;
    }
  }
}

const VALID = 4;
