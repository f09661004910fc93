/**
 * `npm run bench`: how fast the machine is here and now. It reports and judges nothing; the machines it runs on are noisy, so
 * what is compared is compared in one run, in turns, by medians.
 */
import { table } from '../src/cli/table.ts';
import { linuxRates, MEMORY } from './linux.ts';
import { LOOPS, newMachine, runLoop } from './loops.ts';
import { searchRates } from './verifier.ts';

const ROUNDS = 5;
const ITERATIONS = 4_000_000;
const SEARCHES = 3;

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

const firstStart = performance.now();
newMachine(64);
const first = performance.now() - firstStart;

const starts = Array.from({ length: ROUNDS }, () => {
  const start = performance.now();
  newMachine(64);
  return performance.now() - start;
});

const loops = LOOPS.map((loop) => {
  runLoop(loop, ITERATIONS, false);
  const plain: number[] = [], counted: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [list, counting] of [[plain, false], [counted, true]] as const) {
      const { instructions, milliseconds } = runLoop(loop, ITERATIONS, counting);
      list.push(instructions / milliseconds / 1000);
    }
  }
  return { name: loop.name, plain: median(plain), counted: median(counted), cost: median(plain.map((mips, i) => mips / counted[i]! - 1)) };
});

const verifier = searchRates(SEARCHES);
const linux = linuxRates();

if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ loops, verifier, linux, worldStart: { first, later: median(starts) } }, null, 2));
} else {
  const rows = loops.map(({ name, plain, counted, cost }) => [name, plain.toFixed(1), counted.toFixed(1), `${(100 * cost).toFixed(1)} %`]);
  const head = ['loop, million instructions a second', 'nothing counted', 'two events counted', 'cost'];
  for (const line of table(head, rows, [1, 2, 3])) console.log(line);
  console.log(`\nA machine with 64 MiB: the first of a process in ${first.toFixed(0)} ms, another in ${median(starts).toFixed(0)} ms.`);
  const perSecond = (count: number, seconds: number): string => Math.round(count / seconds).toLocaleString('en');
  const searches = verifier.rates.map(({ name, states, steps, seconds, bytes }) => [
    name, states.toLocaleString('en'), perSecond(states, seconds), perSecond(steps, seconds), bytes?.toFixed(0) ?? '',
  ]);
  const searchHead = ['verifier, a second of processor time', 'states', 'states/s', 'steps/s', 'bytes/state'];
  console.log('');
  for (const line of table(searchHead, searches, [1, 2, 3, 4])) console.log(line);
  if (verifier.missing !== undefined) console.log(`SPIN is left out: ${verifier.missing}`);
  const places = (value: number | undefined, digits = 1): string => value?.toFixed(digits) ?? '';
  const boots = linux.runs.map(({ name, seconds, processorSeconds, instructions, memory }) => [
    name, places(seconds), places(processorSeconds), places(instructions && instructions / 1e6, 0),
    places(instructions && processorSeconds && instructions / processorSeconds / 1e6), places(memory, 0),
  ]);
  const bootHead = [`Linux ${linux.release ?? ''}`, 's', 's of processors', 'million instructions', 'million/s', `MiB, guest of ${MEMORY}`];
  console.log('');
  if (boots.length > 0) for (const line of table(bootHead, boots, [1, 2, 3, 4, 5])) console.log(line);
  for (const line of linux.missing) console.log(line);
}
