/**
 * `vpmu run --linux`: boots a Linux guest or goes on with one that has booted, and runs a command in it or gives it the terminal. The
 * exit status is that of the command; what does not end well for the guest is told in one line, with the end of its console, and status 1.
 */
import type { Cycles } from '../../base/units.ts';
import { attachmentsOf } from '../guest/attachments.ts';
import { describe, failureOf } from '../guest/failure.ts';
import { filesOf, sharedOf } from '../guest/files.ts';
import { machineOf } from '../guest/machine.ts';
import { resumedSubject } from '../guest/resumed.ts';
import { Listener, LOOK_SECONDS, openGuest, runUntil, tellConsole, textOf } from '../guest/running.ts';
import { type LinuxOptions, type LinuxSubject, type LinuxWorld, linuxSubject } from '../guest/subject.ts';
import { symbolsIn } from '../guest/symbols.ts';
import { openTerminal } from '../guest/terminal.ts';
import { type Io, STATUS, UserError } from '../io.ts';
import { toJson } from '../json.ts';

export interface RunLinuxOptions extends LinuxOptions { readonly json?: boolean; readonly wasm: boolean; readonly from?: string }

export async function runLinux(io: Io, what: string | undefined, options: RunLinuxOptions): Promise<number> {
  if (what !== undefined) throw new UserError(`--linux boots a guest, and there is '${what}' to run too; name one of them`);
  if (options.json && options.exec === undefined) throw new UserError('--json is for a command; name one with --exec');
  const { from } = options;
  const files = from === undefined ? [] : filesOf(io, options.file), shared = sharedOf(files);
  const { attached, keep } = attachmentsOf(io, options, shared);
  const subject = from === undefined ? await linuxSubject(io, options) : resumedSubject(io, from, options, files, shared);
  const pending: number[] = [];
  const hear = options.json ? (): void => {} : (byte: number): void => void pending.push(byte);
  const listener = new Listener(hear, options.exec === undefined, symbolsIn(io, options.symbols));
  const { transcript } = listener;
  const world = await openGuest(subject, listener, options.wasm, attached);
  const show = (): void => void (pending.length > 0 && io.write(Uint8Array.from(pending.splice(0))));
  let stuck: number | undefined;
  if (options.exec === undefined) await interact(world, subject, listener, show);
  else ({ stuck } = runUntil(world, subject, () => transcript.status !== undefined, show));
  transcript.flush();
  show();
  const status = ended(io, options, world, subject, listener, stuck);
  const absent = transcript.status === undefined ? [] : keep(world);
  for (const line of absent) io.err(`vpmu: ${line}`);
  return status === STATUS.success && absent.length > 0 ? STATUS.failure : status;
}

/** A shell's status of a command that SIGILL has ended. */
const ILLEGAL = 128 + 4;

/** Until somebody leaves, or the machine ends. An idle guest's time passes no faster than ours. */
async function interact(world: LinuxWorld, { hz, begins }: LinuxSubject, { transcript }: Listener, show: () => void): Promise<void> {
  const terminal = openTerminal();
  const began = performance.now();
  try {
    for (let seconds = LOOK_SECONDS; !terminal.left && transcript.status === undefined; seconds += LOOK_SECONDS) {
      const over = world.advance((begins + seconds * hz) as Cycles);
      show();
      if (over) return;
      const ahead = seconds * 1000 - (performance.now() - began);
      await new Promise((resolve) => (ahead > 0 ? setTimeout(resolve, ahead) : setImmediate(resolve)));
      world.type(terminal.typed());
    }
  } finally {
    terminal.close();
  }
}

function ended(io: Io, options: RunLinuxOptions, world: LinuxWorld, subject: LinuxSubject, listener: Listener, stuck?: number): number {
  const { transcript: { status }, undefinedWatch: { last }, log, output, symbols } = listener;
  const { scenario: { limit }, begins, hz } = subject;
  const late = `the command has not ended after ${(limit - begins) / hz} seconds of the guest's time; --timeout gives it more`;
  const failure = status === undefined ? failureOf(world, listener, 'the command had ended', late, stuck) : undefined;
  if (options.json) {
    io.out(toJson({ status: status ?? null, failure: failure ?? null, output: textOf(output), log: textOf(log), report: world.report() }));
  } else if (failure !== undefined && options.exec !== undefined) tellConsole(io, listener);
  if (status === ILLEGAL && last !== undefined) {
    io.err(`vpmu: the guest executed what this machine has not: ${describe(last, symbols, machineOf(world).ram)}`);
  }
  if (failure === undefined || (options.exec === undefined && world.outcome.kind === 'limit')) return status ?? STATUS.success;
  io.err(`vpmu: ${failure}`);
  return STATUS.failure;
}
