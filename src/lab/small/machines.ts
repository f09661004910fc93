/** The small machines that are explored. Each looks at one kind of thing that can happen, and is small enough to be explored whole. */
import { GENERATIONS } from '../../host/generation.ts';
import type { HostUserOptions } from '../../host/perf/users.ts';
import { STRATEGY_NAMES, type StrategyName, strategyRow } from '../../host/vpmu/strategies.ts';
import { NO_LIMIT, type OpenWorldOptions } from './open-world.ts';

export type { StrategyName } from '../../host/vpmu/strategies.ts';
/** Those whose guests have counters. */
export const VERIFIED: readonly StrategyName[] = STRATEGY_NAMES.filter((name) => strategyRow(name).counts !== false);

type Rest = Omit<OpenWorldOptions, 'strategy'>;

interface MachineRow {
  /** One line: what can happen in it. */
  readonly title: string;
  readonly options: Rest;
  /** Only hosts with an event filter. */
  readonly needsFilter?: boolean;
  /** Only virtual PMUs whose guests can have them frozen. */
  readonly needsFreeze?: boolean;
}

const ALONE: Rest = {
  guest: 'lawful', counters: 1, spare: 0, width: 4, event: 'branch instructions retired', freezes: false, reselects: false, silent: false,
  unmasksLate: false, cpus: 1, vcpus: 1, moves: [], maxSamplesPerTick: NO_LIMIT, skid: 0, leastPeriod: 1, savesGlobalCtrl: true,
};

const PINNED: HostUserOptions = {
  kind: 'watchdog', event: 'branch instructions retired', period: 6, excludeGuest: false, excludeHost: false, pinned: true,
};

export const MACHINES = {
  'any guest': {
    title: 'a guest that does anything, and is preempted', options: { ...ALONE, guest: 'general', moves: ['preempt'] },
  },
  'lawful': {
    title: 'Linux\' handler and context switch, preempted at any point', options: { ...ALONE, moves: ['preempt', 'read', 'tick'] },
  },
  'late NMI': {
    title: 'the PMI comes some instructions behind the overflow',
    options: { ...ALONE, width: 5, moves: ['preempt'], skid: 12 },
  },
  'least period': {
    title: 'the same, on a host that arms no period of 1', options: { ...ALONE, moves: ['preempt'], leastPeriod: 2 },
  },
  'filter': {
    title: 'an event filter is set from outside while the guest runs', options: { ...ALONE, moves: ['filter'] }, needsFilter: true,
  },
  'throttle': { title: 'the host allows two samples in a tick', options: { ...ALONE, moves: ['tick'], maxSamplesPerTick: 2 } },
  'migration': { title: 'the virtual processor moves between two CPUs', options: { ...ALONE, cpus: 2, moves: ['preempt', 'migrate'] } },
  'two guests': { title: 'two virtual processors share a CPU', options: { ...ALONE, vcpus: 2, moves: ['switch'] } },
  'host event': {
    title: 'the host starts and stops a pinned event of its own',
    options: { ...ALONE, spare: 1, moves: ['preempt', 'user'], user: PINNED },
  },
  'host excludes guests': {
    title: 'the host starts and stops an event that excludes guests',
    options: { ...ALONE, spare: 1, moves: ['preempt', 'user'], user: { ...PINNED, period: 0, excludeGuest: true } },
  },
  'host samples itself': {
    title: 'the host starts and stops samples of its own instructions, without guests',
    options: { ...ALONE, spare: 1, moves: ['preempt', 'user'], user: { ...PINNED, event: 'instructions retired', excludeGuest: true } },
  },
  'silent': {
    // Behind the longest period that a host arms, 2^2 - 1, and so many more, the counter has not yet gone round: 3 + 4 < 2^3.
    title: 'the NMI of the host comes four instructions late; a guest that does anything, but ask for PMIs, is preempted',
    options: { ...ALONE, guest: 'general', width: 3, silent: true, skid: 4, moves: ['preempt'] },
  },
  'older processor': {
    title: 'a processor whose VM exits do not save the global control', options: { ...ALONE, savesGlobalCtrl: false, moves: ['preempt'] },
  },
  'pair': {
    title: 'a handler of two counters, preempted at any point', options: { ...ALONE, guest: 'pair', counters: 2, moves: ['preempt'] },
  },
  'reselect': {
    title: 'Linux\' context switch to what counts users only, and back', options: { ...ALONE, reselects: true, moves: ['preempt'] },
  },
  'instructions': {
    title: 'Linux\' handler and context switch count instructions: those that KVM completes, and none of the host\'s',
    options: { ...ALONE, event: 'instructions retired', moves: ['preempt'] },
  },
  'any instructions': {
    title: 'a guest that does anything, but unmask LVTPC in its handler, counts instructions, those that KVM completes among them',
    // KVM: an IRET whose own retirement overflows finds one NMI latched. Hardware delivers one for both, KVM holds two.
    options: { ...ALONE, guest: 'general', width: 3, event: 'instructions retired', unmasksLate: true },
  },
  'freeze': {
    title: 'a guest that does anything has its counters frozen by PMIs',
    options: { ...ALONE, guest: 'general', width: 3, freezes: true }, needsFreeze: true,
  },
} as const satisfies Readonly<Record<string, MachineRow>>;

/** Larger ones, with counters as wide as silicon's: to wander about in. */
export const WIDE_MACHINES = {
  'wide': {
    title: 'two virtual processors on two CPUs, three counters of 48 bits, and a host that does everything',
    options: {
      ...ALONE, guest: 'general', counters: 3, width: 48, cpus: 2, vcpus: 2, moves: ['preempt', 'migrate', 'switch', 'read', 'tick'],
      leastPeriod: 2,
    },
  },
  'wide, host event': {
    title: 'the same with a fourth counter, which the host wants now and then',
    options: {
      ...ALONE, guest: 'general', counters: 3, spare: 1, width: 48, cpus: 2, vcpus: 2,
      moves: ['preempt', 'migrate', 'switch', 'user', 'read'], user: { ...PINNED, period: 500 }, leastPeriod: 2,
    },
  },
} as const satisfies Readonly<Record<string, MachineRow>>;

export type MachineName = keyof typeof MACHINES | keyof typeof WIDE_MACHINES;
export const MACHINE_NAMES = Object.keys(MACHINES) as (keyof typeof MACHINES)[];
export const WIDE_NAMES = Object.keys(WIDE_MACHINES) as (keyof typeof WIDE_MACHINES)[];
const ALL: Readonly<Record<MachineName, MachineRow>> = { ...MACHINES, ...WIDE_MACHINES };

/** One line: what can happen in it. */
export const titleOf = (name: MachineName): string => ALL[name].title;

/** Undefined: the strategy's host cannot do what happens in it. */
export function machineOf(name: MachineName, strategy: StrategyName): OpenWorldOptions | undefined {
  const row = ALL[name];
  if (row.needsFilter && !GENERATIONS[strategyRow(strategy).generation].eventFilter) return undefined;
  if (row.needsFreeze && strategyRow(strategy).freezes !== true) return undefined;
  return { ...row.options, strategy };
}
