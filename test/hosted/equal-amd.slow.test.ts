import { test } from 'node:test';
import { NEED_GLOBALS } from '../../src/guest/programs.ts';
import { parseScenario, type Scenario } from '../../src/lab/scenario.ts';
import { SCENARIOS } from '../../src/lab/scenarios.ts';
import { amdEventCode } from '../../src/x86/event.ts';
import { assertEqual, guestsOn, HOSTS } from './hosts.ts';

// AMD's counters: VM entry loads no global control, selectors say whom they count, and no PMI masks LVTPC. `general` and `mediated`
// are as right as on Intel's.

/** The scenarios of Intel's that software could also be written for on AMD's, with the events that those count. */
function* withAmd(version: number): Generator<[string, Scenario]> {
  for (const [name, { program, machine, ...rest }] of SCENARIOS) {
    if (machine.vendor === 'amd' || program.kind !== 'built-in' || program.handler === 'v4') continue;
    if (version === 1 && NEED_GLOBALS.has(program.main)) continue;
    const events = program.events.filter(({ event }) => amdEventCode(event) !== undefined).slice(0, 6);
    const perfmon = { version, generalCounters: 6 };
    yield [name, parseScenario({ ...rest, name, program: { ...program, events }, machine: { ...machine, vendor: 'amd', perfmon } })];
  }
}

/** Every handler that there is for them. */
function* handlers(version: number): Generator<[string, Scenario]> {
  const { program, machine, ...rest } = SCENARIOS.get('pmi')!;
  for (const handler of ['selector', 'throttle', 'never re-enables']) {
    const perfmon = { version, generalCounters: 4 };
    yield [handler, parseScenario({
      ...rest, program: { ...program, handler, iterations: 400 }, machine: { ...machine, vendor: 'amd', perfmon },
    })];
  }
}

const QUIET = ['a quiet host'];

for (const { name, what, hosted } of [...guestsOn(Object.keys(HOSTS), [...withAmd(2)]), ...guestsOn(QUIET, [...handlers(2)])]) {
  test(`with PerfMonV2: ${name} on ${what}`, () => {
    assertEqual(hosted, 'general');
    assertEqual(hosted, 'mediated');
  });
}

const REFUSED = {
  kind: 'refused', error: 'EOPNOTSUPP', why: 'it needs PerfMonV2 of the host\'s PMU, which has counters without global registers',
};

for (const { name, what, hosted } of [...guestsOn(Object.keys(HOSTS), [...withAmd(1)]), ...guestsOn(QUIET, [...handlers(1)])]) {
  test(`before PerfMonV2: ${name} on ${what}`, () => {
    assertEqual(hosted, 'general');
    assertEqual(hosted, 'mediated', REFUSED);
  });
}
