/** How long a machine takes to be made, and how many instructions of the four loops a second it runs, beside QEMU. */
import { LOOPS, newMachine, runLoop } from './loops.ts';
import { iterationRate, missing as withoutQemu } from './qemu.ts';
import { digits, numbers, type Section } from './section.ts';

const STARTS = 5;
const ROUNDS = 5;
const ITERATIONS = { interpreted: 4_000_000, translated: 20_000_000 } as const;

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Milliseconds: the first machine of a process makes the interpreter as well. */
export function starts(): Section {
  const times = Array.from({ length: 1 + STARTS }, () => {
    const start = performance.now();
    newMachine(64);
    return performance.now() - start;
  });
  const first = times[0]!, later = median(times.slice(1));
  return {
    values: { first, later },
    lines: [`A machine with 64 MiB: the first of a process in ${first.toFixed(0)} ms, another in ${later.toFixed(0)} ms.`],
  };
}

export function rates(): Section {
  const peer = withoutQemu() ? undefined : iterationRate;
  const values = LOOPS.map((loop) => {
    const perIteration = runLoop(loop, ITERATIONS.interpreted).instructions / ITERATIONS.interpreted;
    const ours = (options: { readonly counting?: boolean; readonly translating?: boolean }) => (): number => {
      const { instructions, milliseconds } = runLoop(
        loop, options.translating === false ? ITERATIONS.interpreted : ITERATIONS.translated, options);
      return instructions / milliseconds / 1000;
    };
    const theirs = (icount: boolean) => (): number => (peer?.(loop, icount) ?? Number.NaN) * perIteration / 1000;
    const ways = [ours({ translating: false }), ours({}), ours({ counting: true }), theirs(true), theirs(false)];
    const rounds = Array.from({ length: ROUNDS }, () => ways.map((way) => way()));
    const [interpreted, plain, counted, icount, other] = ways.map((_, i) => median(rounds.map((round) => round[i]!))) as
      [number, number, number, number, number];
    return { name: loop.name, interpreted, plain, counted, ...(peer && { icount, other, ratio: counted / icount }) };
  });
  const rows = values.map(({ name, interpreted, plain, counted, icount, other, ratio }) =>
    [name, ...[interpreted, plain, counted, icount, other].map((rate) => digits(rate, 0)), digits(ratio, 2)]);
  const head = [
    'loop, million instructions a second of processor time', 'interpreted', 'translated', 'two events counted', 'QEMU -icount', 'QEMU',
    'counted / -icount',
  ];
  return { values, lines: [...numbers(head, rows), ...(peer === undefined ? ['QEMU is left out: there is no qemu-system-x86_64'] : [])] };
}
