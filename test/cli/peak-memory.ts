/** The memory of a process of the command, at most. */
import { spawnSync } from 'node:child_process';
import { COMMAND, folder } from './command.ts';

/** Told on its third channel when it ends: what a process had resident in all its life, which no parent has a part in. */
const TELLS = `import { readFileSync, writeSync } from 'node:fs';
process.on('exit', () => writeSync(3, /VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]));`;

/** MiB. */
export function peakMemory(...args: readonly string[]): { readonly status: number | null; readonly err: string; readonly peak: number } {
  const { status, stderr: err, output } = spawnSync(process.execPath, ['--import', `data:text/javascript,${TELLS}`, COMMAND, ...args], {
    cwd: folder, encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  return { status, err, peak: Number(output[3]) / 1024 };
}
