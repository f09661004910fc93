/**
 * A strategy with a stopwatch around it: how long the functions take that the publications measured. Every other call it passes
 * on; the time is that of the CPU's own clock, so what it measures is not changed by it.
 */
import type { NewStrategy, Strategy, StrategyParts } from '../../host/vpmu/vpmu.ts';

/** What is timed: KVM_REQ_PMU, a change of an enable, and a write of a counter. */
const TIMED = ['handleEvent', 'enablesChanged', 'counterWritten'] as const;
type Timed = (typeof TIMED)[number];

/** In core cycles. */
interface Times { calls: number; sum: number; longest: number }

const isTimed = (name: string | symbol): name is Timed => TIMED.some((each) => each === name);

export class Stopwatch {
  readonly times = Object.fromEntries(TIMED.map((name) => [name, { calls: 0, sum: 0, longest: 0 }])) as
    unknown as Readonly<Record<Timed, Times>>;

  around(make: NewStrategy): NewStrategy {
    return (parts) => {
      const inner = make(parts);
      return new Proxy(inner, {
        get: (_, name) => {
          const value = inner[name as keyof Strategy] as unknown;
          if (typeof value !== 'function') return value;
          return isTimed(name) ? (...values: unknown[]) => this.time(name, parts, () => value.apply(inner, values)) : value.bind(inner);
        },
      });
    };
  }

  private time(what: Timed, parts: StrategyParts, body: () => void): void {
    const { core } = parts.port.cpu().root;
    const before = core.clock;
    body();
    const passed = core.clock - before;
    const times = this.times[what];
    times.calls += 1;
    times.sum += passed;
    times.longest = Math.max(times.longest, passed);
  }

  /** Mean time of a call of one of these. */
  mean(...what: readonly Timed[]): number {
    const total = what.reduce((sum, each) => sum + this.times[each].sum, 0);
    return total / what.reduce((sum, each) => sum + this.times[each].calls, 0);
  }
}
