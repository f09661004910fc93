/**
 * What it takes to go on with a guest that has booted: from the start of a process to the guest's first instruction, to the end of one
 * that is stopped a millisecond of its time later, and to the end of one that does a command and switches itself off.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Store } from '../src/cli/guest/store.ts';
import { NO_GUEST } from './linux-guest.ts';
import { digits, numbers, type Section } from './section.ts';

const COMMAND = fileURLToPath(new URL('../bundle/cli/vpmu.js', import.meta.url));
/** MiB of the guest. */
const MEMORY = 512;
const TURNS = 5;
/** What the milliseconds to the first instruction may be, and what is aimed at. */
const MUST = 300, AIM = 100;

/** Tells on the third channel when the run loop is called first, and ends there: milliseconds since the start, and of processors. */
const TELLS = `import { writeSync } from 'node:fs';
const { Instance } = WebAssembly;
WebAssembly.Instance = function (module, imports) {
  const { exports } = new Instance(module, imports);
  const run = () => {
    const real = performance.now(), { user, system } = process.cpuUsage();
    writeSync(3, JSON.stringify({ real, processors: (user + system) / 1000 }));
    process.exit();
  };
  return { exports: 'run' in exports ? { ...exports, run } : exports };
};`;

interface Taken { readonly real: number; readonly processors?: number }

function processOf(args: readonly string[]): Taken {
  const start = performance.now();
  const { stderr, error } = spawnSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
  const real = performance.now() - start;
  if (error !== undefined) throw error;
  if (stderr !== '' && !stderr.includes('has not ended after')) throw new Error(stderr);
  return { real };
}

function firstInstruction(args: readonly string[]): Taken {
  const { output, stderr } = spawnSync(
    process.execPath, ['--import', `data:text/javascript,${encodeURIComponent(TELLS)}`, ...args],
    { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  if (!output[3]) throw new Error(`the guest has not begun: ${stderr}`);
  return JSON.parse(output[3]) as Taken;
}

export function resume(): Section {
  if (new Store(undefined).guest() === undefined) return { values: [], lines: [NO_GUEST] };
  const folder = mkdtempSync(join(tmpdir(), 'vpmu-bench-'));
  try {
    const snapshot = join(folder, 'booted');
    processOf([COMMAND, 'snapshot', snapshot, '--memory', `${MEMORY}`]);
    const going = [COMMAND, 'run', '--linux', '--from', snapshot, '--exec', 'true'];
    const measures: readonly (readonly [name: string, measure: () => Taken])[] = [
      ['Node alone', () => processOf(['--eval', '0'])],
      ['to the first instruction of the guest', () => firstInstruction(going)],
      ['to the end, the guest stopped after 1 ms', () => processOf([...going, '--timeout', '0.001'])],
      ['to the end of a command, and power off', () => processOf(going)],
    ];
    // In turns: a slow minute is one for all of them.
    const taken = measures.map((): Taken[] => []);
    for (let turn = 0; turn < TURNS; turn += 1) for (const [i, [, measure]] of measures.entries()) taken[i]!.push(measure());
    const values = measures.map(([name], i) => ({ name, ...summary(taken[i]!) }));
    const rows = values.map(({ name, median, least, processors }) =>
      [name, digits(median, 0), digits(least, 0), digits(processors, 0)]);
    const head = [`resume a snapshot, ms; must ${MUST}, aim ${AIM}`, `median of ${TURNS}`, 'least', 'least, of processors'];
    return { values, lines: numbers(head, rows) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function summary(taken: readonly Taken[]): { readonly median: number; readonly least: number; readonly processors?: number } {
  const real = taken.map((each) => each.real).sort((a, b) => a - b);
  const processors = taken.flatMap((each) => each.processors ?? []);
  return { median: real[real.length >> 1]!, least: real[0]!, ...(processors.length > 0 && { processors: Math.min(...processors) }) };
}
