/** A list of times in four numbers. */
export interface Distribution {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Percentiles are values of the list: the smallest that so many hundredths of it do not exceed. Zeros for an empty one. */
export function distributionOf(values: readonly number[]): Distribution {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part: number): number => sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? 0;
  const sum = sorted.reduce((total, value) => total + value, 0);
  return { count: sorted.length, mean: sorted.length === 0 ? 0 : Math.round(sum / sorted.length), p50: at(0.5), p99: at(0.99), max: at(1) };
}
