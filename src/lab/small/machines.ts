/** The small machines that are explored. Each looks at one kind of thing that can happen, and is small enough to be explored whole. */
import { GENERATION_NAMES, GENERATIONS, type GenerationName } from '../../host/generation.ts';
import type { HostUserOptions } from '../../host/perf/users.ts';
import { STRATEGY_NAMES, type StrategyName, strategyRow } from '../../host/vpmu/strategies.ts';
import { NO_LIMIT, type OpenWorldOptions } from './open-world.ts';

export type { StrategyName } from '../../host/vpmu/strategies.ts';
/** Those whose guests have counters. */
export const VERIFIED: readonly StrategyName[] = STRATEGY_NAMES.filter((name) => strategyRow(name).counts !== false);

type Rest = Omit<OpenWorldOptions, 'strategy' | 'generation'>;

interface MachineRow {
  /** One line: what can happen in it. */
  readonly title: string;
  readonly options: Rest;
  /** Not on the host of the strategy's time. */
  readonly otherHost?: boolean;
  /** Only hosts with an event filter. */
  readonly needsFilter?: boolean;
  /** Strategies that there never was with it, or that the host cannot carry. */
  readonly notFor?: readonly StrategyName[];
  /** Only virtual PMUs whose guests can have them frozen. */
  readonly needsFreeze?: boolean;
}

const ALONE: Rest = {
  guest: 'lawful', vendor: 'Intel', version: 4, counters: 1, fixed: false, spare: 0, width: 4, event: 'branch instructions retired',
  freezes: false, reselects: false, pries: false, silent: false, unmasksLate: false, vectored: false, cpus: 1, vcpus: 1, moves: [],
  users: [], maxSamplesPerTick: NO_LIMIT, skid: 0, leastPeriod: 1, savesGlobalCtrl: true, handler: 'classic',
};
const ON_AMD: Rest = { ...ALONE, vendor: 'AMD', version: 2, guest: 'several' };
/** They live from what VM entry loads on Intel's. */
const NOT_ON_AMD: readonly StrategyName[] = ['guest-pmi', 'guest-pmi-B1', 'guest-pmi-B8', 'register'];

const PINNED: HostUserOptions = {
  kind: 'watchdog', event: 'branch instructions retired', period: 6, excludeGuest: false, excludeHost: false, pinned: true,
};
const COUNTS_GUESTS: HostUserOptions = { ...PINNED, kind: 'kvm', event: 'instructions retired', excludeHost: true, pinned: false };
/** Two that share what one counter leaves them: samples of everybody, and what guests do. */
const TURNS: readonly HostUserOptions[] = [
  { ...PINNED, kind: 'record', period: 3, pinned: false }, { ...PINNED, kind: 'kvm', period: 2, excludeHost: true, pinned: false },
];

export const MACHINES = {
  'any guest': {
    title: 'a guest that does anything, and is preempted', options: { ...ALONE, guest: 'general', moves: ['preempt'] },
  },
  'lawful': {
    title: 'Linux\' handler and context switch, preempted at any point', options: { ...ALONE, moves: ['preempt', 'read', 'tick'] },
  },
  'late NMI': {
    title: 'the PMI comes up to 12 instructions behind the overflow',
    options: { ...ALONE, width: 5, moves: ['preempt'], skid: 12 },
  },
  'least period': {
    title: 'the same, on a host that arms no period of 1', options: { ...ALONE, moves: ['preempt'], leastPeriod: 2 },
  },
  'filter': {
    title: 'an event filter is set from outside while the guest runs', options: { ...ALONE, moves: ['filter'] }, needsFilter: true,
  },
  'other filter': {
    title: 'the event filter denies what the guest counts, and allows it again',
    options: { ...ALONE, moves: ['deny', 'preempt'] }, needsFilter: true,
  },
  'throttle': { title: 'the host allows two samples in a tick', options: { ...ALONE, moves: ['tick'], maxSamplesPerTick: 2 } },
  'migration': { title: 'the virtual processor moves between two CPUs', options: { ...ALONE, cpus: 2, moves: ['preempt', 'migrate'] } },
  'two guests': {
    title: 'two virtual processors share a CPU, and read what they have not counted',
    options: { ...ALONE, spare: 1, pries: true, vcpus: 2, moves: ['switch'] },
  },
  'host event': {
    title: 'the host starts and stops a pinned event of its own, and the guest reads its counter',
    options: { ...ALONE, spare: 1, pries: true, moves: ['preempt', 'users'], users: [PINNED] },
  },
  'host excludes guests': {
    title: 'the host starts and stops an event that excludes guests, and the guest reads its counter',
    options: { ...ALONE, spare: 1, pries: true, moves: ['preempt', 'users'], users: [{ ...PINNED, period: 0, excludeGuest: true }] },
  },
  'host samples itself': {
    title: 'the host starts and stops samples of its own instructions, without guests',
    options: { ...ALONE, spare: 1, moves: ['preempt', 'users'], users: [{ ...PINNED, event: 'instructions retired', excludeGuest: true }] },
  },
  'host counts guests': {
    title: 'the host starts and stops a flexible event that excludes the host: what guests retire, and it does not',
    options: { ...ALONE, spare: 1, moves: ['preempt', 'users'], users: [COUNTS_GUESTS] },
  },
  'host takes turns': {
    title: 'two flexible events of the host take turns, with what counter the guest leaves them',
    options: { ...ALONE, spare: 1, moves: ['users', 'tick'], users: TURNS },
  },
  'host takes turns without guests': {
    title: 'the same, and both exclude guests',
    options: {
      ...ALONE, spare: 1, moves: ['users', 'tick'], users: TURNS.map((user) => ({ ...user, excludeHost: false, excludeGuest: true })),
    },
  },
  'host is throttled': {
    title: 'the host allows two samples in a tick, of its own events too',
    options: {
      ...ALONE, spare: 1, moves: ['users', 'tick'], users: [{ ...PINNED, kind: 'record', period: 2, pinned: false }], maxSamplesPerTick: 2,
    },
  },
  'freezing host': {
    title: 'the host has the handler of 4.20 to 5.9, which lets PMIs freeze its counters',
    options: { ...ALONE, moves: ['preempt'], handler: 'freeze' }, notFor: ['mediated'],
  },
  'other host': {
    title: 'the lawful guest on the other generation of the host', options: { ...ALONE, moves: ['preempt'] }, otherHost: true,
  },
  'silent': {
    // Behind the longest period that a host arms, 2^2 - 1, and so many more, the counter has not yet gone round: 3 + 4 < 2^3.
    title: 'the NMI of the host comes up to four instructions late; a guest that does anything, but ask for PMIs, is preempted',
    options: { ...ALONE, guest: 'general', width: 3, silent: true, skid: 4, moves: ['preempt'] },
  },
  'older processor': {
    title: 'a processor whose VM exits do not save the global control', options: { ...ALONE, savesGlobalCtrl: false, moves: ['preempt'] },
  },
  'pair': {
    title: 'Linux\' handler and context switch of two counters, preempted at any point',
    options: { ...ALONE, guest: 'several', counters: 2, moves: ['preempt'] },
  },
  'three counters': {
    title: 'the same with three counters', options: { ...ALONE, guest: 'several', counters: 3, moves: ['preempt'] },
  },
  'pair on the other host': {
    title: 'two counters on the other generation of the host',
    options: { ...ALONE, guest: 'several', counters: 2, moves: ['preempt'] }, otherHost: true,
  },
  'three on the other host': {
    title: 'three counters on the other generation of the host',
    options: { ...ALONE, guest: 'several', counters: 3, moves: ['preempt'] }, otherHost: true,
  },
  'fixed counter': {
    title: 'a general counter and a fixed one, which counts instructions, and so those that KVM completes',
    options: { ...ALONE, guest: 'several', fixed: true, moves: ['preempt'] },
  },
  'AMD': {
    title: 'Linux\' handler and context switch on AMD\'s, where no delivery masks LVTPC and no entry loads the global control',
    options: { ...ON_AMD, moves: ['preempt'] }, notFor: NOT_ON_AMD,
  },
  'AMD pair': {
    title: 'the same with two counters', options: { ...ON_AMD, counters: 2, moves: ['preempt'] }, notFor: NOT_ON_AMD,
  },
  'AMD instructions': {
    title: 'the same with one counter, which counts instructions',
    options: { ...ON_AMD, event: 'instructions retired', moves: ['preempt'] }, notFor: NOT_ON_AMD,
  },
  'AMD any guest': {
    title: 'a guest that does anything on AMD\'s', options: { ...ON_AMD, guest: 'general', width: 3 }, notFor: NOT_ON_AMD,
  },
  'older AMD': {
    title: 'Linux\' handler and context switch of two counters on AMD\'s before PerfMonV2, without global registers',
    options: { ...ON_AMD, version: 1, counters: 2, moves: ['preempt'] }, notFor: [...NOT_ON_AMD, 'mediated'],
  },
  'older AMD, any guest': {
    title: 'a guest that does anything there', options: { ...ON_AMD, version: 1, guest: 'general', width: 3 },
    notFor: [...NOT_ON_AMD, 'mediated'],
  },
  'vector': {
    title: 'PMIs are ordinary interrupts; Linux\' handler, and its context switch with interrupts disabled',
    options: { ...ALONE, guest: 'several', vectored: true, moves: ['preempt'] },
  },
  'any vector': {
    title: 'a guest that does anything has its PMIs as NMIs or as interrupts, which it enables and disables',
    options: { ...ALONE, guest: 'general', width: 3, vectored: true },
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
      moves: ['preempt', 'migrate', 'switch', 'users', 'read'], users: [{ ...PINNED, period: 500 }], leastPeriod: 2,
    },
  },
  'wide, turns': {
    title: 'the same, and two flexible events of the host share it, filters change, and PMIs are NMIs or interrupts',
    options: {
      ...ALONE, guest: 'general', vectored: true, counters: 3, spare: 1, width: 48, cpus: 2, vcpus: 2,
      moves: ['preempt', 'migrate', 'switch', 'users', 'read', 'tick', 'deny'], users: TURNS.map((user) => ({ ...user, period: 300 })),
      leastPeriod: 2,
    },
    needsFilter: true,
  },
  'wide, AMD': {
    title: 'two virtual processors on two of AMD\'s, six counters of 48 bits, and a host that wants one of them now and then',
    options: {
      ...ON_AMD, guest: 'general', counters: 5, spare: 1, width: 48, cpus: 2, vcpus: 2,
      moves: ['preempt', 'migrate', 'switch', 'users', 'read', 'tick'], users: [{ ...PINNED, period: 500 }], leastPeriod: 2,
    },
    notFor: NOT_ON_AMD,
  },
} as const satisfies Readonly<Record<string, MachineRow>>;

export type MachineName = keyof typeof MACHINES | keyof typeof WIDE_MACHINES;
export const MACHINE_NAMES = Object.keys(MACHINES) as (keyof typeof MACHINES)[];
export const WIDE_NAMES = Object.keys(WIDE_MACHINES) as (keyof typeof WIDE_MACHINES)[];
const ALL: Readonly<Record<MachineName, MachineRow>> = { ...MACHINES, ...WIDE_MACHINES };

/** One line: what can happen in it. */
export const titleOf = (name: MachineName): string => ALL[name].title;

const otherThan = (own: GenerationName): GenerationName => GENERATION_NAMES.find((name) => name !== own)!;

/** Undefined: the strategy's host cannot do what happens in it. */
export function machineOf(name: MachineName, strategy: StrategyName): OpenWorldOptions | undefined {
  const row = ALL[name];
  const own = strategyRow(strategy).generation;
  const generation = row.otherHost ? otherThan(own) : own;
  if (row.needsFilter && !GENERATIONS[generation].eventFilter) return undefined;
  if (row.notFor?.includes(strategy)) return undefined;
  if (row.needsFreeze && strategyRow(strategy).freezes !== true) return undefined;
  return { ...row.options, strategy, generation };
}
