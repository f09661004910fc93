/**
 * A hole: a guest and what the host does meanwhile, for which a way of virtualising the PMU is known, or suspected, to go wrong.
 * The guest runs alone, and then on a strategy; what differs between the two, or happens to the host, is told as symptoms.
 */
import { assert } from '../../base/assert.ts';
import type { HostUserOptions } from '../../host/perf/users.ts';
import { STRATEGY_NAMES, type StrategyName, strategyRow } from '../../host/vpmu/strategies.ts';
import type { Tracer } from '../../trace/trace.ts';
import type { PerfmonCaps } from '../../x86/perfmon.ts';
import type { GuestProgram, Sight, SmallGuest } from '../small/operation.ts';
import { runBare, SmallWorld, type SmallWorldOptions } from '../small/world.ts';

/** What can be seen to go wrong. */
const SYMPTOMS = [
  'PMI lost', 'PMI extra', 'PMI early', 'PMI late', 'PMI without status', 'miscount', 'wrong status', 'other guest wrong', 'guest fault',
  'new host events', 'host fault', 'host miscounts', 'host cannot count', 'unknown NMI', 'VM refused', 'hang',
] as const;
export type Symptom = (typeof SYMPTOMS)[number];

export interface Hole {
  readonly id: string;
  /** One sentence: what happens. */
  readonly title: string;
  readonly guests: readonly GuestProgram[];
  readonly world?: Partial<Omit<SmallWorldOptions, 'guests' | 'strategy'>>;
  /** It is run with each of these skids, and is there if it is there with one of them. */
  readonly skids?: readonly number[];
  /** Any of these says that the hole is there. */
  readonly symptoms: readonly Symptom[];
  /** Where it is expected to be. */
  readonly present: readonly StrategyName[];
  /** Where it is there by nature, and why. */
  readonly limits?: Readonly<Partial<Record<StrategyName, string>>>;
  /** Strategies to which the question does not apply, and why. */
  readonly notApplicable?: Readonly<Partial<Record<StrategyName, string>>>;
}

/** Strategies that can have holes: a guest without a PMU has none. */
export const HOLE_STRATEGIES: readonly StrategyName[] = STRATEGY_NAMES.filter((name) => strategyRow(name).counts !== false);

/** Two general counters, as wide as silicon's. */
export const SMALL_PERFMON: PerfmonCaps = {
  version: 4, generalCounters: 2, generalWidth: 48, fixedCounters: 0, fixedWidth: 48, fullWidthWrites: true, unavailableEvents: 0,
  anyThreadDeprecated: true, tsx: false,
};

export const WATCHDOG: HostUserOptions = {
  kind: 'watchdog', event: 'branch instructions retired', period: 1_000_000, excludeGuest: false, excludeHost: false, pinned: true,
};

/** Every distance of a PMI behind its overflow that may show what happens in between. */
export const SKIDS = Array.from({ length: 18 }, (_, i) => i + 1);
/** Why a hole does not apply to `mediated`. */
export const NO_HOST_EVENT = 'the host cannot have such an event';

export type Presence = 'present' | 'absent' | 'limit' | 'not applicable';

/** What came of one hole on one strategy. */
export interface HoleResult {
  readonly id: string;
  readonly strategy: StrategyName;
  readonly presence: Presence;
  readonly symptoms: readonly Symptom[];
  /** As it was expected. */
  readonly expected: boolean;
}

export function worldOf(hole: Hole, strategy: StrategyName, skid = hole.world?.skid ?? 0, tracer?: Tracer): SmallWorld {
  return new SmallWorld({
    perfmon: SMALL_PERFMON, cpus: 1, users: [], startUsers: false, maxSamplesPerTick: 1000, handler: 'classic', ...hole.world, skid,
    guests: hole.guests, strategy,
  }, tracer);
}

export function runHole(hole: Hole, strategy: StrategyName): HoleResult {
  if (hole.notApplicable?.[strategy] !== undefined) {
    return { id: hole.id, strategy, presence: 'not applicable', symptoms: [], expected: true };
  }
  const found = new Set((hole.skids ?? [hole.world?.skid ?? 0]).flatMap((skid) => symptomsOf(hole, strategy, skid)));
  const symptoms = SYMPTOMS.filter((symptom) => found.has(symptom));
  const there = symptoms.some((symptom) => hole.symptoms.includes(symptom));
  const limit = hole.limits?.[strategy] !== undefined;
  const presence = there ? (limit ? 'limit' : 'present') : 'absent';
  return { id: hole.id, strategy, presence, symptoms, expected: there === (limit || hole.present.includes(strategy)) };
}

/** Runs it on the strategy and alone, and compares. */
function symptomsOf(hole: Hole, strategy: StrategyName, skid: number): readonly Symptom[] {
  const world = worldOf(hole, strategy, skid);
  const found = new Set<Symptom>();
  if (world.refused !== undefined) found.add('VM refused');
  const made = world.host.perf.created;
  if (!world.run() && world.refused === undefined) found.add('hang');
  const options = { perfmon: SMALL_PERFMON, ...hole.world, skid } as SmallWorldOptions;
  for (const [i, program] of hole.guests.entries()) {
    const alone = runBare(program, options), guest = world.guests[i]!;
    if (i === 0 && world.refused === undefined) for (const symptom of compare(alone, guest)) found.add(symptom);
    // The others run only as far as they are let.
    else if (i > 0 && differsSoFar(alone, guest)) found.add('other guest wrong');
  }
  // The first event of each counter has to be made by somebody.
  if (world.host.perf.created - made > world.vcpus.reduce((sum, { vpmu }) => sum + vpmu.counters, 0)) found.add('new host events');
  for (const symptom of hostSymptoms(world)) found.add(symptom);
  return SYMPTOMS.filter((symptom) => found.has(symptom));
}

function hostSymptoms(world: SmallWorld): Symptom[] {
  const found: Symptom[] = [];
  if (world.hostFaults > 0) found.push('host fault');
  if (world.host.unknownNmis > 0) found.push('unknown NMI');
  if (world.refused !== undefined) return found;
  const users = world.userCounts();
  if (users.some(({ counted, truth, error }) => !error && counted !== truth)) found.push('host miscounts');
  if (users.some(({ error }) => error) || world.usersRefused.size > 0) found.push('host cannot count');
  return found;
}

type Of<K extends Sight['kind']> = Extract<Sight, { kind: K }>;
const of = <K extends Sight['kind']>({ sights }: SmallGuest, kind: K): Of<K>[] =>
  sights.filter((sight): sight is Of<K> => sight.kind === kind);

/** What a guest saw that it would not have seen alone. */
function compare(alone: SmallGuest, guest: SmallGuest): Symptom[] {
  const found: Symptom[] = [];
  assert(alone.ended, 'the guest alone comes to its end');
  const wanted = of(alone, 'pmi'), got = of(guest, 'pmi');
  if (got.length < wanted.length) found.push('PMI lost');
  if (got.length > wanted.length) found.push('PMI extra');
  const pairs = Math.min(wanted.length, got.length);
  for (let i = 0; i < pairs; i += 1) {
    if (got[i]!.at < wanted[i]!.at) found.push('PMI early');
    if (got[i]!.at > wanted[i]!.at) found.push('PMI late');
  }
  if (of(guest, 'fault').length !== of(alone, 'fault').length) found.push('guest fault');
  if (spurious(guest) > spurious(alone)) found.push('PMI without status');
  const reads = (each: SmallGuest): Of<'read'>[] => of(each, 'read').filter(({ inHandler }) => !inHandler);
  const theirs = reads(guest);
  for (const [i, { what, value }] of reads(alone).entries()) {
    if (theirs[i] === undefined || theirs[i].value === value) continue;
    found.push(what === 'IA32_PERF_GLOBAL_STATUS' ? 'wrong status' : 'miscount');
  }
  return found;
}

/** PMIs whose handler found no status bit at its first look: an unknown NMI in the guest's log. */
function spurious({ sights }: SmallGuest): number {
  let count = 0, fresh = false;
  for (const sight of sights) {
    if (sight.kind === 'pmi') fresh = true;
    else if (sight.kind === 'read' && sight.what === 'IA32_PERF_GLOBAL_STATUS' && fresh) {
      fresh = false;
      if (sight.value === 0) count += 1;
    }
  }
  return count;
}

/** What it has seen is not a beginning of what it would have seen alone. */
const differsSoFar = (alone: SmallGuest, guest: SmallGuest): boolean =>
  JSON.stringify(alone.sights.slice(0, guest.sights.length)) !== JSON.stringify(guest.sights)
  || alone.sights.slice(guest.sights.length).some((sight) => sight.kind === 'pmi' && sight.at < guest.retired);
