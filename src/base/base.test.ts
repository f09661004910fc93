import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIRST, Odometer, Recorded, Scripted, Seeded } from './choice.ts';
import { diff, dump } from './dump.ts';
import { Hasher, hash } from './hash.ts';
import { layoutOf } from './layout.ts';
import { Loader, load, Misfit, Saver, save } from './pack.ts';
import { byKind, integer, listOf, Mismatch, object, oneOf, optional, text } from './shape.ts';
import { NEVER, type Serializer, type Stateful } from './state.ts';
import { bigFromWords, highWord, joinWords, lowWord } from './u64.ts';

class Sample implements Stateful {
  on = true;
  small = 0xff;
  port = 0x3f8;
  word = 0xdead_beef;
  cycles = 2 ** 53 - 1;
  deadline = 1000;
  readonly memory = new Uint8Array(40);
  readonly counters = new Float64Array([1, 2 ** 48 - 1]);

  serialize(s: Serializer): void {
    this.on = s.flag('on', this.on);
    this.small = s.u8('small', this.small);
    this.port = s.u16('port', this.port);
    this.word = s.u32('word', this.word);
    this.cycles = s.count('cycles', this.cycles);
    this.deadline = s.time('deadline', this.deadline);
    s.bytes('memory', this.memory);
    s.counts('counters', this.counters);
  }
}

test('what is saved is loaded, and the packed form has no padding', () => {
  const before = new Sample();
  before.memory[17] = 9;
  const packed = save(before);
  assert.equal(packed.length, 1 + 1 + 2 + 4 + 8 + 8 + 40 + 2 * 8);
  const after = new Sample();
  after.on = false;
  after.cycles = 3;
  load(after, packed);
  assert.deepEqual(after, before);
  assert.equal(hash(after), hash(before));
});

test('the buffer grows under whatever is saved next', () => {
  // It begins with 256 bytes, so that the value behind the first 256 - n bytes of n + 1 or more no longer fits.
  type Put = (s: Serializer) => void;
  const puts: Put[] = [
    (s) => void s.u8('', 7), (s) => void s.u16('', 0x1234), (s) => void s.u32('', 0x1234_5678), (s) => void s.count('', 2 ** 40),
    (s) => void s.time('', 5), (s) => s.bytes('', new Uint8Array(9).fill(3)),
  ];
  for (const put of puts) {
    for (let before = 240; before <= 256; before += 1) {
      const state: Stateful = {
        serialize: (s) => {
          s.bytes('', new Uint8Array(before).fill(1));
          put(s);
        },
      };
      const alone = save({ serialize: put });
      assert.deepEqual(new Saver().save(state).slice(before), alone);
    }
  }
});

test('a packed state inside a bigger buffer loads from its own place', () => {
  const before = new Sample();
  before.port = 0x60;
  const packed = save(before);
  const shelf = new Uint8Array(packed.length + 13);
  shelf.set(packed, 13);
  const after = new Sample();
  new Loader().load(after, shelf.subarray(13));
  assert.deepEqual(after, before);
});

test('every kind of change shows in the hash, in the dump and in the diff', () => {
  const changes: ((s: Sample) => void)[] = [
    (s) => void (s.on = false),
    (s) => void (s.small = 1),
    (s) => void (s.port = 1),
    (s) => void (s.word = 1),
    (s) => void (s.cycles = 1),
    (s) => void (s.deadline = NEVER),
    (s) => void (s.memory[39] = 1),
    (s) => void (s.counters[1] = 0),
  ];
  const hashes = new Set([hash(new Sample())]);
  for (const change of changes) {
    const changed = new Sample();
    change(changed);
    hashes.add(hash(changed));
    assert.equal(diff(dump(new Sample()), dump(changed)).length, 1);
  }
  assert.equal(hashes.size, 1 + changes.length);
});

test('the hash tells a run of zero words from the words of its length', () => {
  const seen = new Set<string>();
  // Three words that are permutations of 0, 2 and runs of zeros: 3^3 contents, 27 hashes.
  for (let content = 0; content < 27; content += 1) {
    const words = [content % 3, Math.floor(content / 3) % 3, Math.floor(content / 9)];
    const view = new Uint8Array(new Uint32Array(words).buffer);
    seen.add(hash({ serialize: (s) => s.bytes('memory', view) }));
  }
  assert.equal(seen.size, 27);
});

test('times are relative to now where that is asked for', () => {
  let now = 400;
  const early = new Sample();
  const packed = new Saver(() => now).save(early).slice();
  const earlyHash = new Hasher(() => now).hash(early);
  now = 700;
  const late = new Sample();
  late.deadline = 1300;
  assert.deepEqual(new Saver(() => now).save(late).slice(), packed);
  assert.equal(new Hasher(() => now).hash(late), earlyHash);
  const restored = new Sample();
  new Loader(() => now).load(restored, packed);
  assert.equal(restored.deadline, 1300);
});

test('a value outside its width is refused', () => {
  const broken = new Sample();
  broken.small = 256;
  assert.throws(() => save(broken), /small = 256 does not fit 8 bits/);
  const negative = new Sample();
  negative.cycles = -1;
  assert.throws(() => save(negative), /cycles = -1 is not a count/);
});

test('an odometer visits every sequence once, shortest digits last', () => {
  const choice = new Odometer();
  const seen: number[][] = [];
  while (choice.next()) {
    if (choice.pick(2, 'a') === 1) choice.pick(3, 'b');
    seen.push(choice.picks());
  }
  assert.deepEqual(seen, [[0], [1, 0], [1, 1], [1, 2]]);
});

test('an odometer forgets digits that a later sequence does not ask for', () => {
  const choice = new Odometer();
  const seen: string[] = [];
  while (choice.next()) {
    const first = choice.pick(2, 'first');
    const rest = first === 0 ? [choice.pick(2, 'x'), choice.pick(2, 'y')] : [choice.pick(3, 'z')];
    seen.push([first, ...rest].join(''));
  }
  assert.deepEqual(seen, ['000', '001', '010', '011', '10', '11', '12']);
});

test('an odometer notices a step that is not deterministic', () => {
  const choice = new Odometer();
  choice.next();
  choice.pick(2, 'a');
  choice.next();
  assert.throws(() => choice.pick(3, 'a'), /had 2 alternatives before and has 3 now/);
});

test('a recorded run replays from its script', () => {
  const recorded = new Recorded(new Seeded(7));
  const values = [3, 5, 2, 9].map((n) => recorded.pick(n, 'x'));
  const script = new Scripted(recorded.picks.map((pick) => pick.value));
  assert.deepEqual(
    [3, 5, 2, 9].map((n) => script.pick(n, 'x')),
    values,
  );
  assert.ok(script.exhausted);
  assert.equal(script.pick(4, 'after the end'), FIRST.pick(4, 'x'));
});

test('a seed is a stream: saved in the middle, it continues', () => {
  const one = new Seeded(42);
  for (let i = 0; i < 10; i += 1) one.pick(6, 'die');
  const packed = save(one);
  const rest = Array.from({ length: 20 }, () => one.pick(6, 'die'));
  const other = new Seeded(0);
  load(other, packed);
  assert.deepEqual(
    Array.from({ length: 20 }, () => other.pick(6, 'die')),
    rest,
  );
  // A die that has been thrown 6000 times shows each face about 1000 times: 5 sigma is 5 * sqrt(6000*1/6*5/6) = 144.
  const faces = new Uint32Array(6);
  for (let i = 0; i < 6000; i += 1) faces[one.pick(6, 'die')]! += 1;
  for (const count of faces) assert.ok(Math.abs(count - 1000) < 144, `${faces}`);
});

test('words join and split without loss', () => {
  assert.equal(joinWords(0xffff_ffff, 0x1f_ffff), 2 ** 53 - 1);
  assert.equal(lowWord(2 ** 53 - 1), 0xffff_ffff);
  assert.equal(highWord(2 ** 53 - 1), 0x1f_ffff);
  assert.equal(bigFromWords(-1, -1), 2n ** 64n - 1n);
});

test('a shape names the path and what it expected', () => {
  const shape = object({
    name: text(),
    cpus: optional(integer(1, 8), 1),
    load: listOf(byKind({ idle: {}, spin: { cycles: integer(1, 100) } })),
    on: optional(oneOf('bare metal', 'none'), 'none'),
  });
  assert.deepEqual(shape.check({ name: 'x', load: [{ kind: 'spin', cycles: '0x10' }] }, '$'), {
    name: 'x',
    cpus: 1,
    load: [{ kind: 'spin', cycles: 16 }],
    on: 'none',
  });
  const says = (value: unknown, message: RegExp): void =>
    assert.throws(
      () => shape.check(value, '$'),
      (error) => error instanceof Mismatch && message.test(error.message),
    );
  says(null, /^\$: expected an object with name, cpus, load, on, found null$/);
  says({ load: [] }, /^\$\.name: expected a string, found nothing$/);
  says({ name: 'x', load: [], cpus: 9 }, /^\$\.cpus: expected an integer from 1 to 8, found 9$/);
  says({ name: 'x', load: [{ kind: 'spin' }] }, /^\$\.load\[0\]\.cycles: expected an integer/);
  says({ name: 'x', load: [{ kind: 'run' }] }, /^\$\.load\[0\]: expected an object whose kind is one of idle, spin/);
  says({ name: 'x', load: [], cpu: 1 }, /^\$\.cpu: there is no such field; expected an object with/);
  says({ name: 'x', load: [], on: 'kvm' }, /^\$\.on: expected one of bare metal, none, found "kvm"$/);
});

test('the layout is the same whatever the state is, and another when one thing has another name, kind, length or place', () => {
  const long = (length: number): Stateful => ({ serialize: (s) => void s.sized('log', new Uint8Array(length).fill(length)) });
  assert.deepEqual([layoutOf(long(0)), layoutOf(long(200_000))], [['log sized'], ['log sized']]);
  const memory = (length: number): Stateful => ({ serialize: (s) => s.bytes('ram', new Uint8Array(length)) });
  const lengths = [2 ** 20 - 1, 2 ** 20, 2 ** 21];
  assert.deepEqual(lengths.flatMap((length) => layoutOf(memory(length))), ['ram bytes[1048575]', 'ram large', 'ram large']);
  const pair: Stateful = {
    serialize: (s) => {
      s.parts('part', [new Sample(), long(1)]);
      s.part('part', long(1));
    },
  };
  assert.deepEqual(layoutOf(pair), [
    'part.0.on flag', 'part.0.small u8', 'part.0.port u16', 'part.0.word u32', 'part.0.cycles count', 'part.0.deadline time',
    'part.0.memory bytes[40]', 'part.0.counters counts[2]', 'part.1.log sized', 'part.log sized',
  ]);
});

test('as many bytes as there are come back, and bytes of another state are a misfit', () => {
  class Log implements Stateful {
    bytes: Uint8Array = new Uint8Array();
    end = 0;

    serialize(s: Serializer): void {
      this.bytes = s.sized('bytes', this.bytes);
      this.end = s.u8('end', this.end);
    }
  }
  // Pieces of 64 KiB: none, one, one and a bit of the next, three.
  for (const length of [0, 1, 65_536, 65_537, 196_608]) {
    const before = new Log(), after = new Log();
    before.bytes = Uint8Array.from({ length }, (_, i) => i % 251);
    before.end = 7;
    after.bytes = new Uint8Array(5);
    const packed = save(before);
    assert.equal(packed.length, 4 + length + 1);
    load(after, packed);
    assert.deepEqual(after, before);
    for (const other of [packed.subarray(0, -1), Uint8Array.from([...packed, 0])]) assert.throws(() => load(after, other), Misfit);
  }
});
