/** `vpmu verify`: every interleaving of guest, host and hardware in small machines, for each strategy. */
import { availableParallelism } from 'node:os';
import { MACHINE_NAMES, VERIFIED } from '../../lab/small/machines.ts';
import type { Progress } from '../../verify/explore.ts';
import { SENTENCES } from '../../verify/properties.ts';
import { type Job, type JobResult, jobsOf } from '../../verify/verdict.ts';
import { type Io, UserError } from '../io.ts';
import { toJson } from '../json.ts';
import type { SearchFiles } from '../verify/job-worker.ts';
import { isWhole, matrix, pathFiles, type Row, statusOf } from '../verify/matrix.ts';
import { JobPool, Stop } from '../verify/pool.ts';
import { ProgressLine } from '../verify/progress.ts';

export interface VerifyOptions {
  readonly json?: boolean;
  readonly machines?: string;
  readonly property?: string;
  readonly states: string;
  readonly memory: string;
  readonly save?: string;
  readonly jobs?: string;
  readonly checkpoint?: string;
  readonly resume?: string;
  readonly queue?: string;
}

/** Who does the jobs: threads of this process, or workers at a queue. */
interface Runner {
  /** Undefined: it had not begun when all were to stop. */
  run(job: Job, files: SearchFiles): Promise<JobResult | undefined>;
  /** Jobs that run, as far as it is known. */
  readonly running: readonly (readonly [Job, Progress])[];
  close(): Promise<void>;
}

const NO_DEPTH = Number.MAX_SAFE_INTEGER;
const MIB = 1 << 20;

export async function verify(io: Io, strategies: readonly string[], options: VerifyOptions): Promise<number> {
  const chosen = strategies.length === 0 ? VERIFIED : strategies.map((name) => known('strategy', name, VERIFIED));
  const machines = options.machines === undefined
    ? MACHINE_NAMES : options.machines.split(',').map((name) => known('machine', name, MACHINE_NAMES));
  const property = options.property === undefined ? undefined : known('property', options.property, Object.keys(SENTENCES));
  const bounds = {
    states: positive('--states', options.states), memory: positive('--memory', options.memory) * MIB, depth: NO_DEPTH,
  };
  const jobs = jobsOf(chosen, machines, bounds);
  const rows = (await runAll(io, jobs, options)).map((row): Row =>
    ({ ...row, result: row.result === undefined || property === undefined ? row.result : only(row.result, property) }));
  if (options.json) io.out(toJson(rows.flatMap(({ result }) => result ?? [])));
  else for (const line of matrix(chosen, machines, rows)) io.out(line);
  const { save } = options;
  if (save !== undefined) for (const [name, file] of pathFiles(rows)) io.writeFile(`${save}/${name}.json`, `${toJson(file)}\n`);
  return statusOf(rows);
}

async function runAll(io: Io, jobs: readonly Job[], options: VerifyOptions): Promise<readonly Row[]> {
  const files = searchFiles(jobs, options);
  const stop = new Stop();
  const runner = await runnerOf(io, stop, options);
  const line = new ProgressLine(io.status, jobs.length, runner);
  const undo = io.onInterrupt(() => stop.ask());
  try {
    // In the order of the jobs, whichever is done first.
    return await Promise.all(jobs.map(async (job): Promise<Row> => {
      const result = await runner.run(job, files);
      line.done(result);
      return { job, result, whole: isWhole(result) };
    }));
  } finally {
    undo();
    line.close();
    await runner.close();
  }
}

async function runnerOf(io: Io, stop: Stop, { queue, jobs }: VerifyOptions): Promise<Runner> {
  if (queue === undefined) return new JobPool({ threads: threadsOf(jobs), version: io.version, stop });
  if (jobs !== undefined) throw new UserError('--jobs is for searches of this process; say how many at a time to vpmu worker');
  // Only now: nobody else needs the library.
  const { JobQueue } = await import('../verify/queue.ts');
  return JobQueue.open(queue, io.version, stop);
}

export const threadsOf = (jobs: string | undefined): number => (jobs === undefined ? availableParallelism() : positive('--jobs', jobs));

function searchFiles(jobs: readonly Job[], { checkpoint, resume, queue }: VerifyOptions): SearchFiles {
  if (checkpoint === undefined && resume === undefined) return {};
  const option = resume === undefined ? '--checkpoint' : '--resume';
  if (queue !== undefined) throw new UserError(`${option} is for a search of this process, not for --queue`);
  if (jobs.length !== 1) throw new UserError(`${option} is for one search, not for ${jobs.length}; name a strategy and a machine`);
  return { ...(checkpoint === undefined ? {} : { checkpoint }), ...(resume === undefined ? {} : { resume }) };
}

function known<T extends string>(what: string, name: string, names: readonly T[]): T {
  const found = names.find((each) => each === name);
  if (found !== undefined) return found;
  throw new UserError(`there is no ${what} '${name}' to verify; it is one of ${names.join(', ')}`);
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new UserError(`${option} takes a positive integer, not '${text}'`);
}


const only = (result: JobResult, property: string): JobResult =>
  ({ ...result, failures: Object.fromEntries(Object.entries(result.failures).filter(([name]) => name === property)) });
