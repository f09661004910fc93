/**
 * A perf event of the host: what somebody wants counted, and the state of its counting. Events live in a pool of fixed
 * size, because nothing stateful is made after construction.
 */
import type { Serializer, Stateful } from '../../base/state.ts';
import { EVTSEL } from '../../x86/perfmon.ts';

/** struct perf_event_attr, the fields that matter here, under their Linux names in camelCase. */
export interface PerfEventAttr {
  /** Event select, umask, edge, inv and cmask, as in IA32_PERFEVTSELx. */
  readonly config: number;
  /** Bits 63:32 of the same: IN_TX and IN_TXCP; AMD's bits 11:8 of the event select. */
  readonly configHigh: number;
  /** Events from one sample to the next; 0 only counts. */
  readonly samplePeriod: number;
  /** `freq` and `sample_freq`: so many samples a second, and the core finds the period. 0: the period is as it says. */
  readonly frequency: number;
  readonly pinned: boolean;
  readonly excludeUser: boolean;
  readonly excludeKernel: boolean;
  readonly excludeHost: boolean;
  readonly excludeGuest: boolean;
  /** Ours, not Linux': a period below the core's least is armed as it is, and the event is never throttled. */
  readonly exact: boolean;
}

export const COUNT_ALL: PerfEventAttr = {
  config: 0, configHigh: 0, samplePeriod: 0, frequency: 0, pinned: false, excludeUser: false, excludeKernel: false, excludeHost: false,
  excludeGuest: false, exact: false,
};

/** PERF_EVENT_STATE_*; `free` is a place in the pool that nobody uses. */
export const STATES = ['free', 'off', 'error', 'inactive', 'active'] as const;
export type PerfEventState = (typeof STATES)[number];

/** The flags of the attributes as bits. */
const flagsOf = ({ pinned, excludeUser, excludeKernel, excludeHost, excludeGuest, exact }: PerfEventAttr): number =>
  (pinned ? 1 : 0) | (excludeUser ? 2 : 0) | (excludeKernel ? 4 : 0) | (excludeHost ? 8 : 0) | (excludeGuest ? 16 : 0) | (exact ? 32 : 0);

export const NO_COUNTER = 0xff;
/** No task, or no CPU. */
export const ANY = 0xff;

export class PerfEvent implements Stateful {
  readonly id: number;
  state: PerfEventState = 'free';
  attr: PerfEventAttr = COUNT_ALL;
  /** The task that it follows, or ANY; and the only CPU on which it counts, or ANY. One of them is given. */
  task = ANY;
  cpu = ANY;
  /** Who is told of its overflows, and what that is to it. */
  owner = 0;
  tag = 0;
  /** What has been folded so far. */
  count = 0;

  // struct hw_perf_event.
  /** The counter it is on, or NO_COUNTER; where it was last; and on which CPU it is. */
  counter = NO_COUNTER;
  lastCounter = NO_COUNTER;
  onCpu = ANY;
  /** The raw counter when it was last folded or armed. */
  prevCount = 0;
  /** Events still missing to the next sample; below 0 when it is overdue. */
  periodLeft = 0;
  samplePeriod = 0;
  lastPeriod = 0;
  /** Overflows in this tick, and whether that was too many. */
  interrupts = 0;
  throttled = false;
  /** Of an event with a frequency: its count at the last tick, and when it overflowed last, in ns. */
  freqCount = 0;
  freqTime = 0;

  /** How long it was enabled, and on a counter; in ticks, without what is under way since `stamp`. */
  enabledTime = 0;
  runningTime = 0;
  private stamp = 0;

  constructor(id: number) {
    this.id = id;
  }

  serialize(s: Serializer): void {
    this.state = STATES[s.u8('state', STATES.indexOf(this.state))]!;
    this.serializeAttr(s);
    this.task = s.u8('task', this.task);
    this.cpu = s.u8('cpu', this.cpu);
    this.owner = s.u8('owner', this.owner);
    this.tag = s.u8('tag', this.tag);
    this.count = s.count('count', this.count);
    this.counter = s.u8('counter', this.counter);
    this.lastCounter = s.u8('lastCounter', this.lastCounter);
    this.onCpu = s.u8('onCpu', this.onCpu);
    this.prevCount = s.count('prevCount', this.prevCount);
    this.periodLeft = s.signed('periodLeft', this.periodLeft);
    this.samplePeriod = s.count('samplePeriod', this.samplePeriod);
    this.lastPeriod = s.statistic('lastPeriod', this.lastPeriod);
    this.interrupts = s.u16('interrupts', this.interrupts);
    this.throttled = s.flag('throttled', this.throttled);
    this.freqCount = s.count('freqCount', this.freqCount);
    this.freqTime = s.count('freqTime', this.freqTime);
    this.enabledTime = s.statistic('enabledTime', this.enabledTime);
    this.runningTime = s.statistic('runningTime', this.runningTime);
    this.stamp = s.statistic('stamp', this.stamp);
  }

  private serializeAttr(s: Serializer): void {
    const { attr } = this;
    const config = s.u32('config', attr.config), configHigh = s.u16('configHigh', attr.configHigh);
    const samplePeriod = s.count('attrPeriod', attr.samplePeriod), frequency = s.u32('frequency', attr.frequency);
    const flags = s.u8('flags', flagsOf(attr));
    if (!s.loading) return;
    this.attr = {
      config, configHigh, samplePeriod, frequency, pinned: (flags & 1) !== 0, excludeUser: (flags & 2) !== 0,
      excludeKernel: (flags & 4) !== 0, excludeHost: (flags & 8) !== 0, excludeGuest: (flags & 16) !== 0, exact: (flags & 32) !== 0,
    };
  }

  /** A new event in this place of the pool. */
  open(attr: PerfEventAttr, where: { readonly task?: number; readonly cpu?: number }, owner: number, tag: number): void {
    this.clear();
    this.state = 'off';
    this.attr = attr;
    this.task = where.task ?? ANY;
    this.cpu = where.cpu ?? ANY;
    this.owner = owner;
    this.tag = tag;
    // A period that is to be found begins at 1.
    const period = attr.frequency === 0 ? attr.samplePeriod : 1;
    this.samplePeriod = period;
    this.lastPeriod = period;
    this.periodLeft = period;
  }

  clear(): void {
    this.state = 'free';
    this.attr = COUNT_ALL;
    this.task = ANY;
    this.cpu = ANY;
    this.owner = 0;
    this.tag = 0;
    this.count = 0;
    this.counter = NO_COUNTER;
    this.lastCounter = NO_COUNTER;
    this.onCpu = ANY;
    this.prevCount = 0;
    this.periodLeft = 0;
    this.samplePeriod = 0;
    this.lastPeriod = 0;
    this.interrupts = 0;
    this.throttled = false;
    this.freqCount = 0;
    this.freqTime = 0;
    this.enabledTime = 0;
    this.runningTime = 0;
    this.stamp = 0;
  }

  get sampling(): boolean {
    return this.attr.samplePeriod !== 0 || this.attr.frequency !== 0;
  }

  /** The selector that makes a general counter count this. The core always asks for an interrupt. */
  get selector(): number {
    const { config, excludeUser, excludeKernel } = this.attr;
    return (config | EVTSEL.INT | EVTSEL.EN | (excludeUser ? 0 : EVTSEL.USR) | (excludeKernel ? 0 : EVTSEL.OS)) >>> 0;
  }

  /** perf_event_update_time: called before the state changes, and before times are read. */
  keepTime(now: number): void {
    const passed = now - this.stamp;
    if (this.state === 'inactive' || this.state === 'active') this.enabledTime += passed;
    if (this.state === 'active') this.runningTime += passed;
    this.stamp = now;
  }

  /** Time does not pass for it while a guest owns the PMU. */
  skipTime(now: number): void {
    this.stamp = now;
  }
}
