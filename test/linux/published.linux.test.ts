import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LINUX_RECORDING } from '../../src/lab/published/linux-recording.ts';
import { built } from './guest.ts';
import { linuxRecording } from './published-runs.ts';

test('what was recorded of Linux guests for the published figures comes out again', () => {
  const { kernel: _kernel, perf: _perf, ...readings } = linuxRecording(built());
  // Kernel and perf are the distribution's, and change.
  for (const [name, value] of Object.entries(readings)) {
    const recorded = LINUX_RECORDING[name as keyof typeof readings];
    assert.ok(Math.abs(value / recorded - 1) < 0.1, `${name}: ${value}, and ${recorded} were recorded`);
  }
});
