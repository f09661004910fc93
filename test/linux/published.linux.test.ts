import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LINUX_RECORDING } from '../../src/lab/published/linux-recording.ts';
import { built } from './guest.ts';
import { linuxRecording, overheads } from './published-runs.ts';

test('what was recorded of Linux guests for the published figures comes out again', () => {
  const { kernel: _kernel, perf: _perf, ...readings } = linuxRecording(built());
  // Kernel and perf are the distribution's, and change.
  for (const [name, value] of Object.entries(readings)) {
    const recorded = LINUX_RECORDING[name as keyof typeof readings];
    assert.ok(Math.abs(value / recorded - 1) < 0.1, `${name}: ${value}, and ${recorded} were recorded`);
  }
});

test('ten events cost more where they take turns four times as often, as with a kernel of 1000 ticks a second', () => {
  for (const [on, fixedCounters, recorded] of [['reuse', 4, 'emulated'], ['mediated', 3, 'mediated']] as const) {
    const { six, ten } = overheads(built(), on, fixedCounters, 1);
    // Six have a counter each.
    assert.ok(Math.abs(six / LINUX_RECORDING[`${recorded}6`] - 1) < 0.1, `${six}`);
    assert.ok(ten / LINUX_RECORDING[`${recorded}10`] > 1.2, `${ten}`);
  }
});
