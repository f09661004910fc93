/** How long a machine takes to be made, and how many instructions of the four loops a second it runs, beside others. */
import { LOOPS, type Loop, newMachine, runLoop } from './loops.ts';
import { ICOUNT, PEERS, type Peer } from './peers.ts';
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

type Way = (loop: Loop) => number | Promise<number>;

/** Million instructions in a second of processor time. */
const ours = (options: { readonly counting?: boolean; readonly translating?: boolean }): Way => (loop) => {
  const iterations = options.translating === false ? ITERATIONS.interpreted : ITERATIONS.translated;
  const { instructions, milliseconds } = runLoop(loop, iterations, options);
  return instructions / milliseconds / 1000;
};

const OURS = { interpreted: ours({ translating: false }), translated: ours({}), 'two events counted': ours({ counting: true }) } as const;

const theirs = ({ rate }: Peer): Way => async (loop) =>
  await rate(loop) * runLoop(loop, ITERATIONS.interpreted).instructions / ITERATIONS.interpreted / 1000;

/** In turns, by its name: the median for each. */
async function compare(ways: readonly (readonly [string, Way])[], loop: Loop): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number[]>(ways.map(([name]) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) for (const [name, way] of ways) found.get(name)!.push(await way(loop));
  return new Map([...found].map(([name, values]) => [name, median(values)]));
}

export async function rates(): Promise<Section> {
  const there = PEERS.filter(({ missing }) => !missing());
  const ways: [string, Way][] = [...Object.entries(OURS), ...there.map((peer): [string, Way] => [peer.name, theirs(peer)])];
  const values: Readonly<Record<string, string | number>>[] = [];
  const rows: string[][] = [];
  for (const loop of LOOPS) {
    const found = await compare(ways, loop);
    const icount = found.get(ICOUNT);
    const ratio = icount && found.get('two events counted' satisfies keyof typeof OURS)! / icount;
    values.push({ name: loop.name, ...Object.fromEntries(found), ...(ratio !== undefined && { ratio }) });
    rows.push([loop.name, ...[...found.values()].map((rate) => digits(rate, 0)), digits(ratio, 2)]);
  }
  const head = ['loop, million instructions a second of processor time', ...ways.map(([name]) => name), 'counted / -icount'];
  const without = PEERS.filter((peer) => !there.includes(peer)).map(({ name }) => name);
  return { values, lines: [...numbers(head, rows), ...leftOut(without)] };
}

const leftOut = (names: readonly string[]): string[] => names.length === 0 ? [] : [
  `Left out, because they are not installed: ${names.join('; ')}. \`npm run bench -- loops --install\` installs them.`,
];
