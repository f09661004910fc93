import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load, save } from '../../base/pack.ts';
import { CPU_BLOCK, CPU_STRIDE, TLB, TLB_HOLDS_CODE, TLB_INVALID } from './layout.ts';
import { TlbState } from './tlb-state.ts';

/** A TLB of which one entry translates, in a linear memory where guest memory lies at `ram`. */
function tlbAt(ram: number, host: number): { readonly state: TlbState; readonly words: Uint32Array } {
  const memory = new ArrayBuffer(CPU_STRIDE);
  const words = new Uint32Array(memory, CPU_BLOCK);
  for (let at = 0; at < TLB.mode * 3 / 4; at += TLB.entrySize / 4) words[at] = TLB_INVALID;
  if (host !== 0) words.set([0x8000_0000 | TLB_HOLDS_CODE, 0xffff_ffff, host - 0x8000_0000, 1], TLB.entrySize / 4);
  return { state: new TlbState(memory, 0, ram), words };
}

test('translations that are kept lead to the same guest memory, wherever that lies', () => {
  const [kept, other] = [tlbAt(0x123_0000, 0x123_5000), tlbAt(0x4567_0000, 0)];
  load(other.state, save(kept.state));
  // The same entry, of physical address 0x5000; that the page holds code is not state.
  assert.deepEqual([...other.words.subarray(0, 8)], [TLB_INVALID, 0, 0, 0, 0x8000_0000, 0xffff_ffff, 0xc567_5000, 1]);
  assert.deepEqual(save(other.state), save(kept.state));
  // What translates nothing says nothing of what it once did.
  kept.words.set([TLB_INVALID, 7, 8, 9]);
  assert.deepEqual(save(kept.state), save(other.state));
});
