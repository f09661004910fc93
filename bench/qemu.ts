/** The four loops in QEMU, by its translator, with and without a count of instructions: in processor time, less that of a short run. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONSTANTS } from '../src/guest/constants.ts';
import { assemble } from '../src/x86/isa/assemble.ts';
import { multibootImage } from '../test/system/multiboot.ts';
import { ORIGIN } from '../test/system/program.ts';
import { processorTime, rateOf } from './child-time.ts';
import type { Loop } from './loops.ts';

const ICOUNT = ['-icount', 'shift=0,sleep=off'];
const ITERATIONS = { few: 1_000_000, many: 21_000_000 } as const;

export const missing = (): boolean => spawnSync('qemu-system-x86_64', ['--version']).status !== 0;

/** Iterations of a loop in a millisecond. */
export function iterationRate(loop: Loop, counting: boolean): number {
  const folder = mkdtempSync(join(tmpdir(), 'vpmu-bench-'));
  try {
    return rateOf((iterations) => run(folder, loop, iterations, counting), ITERATIONS);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Milliseconds of processor time. */
function run(folder: string, { source }: Loop, iterations: number, counting: boolean): number {
  const image = join(folder, 'image');
  const program = `        mov   ecx, ${iterations}\n${source}\n        mov   al, 0\n        out   0xf4, al\n        hlt`;
  writeFileSync(image, multibootImage(assemble(program, BigInt(ORIGIN), CONSTANTS).bytes));
  return processorTime([
    'qemu-system-x86_64', '-accel', 'tcg', ...(counting ? ICOUNT : []), '-cpu', 'qemu64', '-m', '64', '-no-reboot',
    '-display', 'none', '-vga', 'none', '-net', 'none', '-monitor', 'none', '-serial', 'none',
    '-device', 'isa-debug-exit,iobase=0xf4,iosize=4', '-kernel', image,
  ]);
}
