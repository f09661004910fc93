import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIRST } from '../../src/base/choice.ts';
import { hash } from '../../src/base/hash.ts';
import type { Cycles } from '../../src/base/units.ts';
import { nodeWasm } from '../../src/cli/wasm.ts';
import { withBrought } from '../../src/guest/linux/initramfs.ts';
import type { WasmHost } from '../../src/hw/outside.ts';
import { open } from '../../src/lab/experiment.ts';
import { linuxImage } from '../../src/lab/linux.ts';
import { hostedOn, parseScenario, type StrategyName } from '../../src/lab/scenario.ts';
import { World } from '../../src/lab/world.ts';
import { NO_TRACE } from '../../src/trace/trace.ts';
import { built } from './guest.ts';
import { COMMAND_LINE } from './machine.ts';

// A kernel boots, a command runs, the machine switches itself off: translated, the processor is at every million cycles what it is
// interpreted, and the machine is the same at the end.

const EVERY = 1_000_000;
const LIMIT = 72_000_000_000;

const { translating: _, ...interpreting } = nodeWasm;
const HOSTS: readonly WasmHost[] = [
  interpreting, { ...interpreting, translating: { after: 200, most: 300, length: 60, exits: 500 } },
  { ...interpreting, translating: { after: 1500, most: 2000, length: 500, exits: 20_000 } },
];

for (const on of [undefined, 'general', 'mediated'] as const satisfies readonly (StrategyName | undefined)[]) {
  test(`a boot is the same translated and interpreted, at every million cycles, on ${on ?? 'bare metal'}`, () => {
    const { kernel, initrd } = built();
    const bare = parseScenario({
      name: 'linux', machine: { memory: 512 }, program: { kind: 'linux', commandLine: COMMAND_LINE, protocol: '64-bit' }, limit: LIMIT,
    });
    const scenario = on === undefined ? bare : hostedOn(bare, on);
    const image = linuxImage(scenario, { kernel, initrd: withBrought(initrd, { command: 'sha256sum /bin/busybox', files: [] }) });
    const [wanted, ...others] = HOSTS.map((wasm) => {
      const world = open(scenario, { choice: FIRST, tracer: NO_TRACE, transmit: () => {}, wasm }, image);
      const machine = world instanceof World ? world.machine : world.world.machine;
      const seen: string[] = [];
      for (let until = EVERY; !world.advance(until as Cycles) && until < LIMIT; until += EVERY) seen.push(hash(machine.cpus[0]!));
      return [...seen, hash(machine)];
    });
    assert.ok(wanted!.length > 300, `${wanted!.length}`);
    for (const other of others) assert.deepEqual(other, wanted);
  });
}
