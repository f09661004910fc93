/**
 * The users of the host's PMU, audited: what each one's event has counted, and what happened in the meantime. The comparison
 * begins when the host has booted and looks at nothing through the machine, so that it changes nothing.
 */
import type { HostUser } from '../host/perf/users.ts';
import type { Accounts } from './accounts.ts';
import type { HostedWorld } from './hosted.ts';
import type { UserReport } from './report.ts';

interface Audited {
  readonly user: HostUser;
  readonly cpu: number;
  readonly count: number;
  readonly truth: number;
}

export class HostUserWatch {
  private readonly world: HostedWorld;
  private readonly accounts: Accounts;
  private readonly audited: readonly Audited[];

  constructor(world: HostedWorld, accounts: Accounts) {
    this.world = world;
    this.accounts = accounts;
    this.audited = world.host.users.flatMap((user) => world.machine.cpus.map(({ id: cpu }): Audited =>
      ({ user, cpu, count: this.countOf(user, cpu), truth: this.truthOf(user, cpu) })));
  }

  reports(): UserReport[] {
    return this.audited.map(({ user, cpu, count: before, truth: already }) => {
      const { kind, event, period } = user.options;
      const perfEvent = user.eventOn(this.world.host.cpus[cpu]!);
      if (perfEvent === undefined) return { kind, event, cpu, refused: user.refused[cpu] ?? 'closed' };
      const truth = this.truthOf(user, cpu) - already;
      return {
        kind, event, cpu, state: perfEvent.state, count: this.countOf(user, cpu) - before, truth,
        ...(period === 0 ? {} : { samples: user.samples[cpu]!, due: Math.floor(truth / period) }),
      };
    });
  }

  /** What perf_event_read would say, without its cost: what was folded, and what the counter has counted since. */
  private countOf(user: HostUser, cpu: number): number {
    const hostCpu = this.world.host.cpus[cpu]!;
    const event = user.eventOn(hostCpu);
    if (event === undefined) return 0;
    const hardware = this.world.host.perf.hardwareOf(hostCpu);
    if (!hardware.runs(event)) return event.count;
    const modulus = hardware.modulusOf(event.counter);
    const now = this.world.machine.cpus[cpu]!.pmu.regs.counters[event.counter]!;
    return event.count + (now - event.prevCount + modulus) % modulus;
  }

  private truthOf({ options: { event, excludeGuest, excludeHost } }: HostUser, cpu: number): number {
    const host = excludeHost ? 0 : this.accounts.total(event, { cpu, where: 'root' });
    return host + (excludeGuest ? 0 : this.accounts.guest(event, { cpu }));
  }
}
