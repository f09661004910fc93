import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { attrOf, CAPS, codeOf } from '../../../test/host/rig.ts';
import { type CounterSet, counterSet } from '../../x86/counter-set.ts';
import { EVENTS } from '../../x86/event.ts';
import { allCounters } from '../../x86/perfmon.ts';
import { Assignment, constraintOf } from './assign.ts';
import { PerfEvent, type PerfEventAttr } from './event.ts';
import { AMD, INTEL } from './vendor.ts';

const eventOf = (rest: Partial<PerfEventAttr>, lastCounter?: number): PerfEvent => {
  const event = new PerfEvent(0);
  event.open(attrOf(rest), { cpu: 0 }, 0, 0);
  if (lastCounter !== undefined) event.lastCounter = lastCounter;
  return event;
};
const bits = (set: CounterSet): string => (set >>> 0).toString(16);

test('constraints: every general counter, and the fixed one of the event', () => {
  for (const [config, high, expected] of [
    [codeOf('instructions retired'), 0, '1000f'], [codeOf('core cycles'), 0, '2000f'], [codeOf('reference cycles'), 0, '4000f'],
    [codeOf('branch instructions retired'), 0, 'f'], [codeOf('topdown slots'), 0, 'f'], [0xffff, 0, 'f'],
    // CMASK, INV, EDGE: a fixed counter has none of them.
    [codeOf('instructions retired') + 0x100_0000, 0, 'f'], [codeOf('instructions retired') + 0x80_0000, 0, 'f'],
    [codeOf('instructions retired') + 0x4_0000, 0, 'f'],
    // IN_TX, and IN_TXCP, which counter 2 has.
    [codeOf('instructions retired'), 1, 'f'], [codeOf('instructions retired'), 2, '4'],
  ] as const) {
    assert.equal(bits(constraintOf(eventOf({ config, configHigh: high }), CAPS, INTEL)), expected, `${config.toString(16)} ${high}`);
  }
});

test('AMD has no fixed counters, and four more bits of the event', () => {
  const caps = { ...CAPS, generalCounters: 6, fixedCounters: 0 };
  assert.equal(bits(constraintOf(eventOf({ config: 0x20, configHigh: 0x1 }), caps, AMD)), '3f');
});

test('a fixed counter first; the most constrained chooses first', () => {
  const assignment = new Assignment(CAPS, INTEL, 8);
  const [instructions, branches] = [eventOf({}), eventOf({ config: codeOf('branch instructions retired') })];
  assert.ok(assignment.assign([instructions, branches, eventOf({})], allCounters(CAPS)));
  assert.deepEqual([...assignment.places.subarray(0, 3)], [4, 0, 1]);
});

test('each keeps what it had, if all can', () => {
  const assignment = new Assignment(CAPS, INTEL, 8);
  assert.ok(assignment.assign([eventOf({}, 3), eventOf({}, 1)], allCounters(CAPS)));
  assert.deepEqual([...assignment.places.subarray(0, 2)], [3, 1]);
  // Two that had the same: all choose anew.
  assert.ok(assignment.assign([eventOf({}, 3), eventOf({}, 3)], allCounters(CAPS)));
  assert.deepEqual([...assignment.places.subarray(0, 2)], [4, 0]);
});

test('when there is no way, the places are as before', () => {
  const assignment = new Assignment(CAPS, INTEL, 8);
  const only = counterSet(0b10, 0);
  assert.ok(assignment.assign([eventOf({})], only));
  assert.equal(assignment.assign([eventOf({}), eventOf({})], only), false);
  assert.equal(assignment.places[0], 1);
});

test('whenever there is a way it is found, and it is one', () => {
  const configs = EVENTS.map(({ codes }) => codes[0][0] | (codes[0][1] << 8));
  fc.assert(fc.property(
    fc.array(fc.tuple(fc.constantFrom(...configs), fc.constantFrom(0, 1, 2)), { maxLength: 7 }), fc.integer({ min: 0, max: 0x7f }),
    (wanted, mask) => {
      const events = wanted.map(([config, configHigh]) => eventOf({ config, configHigh }));
      const available = counterSet(mask & 0xf, mask >> 4);
      const allowed = events.map((event) => constraintOf(event, CAPS, INTEL) & available);
      const assignment = new Assignment(CAPS, INTEL, 8);
      const found = assignment.assign(events, available);
      // Hall: there is a way unless some of them have fewer counters between them than they are.
      const subsets = Array.from({ length: 2 ** events.length }, (_, subset) => allowed.filter((_set, i) => (subset >> i) & 1));
      const ones = (set: number): number => set.toString(2).replaceAll('0', '').length;
      assert.equal(found, subsets.every((some) => ones(some.reduce((all, each) => all | each, 0)) >= some.length));
      if (!found) return;
      const places = [...assignment.places.subarray(0, events.length)];
      assert.equal(new Set(places).size, places.length);
      for (const [i, k] of places.entries()) assert.notEqual(allowed[i]! & (k < 4 ? 1 << k : 1 << (12 + k)), 0);
    },
  ), { seed: 1, numRuns: 500 });
});
