/**
 * Whether the host's own events get counters, count what they asked for, and are sampled when they should be: measured before a step,
 * and looked at behind it. Nothing of it is state.
 *
 *     counted by an event in a step = what happened in it, when the event was on its counter all the time; never more
 *     samples * period = left after it - left before it + counted
 */
import type { Host } from '../../host/host.ts';
import type { PerfEvent } from '../../host/perf/perf.ts';
import type { HostUser } from '../../host/perf/users.ts';
import type { HostCpu } from '../../host/processor.ts';
import type { Finding } from './open-guest.ts';
import type { SmallProcessor } from './processor.ts';

/** One user's event on one CPU. */
interface Watched {
  readonly user: HostUser;
  readonly cpu: HostCpu;
  readonly processor: SmallProcessor;
  /** As they were before the step; no event, no id. */
  id: number;
  counts: boolean;
  waits: boolean;
  count: number;
  left: number;
  samples: number;
  branches: number;
  instructions: number;
}

const NO_EVENT = -1;

export class HostWatch {
  private readonly host: Host;
  private readonly watched: readonly Watched[];
  /** There is a counter for each of them that the guest never takes. */
  private readonly room: boolean;
  private readonly find: (finding: Finding) => void;

  /** `spare`: counters that are left for the host. */
  constructor(host: Host, processors: readonly SmallProcessor[], spare: number, find: (finding: Finding) => void) {
    this.host = host;
    this.room = spare >= host.users.length;
    this.find = find;
    this.watched = host.users.flatMap((user) => host.cpus.map((cpu): Watched => ({
      user, cpu, processor: processors[cpu.id]!,
      id: NO_EVENT, counts: false, waits: false, count: 0, left: 0, samples: 0, branches: 0, instructions: 0,
    })));
  }

  before(): void {
    for (const each of this.watched) {
      const event = each.user.eventOn(each.cpu);
      each.id = event?.id ?? NO_EVENT;
      if (event === undefined) continue;
      each.counts = this.counts(event);
      each.waits = this.waits(event);
      each.count = this.countOf(each, event);
      each.left = this.leftOf(each, event);
      each.samples = each.user.samples[each.cpu.id]!;
      each.branches = each.processor.branches;
      each.instructions = each.processor.instructions;
    }
  }

  /** `othersRan`: another task has run on the CPU where the guest is. `ticked`: the host's tick has come. */
  after(othersRan: boolean, ticked: boolean): void {
    for (const each of this.watched) {
      const event = each.user.eventOn(each.cpu);
      if (event === undefined) continue;
      if (this.fails(each, event, ticked)) this.find('host cannot count');
      else if (event.id === each.id) this.compare(each, event, othersRan);
    }
  }

  /** It should be on a counter, and is not. Of two that share one, who waits is the next; and a tick lets who was throttled go on. */
  private fails(each: Watched, event: PerfEvent, ticked: boolean): boolean {
    if (event.state === 'error') return true;
    if (this.waits(event)) return this.room || (ticked && each.waits);
    return ticked && event.state === 'active' && event.throttled;
  }

  private compare(each: Watched, event: PerfEvent, othersRan: boolean): void {
    const { event: what, excludeGuest, excludeHost, period } = each.user.options;
    const counted = this.countOf(each, event) - each.count;
    const all = each.counts && this.counts(event);
    // How many instructions of its own the host retires is not known; but those of a task are among them.
    const known = what !== 'instructions retired' || excludeHost;
    const { branches, instructions } = each.processor;
    const wanted = excludeGuest ? 0 : what === 'instructions retired' ? instructions - each.instructions : branches - each.branches;
    if (known && (counted > wanted || (all && counted < wanted))) this.find('host miscounts');
    if (!known && all && othersRan && counted === 0) this.find('host cannot count');
    const samples = each.user.samples[each.cpu.id]! - each.samples;
    if (period !== 0 && samples * period !== this.leftOf(each, event) - each.left + counted) this.find('host samples wrong');
  }

  /** For a counter; one that excludes guests may wait for its guest's exit instead. */
  private waits({ state, attr }: PerfEvent): boolean {
    return state === 'inactive' && !attr.excludeGuest;
  }

  /** It should count; a pinned one always. */
  private counts({ attr, state, throttled }: PerfEvent): boolean {
    return (attr.pinned || state === 'active') && !throttled;
  }

  /** With what is still in the counter. */
  private countOf({ cpu }: Watched, event: PerfEvent): number {
    return event.count + this.host.perf.hardwareOf(cpu).uncounted(event);
  }

  private leftOf({ cpu }: Watched, event: PerfEvent): number {
    return event.periodLeft - this.host.perf.hardwareOf(cpu).uncounted(event);
  }
}
