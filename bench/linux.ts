/**
 * Linux, as a person meets it: a boot to the shell, and a command in a guest that has booted, each a process of its own; and the same boot
 * in QEMU, which counts instructions too. The guest is that of `vpmu guest build`, and nothing is downloaded for it.
 */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Guest, Store } from '../src/cli/guest/store.ts';
import { withBrought } from '../src/guest/linux/initramfs.ts';
import { NO_GUEST, qemuGuest } from './linux-guest.ts';
import { digits, numbers, type Section } from './section.ts';

const COMMAND = fileURLToPath(new URL('../bundle/cli/vpmu.js', import.meta.url));
/** What a process tells on its third channel when it ends. */
const TELLS = 'import{writeSync}from"node:fs";process.on("exit",()=>writeSync(3,JSON.stringify(process.resourceUsage())))';
/** MiB of the guest. */
const MEMORY = 512;

interface Run {
  readonly name: string;
  readonly seconds: number;
  /** Of all its threads. */
  readonly processorSeconds?: number;
  readonly instructions?: number;
  /** MiB that the process had at most; of the guest's memory, those that the guest has touched. */
  readonly memory?: number;
}

interface LinuxRates {
  readonly release?: string;
  readonly runs: readonly Run[];
  /** What is left out, and why. */
  readonly missing: readonly string[];
}

function linuxRates(): LinuxRates {
  const store = new Store(undefined);
  const guest = store.guest();
  if (guest === undefined) return { runs: [], missing: [NO_GUEST] };
  const folder = mkdtempSync(join(tmpdir(), 'vpmu-bench-'));
  try {
    const snapshot = join(folder, 'booted');
    const boot = ours('boot, a command, power off', ['run', '--linux', '--json', '--exec', 'true', '--memory', `${MEMORY}`]);
    const kept = ours('boot to the shell, and keep it', ['snapshot', snapshot, '--memory', `${MEMORY}`]);
    const resumed = ours('go on from there, a command, power off', ['run', '--linux', '--from', snapshot, '--exec', 'true']);
    const other = inQemu(store, guest, folder);
    return {
      release: guest.kernel.release, runs: [boot, kept, resumed, ...(other === undefined ? [] : [other])],
      missing: other === undefined ? ['QEMU is left out: there is no qemu-system-x86_64'] : [],
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** How long a process takes, and what it printed. */
function timed(command: string, args: readonly string[]): { readonly seconds: number; readonly done: SpawnSyncReturns<string> } {
  const start = performance.now();
  const done = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe', 'pipe'], maxBuffer: 1 << 28 });
  return { seconds: (performance.now() - start) / 1000, done };
}

/** One of our commands. */
function ours(name: string, args: readonly string[]): Run {
  const { seconds, done } = timed(process.execPath, ['--import', `data:text/javascript,${TELLS}`, COMMAND, ...args]);
  if (done.status !== 0) throw new Error(done.stderr);
  const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(done.output[3]!) as NodeJS.ResourceUsage;
  const report = args.includes('--json') ? (JSON.parse(done.stdout) as { report: { cpus: { instructions: number }[] } }).report : undefined;
  return {
    name, seconds, processorSeconds: (userCPUTime + systemCPUTime) / 1e6, memory: maxRSS / 1024,
    ...(report ? { instructions: report.cpus.reduce((sum, { instructions }) => sum + instructions, 0) } : {}),
  };
}

/** The same in QEMU, whose clock counts instructions. It does not say how many it did. */
function inQemu(store: Store, guest: Guest, folder: string): Run | undefined {
  const brought = withBrought(store.read(guest.initrd), { command: 'true', files: [] });
  const args = qemuGuest(store, guest, folder, brought, { memory: MEMORY, counting: true });
  const { seconds, done } = timed('qemu-system-x86_64', args);
  if ((done.error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return undefined;
  if (done.status !== 0) throw new Error(done.stderr);
  return { name: 'QEMU -icount: boot, a command, power off', seconds };
}

export function linux(): Section {
  const values = linuxRates();
  const rows = values.runs.map(({ name, seconds, processorSeconds, instructions, memory }) => [
    name, digits(seconds, 1), digits(processorSeconds, 1), digits(instructions && instructions / 1e6, 0),
    digits(instructions && processorSeconds && instructions / processorSeconds / 1e6, 1), digits(memory, 0),
  ]);
  const head = [`Linux ${values.release ?? ''}`, 's', 's of processors', 'million instructions', 'million/s', `MiB, guest of ${MEMORY}`];
  return { values, lines: [...(rows.length > 0 ? numbers(head, rows) : []), ...values.missing] };
}
