/** What a worker thread of `vpmu verify` does: one job at a time, telling how far it is, until it is done or is to stop. */
import { OtherSystem, type Progress, type Unfinished } from '../../verify/explore.ts';
import { type Job, type JobResult, runJob } from '../../verify/verdict.ts';
import { UserError } from '../io.ts';
import { readSearch, type SearchIdentity, writeSearch } from './search-file.ts';

/** Where a search that is cut is saved, and one that was cut is found. */
export interface SearchFiles { readonly checkpoint?: string; readonly resume?: string }

export interface WorkerTask {
  readonly job: Job;
  readonly version: string;
  readonly files: SearchFiles;
  /** One word, which is not 0 when the search is to end. */
  readonly stop: Int32Array;
  /** By place: states, steps, depth, frontier, memory and visited, for whoever looks. */
  readonly progress: Float64Array;
}

export type WorkerAnswer =
  | { readonly result: JobResult }
  /** It was to stop before it began. */
  | { readonly notBegun: true }
  /** The user's to mend. */
  | { readonly mistake: string }
  /** Ours to mend. */
  | { readonly failure: string };

export default function work({ job, version, files, stop, progress }: WorkerTask): WorkerAnswer {
  if (Atomics.load(stop, 0) !== 0) return { notBegun: true };
  const { checkpoint, resume } = files;
  const identity = { version, strategy: job.strategy, machine: job.machine };
  try {
    const result = runJob(job, {
      progress: ({ states, steps, depth, frontier, memory, visited }: Progress) => {
        progress.set([states, steps, depth, frontier, memory, visited]);
        return Atomics.load(stop, 0) === 0;
      },
      ...(resume === undefined ? {} : { from: readSearch(resume, identity) }),
      ...(checkpoint === undefined ? {} : { unfinished: (search: Unfinished) => save(checkpoint, identity, search) }),
    });
    return result === undefined ? { failure: `${job.machine} does not apply to ${job.strategy}` } : { result };
  } catch (error) {
    if (error instanceof UserError) return { mistake: error.message };
    if (error instanceof OtherSystem) return { mistake: `${resume}: it is of another program of the same version; begin the search anew` };
    return { failure: (error as Error).stack ?? String(error) };
  }
}

function save(path: string, identity: SearchIdentity, search: Unfinished): void {
  try {
    writeSearch(path, identity, search);
  } catch (error) {
    throw new UserError(`${path}: ${(error as Error).message}; name a file that can be written`);
  }
}
