/** `vpmu run`: the report of one run, and if wanted the end of its timeline. */
import { FIRST } from '../../base/choice.ts';
import { open } from '../../lab/experiment.ts';
import { succeeded } from '../../lab/report.ts';
import { NO_TRACE, Ring } from '../../trace/trace.ts';
import { type Io, STATUS, UserError } from '../io.ts';
import { reportText, toJson } from '../report.ts';
import { findSubject } from '../subject.ts';
import { nodeWasm } from '../wasm.ts';
import { printTimeline, recordCount } from './trace.ts';

export interface RunOptions { readonly json?: boolean; readonly wasm: boolean; readonly timeline?: string | true; readonly on?: string }

/** How many records of the timeline are printed, when nobody says. */
const TIMELINE = '24';

export function run(io: Io, what: string | undefined, { json, wasm, timeline, on }: RunOptions): number {
  if (what === undefined) throw new UserError("nothing to run: name a scenario ('vpmu list' names them all) or a file, or say --linux");
  const { scenario, image } = findSubject(io, what, on);
  const ring = timeline === undefined ? undefined : new Ring(recordCount('--timeline', timeline === true ? TIMELINE : timeline));
  const outside = { choice: FIRST, tracer: ring ?? NO_TRACE, transmit: () => {} };
  const world = open(scenario, wasm ? { ...outside, wasm: nodeWasm } : outside, image);
  const report = world.run();
  if (json) io.out(toJson(report));
  else for (const line of reportText(scenario, report, world.image)) io.out(line);
  if (ring !== undefined && !json) printTimeline(io, ring, world.image);
  return succeeded(report) ? STATUS.success : STATUS.failure;
}
