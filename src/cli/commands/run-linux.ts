/**
 * `vpmu run --linux`: boots a Linux guest, and runs a command in it or gives it the terminal. The exit status is that of the command;
 * what does not end well for the guest is told in one line, with the end of its console, and status 1.
 */
import { FIRST } from '../../base/choice.ts';
import type { Cycles } from '../../base/units.ts';
import { Transcript } from '../../guest/linux/transcript.ts';
import { open } from '../../lab/experiment.ts';
import type { Report } from '../../lab/report.ts';
import { NO_TRACE } from '../../trace/trace.ts';
import { type LinuxOptions, type LinuxSubject, linuxSubject } from '../guest/subject.ts';
import { openTerminal } from '../guest/terminal.ts';
import { type Io, STATUS, UserError } from '../io.ts';
import { toJson } from '../report.ts';
import { nodeWasm } from '../wasm.ts';

export interface RunLinuxOptions extends LinuxOptions { readonly json?: boolean; readonly wasm: boolean }

/** So much of the guest's time passes between two looks at what came of it. */
const LOOK_SECONDS = 0.01;
/** Lines of the console that are shown when the guest did not end well. */
const LAST_LINES = 12;

type World = ReturnType<typeof open>;

/** What is heard of a guest, told apart. */
class Listener {
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

const text = (bytes: readonly number[]): string => Buffer.from(bytes).toString();

export async function runLinux(io: Io, what: string | undefined, options: RunLinuxOptions): Promise<number> {
  if (what !== undefined) throw new UserError(`--linux boots a guest, and there is '${what}' to run too; name one of them`);
  if (options.json && options.exec === undefined) throw new UserError('--json is for a command; name one with --exec');
  const subject = await linuxSubject(io, options);
  const pending: number[] = [];
  const listener = new Listener(options.json ? () => {} : (byte) => void pending.push(byte), options.exec === undefined);
  const transmit = (byte: number): void => listener.transcript.put(byte);
  const outside = { choice: FIRST, tracer: NO_TRACE, transmit, ...(options.wasm ? { wasm: nodeWasm } : {}) };
  const world = open(subject.scenario, outside, subject.image);
  const show = (): void => void (pending.length > 0 && io.write(Uint8Array.from(pending.splice(0))));
  if (options.exec === undefined) await interact(world, subject, listener, show);
  else runToEnd(world, subject, listener, show);
  listener.transcript.flush();
  show();
  return ended(io, options, world, subject, listener);
}

/** Until the command has ended, or the machine, or the time that it has. */
function runToEnd(world: World, { scenario, hz }: LinuxSubject, { transcript }: Listener, show: () => void): void {
  const step = hz * LOOK_SECONDS;
  for (let until = step; transcript.status === undefined && until < scenario.limit + step; until += step) {
    if (world.advance(Math.min(until, scenario.limit) as Cycles)) return;
    show();
  }
}

/** Until somebody leaves, or the machine ends. An idle guest's time passes no faster than ours. */
async function interact(world: World, { hz }: LinuxSubject, { transcript }: Listener, show: () => void): Promise<void> {
  const terminal = openTerminal();
  const began = performance.now();
  try {
    for (let seconds = LOOK_SECONDS; !terminal.left && transcript.status === undefined; seconds += LOOK_SECONDS) {
      const over = world.advance((seconds * hz) as Cycles);
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

function ended(io: Io, options: RunLinuxOptions, world: World, subject: LinuxSubject, { transcript, log, output }: Listener): number {
  const { status } = transcript;
  const failure = status === undefined ? failureOf(world.outcome, text(log), subject) : undefined;
  if (options.json) {
    io.out(toJson({ status: status ?? null, failure: failure ?? null, output: text(output), log: text(log), report: world.report() }));
  } else if (failure !== undefined && options.exec !== undefined) {
    for (const line of text([...log, ...output]).trimEnd().split(/\r?\n/).slice(-LAST_LINES)) io.err(line);
  }
  if (failure === undefined || (options.exec === undefined && world.outcome.kind === 'limit')) return status ?? STATUS.success;
  io.err(`vpmu: ${failure}`);
  return STATUS.failure;
}

/** Why there is no status. */
function failureOf(outcome: Report['outcome'], log: string, { scenario, hz }: LinuxSubject): string {
  const panic = /Kernel panic - not syncing: (.*)/.exec(log)?.[1]?.trim();
  if (panic !== undefined) return `the guest's kernel panicked: ${panic}`;
  switch (outcome.kind) {
    case 'limit': return `the command has not ended after ${scenario.limit / hz} seconds of the guest's time; --timeout gives it more`;
    case 'halted': return 'the guest has halted, and nothing can wake it';
    case 'power off': return 'the guest switched itself off before the command had ended';
    case 'reset': case 'triple fault': return 'the guest reset itself before the command had ended';
    case 'refused': return `the host did not make the virtual machine: ${outcome.error}`;
    case 'exit': return `the guest wrote ${outcome.code} to the exit port before the command had ended`;
  }
}
