/**
 * One guest on bare metal and on every strategy: what each way of virtualising the PMU costs, and what it gets wrong. A strategy
 * that is wrong is a finding, not a failure: only an experiment that did not come to its end is one.
 */
import type { Image } from '../../guest/image.ts';
import { HANDLERS, NO_PMU } from '../../guest/programs.ts';
import type { StrategyName } from '../../host/vpmu/strategies.ts';
import type { Outside } from '../../hw/outside.ts';
import { MACHINES } from '../cost/cost.ts';
import { HostedRun } from '../hosted-run.ts';
import { platformOf } from '../platform.ts';
import { type CpuReport, NO_OFFER, type Report } from '../report.ts';
import { type HostedScenario, hostedOn, onBareMetal, type Scenario } from '../scenario.ts';
import { World } from '../world.ts';
import { type Distribution, distributionOf } from './distribution.ts';
import { BARE_METAL, countsSince, type Row, type RowName, titleOf } from './row.ts';
import { SampleWatch, type Watched } from './sample-watch.ts';
import { compareSamples, type Samples, sumOf } from './samples.ts';

/** Plain JSON-able data. */
export interface CompareReport {
  readonly scenario: string;
  readonly title: string;
  /** The machine of the literature whose costs these are. */
  readonly machine: { readonly name: string; readonly title: string; readonly hz: number };
  readonly host: HostedScenario['host'];
  readonly program: Scenario['program'];
  readonly cpus: number;
  /** Whose processors, and what they have to count with. */
  readonly vendor: Scenario['machine']['vendor'];
  readonly perfmon: Scenario['machine']['perfmon'];
  /** Bare metal first. */
  readonly columns: readonly Column[];
}

/** Of "no PMU" and "refused" the column says why. */
export type Verdict = 'right' | 'wrong' | 'no PMU' | 'refused' | 'unfinished';

export interface Column extends Row {
  /** Whether the guest can tell it from bare metal by its counters and its samples. */
  readonly verdict: Verdict;
  /** In the guest's PMI handler from the first instruction to IRET, in ns. */
  readonly traced: Distribution;
  /** Of each PMI in their order, by the first processor's clock; and perf_event_max_sample_rate after it. */
  readonly durations: readonly number[];
  readonly rates: readonly number[];
  readonly samples: Samples;
  readonly counters: readonly Counter[];
  /** Of all state at the end. */
  readonly hash: string;
}

export interface Counter {
  readonly cpu: number;
  readonly event: string;
  readonly count: number;
  readonly truth: number;
  readonly overflows: number;
  readonly trueOverflows: number;
  /** It counts time, which a host spends otherwise. */
  readonly timed: boolean;
}

const TIMED: ReadonlySet<string> = new Set(['core cycles', 'reference cycles', 'topdown slots']);

interface Ran {
  readonly report: Report;
  /** By processor of the program. */
  readonly positions: readonly (readonly number[])[];
  readonly cycles: readonly number[];
}

/** `template` says what kind of host it is; the strategy that it names does not matter. */
export function compare(template: Scenario, strategies: readonly StrategyName[], outside: Outside, image?: Image): CompareReport {
  const hosted = hostedOn(template, template.host?.on ?? 'general');
  const { host, name, title, program, machine } = hosted;
  const cost = MACHINES[host.cost];
  const bare = runBare(hosted, outside, image);
  const columns = strategies.map((strategy) => {
    const ran = runHosted(hostedOn(hosted, strategy), outside, image);
    return columnOf(strategy, hosted, ran, bare, cost.hz);
  });
  return {
    scenario: name, title, machine: { name: cost.name, title: cost.title, hz: cost.hz }, host, program, cpus: machine.cpus,
    vendor: machine.vendor, perfmon: machine.perfmon,
    columns: [columnOf(BARE_METAL, hosted, bare, bare, cost.hz), ...columns],
  };
}

function runBare(scenario: HostedScenario, outside: Outside, image: Image | undefined): Ran {
  let world: World | undefined;
  const watched: Watched = {
    processorOn: (cpu) => (world === undefined ? undefined : cpu),
    executed: (cpu) => world!.machine.cpus[cpu]!.instructions + world!.machine.cpus[cpu]!.books.unfolded,
  };
  const watch = new SampleWatch(watched, outside.tracer);
  world = new World(onBareMetal(scenario), { ...outside, tracer: watch }, image, platformOf(scenario));
  const report = world.run();
  return ranOf(report, watch);
}

function runHosted(scenario: HostedScenario, outside: Outside, image: Image | undefined): Ran {
  let run: HostedRun | undefined;
  const watched: Watched = {
    processorOn: (cpu) => {
      const task = run?.world.host.sched.current(run.world.host.cpus[cpu]!);
      return task === undefined || task >= run!.world.vcpus.length ? undefined : task;
    },
    executed: (vcpu, cpu) => run!.accounts.executed(vcpu) + run!.world.machine.cpus[cpu]!.books.unfolded,
  };
  const watch = new SampleWatch(watched, outside.tracer);
  run = new HostedRun(scenario, { ...outside, tracer: watch }, image);
  const report = run.run();
  return ranOf(report, watch);
}

const ranOf = (report: Report, watch: SampleWatch): Ran => ({
  report, positions: report.cpus.map((_, id) => watch.samples(id).map(({ position }) => position)),
  cycles: report.cpus.flatMap((_, id) => watch.samples(id).flatMap(({ cycles }) => cycles ?? [])),
});

function columnOf(name: RowName, { program, host: { vcpus }, machine }: HostedScenario, ran: Ran, bare: Ran, hz: number): Column {
  const { report } = ran;
  const { cpus, host, outcome } = report;
  const twin = (id: number): number => id % vcpus;
  const samples = sumOf(cpus.map((cpu, id) => compareSamples(bare.positions[twin(id)]!, ran.positions[id]!, cpu.program?.spurious ?? 0)));
  const events = program.kind === 'built-in' ? program.events : [];
  const counters = cpus.flatMap((cpu, id) => countersOf(cpu, bare.report.cpus[twin(id)]!, id, events.map(({ event }) => event)));
  const sum = (of: (cpu: CpuReport) => number): number => cpus.reduce((total, cpu) => total + of(cpu), 0);
  const worked = sum((cpu) => cpu.cycles + (cpu.vcpu?.hostCycles ?? 0));
  const native = cpus.reduce((total, _, id) => total + bare.report.cpus[twin(id)]!.cycles, 0);
  const programs = cpus.flatMap((cpu) => cpu.program ?? []);
  const verdict = verdictOf(report, samples, counters);
  const why = whyNot(verdict, report, program, machine);
  return {
    name, title: titleOf(name),
    ...(host === undefined ? {} : { generation: host.generation }), verdict, ...(why === undefined ? {} : { why }), outcome,
    exits: countsSince(cpus.map(({ vcpu }) => vcpu?.exits ?? {})), msrExits: countsSince(cpus.map(({ vcpu }) => vcpu?.msrExits ?? {})),
    pmis: sum(({ pmis }) => pmis), created: host?.created ?? 0, released: host?.released ?? 0, reused: host?.reused ?? 0,
    guestCycles: sum(({ cycles }) => cycles), hostCycles: sum(({ vcpu }) => vcpu?.hostCycles ?? 0),
    wallCycles: host?.cycles ?? Math.max(...cpus.map(({ cycles }) => cycles)), overhead: worked / native - 1,
    handler: distributionOf(programs.flatMap(({ durations }) => durations)),
    traced: distributionOf(ran.cycles.map((cycles) => Math.round(cycles * 1e9 / hz))),
    durations: programs[0]?.durations ?? [], rates: programs[0]?.rates ?? [],
    maxSampleRate: programs.length === 0 ? 0 : Math.min(...programs.map(({ maxSampleRate }) => maxSampleRate)),
    samples, counters, users: host?.users ?? [], hostUnknownNmis: host?.unknownNmis ?? 0,
    guestUnknownNmis: programs.reduce((total, { spurious }) => total + spurious, 0), hostFaults: host?.faults ?? 0, hash: report.hash,
  };
}

function countersOf(cpu: CpuReport, bare: CpuReport, id: number, events: readonly string[]): Counter[] {
  return (bare.program?.events ?? []).map((truth, i) => ({
    cpu: id, event: events[i] ?? '', count: cpu.program?.events[i]?.count ?? 0, truth: truth.count,
    overflows: cpu.program?.events[i]?.overflows ?? 0, trueOverflows: truth.overflows, timed: TIMED.has(events[i] ?? ''),
  }));
}

function verdictOf({ outcome }: Report, samples: Samples, counters: readonly Counter[]): Verdict {
  if (outcome.kind === 'exit' && outcome.code === NO_PMU) return 'no PMU';
  if (outcome.kind === 'refused') return 'refused';
  if (outcome.kind !== 'exit') return 'unfinished';
  const counted = counters.every((each) => each.timed || (each.count === each.truth && each.overflows === each.trueOverflows));
  const sampled = samples.lost + samples.late + samples.early + samples.spurious + samples.duplicate === 0;
  return counted && sampled ? 'right' : 'wrong';
}

/** Why there is nothing to compare: what the strategy lacks on this host, or what the program lacks in its guest. */
function whyNot(
  verdict: Verdict, { outcome, host }: Report, program: Scenario['program'], { vendor }: Scenario['machine'],
): string | undefined {
  if (outcome.kind === 'refused') return `${outcome.why} (${outcome.error})`;
  if (verdict !== 'no PMU' || host === undefined) return undefined;
  if (program.kind !== 'built-in' || host.offers === NO_OFFER) return `the guest is offered ${host.offers}`;
  const needed = vendor === 'amd' ? 'PerfMonV2' : `version ${HANDLERS[program.handler].version}`;
  return `the guest is offered ${host.offers}, and its ${program.handler} handler needs ${needed}`;
}

/** Every run came to its end, also those that found no PMU, and those that the host refused. */
export const carriedOut = ({ columns }: CompareReport): boolean => columns.every(({ verdict }) => verdict !== 'unfinished');
