/** A Linux guest, booted until it waits for a command. */
import { type Io, STATUS } from '../io.ts';
import { failureOf } from './failure.ts';
import { Listener, openGuest, runUntil, tellConsole } from './running.ts';
import { type LinuxOptions, type LinuxSubject, type LinuxWorld, linuxSubject, type PMUS, pmuOf } from './subject.ts';
import { symbolsIn } from './symbols.ts';

export interface Booted {
  readonly subject: LinuxSubject;
  readonly world: LinuxWorld;
  /** The counters that it was told of. */
  readonly pmu: (typeof PMUS)[number];
  /** When it was, in core cycles. */
  readonly cycles: number;
}

/** On bare metal. A guest that does not come to wait is told of, and the exit status is returned. */
export async function bootedGuest(io: Io, options: LinuxOptions & { readonly wasm: boolean }): Promise<Booted | number> {
  const pmu = pmuOf(options.pmu) ?? 'shared';
  const subject = await linuxSubject(io, { ...options, pmu }, true);
  const { scenario: { limit }, hz } = subject;
  const listener = new Listener(() => {}, false, symbolsIn(io, options.symbols));
  const { transcript } = listener;
  const world = await openGuest(subject, listener, options.wasm);
  const { at: cycles, stuck } = runUntil(world, subject, () => transcript.ready, () => {});
  // One that sleeps until somebody types waits too.
  if (transcript.ready && ['limit', 'halted'].includes(world.outcome.kind)) return { subject, world, pmu, cycles };
  const late = `the guest does not wait for a command after ${limit / hz} seconds of its time; --timeout gives it more`;
  tellConsole(io, listener);
  io.err(`vpmu: ${failureOf(world, listener, 'it waited for a command', late, stuck)}`);
  return STATUS.failure;
}
