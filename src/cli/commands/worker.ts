/** `vpmu worker`: does searches that `vpmu verify --queue` has put in a queue, in threads of this process, until it is interrupted. */
import { type Io, STATUS } from '../io.ts';
import { JobPool, Stop } from '../verify/pool.ts';
import { threadsOf } from './verify.ts';

export interface WorkerOptions { readonly queue: string; readonly jobs?: string }

export async function worker(io: Io, { queue, jobs }: WorkerOptions): Promise<number> {
  const threads = threadsOf(jobs);
  const stop = new Stop();
  const { QueueWorker } = await import('../verify/queue.ts');
  const pool = new JobPool({ threads, version: io.version, stop });
  const undo = io.onInterrupt(() => stop.ask());
  try {
    const worker = await QueueWorker.open(queue, io.version, threads, async (job) => {
      const { strategy, machine } = job;
      io.out(`${strategy}, ${machine}: begun`);
      const result = await pool.run(job);
      // A search that was interrupted with its worker is not done: another one does it.
      if (result === undefined || result.cut === 'interrupted') return undefined;
      io.out(`${strategy}, ${machine}: ${result.states} states, ${Object.keys(result.failures).length} fail`);
      return result;
    });
    io.out(`waits for searches at ${queue}, ${threads} at a time`);
    await stop.whenAsked;
    await worker.close();
  } finally {
    undo();
    await pool.close();
  }
  return STATUS.success;
}
