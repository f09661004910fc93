import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dump } from '../../base/dump.ts';
import { load, save } from '../../base/pack.ts';
import { Lapic } from './lapic.ts';
import { LocalVectorTable, LVT, LVT_ENTRIES, type LvtEntry } from './lvt.ts';

// By delivery mode, 0 to 7: what an entry makes of a signal. SDM, "Local Vector Table": fixed, SMI and NMI; INIT and ExtINT only
// for the pins; timer and error entry have no delivery mode, so they are always fixed. The others are no modes of an entry.
const FIXED = 'interrupt', NMI = 'nmi', INIT = 'init', TAKEN = 'taken', NOTHING = 'nothing';
const COUNTERS = [FIXED, NOTHING, TAKEN, NOTHING, NMI, NOTHING, NOTHING, NOTHING];
const PINS = [FIXED, NOTHING, TAKEN, NOTHING, NMI, INIT, NOTHING, TAKEN];
const ALWAYS = COUNTERS.map(() => FIXED);
const EXPECTED: Readonly<Record<LvtEntry, readonly string[]>> = {
  cmci: COUNTERS, timer: ALWAYS, thermal: COUNTERS, perfmon: COUNTERS, lint0: PINS, lint1: PINS, error: ALWAYS,
};
const VECTOR = 0x52, MASKED = 1 << 16;

function powerOn(): Lapic {
  const lapic = new Lapic({ id: 0, bootstrap: true, masksPmi: true, timerTicks: 1 }, {
    now: () => 0, send: () => {}, endOfInterrupt: () => {}, timerFired: () => {},
  });
  lapic.write(0xf0, 0x1ff);
  return lapic;
}

/** What came of a signal. SMI and ExtINT are taken, and nobody does anything with them. */
function outcome(lapic: Lapic, entry: LvtEntry): string {
  const taken = lapic.signal(entry);
  const came = [lapic.pending() === VECTOR ? FIXED : '', lapic.nmiPending ? NMI : '', lapic.initPending ? INIT : ''].filter(Boolean);
  assert.equal(lapic.startupVector, -1);
  return came.length > 0 ? came.join() : taken ? TAKEN : NOTHING;
}

test('an entry delivers in the modes that it has, and in no other', () => {
  for (const entry of LVT_ENTRIES) {
    const outcomes = EXPECTED[entry].map((_, mode) => {
      const lapic = powerOn();
      lapic.write(LVT[entry], (mode << 8) | VECTOR);
      return outcome(lapic, entry);
    });
    assert.deepEqual(outcomes, EXPECTED[entry], entry);
  }
});

test('a PMI masks its entry when it is delivered, and only then', () => {
  for (const [mode, expected] of COUNTERS.entries()) {
    const lapic = powerOn();
    lapic.write(LVT.perfmon, (mode << 8) | VECTOR);
    lapic.signal('perfmon');
    const masked = (lapic.read(LVT.perfmon) & MASKED) !== 0;
    assert.equal(masked, expected !== NOTHING, `mode ${mode}`);
    assert.equal(lapic.read(LVT.perfmon) & 0x7ff, (mode << 8) | VECTOR);
  }
});

test('masked, no mode delivers', () => {
  for (const entry of LVT_ENTRIES) {
    for (let mode = 0; mode < 8; mode += 1) {
      const lapic = powerOn();
      lapic.write(LVT[entry], MASKED | (mode << 8) | VECTOR);
      assert.equal(outcome(lapic, entry), NOTHING, `${entry} ${mode}`);
    }
  }
});

test('what is saved is loaded', () => {
  const table = new LocalVectorTable(), copy = new LocalVectorTable();
  for (const [i, entry] of LVT_ENTRIES.entries()) table.write(entry, 0x30 + i);
  load(copy, save(table));
  assert.deepEqual(dump(copy), dump(table));
});
