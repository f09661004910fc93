/** `vpmu trace`: what happened, as a timeline. */
import { FIRST } from '../../base/choice.ts';
import { type Loaded, nearestSymbol } from '../../guest/image.ts';
import { open } from '../../lab/experiment.ts';
import { succeeded } from '../../lab/report.ts';
import { timeline } from '../../trace/timeline.ts';
import { Ring, TRACEPOINTS, type TraceRecord } from '../../trace/trace.ts';
import { openPath, type PathFile, replayPath } from '../../verify/path-file.ts';
import { type Io, STATUS, UserError } from '../io.ts';
import { toJson } from '../json.ts';
import { findSubject, pathIn } from '../subject.ts';
import { nodeWasm } from '../wasm.ts';

export interface TraceOptions { readonly json?: boolean; readonly last: string; readonly on?: string }

const MOST = 10_000_000;

/** The value of an option that says how many records to keep. */
export function recordCount(option: string, text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > MOST) {
    throw new UserError(`${option} takes an integer from 1 to ${MOST}, not '${text}'`);
  }
  return count;
}

export function trace(io: Io, what: string, { json, last, on }: TraceOptions): number {
  const ring = new Ring(recordCount('--last', last));
  const path = on === undefined ? pathIn(io, what) : undefined;
  if (path !== undefined) return tracePath(io, path, ring, json);
  const { scenario, image } = findSubject(io, what, on);
  const world = open(scenario, { choice: FIRST, tracer: ring, transmit: () => {}, wasm: nodeWasm }, image);
  const report = world.run();
  if (json) io.out(toJson({ lost: ring.lost, records: ring.records().map(asObject) }));
  else printTimeline(io, ring, world.image);
  return succeeded(report) ? STATUS.success : STATUS.failure;
}

/** A counterexample happens in a small machine, whose guest has no addresses to name. */
function tracePath(io: Io, path: PathFile, ring: Ring, json = false): number {
  replayPath(openPath(path, ring), path, () => {});
  if (json) io.out(toJson({ lost: ring.lost, records: ring.records().map(asObject) }));
  else for (const line of timeline(ring.records())) io.out(line);
  return STATUS.success;
}

export function printTimeline(io: Io, ring: Ring, image: Loaded): void {
  if (ring.lost > 0) io.out(`The last ${ring.records().length} records; ${ring.lost} before them were not kept.`);
  for (const line of timeline(ring.records(), (address) => nearestSymbol(image, address))) io.out(line);
}

const asObject = ({ name, cpu, time, values }: TraceRecord): object =>
  ({ name, cpu, time, ...Object.fromEntries(TRACEPOINTS[name].map((key, i) => [key, values[i]])) });
