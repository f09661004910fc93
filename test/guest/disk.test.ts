import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIRST } from '../../src/base/choice.ts';
import { load, save } from '../../src/base/pack.ts';
import type { Cycles } from '../../src/base/units.ts';
import { nodeWasm } from '../../src/cli/wasm.ts';
import { open } from '../../src/lab/experiment.ts';
import { linuxImage } from '../../src/lab/linux.ts';
import { hostedOn, parseScenario } from '../../src/lab/scenario.ts';
import { NO_TRACE } from '../../src/trace/trace.ts';
import { DISK_IMAGE, DISK_KERNEL, DISK_SAID } from './disk-kernel.ts';

// A driver in machine code, with a disk: what the device writes to memory is what the processor finds there, also where it had decoded
// other code; and its interrupt comes by line 16.

const program = { kind: 'linux', commandLine: '' };
const bare = parseScenario({ name: 'linux', machine: { memory: 32 }, program, limit: 200_000_000 });

function machine(scenario = bare, wasm = true) {
  const attached = { disks: [{ bytes: DISK_IMAGE, readOnly: false, serial: 'disk' }] };
  const outside = { choice: FIRST, tracer: NO_TRACE, transmit: () => {}, attached, ...(wasm ? { wasm: nodeWasm } : {}) };
  return open(scenario, outside, linuxImage(scenario, { kernel: DISK_KERNEL, initrd: undefined }));
}

const written = (): Uint8Array => Uint8Array.from([...DISK_IMAGE.subarray(0, 512), ...DISK_IMAGE.subarray(0, 512)]);

test('the device writes to memory, also over decoded code, and interrupts: on bare metal and as a guest', () => {
  for (const scenario of [bare, hostedOn(bare, 'mediated'), hostedOn(bare, 'general')]) {
    const world = machine(scenario);
    const { outcome, console } = world.run();
    assert.deepEqual([outcome, console], [{ kind: 'power off' }, DISK_SAID]);
    assert.deepEqual(world.board.disks[0]!.written, written());
  }
});

// 1251 cycles in all; after 500 of them the routine has been called, and after 1000 read over.
test('with WebAssembly or without, and loaded in the middle, it is the same', () => {
  const whole = machine();
  const { hash } = whole.run();
  assert.equal(machine(bare, false).run().hash, hash);
  for (const until of [500, 1000]) {
    const first = machine(), second = machine();
    first.advance(until as Cycles);
    load(second, save(first));
    assert.equal(second.run().hash, hash, `${until}`);
    assert.deepEqual(second.board.disks[0]!.written, written());
  }
});
