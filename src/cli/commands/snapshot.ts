/** `vpmu snapshot`: boots a Linux guest until it waits for a command, and keeps it as it is, for `vpmu run --linux --from`. */
import { failureOf, Listener, openGuest, runUntil, tellConsole } from '../guest/running.ts';
import { writeSnapshot } from '../guest/snapshot-file.ts';
import { type LinuxOptions, linuxSubject, pmuOf } from '../guest/subject.ts';
import { type Io, STATUS, UserError } from '../io.ts';

export interface SnapshotOptions extends LinuxOptions { readonly wasm: boolean }

export async function snapshot(io: Io, path: string, options: SnapshotOptions): Promise<number> {
  const pmu = pmuOf(options.pmu) ?? 'shared';
  const subject = await linuxSubject(io, { ...options, pmu }, true);
  const { scenario: { machine, limit }, hz } = subject;
  const listener = new Listener(() => {}, false);
  const { transcript } = listener;
  const world = openGuest(subject, listener, options.wasm);
  const cycles = runUntil(world, subject, () => transcript.ready, () => {});
  // One that sleeps until somebody types waits too.
  if (!transcript.ready || !['limit', 'halted'].includes(world.outcome.kind)) {
    const late = `the guest does not wait for a command after ${limit / hz} seconds of its time; --timeout gives it more`;
    tellConsole(io, listener);
    io.err(`vpmu: ${failureOf(world, listener, 'it waited for a command', late)}`);
    return STATUS.failure;
  }
  const { cpu, cpus, memory } = machine;
  try {
    writeSnapshot(path, io.version, { cpu, cpus, memory, pmu, cycles }, world);
  } catch (error) {
    const { code, syscall, message } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new UserError(`${path}: ${code === 'ENOENT' ? 'there is no such folder; name one that exists' : message}`);
  }
  return STATUS.success;
}
