import assert from 'node:assert/strict';
import { test } from 'node:test';
import { built, inQemu } from './guest.ts';
import { KeptGuest } from './kept.ts';

// perf's own tests of counting and sampling, beside the same kernel and the same perf in QEMU, whose processors have no PMU.

const guest = built();
/** Without those that look for a compiler, for Python or for what no guest has, and those that take minutes. */
const TESTS = [2, 3, 4, 5, 8, 16, 20, 21, 22, 24, 25, 28, 29];
const COMMAND = `export PAGER=cat; perf test ${TESTS.join(' ')} 2>&1`;

/** What came of each that is no heading. */
function results(output: string): ReadonlyMap<string, string> {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: perf colours what it says
  const plain = output.replaceAll(/\x1b\[\d*m/g, '');
  return new Map([...plain.matchAll(/^ *[\d.]+: (.*?) +: (Ok|FAILED|Skip)/gm)].map(([, name, result]) => [name!, result!]));
}

/** In their order. The second last looks a thousand times whether its child has ended, which with one processor has not begun then. */
const NEED_PMU = [
  'User space counter reading of instructions', 'User space counter reading of cycles', 'Number of exit events of a simple workload',
  'Use a dummy software event to keep tracking',
];

test('perf\'s own tests pass that pass without a PMU, and those that need one', async () => {
  const here = results(new KeptGuest(guest, { machine: { cpus: 2 } }).run(COMMAND).output);
  const there = results((await inQemu(guest, COMMAND)).output);
  assert.ok(here.size > TESTS.length, `${here.size}`);
  assert.deepEqual([...here.keys()], [...there.keys()]);
  const passed = (of: ReadonlyMap<string, string>): string[] => [...of].flatMap(([name, result]) => (result === 'Ok' ? [name] : []));
  assert.deepEqual(passed(here).filter((name) => !passed(there).includes(name)), NEED_PMU);
  assert.deepEqual(passed(there).filter((name) => !passed(here).includes(name)), []);
});
