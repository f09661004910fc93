/**
 * `npm run bench`: how fast the machine is here and now. It reports and judges nothing; the machines it runs on are noisy, so
 * what is compared is compared in one run, in turns, by medians.
 */
import { table } from '../src/cli/table.ts';
import { linuxRates, MEMORY } from './linux.ts';
import { LOOPS, newMachine, runLoop } from './loops.ts';
import { iterationRate, missing as withoutQemu } from './qemu.ts';
import { searchRates } from './verifier.ts';

const ROUNDS = 5;
const LOOP_ROUNDS = 3;
const ITERATIONS = { interpreted: 4_000_000, translated: 20_000_000 } as const;
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

const peer = withoutQemu() ? undefined : iterationRate;
const loops = LOOPS.map((loop) => {
  const perIteration = runLoop(loop, ITERATIONS.interpreted).instructions / ITERATIONS.interpreted;
  const ours = (options: { readonly counting?: boolean; readonly translating?: boolean }) => (): number => {
    const { instructions, milliseconds } = runLoop(
      loop, options.translating === false ? ITERATIONS.interpreted : ITERATIONS.translated, options);
    return instructions / milliseconds / 1000;
  };
  const theirs = (counting: boolean) => (): number => (peer?.(loop, counting) ?? Number.NaN) * perIteration / 1000;
  const ways = [ours({ translating: false }), ours({}), ours({ counting: true }), theirs(true), theirs(false)];
  const rounds = Array.from({ length: LOOP_ROUNDS }, () => ways.map((way) => way()));
  const [interpreted, plain, counted, icount, other] = ways.map((_, i) => median(rounds.map((round) => round[i]!))) as
    [number, number, number, number, number];
  return {
    name: loop.name, interpreted, plain, counted, cost: median(rounds.map((round) => round[1]! / round[2]! - 1)),
    ...(peer && { icount, other, ratio: counted / icount }),
  };
});

const verifier = searchRates(SEARCHES);
const linux = linuxRates();

if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ loops, verifier, linux, worldStart: { first, later: median(starts) } }, null, 2));
} else {
  const whole = (value: number | undefined): string => value?.toFixed(0) ?? '';
  const rows = loops.map(({ name, interpreted, plain, counted, cost, icount, other, ratio }) => [
    name, whole(interpreted), whole(plain), whole(counted), `${(100 * cost).toFixed(1)} %`, whole(icount), whole(other),
    ratio === undefined ? '' : ratio.toFixed(2),
  ]);
  const head = [
    'loop, million instructions a second of processor time', 'interpreted', 'translated', 'two events counted', 'cost', 'QEMU -icount',
    'QEMU', 'counted / -icount',
  ];
  for (const line of table(head, rows, [1, 2, 3, 4, 5, 6, 7])) console.log(line);
  if (peer === undefined) console.log('QEMU is left out: there is no qemu-system-x86_64');
  console.log(`\nA machine with 64 MiB: the first of a process in ${first.toFixed(0)} ms, another in ${median(starts).toFixed(0)} ms.`);
  const perSecond = (count: number, seconds: number): string => Math.round(count / seconds).toLocaleString('en');
  const searches = verifier.rates.map(({ name, states, steps, seconds, first: cold, bytes }) => [
    name, states.toLocaleString('en'), perSecond(states, seconds), perSecond(states, cold), perSecond(steps, seconds),
    bytes?.toFixed(0) ?? '',
  ]);
  const searchHead = ['verifier, a second of processor time', 'states', 'states/s', 'the first', 'steps/s', 'bytes/state'];
  console.log('');
  for (const line of table(searchHead, searches, [1, 2, 3, 4, 5])) console.log(line);
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
