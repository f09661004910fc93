/** The figures of a comparison as people read them: rounded, in groups, and exits by what a PMI handler does. */
import type { Column, CompareReport } from '../../lab/compare/compare.ts';
import type { Row } from '../../lab/compare/row.ts';

export const DASH = '-';

/** 1234567 as 1,234,567. */
export const grouped = (value: number): string => Math.round(value).toString().replace(/\B(?=(\d{3})+$)/g, ',');

/** Three digits and what they are multiples of. */
export function short(value: number): string {
  const size = Math.abs(value);
  const of = (unit: number, name: string): string => `${Number((value / unit).toPrecision(3))}${name}`;
  if (size < 10_000) return Number.isInteger(value) ? `${value}` : `${Number(value.toPrecision(3))}`;
  if (size < 1e6) return of(1e3, ' k');
  if (size < 1e9) return of(1e6, ' M');
  return size < 1e12 ? of(1e9, ' G') : of(1e12, ' T');
}

/** Nanoseconds in the unit that suits them. */
export function time(ns: number): string {
  if (ns < 10_000) return `${Math.round(ns)} ns`;
  return ns < 10_000_000 ? `${Number((ns / 1e3).toPrecision(3))} us` : `${Number((ns / 1e6).toPrecision(3))} ms`;
}

export const percent = (part: number): string => `${Math.abs(part) < 0.1 ? (100 * part).toFixed(1) : grouped(100 * part)} %`;

/** Signed, and nothing for nothing. */
export const difference = (value: number): string => (value === 0 ? '0' : `${value > 0 ? '+' : ''}${short(value)}`);

/** It had a PMU, and came to its end: its figures mean something. */
export const counted = ({ verdict }: Column): boolean => verdict === 'right' || verdict === 'wrong';

export const exitsOf = ({ exits }: Row): number => Object.values(exits).reduce((sum, count) => sum + count, 0);

/** PMIs, exits, events, cycles of guest and host, overhead, the handler's mean, p50, p99 and most, and the rate: what a run cost. */
export function costsOf(row: Row): string[] {
  const { handler, pmis, created, guestCycles, hostCycles, overhead, maxSampleRate, generation } = row;
  const native = generation === undefined;
  return [
    `${pmis}`, ...(native ? [DASH, DASH] : [grouped(exitsOf(row)), `${created}`]), short(guestCycles),
    ...(native ? [DASH, DASH] : [short(hostCycles), percent(overhead)]),
    ...[handler.mean, handler.p50, handler.p99, handler.max].map((ns) => (handler.count === 0 ? DASH : time(ns))), grouped(maxSampleRate),
  ];
}

/** Exits as a PMI handler makes them, in the order in which it does. */
export const EXIT_KINDS = [
  'NMI', 'interrupt', 'GLOBAL_CTRL', 'GLOBAL_STATUS', 'OVF_CTRL', 'RDPMC', 'counter', 'selector', 'LVTPC', 'other',
] as const;
type ExitKind = (typeof EXIT_KINDS)[number];

const MSR_KINDS: readonly (readonly [RegExp, ExitKind])[] = [
  [/IA32_PERF_GLOBAL_CTRL$|PerfCntrGlobalCtl$/, 'GLOBAL_CTRL'], [/IA32_PERF_GLOBAL_STATUS$|PerfCntrGlobalStatus$/, 'GLOBAL_STATUS'],
  [/IA32_PERF_GLOBAL_STATUS_RESET$|PerfCntrGlobalStatusClr$/, 'OVF_CTRL'],
  [/IA32_(A_)?PMC\d+$|IA32_FIXED_CTR\d+$|PERF_(LEGACY_)?CTR\d+$/, 'counter'],
  [/IA32_PERFEVTSEL\d+$|IA32_FIXED_CTR_CTRL$|PERF_(LEGACY_)?CTL\d+$/, 'selector'], [/LVT_PMI$/, 'LVTPC'],
];

export function exitKinds({ exits, msrExits }: Row): Record<ExitKind, number> {
  const kinds = Object.fromEntries(EXIT_KINDS.map((kind) => [kind, 0])) as Record<ExitKind, number>;
  for (const [reason, count] of Object.entries(exits)) {
    if (reason === 'EXCEPTION_NMI') kinds.NMI += count;
    else if (reason === 'EXTERNAL_INTERRUPT') kinds.interrupt += count;
    else if (reason === 'RDPMC') kinds.RDPMC += count;
    else if (!reason.startsWith('MSR_')) kinds.other += count;
  }
  for (const [msr, count] of Object.entries(msrExits)) kinds[MSR_KINDS.find(([name]) => name.test(msr))?.[1] ?? 'other'] += count;
  return kinds;
}

interface UserFigure {
  readonly kind: string;
  readonly event: string;
  readonly state: string;
  readonly count: number;
  readonly truth: number;
  readonly samples: number | undefined;
  readonly due: number | undefined;
}

/** A user of the host's PMU on all CPUs together. */
export function usersOf({ users }: Row): UserFigure[] {
  const figures = new Map<string, UserFigure>();
  for (const user of users) {
    const key = `${user.kind} ${user.event}`;
    const before = figures.get(key);
    const plus = (a: number | undefined, b: number | undefined): number | undefined => (b === undefined ? a : (a ?? 0) + b);
    const state = user.refused ?? user.state ?? '';
    figures.set(key, {
      kind: user.kind, event: user.event, state: before === undefined || before.state === state ? state : 'differs by CPU',
      count: (before?.count ?? 0) + (user.count ?? 0), truth: (before?.truth ?? 0) + (user.truth ?? 0),
      samples: plus(before?.samples, user.samples), due: plus(before?.due, user.due),
    });
  }
  return [...figures.values()];
}

/** What the guest's counters are off by, all together, and those that count time left out. */
export function miscounted({ counters }: Column): number {
  const off = counters.filter(({ timed }) => !timed).map(({ count, truth }) => count - truth);
  return off.reduce((worst, by) => (Math.abs(by) > Math.abs(worst) ? by : worst), 0);
}

/** The experiment, in a few lines. */
export function setting({ machine, host, program, cpus, vendor, perfmon }: CompareReport): string[] {
  const lines = [`Costs of ${machine.title} at ${(machine.hz / 1e9).toFixed(1)} GHz.`];
  if (vendor === 'amd') {
    const kind = perfmon.version >= 2 ? 'of PerfMonV2' : 'without global registers';
    lines.push(`Counters: ${perfmon.generalCounters} of AMD's, ${kind}; the costs are those of a machine that has Intel's.`);
  }
  if (program.kind === 'built-in') {
    const events = program.events.map(({ event, period }) => `${event} every ${grouped(period)}`).join(', ');
    lines.push(`Guest: ${program.workload}, ${grouped(program.iterations)} iterations; ${events}; ${program.handler} PMI handler.`);
  }
  return [...lines, hostSetting(host, cpus)];
}

const many = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** Of a host with so many CPUs. */
export function hostSetting(host: CompareReport['host'], cpus: number): string {
  const parts = [
    many(cpus, 'CPU'), many(host.vms, 'virtual machine'), `each with ${many(host.vcpus, 'vCPU')}`, `${host.hz} ticks a second`,
    ...(host.load.length > 0 ? [`other tasks on CPU ${host.load.join(', ')}`] : []),
    ...(host.migrateEvery > 0 ? [`a migration every ${many(host.migrateEvery, 'tick')}`] : []),
    ...(host.filter === undefined ? [] : [`an event filter (${host.filter.action}, ${many(host.filter.events.length, 'event')})`]),
    `PMU used by ${host.users.map(({ kind }) => kind).join(', ') || 'nobody else'}`,
  ];
  return `Host: ${parts.join('; ')}.`;
}
