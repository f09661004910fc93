/**
 * The same jobs through BullMQ on a Redis or Valkey that the user names, for campaigns on many machines:
 *
 *     vpmu verify --queue URL  -->  queue of this version  -->  vpmu worker --queue URL, any number of them
 *              ^                                                     |
 *              '------------------- results ------------------------'
 *
 * A worker keeps a lock on the job that it does, and renews it. When it dies, the lock runs out, and BullMQ gives the job to
 * another one, which comes to the same result.
 */
import { randomUUID } from 'node:crypto';
import { Queue, type Job as QueuedJob, QueueEvents, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { Progress } from '../../verify/explore.ts';
import type { Job, JobResult } from '../../verify/verdict.ts';
import { UserError } from '../io.ts';
import type { Stop } from './pool.ts';

/** A lock that is not renewed is free after so long; and so often somebody looks for such jobs. In ms. */
const LOCK = 5000;
const LOOK = 2000;
/** A job that has lost so many workers is told of as one that kills them. */
const MOST_DEATHS = 3;
const CONNECT = 5000;

/** Versions do not mix: their machines may differ. */
const queueName = (version: string): string => `vpmu-verify-${version}`;

/** JSON has no `undefined`: a job that was not done. */
type Answer = { readonly result: JobResult } | { readonly mistake: string };

/** Options of a connection to the server, which has answered. Throws a UserError when it does not. */
async function connectionTo(url: string): Promise<Redis> {
  const wrong = (why: string): UserError => new UserError(`--queue ${url}: ${why}; name a Redis or Valkey that runs, as redis://HOST:PORT`);
  if (!/^rediss?:\/\/[^/]+/.test(url)) throw wrong('it is no address');
  const probe = new Redis(url, { lazyConnect: true, connectTimeout: CONNECT, retryStrategy: () => null, maxRetriesPerRequest: 1 });
  let why = 'no answer';
  probe.on('error', (error: Error) => (why = error.message || why));
  try {
    await probe.connect();
    await probe.ping();
  } catch (error) {
    throw wrong(why === 'no answer' ? (error as Error).message : why);
  } finally {
    probe.disconnect();
  }
  return new Redis(url, { maxRetriesPerRequest: null });
}

/** The side that has the jobs. */
export class JobQueue {
  readonly running: readonly (readonly [Job, Progress])[] = [];
  private readonly connections: readonly Redis[];
  private readonly queue: Queue;
  private readonly events: QueueEvents;
  private readonly stop: Stop;
  /** Jobs of this run, so that it takes away no others. */
  private readonly waiting = new Set<QueuedJob>();

  private constructor(connections: readonly [Redis, Redis], version: string, stop: Stop) {
    this.connections = connections;
    this.stop = stop;
    this.queue = new Queue(queueName(version), { connection: connections[0] });
    this.events = new QueueEvents(queueName(version), { connection: connections[1] });
  }

  static async open(url: string, version: string, stop: Stop): Promise<JobQueue> {
    const queue = new JobQueue([await connectionTo(url), await connectionTo(url)], version, stop);
    await queue.events.waitUntilReady();
    return queue;
  }

  async run(job: Job): Promise<JobResult | undefined> {
    const queued = await this.queue.add(`${job.strategy}, ${job.machine}`, job, { jobId: randomUUID() });
    this.waiting.add(queued);
    try {
      const answer = await this.answer(queued);
      if (answer === undefined) return undefined;
      if ('mistake' in answer) throw new UserError(answer.mistake);
      return answer.result;
    } finally {
      this.waiting.delete(queued);
      // One that a worker has at present cannot be taken away: its result is dropped when it comes.
      await queued.remove().catch(() => {});
    }
  }

  /** Undefined: it was to stop. */
  private async answer(queued: QueuedJob): Promise<Answer | undefined> {
    const stopped = this.stop.whenAsked.then(() => undefined);
    const finished = queued.waitUntilFinished(this.events).catch((error: Error) => {
      if (this.stop.asked) return undefined;
      throw new UserError(`${queued.name}: it has failed at the queue: ${error.message}`);
    });
    return await Promise.race([finished as Promise<Answer | undefined>, stopped]);
  }

  async close(): Promise<void> {
    await this.events.close();
    await this.queue.close();
    for (const connection of this.connections) connection.disconnect();
  }
}

/** The side that does them, so many at a time, until it is closed. `done` is told of each. */
export class QueueWorker {
  private readonly connection: Redis;
  private readonly worker: Worker;

  private constructor(connection: Redis, version: string, threads: number, run: (job: Job) => Promise<JobResult | undefined>) {
    this.connection = connection;
    this.worker = new Worker(queueName(version), async ({ data }): Promise<Answer> => {
      try {
        const result = await run(data as Job);
        if (result !== undefined) return { result };
      } catch (error) {
        if (error instanceof UserError) return { mistake: error.message };
        throw error;
      }
      // It is to end itself: the lock runs out, and another worker does the job.
      return await new Promise(() => {});
    }, {
      connection, concurrency: threads, lockDuration: LOCK, stalledInterval: LOOK, maxStalledCount: MOST_DEATHS,
      removeOnComplete: { age: 3600 }, removeOnFail: { age: 3600 },
    });
    // The connection is made anew by itself; without a listener an error would end the process.
    this.worker.on('error', () => {});
  }

  static async open(
    url: string, version: string, threads: number, run: (job: Job) => Promise<JobResult | undefined>,
  ): Promise<QueueWorker> {
    return new QueueWorker(await connectionTo(url), version, threads, run);
  }

  /** Without waiting for what it does. */
  async close(): Promise<void> {
    await this.worker.close(true);
    this.connection.disconnect();
  }
}
