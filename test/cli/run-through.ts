/** A guest that waits and is told what to do in the process in which it booted: nobody has kept it meanwhile. */
import { readFileSync } from 'node:fs';
import { typedForm } from '../../src/cli/guest/resumed.ts';
import { Listener, openGuest, runUntil } from '../../src/cli/guest/running.ts';
import { type LinuxOptions, linuxSubject } from '../../src/cli/guest/subject.ts';
import type { Io } from '../../src/cli/io.ts';
import { broughtArchive } from '../../src/guest/linux/initramfs.ts';
import type { Report } from '../../src/lab/report.ts';

const NOTHING = (): void => {};
const io: Io = {
  args: [], version: '', readFile: (path) => readFileSync(path), writeFile: NOTHING, out: NOTHING, write: NOTHING, err: NOTHING,
  status: undefined, onInterrupt: () => NOTHING,
};

export interface RunThrough { readonly output: string; readonly cycles: number; readonly report: Report }

/** `cycles`: when it was told. */
export async function runThrough(options: LinuxOptions, command: string): Promise<RunThrough> {
  const subject = await linuxSubject(io, { pmu: 'shared', ...options }, true);
  const listener = new Listener(NOTHING, false);
  const { transcript, output } = listener;
  const world = await openGuest(subject, listener, true);
  const { at: cycles } = runUntil(world, subject, () => transcript.ready, NOTHING);
  world.type(typedForm(broughtArchive({ command, files: [] })));
  runUntil(world, { ...subject, begins: cycles }, () => transcript.status !== undefined, NOTHING);
  return { output: Buffer.from(output).toString(), cycles, report: world.report() };
}
