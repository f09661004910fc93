/**
 * One line on the terminal while searches run. How long it will take nobody knows, because nobody knows how many states there are;
 * what can be said is how many wait to be looked at, and so how long it takes at least.
 */
import type { Progress } from '../../verify/explore.ts';
import type { Job, JobResult } from '../../verify/verdict.ts';

const EVERY_MS = 500;
const MIB = 2 ** 20;

interface Running { readonly running: readonly (readonly [Job, Progress])[] }

export class ProgressLine {
  private readonly write: ((line: string) => void) | undefined;
  private readonly jobs: number;
  private readonly runner: Running;
  private readonly began = performance.now();
  private readonly timer: NodeJS.Timeout | undefined;
  private finished = 0;
  private states = 0;

  constructor(write: ((line: string) => void) | undefined, jobs: number, runner: Running) {
    this.write = write;
    this.jobs = jobs;
    this.runner = runner;
    if (write !== undefined) this.timer = setInterval(() => write(this.text((performance.now() - this.began) / 1000)), EVERY_MS);
  }

  done(result: JobResult | undefined): void {
    this.finished += 1;
    this.states += result?.states ?? 0;
  }

  close(): void {
    clearInterval(this.timer);
    this.write?.('');
  }

  /** What it shows after so many seconds. */
  text(seconds: number): string {
    const { running } = this.runner;
    const states = this.states + running.reduce((sum, [, at]) => sum + at.states, 0);
    const rate = states / Math.max(seconds, 1e-3);
    const parts = [`${this.finished} of ${this.jobs} done`, `${count(rate)} states/s`];
    for (const [{ strategy, machine }, { states: seen, depth, frontier, memory }] of running) {
      // At the mean rate of this search, and as if no state came to those that wait.
      const least = frontier / Math.max(1, (seen - frontier) / Math.max(seconds, 1e-3));
      const size = `${count(seen)} in ${Math.ceil(memory / MIB)} MiB`;
      parts.push(`${strategy}, ${machine}: ${size}, ${depth} deep, ${count(frontier)} wait: ${Math.ceil(least)} s or more`);
    }
    return parts.join(' | ');
  }
}

const count = (value: number): string =>
  (value >= 1e6 ? `${(value / 1e6).toFixed(1)} M` : value >= 1e3 ? `${(value / 1e3).toFixed(0)} k` : value.toFixed(0));
