/**
 * A command in a Linux guest, on bare metal and under every strategy, from the same state: what each way of virtualising the PMU costs it,
 * and whether it prints something else. Figures are those of the command, from its beginning to its end.
 */
import type { StrategyName } from '../../host/vpmu/strategies.ts';
import type { Outside } from '../../hw/outside.ts';
import { MACHINES } from '../cost/cost.ts';
import { platformOf } from '../platform.ts';
import type { CpuReport, HostReport } from '../report.ts';
import type { HostedScenario } from '../scenario.ts';
import { distributionOf } from './distribution.ts';
import { type Ran, runBare, runHosted, type Told } from './linux-run.ts';
import { BARE_METAL, type Counts, countsSince, type Row, type RowName, titleOf } from './row.ts';

/** The guest, which waits, and what it is told. */
export interface LinuxComparison extends Told {
  readonly command: string;
  /** With a host of that strategy. */
  onHost(strategy: StrategyName): HostedScenario;
}

/** Plain JSON-able data. */
export interface LinuxReport {
  readonly command: string;
  /** The machine of the literature whose costs these are; at the guest's frequency. */
  readonly machine: { readonly name: string; readonly title: string; readonly hz: number };
  readonly host: HostedScenario['host'];
  readonly cpus: number;
  /** Bare metal first. */
  readonly columns: readonly LinuxColumn[];
}

/** "same": the command printed what it prints on bare metal, and ended with the same status. */
export type LinuxVerdict = 'same' | 'different' | 'refused' | 'unfinished';

/** A line that bare metal prints otherwise, or one of the two not at all. Lines count from 1. */
export interface Difference { readonly line: number; readonly bare?: string; readonly here?: string }

/** Its unknown NMIs are those that the guest's log and output tell of. */
export interface LinuxColumn extends Row {
  readonly verdict: LinuxVerdict;
  /** Of the command; null if it has not ended. */
  readonly status: number | null;
  readonly output: string;
  readonly differences: readonly Difference[];
  readonly pmisLost: number;
  readonly nmis: number;
  readonly instructions: number;
  /** perf_event_max_sample_rate of the host at the end. */
  readonly maxHostRate?: number;
}

/** `tell` hears which run begins. */
export function compareLinux(
  comparison: LinuxComparison, strategies: readonly StrategyName[], outside: Outside, tell: (name: string) => void = () => {},
): LinuxReport {
  const { resumed: { bare }, command, onHost } = comparison;
  const { host } = onHost('general');
  const cost = MACHINES[host.cost];
  const hz = platformOf(bare).model.core;
  tell(BARE_METAL);
  const native = runBare(comparison, cost.timing, outside);
  const columns = strategies.map((strategy) => {
    tell(strategy);
    return columnOf(strategy, runHosted(comparison, onHost(strategy), outside), native, hz);
  });
  return {
    command, machine: { name: cost.name, title: cost.title, hz }, host, cpus: bare.machine.cpus,
    columns: [columnOf(BARE_METAL, native, native, hz), ...columns],
  };
}

function columnOf(name: RowName, ran: Ran, native: Ran, hz: number): LinuxColumn {
  const { begin, end, outcome, status, output, log } = ran;
  const { host } = end;
  const differences = differencesOf(native.output, output);
  const verdict: LinuxVerdict = outcome.kind === 'refused' ? 'refused' : status === undefined ? 'unfinished'
    : status === native.status && differences.length === 0 ? 'same' : 'different';
  const sum = (of: (cpu: CpuReport) => number): number =>
    end.cpus.reduce((total, cpu, i) => total + of(cpu) - of(begin.cpus[i]!), 0);
  const cycles = ({ begin: first, end: last }: Ran): number => last.cycles - first.cycles;
  const since = (of: (report: HostReport) => number): number => (host === undefined ? 0 : of(host) - of(begin.host!));
  const hostCycles = sum(({ vcpu }) => vcpu?.hostCycles ?? 0);
  const counted = (of: (cpu: CpuReport) => Counts | undefined): Counts =>
    countsSince(end.cpus.map((cpu) => of(cpu) ?? {}), begin.cpus.map((cpu) => of(cpu) ?? {}));
  return {
    name, title: titleOf(name),
    ...(host === undefined ? {} : { generation: host.generation, maxHostRate: host.maxSampleRate }), verdict,
    ...(outcome.kind === 'refused' ? { why: `${outcome.why} (${outcome.error})` } : {}), outcome,
    status: status ?? null, output, differences, maxSampleRate: ran.maxSampleRate,
    exits: counted(({ vcpu }) => vcpu?.exits), msrExits: counted(({ vcpu }) => vcpu?.msrExits),
    pmis: sum(({ pmis }) => pmis), pmisLost: sum(({ pmisLost }) => pmisLost), nmis: sum(({ nmis }) => nmis),
    instructions: sum(({ instructions }) => instructions),
    created: since(({ created }) => created), released: since(({ released }) => released), reused: since(({ reused }) => reused),
    guestCycles: cycles(ran), hostCycles, wallCycles: end.clock - begin.clock,
    overhead: verdict === 'refused' ? 0 : (cycles(ran) + hostCycles) / cycles(native) - 1,
    handler: distributionOf(ran.durations.map((each) => Math.round(each * 1e9 / hz))),
    guestUnknownNmis: [...`${log}${output}`.matchAll(/NMI received for unknown reason/g)].length,
    hostUnknownNmis: since(({ unknownNmis }) => unknownNmis), hostFaults: since(({ faults }) => faults), users: host?.users ?? [],
  };
}

function differencesOf(bare: string, here: string): Difference[] {
  const there = bare.split('\n'), mine = here.split('\n');
  return Array.from({ length: Math.max(there.length, mine.length) }, (_, i): Difference => {
    const [a, b] = [there[i], mine[i]];
    return { line: i + 1, ...(a === undefined ? {} : { bare: a }), ...(b === undefined ? {} : { here: b }) };
  }).filter((each) => each.bare !== each.here);
}

/** The command ended well on bare metal, and on every strategy that was not refused it ended. */
export const carriedOut = ({ columns }: LinuxReport): boolean =>
  columns[0]!.status === 0 && columns.every(({ verdict }) => verdict !== 'unfinished');
