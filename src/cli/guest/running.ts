/** A Linux guest that runs: what is heard of it, how far it goes, and why it did not get there. */
import { FIRST } from '../../base/choice.ts';
import type { Cycles } from '../../base/units.ts';
import { Transcript } from '../../guest/linux/transcript.ts';
import type { Attached } from '../../hw/outside.ts';
import type { Io } from '../io.ts';
import { nodeWasm } from '../wasm.ts';
import { StuckWatch } from './stuck-watch.ts';
import type { LinuxSubject, LinuxWorld } from './subject.ts';
import type { Symbols } from './symbols.ts';
import { UndefinedWatch } from './undefined-watch.ts';

/** So much of the guest's time passes between two looks at what came of it. */
export const LOOK_SECONDS = 0.01;
/** Lines of the console that are shown when the guest did not end well. */
const LAST_LINES = 12;

/** What is heard of a guest, told apart. */
export class Listener {
  readonly output: number[] = [];
  readonly log: number[] = [];
  readonly transcript: Transcript;
  readonly undefinedWatch = new UndefinedWatch();
  readonly symbols: Symbols;

  /** `hear` is called with each byte at once; `all`: also with what is not output. `symbols`: the kernel's, to tell where it is. */
  constructor(hear: (byte: number) => void, all: boolean, symbols: Symbols = new Map()) {
    this.symbols = symbols;
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
export async function openGuest(
  subject: LinuxSubject, listener: Listener, wasm: boolean, attached: Attached = NOTHING,
): Promise<LinuxWorld> {
  const { transcript, undefinedWatch } = listener;
  const transmit = (byte: number): void => transcript.put(byte);
  const outside = { choice: FIRST, tracer: undefinedWatch, transmit, attached, ...(wasm ? { wasm: nodeWasm } : {}) };
  const world = await subject.open(outside);
  undefinedWatch.attach(world);
  return world;
}

/** When it stopped, in core cycles; and the number of a processor that is stuck, if one is. */
interface Stopped { readonly at: number; readonly stuck: number | undefined }

/** Until `done`, or the machine has ended or hangs, or the time that it has. */
export function runUntil(world: LinuxWorld, { scenario, hz, begins }: LinuxSubject, done: () => boolean, look: () => void): Stopped {
  const step = hz * LOOK_SECONDS;
  const watch = new StuckWatch(LOOK_SECONDS);
  let at = begins, stuck: number | undefined;
  while (!done() && at < scenario.limit && stuck === undefined) {
    at = Math.min(at + step, scenario.limit);
    if (world.advance(at as Cycles)) break;
    look();
    stuck = watch.look(world);
  }
  return { at, stuck };
}

/** The end of its console. */
export function tellConsole(io: Io, { log, output }: Listener): void {
  for (const line of textOf([...log, ...output]).trimEnd().split(/\r?\n/).slice(-LAST_LINES)) io.err(line);
}
