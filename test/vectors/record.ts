/**
 * Records the vectors on this processor: `npm run vectors`. It needs gcc and Linux on x86-64, and is run when the table of
 * instructions has grown; what it writes is committed.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { cases } from './cases.ts';
import { ENVIRONMENTS, type Environment, recorderEnvironment } from './environment.ts';
import { VECTOR_FILES } from './files.ts';
import { type Case, DATA, inputOf, type Outcome, pack, READ_ONLY, recorderInput, recorderOutput } from './format.ts';
import { legacyCases } from './legacy-cases.ts';

/** Of an encoding outside 64-bit mode, in each environment; and of one that computes with numbers. */
const EACH_LEGACY = 11, EACH_NUMERIC = 2;
const PAGE_FAULT = 14;
/** A page fault elsewhere depends on what the recording kernel has mapped there. */
const isOurs = ({ vector, cr2 }: Outcome): boolean =>
  vector !== PAGE_FAULT || (cr2 >= BigInt(DATA) && cr2 < BigInt(READ_ONLY + 0x2000)) || (cr2 >= 0x3000_0000n && cr2 < 0x3000_2000n);

/** Runs the cases, and keeps what came of them at `path`. */
function record(recorder: string, environment: Environment | undefined, given: readonly Case[], path: string): void {
  const input = recorderInput(recorderEnvironment(environment), given.map(inputOf));
  const { stdout, status, signal } = spawnSync(recorder, { input, maxBuffer: 1 << 30 });
  if (status !== 0) throw new Error(`the recorder ended with ${status ?? signal}`);
  const outcomes = recorderOutput(stdout);
  if (outcomes.length !== given.length) throw new Error(`${given.length} cases, ${outcomes.length} outcomes`);
  const kept = given.map((one, i) => ({ given: one, outcome: outcomes[i]! })).filter(({ outcome }) => isOurs(outcome));
  const packed = pack(kept);
  const compressed = brotliCompressSync(packed, { params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 24 } });
  writeFileSync(path, compressed);
  console.log(`${path}: ${kept.length} vectors, ${packed.length} bytes, ${compressed.length} compressed`);
}

/** All files, or those whose names are given. */
const isWanted = (path: string): boolean => process.argv.length === 2 || process.argv.slice(2).some((name) => path.endsWith(`/${name}.br`));

const work = mkdtempSync(join(tmpdir(), 'vectors-'));
try {
  const recorder = join(work, 'recorder');
  const flags = ['-O2', '-static', '-fno-pie', '-no-pie', '-fno-stack-protector', '-mno-red-zone', '-Wall'];
  execFileSync('gcc', [...flags, '-o', recorder, 'test/vectors/recorder.c'], { stdio: 'inherit' });
  for (const { path, group, each } of VECTOR_FILES) {
    if (isWanted(path)) record(recorder, undefined, [...cases(each, group)], path);
  }
  for (const environment of ENVIRONMENTS) {
    const path = `test/vectors/${environment.name}.br`;
    if (!isWanted(path)) continue;
    record(recorder, environment, [...legacyCases(environment, EACH_LEGACY, false), ...legacyCases(environment, EACH_NUMERIC, true)], path);
  }
} finally {
  rmSync(work, { recursive: true });
}
