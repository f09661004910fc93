/** A test image on our machine: on bare metal, or as the guest of a host on a strategy; and in QEMU. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FIRST } from '../../src/base/choice.ts';
import { nodeWasm } from '../../src/cli/wasm.ts';
import { loadImage } from '../../src/guest/load.ts';
import { withModules } from '../../src/guest/multiboot.ts';
import { open } from '../../src/lab/experiment.ts';
import type { Report } from '../../src/lab/report.ts';
import { hostedOn, parseScenario, type StrategyName } from '../../src/lab/scenario.ts';
import { NO_TRACE } from '../../src/trace/trace.ts';
import type { TestImage } from './images.ts';

/** In MiB. */
const MEMORY = 16;
/** More cycles than any of them needs. */
const LIMIT = 200_000_000;

export type ImageWorld = ReturnType<typeof open>;
export interface Way { readonly on?: StrategyName | undefined; readonly wasm?: boolean; readonly limit?: number }

export const runImage = (image: TestImage, way: Way = {}): Report => openImage(image, way).run();

export function openImage({ name, bytes, cpus, append, module }: TestImage, { on, wasm = true, limit = LIMIT }: Way = {}): ImageWorld {
  const modules = module === undefined ? [] : [{ commandLine: `file ${module[0]}`, bytes: new TextEncoder().encode(module[1]) }];
  const image = withModules(loadImage(name, bytes), append, modules);
  const bare = parseScenario({ name, machine: { cpus, memory: MEMORY }, program: { kind: 'image', file: name }, limit });
  const scenario = on === undefined ? bare : hostedOn(bare, on);
  return open(scenario, { choice: FIRST, tracer: NO_TRACE, transmit: () => {}, ...(wasm ? { wasm: nodeWasm } : {}) }, image);
}

/**
 * What it writes in QEMU, and the status that QEMU ends with. Time there is the number of instructions (an instruction is 8 ns), so
 * that what a timer does between two instructions is the same on a busy machine.
 */
export function runInQemu({ name, bytes, cpus, append, module }: TestImage): { readonly text: string; readonly status: number | null } {
  const folder = mkdtempSync(join(tmpdir(), 'image-'));
  try {
    const file = join(folder, name), content = join(folder, 'file');
    writeFileSync(file, bytes);
    writeFileSync(content, module?.[1] ?? '');
    const { stdout, status } = spawnSync('qemu-system-x86_64', [
      '-accel', 'tcg', '-icount', 'shift=3,sleep=off', '-rtc', 'clock=vm',
      '-m', `${MEMORY}`, '-smp', `${cpus}`, '-display', 'none', '-monitor', 'none', '-net', 'none', '-no-reboot',
      '-serial', 'stdio', '-device', 'isa-debug-exit,iobase=0xf4,iosize=0x4', '-device', 'pc-testdev', '-kernel', file,
      ...(append === '' ? [] : ['-append', append]), ...(module === undefined ? [] : ['-initrd', `${content} ${module[0]}`]),
    ], { encoding: 'latin1', timeout: 60_000, killSignal: 'SIGKILL' });
    return { text: stdout, status };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
