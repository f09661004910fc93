/**
 * What the program takes beside its guest's memory: the resident memory of its process less what is resident of the guest's, page by page.
 * That lies at the end of a mapping, behind the machine's own tables. It is looked at many times a second, and the most counts.
 */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Store } from '../src/cli/guest/store.ts';
import { NO_GUEST } from './linux-guest.ts';
import { digits, numbers, type Section } from './section.ts';

const COMMAND = fileURLToPath(new URL('../bundle/cli/vpmu.js', import.meta.url));
/** Milliseconds between two looks. */
const LOOK = 50;
const MIB = 1 << 20, PAGE = 4096;
/** Bytes that Linux' pagemap has for each page; in the last one, whether the page is in memory. */
const ENTRY = 8, PRESENT = 0x80;

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
    // No other mapping is so large.
    const linear = mappings.find(({ start, end }) => end - start >= mebibytes * MIB && end - start < 2 * mebibytes * MIB);
    if (linear === undefined) return;
    const guest = residentIn(child.pid!, linear.end - mebibytes * MIB, linear.end);
    // What it has touched it keeps: where there is less, the process is ending.
    if (guest === undefined || guest / MIB < touched) return;
    touched = guest / MIB;
    beside = Math.max(beside, mappings.reduce((sum, { resident }) => sum + resident, -guest) / MIB);
  }, LOOK);
  const status = await new Promise((resolve) => child.on('close', resolve));
  clearInterval(looking);
  if (status !== 0) throw new Error(`vpmu ${args.join(' ')} has ended with ${status}`);
  return { beside, touched };
}

/** Of each mapping of a process, from where to where it is, and how many bytes of it are resident; of a process that has ended, none. */
function mappingsOf(pid: number): { readonly start: number; readonly end: number; readonly resident: number }[] {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/smaps`, 'latin1');
  } catch {
    return [];
  }
  return [...text.matchAll(/^([0-9a-f]+)-([0-9a-f]+) [\s\S]*?^Rss:\s+(\d+) kB/gm)].map(([, start, end, resident]) =>
    ({ start: Number.parseInt(start!, 16), end: Number.parseInt(end!, 16), resident: 1024 * Number(resident) }));
}

/** Bytes of a part of its memory that are resident; undefined when it has ended meanwhile. */
function residentIn(pid: number, start: number, end: number): number | undefined {
  const entries = Buffer.alloc((end - start) / PAGE * ENTRY);
  try {
    const file = openSync(`/proc/${pid}/pagemap`, 'r');
    const read = readSync(file, entries, 0, entries.length, start / PAGE * ENTRY);
    closeSync(file);
    if (read < entries.length) return undefined;
  } catch {
    return undefined;
  }
  let pages = 0;
  for (let at = ENTRY - 1; at < entries.length; at += ENTRY) if ((entries[at]! & PRESENT) !== 0) pages += 1;
  return pages * PAGE;
}
