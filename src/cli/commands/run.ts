/**
 * `vpmu run`: the report of one run, and if wanted the end of its timeline. A multiboot image ends it with the status that an emulator
 * with the same exit port has, so that a script which runs test images there can run them here.
 */
import { FIRST } from '../../base/choice.ts';
import { open } from '../../lab/experiment.ts';
import { type Report, succeeded } from '../../lab/report.ts';
import { NO_TRACE, Ring } from '../../trace/trace.ts';
import type { ImageOptions } from '../image.ts';
import { type Io, STATUS, UserError } from '../io.ts';
import { toJson } from '../json.ts';
import { reportText } from '../report.ts';
import { findSubject } from '../subject.ts';
import { nodeWasm } from '../wasm.ts';
import { printTimeline, recordCount } from './trace.ts';

export interface RunOptions extends ImageOptions {
  readonly json?: boolean;
  readonly wasm: boolean;
  readonly timeline?: string | true;
  readonly on?: string;
}

/** How many records of the timeline are printed, when nobody says. */
const TIMELINE = '24';

export function run(io: Io, what: string | undefined, options: RunOptions): number {
  const { json, wasm, timeline, on } = options;
  if (what === undefined) throw new UserError("nothing to run: name a scenario ('vpmu list' names them all) or a file, or say --linux");
  const { scenario, image } = findSubject(io, what, on, options);
  const ring = timeline === undefined ? undefined : new Ring(recordCount('--timeline', timeline === true ? TIMELINE : timeline));
  const outside = { choice: FIRST, tracer: ring ?? NO_TRACE, transmit: () => {} };
  const world = open(scenario, wasm ? { ...outside, wasm: nodeWasm } : outside, image);
  const report = world.run();
  if (json) io.out(toJson(report));
  else for (const line of reportText(scenario, report, world.image)) io.out(line);
  if (ring !== undefined && !json) printTimeline(io, ring, world.image);
  if (image?.multiboot !== undefined) return multibootStatus(report);
  return succeeded(report) ? STATUS.success : STATUS.failure;
}

/** Of timeout(1), when what it runs does not end. */
const TIMED_OUT = 124;

/**
 * QEMU, "isa-debug-exit": twice the code and one, of which a process keeps eight bits; so 1 is a program that ended with 0. There a
 * machine that resets begins anew, and one that has halted for good goes on: neither ends.
 */
function multibootStatus({ outcome }: Report): number {
  switch (outcome.kind) {
    case 'exit': return (outcome.code * 2 + 1) & 0xff;
    case 'power off': return STATUS.success;
    case 'reset': case 'triple fault': case 'halted': case 'limit': return TIMED_OUT;
    case 'refused': return STATUS.mistake;
  }
}
