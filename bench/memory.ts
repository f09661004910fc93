/**
 * What the program takes beside its guest's memory: the resident memory of its process less that of the guest's, which lies in a mapping of
 * its own. It is looked at many times a second, and the most counts.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Store } from '../src/cli/guest/store.ts';
import { NO_GUEST } from './linux-guest.ts';
import { digits, numbers, type Section } from './section.ts';

const COMMAND = fileURLToPath(new URL('../src/cli/vpmu.js', import.meta.url));
/** Milliseconds between two looks. */
const LOOK = 50;
const MIB = 1 << 20;

/** By what is run: how much memory the guest has, in MiB, and the command's other words. */
const RUNS: readonly (readonly [name: string, memory: number, args: readonly string[]])[] = [
  ['Linux boots', 256, ['run', '--linux', '--exec', 'true']],
  ['the same', 1024, ['run', '--linux', '--exec', 'true']],
  ['2 processors, on \'general\'', 256, ['run', '--linux', '--exec', 'true', '--cpus', '2', '--on', 'general']],
];

interface Footprint {
  readonly name: string;
  readonly memory: number;
  /** MiB: the most beside the guest's memory; and of that, what the guest has touched. */
  readonly beside: number;
  readonly touched: number;
}

export async function memory(): Promise<Section> {
  if (new Store(undefined).guest() === undefined) return { values: [], lines: [NO_GUEST] };
  const values: Footprint[] = [];
  for (const [name, mebibytes, args] of RUNS) values.push({ name, memory: mebibytes, ...await footprint(mebibytes, args) });
  const rows = values.map(({ name, memory: all, touched, beside }) => [name, `${all}`, digits(touched, 0), digits(beside, 0)]);
  return { values, lines: numbers(['MiB', 'guest memory', 'of it touched', 'beside it'], rows) };
}

async function footprint(mebibytes: number, args: readonly string[]): Promise<Pick<Footprint, 'beside' | 'touched'>> {
  const child = spawn(process.execPath, [COMMAND, ...args, '--memory', `${mebibytes}`], { stdio: ['ignore', 'ignore', 'inherit'] });
  let beside = 0, touched = 0;
  const looking = setInterval(() => {
    const mappings = mappingsOf(child.pid!);
    // No other mapping is so large. It holds the machine's own tables too, of which all are taken to be resident.
    const linear = mappings.find(({ size }) => size >= mebibytes * MIB && size < 2 * mebibytes * MIB);
    if (linear === undefined) return;
    const guest = Math.max(0, linear.resident - (linear.size - mebibytes * MIB));
    touched = Math.max(touched, guest / MIB);
    beside = Math.max(beside, mappings.reduce((sum, { resident }) => sum + resident, -guest) / MIB);
  }, LOOK);
  const status = await new Promise((resolve) => child.on('close', resolve));
  clearInterval(looking);
  if (status !== 0) throw new Error(`vpmu ${args.join(' ')} has ended with ${status}`);
  return { beside, touched };
}

/** Bytes of each mapping of a process; of one that has ended, none. */
function mappingsOf(pid: number): { readonly size: number; readonly resident: number }[] {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/smaps`, 'latin1');
  } catch {
    return [];
  }
  return [...text.matchAll(/^Size:\s+(\d+) kB[\s\S]*?^Rss:\s+(\d+) kB/gm)].map(([, size, resident]) =>
    ({ size: 1024 * Number(size), resident: 1024 * Number(resident) }));
}
