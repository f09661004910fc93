/**
 * The four loops in Bochs, an interpreter: in processor time, less that of a short run. It has no loader; its firmware is a ROM of ours,
 * which copies the multiboot image to where it belongs and enters it. Debian's has a debugger, which asks what to do first, and
 * is not the fastest that can be built.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONSTANTS } from '../src/guest/constants.ts';
import { assemble } from '../src/x86/isa/assemble.ts';
import { ROM, rom } from '../test/lockstep/firmware.ts';
import { ENTRY, LOAD, multibootImage } from '../test/system/multiboot.ts';
import { ORIGIN } from '../test/system/program.ts';
import { processorTime, rateOf } from './child-time.ts';
import type { Loop } from './loops.ts';

const ITERATIONS = { few: 100_000, many: 6_100_000 } as const;
/** Where the copy in the ROM lies: behind the code that copies. */
const COPY = ROM.at + 0x100;
/** This word to port 8900H, and it exits. */
const SHUTDOWN = [...'Shutdown'].map((letter) => `        mov   al, ${letter.charCodeAt(0)}\n        out   dx, al`).join('\n');
/** What its log has then. */
const SAID = 'shutdown requested';
const CONTINUE = 'c\n';

export const missing = (): boolean => spawnSync('bochs', ['--help']).error !== undefined;

/** Iterations of a loop in a millisecond. */
export function iterationRate(loop: Loop): number {
  const folder = mkdtempSync(join(tmpdir(), 'vpmu-bench-'));
  try {
    return rateOf((iterations) => run(folder, loop, iterations), ITERATIONS);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Milliseconds of processor time. */
function run(folder: string, { source }: Loop, iterations: number): number {
  const program = `        mov   ecx, ${iterations}\n${source}\n        mov   edx, 0x8900\n${SHUTDOWN}\n        hlt`;
  const image = multibootImage(assemble(program, BigInt(ORIGIN), CONSTANTS).bytes);
  const copier = assemble(`
        bits  32
        mov   esi, ${COPY}
        mov   edi, ${LOAD}
        mov   ecx, ${image.length}
        rep   movsb
        mov   eax, ${ENTRY}
        jmp   eax`, BigInt(ROM.at)).bytes;
  const [firmware, configuration, commands, log] = ['rom', 'bochsrc', 'commands', 'log'].map((name) => join(folder, name)) as
    [string, string, string, string];
  writeFileSync(firmware, rom({
    segments: [{ at: ROM.at, bytes: copier }, { at: COPY, bytes: image }].map((segment) => ({ ...segment, size: segment.bytes.length })),
    entry: BigInt(ROM.at),
  }));
  // The ROM ends at 4 GiB; its display is one that waits for nobody.
  writeFileSync(configuration, `
romimage: file="${firmware}", address=0x${(2 ** 32 - ROM.size).toString(16)}
display_library: rfb, options="timeout=0"
cpu: model=corei7_haswell_4770
megs: 64
panic: action=fatal
log: "${log}"
`);
  writeFileSync(commands, CONTINUE);
  const time = processorTime(['bochs', '-q', '-f', configuration], commands);
  const said = existsSync(log) ? readFileSync(log, 'utf8') : '';
  if (!said.includes(SAID)) throw new Error(`Bochs does not come to the end of the loop: ${said.trim().split('\n').at(-1)}`);
  return time;
}
