import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOST_COSTS } from '../../host/cost.ts';
import { MACHINE_NAMES, MACHINES } from './cost.ts';
import { dsToggle } from './kernel.ts';

test('every machine has a whole number of cycles for every cost, and says where it is from', () => {
  for (const name of MACHINE_NAMES) {
    const { costs, hz, cpus, source, title, timing } = MACHINES[name];
    assert.deepEqual(Object.keys(costs).sort(), [...HOST_COSTS].sort(), name);
    for (const cost of HOST_COSTS) assert.ok(Number.isInteger(costs[cost]) && costs[cost] > 0, `${name}: ${cost} is ${costs[cost]}`);
    assert.ok(hz > 1e9 && cpus > 0 && source !== '' && title !== '', name);
    assert.equal(timing.name, name);
  }
});

test('a toggle of the DS buffers goes with the square of the CPUs', () => {
  assert.equal(dsToggle(3, 10), 300);
  assert.equal(dsToggle(290, 176), 4 * dsToggle(290, 88));
});
