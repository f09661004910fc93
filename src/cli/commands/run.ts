/** `vpmu run`: the report of one run, and if wanted the end of its timeline. */
import { FIRST } from '../../base/choice.ts';
import { succeeded, World } from '../../lab/world.ts';
import { NO_TRACE, Ring } from '../../trace/trace.ts';
import { type Io, STATUS } from '../main.ts';
import { reportText, toJson } from '../report.ts';
import { findSubject } from '../subject.ts';
import { nodeWasm } from '../wasm.ts';
import { printTimeline, recordCount } from './trace.ts';

export interface RunOptions { readonly json?: boolean; readonly wasm: boolean; readonly timeline?: string | true }

/** How many records of the timeline are printed, when nobody says. */
const TIMELINE = '24';

export function run(io: Io, what: string, { json, wasm, timeline }: RunOptions): number {
  const { scenario, image } = findSubject(io, what);
  const ring = timeline === undefined ? undefined : new Ring(recordCount('--timeline', timeline === true ? TIMELINE : timeline));
  const outside = { choice: FIRST, tracer: ring ?? NO_TRACE, transmit: () => {} };
  const world = new World(scenario, wasm ? { ...outside, wasm: nodeWasm } : outside, image);
  const report = world.run();
  if (json) io.out(toJson(report));
  else for (const line of reportText(scenario, report, world.image)) io.out(line);
  if (ring !== undefined && !json) printTimeline(io, ring, world.image);
  return succeeded(report) ? STATUS.success : STATUS.failure;
}
