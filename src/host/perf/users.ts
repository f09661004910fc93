/**
 * Who else uses the host's PMU: the NMI watchdog, and people with `perf stat`, `perf record` and `perf kvm`. Each has an event
 * on every CPU.
 */
import type { Serializer, Stateful } from '../../base/state.ts';
import { EVENT, type EventName } from '../../x86/event.ts';
import type { HostCpu } from '../processor.ts';
import { COUNT_ALL, type PerfEvent, type PerfEventAttr } from './event.ts';
import type { PerfCore, Refusal } from './perf.ts';

export const HOST_USERS = ['watchdog', 'stat', 'record', 'kvm'] as const;
type HostUserKind = (typeof HOST_USERS)[number];

export interface HostUserOptions {
  readonly kind: HostUserKind;
  readonly event: EventName;
  /** Events from one sample to the next; 0 only counts. */
  readonly period: number;
  /** Samples a second instead, as with `perf record -F`. */
  readonly frequency?: number;
  /** `perf` with :G or :H left out: whom it does not want. */
  readonly excludeGuest: boolean;
  readonly excludeHost: boolean;
  /** With :D, as the watchdog's. */
  readonly pinned: boolean;
}

/** One user of the host's PMU: its events, one a CPU, and the samples that it got. */
export class HostUser implements Stateful {
  readonly options: HostUserOptions;
  private readonly perf: PerfCore;
  private readonly owner: number;
  private readonly ids: Uint8Array;
  /** By CPU: samples taken, and why it has no event. */
  readonly samples: Float64Array;
  readonly refused: (Refusal | undefined)[];

  constructor(perf: PerfCore, cpus: number, options: HostUserOptions) {
    this.options = options;
    this.perf = perf;
    this.owner = perf.addOwner({ overflow: (_event, cpu) => this.sample(cpu) });
    this.ids = new Uint8Array(cpus).fill(NONE);
    this.samples = new Float64Array(cpus);
    this.refused = new Array(cpus).fill(undefined);
  }

  serialize(s: Serializer): void {
    s.bytes('ids', this.ids);
    for (let i = 0; i < this.samples.length; i += 1) this.samples[i] = s.statistic(`samples.${i}`, this.samples[i]!);
  }

  /** Opens its event on this CPU. False: it was refused. */
  start(cpu: HostCpu): boolean {
    const { event, period, frequency = 0, excludeGuest, excludeHost, pinned } = this.options;
    const attr: PerfEventAttr = {
      ...COUNT_ALL, ...this.perf.vendor.codeOf(EVENT[event]), samplePeriod: frequency === 0 ? period : 0, frequency, pinned,
      excludeGuest, excludeHost,
    };
    const made = this.perf.create(cpu, attr, { cpu: cpu.id }, this.owner);
    this.refused[cpu.id] = typeof made === 'string' ? made : undefined;
    if (typeof made === 'string') return false;
    this.ids[cpu.id] = made.id;
    return true;
  }

  stop(cpu: HostCpu): void {
    const event = this.eventOn(cpu);
    if (event === undefined) return;
    this.perf.release(cpu, event);
    this.ids[cpu.id] = NONE;
  }

  eventOn(cpu: HostCpu): PerfEvent | undefined {
    const id = this.ids[cpu.id]!;
    return id === NONE ? undefined : this.perf.pool[id];
  }

  private sample(cpu: HostCpu): void {
    this.samples[cpu.id]! += 1;
  }
}

const NONE = 0xff;
