/** `vpmu snapshot`: boots a Linux guest until it waits for a command, and keeps it as it is, for `vpmu run --linux --from`. */
import { bootedGuest } from '../guest/booted.ts';
import { writeSnapshot } from '../guest/snapshot-file.ts';
import type { LinuxOptions } from '../guest/subject.ts';
import { type Io, STATUS, UserError } from '../io.ts';

export interface SnapshotOptions extends LinuxOptions { readonly wasm: boolean }

export async function snapshot(io: Io, path: string, options: SnapshotOptions): Promise<number> {
  const booted = await bootedGuest(io, options);
  if (typeof booted === 'number') return booted;
  const { subject: { scenario: { machine: { cpu, cpus, memory } } }, world, pmu, cycles } = booted;
  try {
    writeSnapshot(path, io.version, { cpu, cpus, memory, pmu, cycles }, world);
  } catch (error) {
    const { code, syscall, message } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new UserError(`${path}: ${code === 'ENOENT' ? 'there is no such folder; name one that exists' : message}`);
  }
  return STATUS.success;
}
