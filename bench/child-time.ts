/** The processor time that another program takes. */
import { spawnSync } from 'node:child_process';

const PATIENCE = 60_000;

/** Milliseconds, in steps of ten. `input`: the file that it reads. */
export function processorTime(command: readonly string[], input = '/dev/null'): number {
  // The second line of what a shell says of times is that of what it has waited for.
  const script = 'input=$1; shift; "$@" <"$input"; times';
  const { stdout } = spawnSync('sh', ['-c', script, 'sh', input, ...command], { encoding: 'utf8', timeout: PATIENCE });
  const [, minutes, seconds] = /^(\d+)m([\d.]+)s/.exec(stdout.trim().split('\n').at(-1)!)!;
  return 1000 * (60 * Number(minutes) + Number(seconds));
}

/** Iterations in a millisecond, if `time` is asked what so many of them take: what a few take is the start's. */
export function rateOf(time: (iterations: number) => number, { few, many }: { readonly few: number; readonly many: number }): number {
  const start = time(few);
  return (many - few) / (time(many) - start);
}
