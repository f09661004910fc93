import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cells } from './cells.ts';
import type { Serializer, Stateful } from './state.ts';

class Counter implements Stateful {
  readonly words = new Float64Array(2);
  /** Follows from the words. */
  sum = 0;

  serialize(s: Serializer): void {
    s.counts('words', this.words);
    if (s.loading) this.add();
  }

  add(): void {
    this.sum = this.words[0]! + this.words[1]!;
  }
}

class Sample implements Stateful {
  readonly counter = new Counter();
  /** The same array, held by somebody else. */
  readonly alias = { words: this.counter.words };
  readonly bitmap = new Uint8Array(8);
  mode: 'on' | 'off' = 'on';
  time = 7;
  scratch = 1;
  readonly limit = 9;

  serialize(s: Serializer): void {
    s.part('counter', this.counter);
    s.bytes('bitmap', this.bitmap);
    this.mode = s.flag('mode', this.mode === 'on') ? 'on' : 'off';
    this.time = s.statistic('time', this.time);
  }
}

const read = (cells: Cells): unknown[] => Array.from({ length: cells.length }, (_, i) => {
  const at = cells.at(i);
  return at < 0 ? at : cells.get(at);
});
const changed = (cells: Cells): unknown[] => Array.from({ length: cells.changed }, (_, i) => cells.get(cells.change(i)));

test('cells are the fields that loading sets and the arrays that it visits, without statistics', () => {
  const sample = new Sample();
  sample.counter.words.set([3, 4]);
  sample.counter.add();
  const before = JSON.stringify(sample);
  const cells = new Cells(sample);
  // mode and sum; two words; a bitmap of eight.
  assert.equal(cells.count, 2 + 2 + 8);
  assert.deepEqual(Array.from({ length: 4 }, (_, cell) => cells.get(cell)).sort(), [3, 4, 7, 'on']);
  assert.equal(JSON.stringify(sample), before, 'nobody sees a difference');
});

test('what is read before it is written is told, in its order, and so is what is written', () => {
  const sample = new Sample();
  sample.counter.words.set([30, 40]);
  const cells = new Cells(sample);
  cells.watch();
  sample.counter.words[1] = 41;
  assert.equal(sample.counter.words[1], 41);
  cells.asked(3);
  assert.equal(sample.alias.words[0], 30);
  sample.counter.add();
  assert.equal(sample.counter.sum, 71);
  sample.scratch += sample.time + sample.limit;
  // Of the words the first only: the second had been written. The sum was written before it was read.
  assert.deepEqual(read(cells), [-3, 30]);
  assert.deepEqual(changed(cells), [41, 71]);
  cells.watch();
  assert.deepEqual([read(cells), changed(cells)], [[], []]);
  // Who has a long array in hand may have read and written all of it.
  assert.equal(sample.bitmap[2], 0);
  assert.deepEqual([cells.length, cells.changed], [8, 8]);
});

test('a method of an array may read and write every element', () => {
  const sample = new Sample();
  const cells = new Cells(sample);
  cells.watch();
  sample.counter.words.fill(5);
  assert.deepEqual([changed(cells), [...sample.counter.words]], [[5, 5], [5, 5]]);
  assert.throws(() => Reflect.set(sample.counter.words, 'at', 1), /element/);
});

test('who sets a cell sets the system, and that is neither read nor written', () => {
  const sample = new Sample();
  const cells = new Cells(sample);
  cells.watch();
  const mode = Array.from({ length: cells.count }, (_, cell) => cell).find((cell) => cells.get(cell) === 'on')!;
  cells.set(mode, 'off');
  cells.set(cells.count - 1, 200);
  assert.deepEqual([cells.length, cells.changed], [0, 0]);
  assert.deepEqual([sample.mode, sample.bitmap[7]], ['off', 200]);
});
