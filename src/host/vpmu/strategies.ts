/** All strategies, by the names that scenarios and the command line use. */
import type { GenerationName } from '../generation.ts';
import { General } from './general.ts';
import { GuestPmi } from './guest-pmi.ts';
import { IocPeriod } from './ioc-period.ts';
import { Mediated } from './mediated.ts';
import { None } from './none.ts';
import { Reallocate } from './reallocate.ts';
import { Register } from './register.ts';
import { REUSE_TODAY, Reuse } from './reuse.ts';
import type { NewStrategy } from './vpmu.ts';

interface StrategyRow {
  readonly make: NewStrategy;
  /** The host of its time. */
  readonly generation: GenerationName;
  /** One line: what it is. */
  readonly title: string;
  /** Its guests have counters, unless it says no; and only if it says so can a PMI freeze them. */
  readonly counts?: false;
  readonly freezes?: true;
}

export const STRATEGIES = {
  none: {
    make: (parts) => new None(parts), generation: '7.1',
    title: 'the guest has no PMU', counts: false,
  },
  reallocate: {
    make: (parts) => new Reallocate(parts), generation: '4.19',
    title: 'KVM of 2018: a new host event at every change',
  },
  'ioc-period': {
    make: (parts) => new IocPeriod(parts), generation: '4.19',
    title: 'the reviewer\'s alternative: keep the event, set its period',
  },
  'guest-pmi': {
    make: (parts) => new GuestPmi(parts, 'B3'), generation: '4.19',
    title: 'the patch of the mail, its second re-creation left out',
  },
  'guest-pmi-B1': {
    make: (parts) => new GuestPmi(parts, 'B1'), generation: '4.19',
    title: 'the patch of the mail, its second re-creation kept',
  },
  'guest-pmi-B8': {
    make: (parts) => new GuestPmi(parts, 'B8'), generation: '4.19',
    title: 'the patch of the mail, its callback never re-armed',
  },
  register: {
    make: (parts) => new Register(parts), generation: '4.19',
    title: 'the "more general" version: counters taken from the host',
  },
  'reuse-5.5': {
    make: (parts) => new Reuse(parts, { remembersPause: false, deferred: false, adjustsPeriod: false }), generation: '4.19',
    title: 'KVM of 5.5: pause, period, resume, inside each WRMSR',
  },
  reuse: {
    make: (parts) => new Reuse(parts, REUSE_TODAY), generation: '7.1',
    title: 'KVM today, emulated: pause, period, resume, before VM entry',
  },
  mediated: {
    make: (parts) => new Mediated(parts), generation: '7.1',
    title: 'KVM since 7.0: the guest owns the PMU while it runs',
  },
  general: {
    make: (parts) => new General(parts), generation: '7.1',
    title: 'ours: a mask at VM entry, and a rebased host event', freezes: true,
  },
} as const satisfies Readonly<Record<string, StrategyRow>>;

export type StrategyName = keyof typeof STRATEGIES;
/** What others may know of a strategy besides its name. */
export const strategyRow = (name: StrategyName): StrategyRow => STRATEGIES[name];
export const STRATEGY_NAMES = Object.keys(STRATEGIES) as StrategyName[];
/** Those that `compare` shows when nobody says which: one of each idea. */
export const COMPARED: readonly StrategyName[] = [
  'none', 'reallocate', 'ioc-period', 'guest-pmi', 'register', 'reuse', 'mediated', 'general',
];
