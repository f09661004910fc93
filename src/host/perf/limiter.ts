/**
 * The sampling-rate limiter of the perf core: when handlers of PMIs take longer on average than they may, fewer samples a
 * tick are allowed from then on. `perf_sample_event_took`, with Linux' integer arithmetic.
 */
import type { Serializer, Stateful } from '../../base/state.ts';

/** perf_event_max_sample_rate and kernel.perf_cpu_time_max_percent, as they are at boot. */
const RATE = 100_000;
const PERCENT = 25;
const NS_PER_S = 1_000_000_000;
/** NR_ACCUMULATED_SAMPLES: the average forgets at this rate. */
const ACCUMULATED = 128;

export class SampleRateLimiter implements Stateful {
  private readonly hz: number;
  /** Handlers' mean time that is still allowed, in ns. */
  private allowed = Math.floor(Math.floor(NS_PER_S / RATE) * PERCENT / 100);
  /** kernel.perf_event_max_sample_rate. */
  maxSampleRate = RATE;
  maxSamplesPerTick: number;
  /** One running sum for each CPU. */
  private readonly sums: Float64Array;

  /** `hz`: ticks a second. */
  constructor(hz: number, cpus: number) {
    this.hz = hz;
    this.maxSamplesPerTick = Math.ceil(RATE / hz);
    this.sums = new Float64Array(cpus);
  }

  serialize(s: Serializer): void {
    this.allowed = s.count('allowed', this.allowed);
    this.maxSampleRate = s.u32('maxSampleRate', this.maxSampleRate);
    this.maxSamplesPerTick = s.u32('maxSamplesPerTick', this.maxSamplesPerTick);
    s.counts('sum', this.sums);
  }

  /** A handler on `cpu` took so many nanoseconds. True when the rate was lowered: the kernel then says so in its log. */
  took(cpu: number, nanoseconds: number): boolean {
    const sum = this.sums[cpu]! - Math.floor(this.sums[cpu]! / ACCUMULATED) + nanoseconds;
    this.sums[cpu] = sum;
    let mean = Math.floor(sum / ACCUMULATED);
    if (mean <= this.allowed) return false;
    mean += Math.floor(mean / 4);
    const most = Math.floor(Math.floor(NS_PER_S / this.hz) / 100) * PERCENT;
    this.maxSamplesPerTick = mean < most ? Math.floor(most / mean) : 1;
    this.allowed = mean;
    this.maxSampleRate = this.maxSamplesPerTick * this.hz;
    return true;
  }
}
