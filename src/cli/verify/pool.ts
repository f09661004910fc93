/**
 * The embedded pool: jobs in worker threads of this process. What comes out does not depend on how many there are: each job is a
 * search of its own, and results stand in the order of the jobs. A thread that dies loses nothing: its job is done again.
 */
import { Piscina } from 'piscina';
import type { Progress } from '../../verify/explore.ts';
import type { Job, JobResult } from '../../verify/verdict.ts';
import { UserError } from '../io.ts';
import type { SearchFiles, WorkerAnswer, WorkerTask } from './job-worker.ts';

/** A job whose thread has died so often would kill the next one too. */
const MOST_DEATHS = 3;
const WORKER = new URL('./job-worker.js', import.meta.url);
const PLACES = 6;

/** Tells searches that run to stop, and those that have not begun not to begin. It is seen in all threads. */
export class Stop {
  readonly word = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  private wake = (): void => {};
  readonly whenAsked = new Promise<void>((resolve) => (this.wake = resolve));

  ask(): void {
    Atomics.store(this.word, 0, 1);
    this.wake();
  }

  get asked(): boolean {
    return Atomics.load(this.word, 0) !== 0;
  }
}

interface PoolOptions {
  readonly threads: number;
  readonly version: string;
  readonly stop: Stop;
  /** What a thread runs; a test puts one there that dies. */
  readonly worker?: URL;
}

export class JobPool {
  private readonly pool: Piscina;
  private readonly options: PoolOptions;
  /** How far each job is that has a thread, or waits for one. */
  private readonly progress = new Map<Job, Float64Array>();

  constructor(options: PoolOptions) {
    this.options = options;
    const { threads, worker = WORKER } = options;
    this.pool = new Piscina({ filename: worker.href, minThreads: 1, maxThreads: threads });
  }

  /** Undefined: it has not begun when all were to stop. Throws a UserError for what the user can mend. */
  async run(job: Job, files: SearchFiles = {}): Promise<JobResult | undefined> {
    const progress = new Float64Array(new SharedArrayBuffer(PLACES * Float64Array.BYTES_PER_ELEMENT));
    this.progress.set(job, progress);
    const { version, stop } = this.options;
    const task: WorkerTask = { job, version, files, stop: stop.word, progress };
    try {
      return resultOf(await this.answer(task));
    } finally {
      this.progress.delete(job);
    }
  }

  /** Jobs that run, with how far they are. */
  get running(): [Job, Progress][] {
    const list = [...this.progress].map(([job, [states, steps, depth, frontier, memory, visited]]): [Job, Progress] =>
      [job, { states: states!, steps: steps!, depth: depth!, frontier: frontier!, memory: memory!, visited: visited! }]);
    return list.filter(([, { states }]) => states > 0);
  }

  private async answer(task: WorkerTask): Promise<WorkerAnswer> {
    for (let deaths = 1;; deaths += 1) {
      try {
        return await this.pool.run(task) as WorkerAnswer;
      } catch (error) {
        // What the job throws comes back as an answer: here the thread itself is gone.
        if (deaths < MOST_DEATHS) continue;
        const { strategy, machine } = task.job;
        const why = (error as Error).message;
        throw new UserError(`${strategy}, ${machine}: its thread has died ${deaths} times (${why}); give it less with --memory or --jobs`);
      }
    }
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }
}

function resultOf(answer: WorkerAnswer): JobResult | undefined {
  if ('mistake' in answer) throw new UserError(answer.mistake);
  if ('failure' in answer) throw new Error(answer.failure);
  return 'result' in answer ? answer.result : undefined;
}
