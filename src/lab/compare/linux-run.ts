/** A command in a Linux guest that goes on from where it was kept: what it prints, and what happens from its beginning to its end. */
import type { Cycles } from '../../base/units.ts';
import { fromUtf8 } from '../../base/utf8.ts';
import { Transcript } from '../../guest/linux/transcript.ts';
import type { TimingModel } from '../../hw/cpu/timing.ts';
import type { Outside } from '../../hw/outside.ts';
import { Accounts } from '../accounts.ts';
import type { HostedRun } from '../hosted-run.ts';
import { platformOf } from '../platform.ts';
import type { CpuReport, HostReport, Report } from '../report.ts';
import { type Resumed, resume, resumeHosted } from '../resume.ts';
import type { HostedScenario } from '../scenario.ts';
import type { World } from '../world.ts';
import { NmiWatch } from './nmi-watch.ts';

/** Where the command is in the guest, and what runs it, and says behind it in one line how often perf may sample by then. */
export const COMPARED_FILE = '/vpmu/compared';
export const COMPARED_COMMAND = [
  `sh ${COMPARED_FILE} </dev/null`, 'status=$?',
  "printf '\\036%s\\n' \"$(cat /proc/sys/kernel/perf_event_max_sample_rate)\"", 'exit $status',
].join('\n');
/** Record separator: what is behind the last one is not the command's. */
const MARK = '\x1e';

/** The guest, which waits, and what the console is told. */
export interface Told { readonly resumed: Resumed; readonly typed: Uint8Array }

/** What has happened so far. */
export interface Figures {
  readonly cpus: readonly CpuReport[];
  readonly host: HostReport | undefined;
  /** Core cycles in the guest, and by the clock that is ahead. */
  readonly cycles: number;
  readonly clock: number;
}

export interface Ran {
  readonly outcome: Report['outcome'];
  readonly status: number | undefined;
  readonly output: string;
  readonly log: string;
  /** kernel.perf_event_max_sample_rate of the guest at the end; 0 if it has none. */
  readonly maxSampleRate: number;
  readonly begin: Figures;
  readonly end: Figures;
  readonly durations: readonly number[];
}

export function runBare({ resumed, typed }: Told, timing: TimingModel, outside: Outside): Ran {
  const { bare } = resumed;
  const ledger = new Accounts(bare.machine.cpus, 1, () => 0);
  const watch = new NmiWatch((cpu) => cpu);
  const open = (transmit: Outside['transmit']): World =>
    resume(resumed, { ...outside, transmit, ledger, tracer: watch }, { ...platformOf(bare), timing });
  return run(open, typed, bare.limit, watch, ({ cpuReports: cpus, machine }) => ({
    cpus, host: undefined, cycles: ledger.guest('core cycles'), clock: Math.max(...machine.cpus.map(({ clock }) => clock)),
  }));
}

export function runHosted({ resumed, typed }: Told, scenario: HostedScenario, outside: Outside): Ran {
  let world: HostedRun['world'] | undefined;
  const watch = new NmiWatch((cpu) => {
    const task = world?.host.sched.current(world.host.cpus[cpu]!);
    return task !== undefined && task < world!.vcpus.length ? task : undefined;
  });
  const open = (transmit: Outside['transmit']): HostedRun => {
    const opened = resumeHosted(resumed, scenario, { ...outside, transmit, tracer: watch });
    ({ world } = opened);
    return opened;
  };
  return run(open, typed, scenario.limit, watch, ({ cpuReports: cpus, hostReport: host }) => ({
    cpus, host, cycles: cpus.reduce((sum, { cycles }) => sum + cycles, 0), clock: host.cycles,
  }));
}

/** So much of the guest's time passes between two looks whether it has ended. */
const LOOK = 0.01;

function run<W extends World | HostedRun>(
  open: (transmit: Outside['transmit']) => W, typed: Uint8Array, limit: number, { durations }: NmiWatch, figures: (world: W) => Figures,
): Ran {
  const log: number[] = [], output: number[] = [];
  const transcript = new Transcript((byte) => log.push(byte), (byte) => output.push(byte));
  let world: W | undefined;
  let begin: Figures | undefined, end: Figures | undefined, before = 0, after = 0;
  world = open((byte) => {
    transcript.put(byte);
    if (begin === undefined && transcript.began) {
      begin = figures(world!);
      before = durations.length;
    }
    if (end === undefined && transcript.status !== undefined) {
      end = figures(world!);
      after = durations.length;
    }
  });
  world.type(typed);
  const first = figures(world);
  const step = LOOK * platformOf(world.scenario).model.core;
  for (let at = first.clock; at < limit && transcript.status === undefined;) {
    at = Math.min(limit, at + step);
    if (world.advance(at as Cycles)) break;
  }
  const last = end ?? figures(world);
  const text = fromUtf8(Uint8Array.from(output)), mark = text.lastIndexOf(MARK);
  return {
    outcome: world.outcome, status: transcript.status,
    log: fromUtf8(Uint8Array.from(log)), output: mark === -1 ? text : text.slice(0, mark),
    maxSampleRate: mark === -1 ? 0 : Number(text.slice(mark + 1)), begin: begin ?? last, end: last,
    durations: durations.slice(before, end === undefined ? undefined : after),
  };
}
