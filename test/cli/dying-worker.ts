/** The worker of `vpmu verify`, whose thread dies in the middle of each job when it does it for the first time. */
import work, { type WorkerAnswer, type WorkerTask } from '../../src/cli/verify/job-worker.ts';

/** Where this file is. */
export const DYING_WORKER = new URL(import.meta.url);

/** The place of shared progress where it leaves that it has died: of the next thread nothing else is known. */
const DIED = 4;
/** It tells how far it is at the beginning, and then every few thousand states. */
const IN_THE_MIDDLE = 2;

export default function die(task: WorkerTask): WorkerAnswer {
  const { progress } = task;
  if (progress[DIED] !== 0) return work(task);
  let told = 0;
  const dying = Object.create(progress, {
    set: {
      value: () => {
        told += 1;
        if (told < IN_THE_MIDDLE) return;
        progress[DIED] = 1;
        process.exit(9);
      },
    },
  }) as Float64Array;
  return work({ ...task, progress: dying });
}
