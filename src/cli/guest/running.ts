/** A Linux guest that runs: what is heard of it, how far it goes, and why it did not get there. */
import { FIRST } from '../../base/choice.ts';
import type { Cycles } from '../../base/units.ts';
import { Transcript } from '../../guest/linux/transcript.ts';
import type { Attached } from '../../hw/outside.ts';
import { NO_TRACE } from '../../trace/trace.ts';
import type { Io } from '../io.ts';
import { nodeWasm } from '../wasm.ts';
import type { LinuxSubject, LinuxWorld } from './subject.ts';

/** So much of the guest's time passes between two looks at what came of it. */
export const LOOK_SECONDS = 0.01;
/** Lines of the console that are shown when the guest did not end well. */
const LAST_LINES = 12;

/** What is heard of a guest, told apart. */
export class Listener {
  readonly output: number[] = [];
  readonly log: number[] = [];
  readonly transcript: Transcript;

  /** `hear` is called with each byte at once; `all`: also with what is not output. */
  constructor(hear: (byte: number) => void, all: boolean) {
    const keep = (list: number[], heard: boolean) => (byte: number): void => {
      list.push(byte);
      if (heard) hear(byte);
    };
    this.transcript = new Transcript(keep(this.log, all), keep(this.output, true));
  }
}

export const textOf = (bytes: readonly number[]): string => Buffer.from(bytes).toString();

const NOTHING: Attached = { disks: [] };

/** The guest, before its first step. `attached`: its devices. */
export function openGuest(subject: LinuxSubject, { transcript }: Listener, wasm: boolean, attached: Attached = NOTHING): LinuxWorld {
  const transmit = (byte: number): void => transcript.put(byte);
  const outside = { choice: FIRST, tracer: NO_TRACE, transmit, attached, ...(wasm ? { wasm: nodeWasm } : {}) };
  return subject.open(outside);
}

/** Until `done`, or the machine has ended, or the time that it has. Returns when it stopped, in core cycles. */
export function runUntil(world: LinuxWorld, { scenario, hz, begins }: LinuxSubject, done: () => boolean, look: () => void): number {
  const step = hz * LOOK_SECONDS;
  let at = begins;
  while (!done() && at < scenario.limit) {
    at = Math.min(at + step, scenario.limit);
    if (world.advance(at as Cycles)) break;
    look();
  }
  return at;
}

/** The end of its console. */
export function tellConsole(io: Io, { log, output }: Listener): void {
  for (const line of textOf([...log, ...output]).trimEnd().split(/\r?\n/).slice(-LAST_LINES)) io.err(line);
}

/** Why what was waited for did not happen; `late` tells that of one whose time is over. */
export function failureOf({ outcome }: LinuxWorld, { log }: Listener, awaited: string, late: string): string {
  const panic = /Kernel panic - not syncing: (.*)/.exec(textOf(log))?.[1]?.trim();
  if (panic !== undefined) return `the guest's kernel panicked: ${panic}`;
  switch (outcome.kind) {
    case 'limit': return late;
    case 'halted': return 'the guest has halted, and nothing can wake it';
    case 'power off': return `the guest switched itself off before ${awaited}`;
    case 'reset': case 'triple fault': return `the guest reset itself before ${awaited}`;
    case 'refused': return `the host did not make the virtual machine: ${outcome.why} (${outcome.error})`;
    case 'exit': return `the guest wrote ${outcome.code} to the exit port before ${awaited}`;
  }
}
