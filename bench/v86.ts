/**
 * The four loops in v86, which translates a 32-bit PC to WebAssembly as we do a 64-bit one. It is no dependency: the npm package is
 * used where it is found. It runs in this process, and says by a byte to its serial port that a pass of the loop begins.
 */
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Store } from '../src/cli/guest/store.ts';
import { CONSTANTS } from '../src/guest/constants.ts';
import { assemble } from '../src/x86/isa/assemble.ts';
import { ENTRY, protectedModeImage } from '../test/system/multiboot.ts';
import type { Loop } from './loops.ts';

const PACKAGE = 'v86';
const ITERATIONS = 20_000_000;
/** The first is that in which it finds out that it is worth translating. */
const WARM = 2;
const PATIENCE = 60_000;
const MEMORY = 16 << 20;

/** What is used of it. */
interface Emulator {
  add_listener(event: 'serial0-output-byte', heard: () => void): void;
  destroy(): Promise<void>;
}
interface Module { readonly V86: new (options: object) => Emulator }

/** Where it is installed when it is no package of ours. */
export const folder = (): string => join(new Store(undefined).folder, 'peers');

/** Its file, from what is installed beside us or in that folder. */
function find(): string | undefined {
  for (const from of [import.meta.url, join(folder(), 'package.json')]) {
    try {
      return createRequire(from).resolve(PACKAGE);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  return undefined;
}

export const missing = (): boolean => find() === undefined;

/** The command that installs it, for a folder that is there. */
export function installation(): readonly [string, ...string[]] {
  mkdirSync(folder(), { recursive: true });
  return ['npm', 'install', '--prefix', folder(), '--no-audit', '--no-fund', PACKAGE];
}

/**
 * The same instructions with registers, addresses and data of 32 bits. The table of targets keeps its eight bytes a target, and its
 * address is absolute.
 */
const narrow = (source: string): string =>
  source.replaceAll(/\br(?=[abcd]x\b|[sd]i\b)/g, 'e').replaceAll('qword', 'dword').replaceAll('[rel ', '[')
    .replaceAll(/jmp +\[/g, 'jmp dword [');

/** Iterations of a loop in a millisecond of processor time. */
export async function iterationRate({ source }: Loop): Promise<number> {
  const file = find()!;
  const { V86 } = await import(file) as Module;
  const { bytes } = assemble(`
        bits  32
        mov   esp, 0x1f0000
again:  mov   edx, 0x3f8
        out   dx, al
        mov   ecx, ${ITERATIONS}
${narrow(source)}
        jmp   again`, BigInt(ENTRY), CONSTANTS);
  const emulator = new V86({
    wasm_path: join(dirname(file), 'v86.wasm'), multiboot: { buffer: protectedModeImage(bytes).buffer }, memory_size: MEMORY,
    autostart: true, disable_keyboard: true, disable_mouse: true, disable_speaker: true, log_level: 0,
  });
  try {
    return ITERATIONS / await timeOfPass(emulator);
  } finally {
    await emulator.destroy();
  }
}

/** Milliseconds of the pass after the warm ones. */
const timeOfPass = (emulator: Emulator): Promise<number> => new Promise((resolve, reject) => {
  const patience = setTimeout(() => reject(new Error('v86 does not come to the end of the loop')), PATIENCE);
  let begun = 0;
  let start = process.cpuUsage();
  emulator.add_listener('serial0-output-byte', () => {
    begun += 1;
    if (begun === WARM + 1) start = process.cpuUsage();
    if (begun !== WARM + 2) return;
    const { user, system } = process.cpuUsage(start);
    clearTimeout(patience);
    resolve((user + system) / 1000);
  });
});
