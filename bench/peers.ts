/** The other emulators that the four loops run in, where they are installed: none of them is a dependency. */
import { spawnSync } from 'node:child_process';
import * as bochs from './bochs.ts';
import type { Loop } from './loops.ts';
import * as qemu from './qemu.ts';
import * as v86 from './v86.ts';

export interface Peer {
  readonly name: string;
  readonly missing: () => boolean;
  /** Iterations of a loop in a millisecond of processor time. */
  readonly rate: (loop: Loop) => number | Promise<number>;
}

export const ICOUNT = 'QEMU -icount';
export const PEERS: readonly Peer[] = [
  { name: ICOUNT, missing: qemu.missing, rate: (loop) => qemu.iterationRate(loop, true) },
  { name: 'QEMU', missing: qemu.missing, rate: (loop) => qemu.iterationRate(loop, false) },
  { name: 'v86, 32 bits', missing: v86.missing, rate: v86.iterationRate },
  { name: 'Bochs', missing: bochs.missing, rate: bochs.iterationRate },
];

type Command = readonly [string, ...string[]];
const apt = (...packages: readonly string[]): Command => ['apt-get', 'install', '-y', '--no-install-recommends', ...packages];

interface Installation {
  readonly what: string;
  readonly missing: () => boolean;
  readonly command: () => Command;
  /** Only the superuser may. */
  readonly root: boolean;
}

const INSTALLATIONS: readonly Installation[] = [
  { what: 'qemu-system-x86', missing: qemu.missing, command: () => apt('qemu-system-x86'), root: true },
  // Of its displays, the smallest; it wants one, though it is used without.
  { what: 'bochs', missing: bochs.missing, command: () => apt('bochs', 'bochs-term'), root: true },
  { what: 'v86', missing: v86.missing, command: v86.installation, root: false },
];

/** Installs what is missing; `say` hears what was done, and what could not be. */
export function install(say: (line: string) => void): void {
  for (const installation of INSTALLATIONS) {
    if (!installation.missing()) continue;
    try {
      say(`${installation.what}: ${attempt(installation, say)}`);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      say(`${installation.what}: not installed: ${(error as Error).message}`);
    }
  }
}

/** What came of it. */
function attempt({ missing, command, root }: Installation, say: (line: string) => void): string {
  const [name, ...words] = command();
  const line = [name, ...words].join(' ');
  if (root && process.getuid?.() !== 0) return `not installed, that is for root: ${line}`;
  say(line);
  // Whatever it prints is not the benchmark's.
  const { status, error } = spawnSync(name, words, { stdio: ['ignore', process.stderr, process.stderr] });
  if (error) throw error;
  return status === 0 && !missing() ? 'installed' : `not installed: ${name} ended with ${status}`;
}
