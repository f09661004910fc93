/**
 * Every figure of the literature beside what the machine says. Ours is what the run of an experiment gives: a guest that does
 * what the publication's guest did, on the strategy of that kernel, with the costs of that machine. No formula here contains
 * a published value; constants that were fitted on one are named in the machines' files.
 */
import { assert } from '../../base/assert.ts';
import { HOST_COSTS, type HostCost } from '../../host/cost.ts';
import type { WasmHost } from '../../hw/outside.ts';
import { type CostMachine, MACHINE_NAMES, MACHINES, type MachineName } from '../cost/cost.ts';
import { Bench } from './bench.ts';
import { EXIT_FIGURES } from './exits.ts';
import type { Experiment, Figure, FigureKind } from './figure.ts';
import { LAZY_RELEASE_FIGURES } from './lazy-release.ts';
import { LINUX_FIGURES } from './linux.ts';
import { MEDIATED_FIGURES } from './mediated.ts';
import { PAUSE_FIGURES } from './pause.ts';
import { SEED_FIGURES } from './seed.ts';

export const FIGURES: readonly Figure[] = [
  ...SEED_FIGURES, ...LAZY_RELEASE_FIGURES, ...PAUSE_FIGURES, ...MEDIATED_FIGURES, ...LINUX_FIGURES, ...EXIT_FIGURES,
];

/** How far off a figure may be. */
export const TOLERANCE: Readonly<Record<FigureKind, number>> = { fitted: 0.1, predicted: 0.3, recorded: 0.3 };

/** A figure and what came out; plain data. */
export interface PublishedRow {
  readonly name: string;
  readonly unit: string;
  readonly published: number;
  /** Absent when the machine cannot find it again; then `why` says why. */
  readonly ours?: number;
  /** Ours for each 1 of the published one. */
  readonly ratio?: number;
  readonly kind: FigureKind;
  readonly source: string;
  readonly machine?: MachineName;
  readonly experiment?: string;
  readonly why?: string;
}

export interface PublishedReport {
  readonly rows: readonly PublishedRow[];
  /** Of each kind: how many were repeated, and how many of them are as near as they should be. */
  readonly totals: Readonly<Record<FigureKind, { readonly figures: number; readonly repeated: number; readonly within: number }>>;
  /** Costs that no experiment on their machine spends: no figure says whether they are right. */
  readonly untested: Readonly<Record<MachineName, readonly HostCost[]>>;
  /** All costs that there are. */
  readonly costs: readonly HostCost[];
}

/** Four digits say all that such figures can. */
const rounded = (value: number): number => Number(value.toPrecision(4));

export const isRepeated = (figure: Figure): figure is Extract<Figure, { experiment: Experiment }> => 'reading' in figure;
const isRecorded = (figure: Figure): figure is Extract<Figure, { recorded: number }> => 'recorded' in figure;

export const isWithin = ({ kind, ratio }: PublishedRow): boolean => ratio !== undefined && Math.abs(ratio - 1) <= TOLERANCE[kind];

/** Runs the experiments that these figures need, each once. */
export function measure(
  figures: readonly Figure[], wasm?: WasmHost, machines: Readonly<Record<MachineName, CostMachine>> = MACHINES,
): PublishedReport {
  const bench = new Bench(machines, wasm);
  const readings = new Map<Experiment, Readonly<Record<string, number>>>();
  const rows = figures.map((figure): PublishedRow => {
    const { name, unit, published, kind, source } = figure;
    const why = figure.why === undefined ? {} : { why: figure.why };
    const known = { name, unit, published, kind, source, ...why };
    const found = (ours: number, machine: MachineName, experiment: string): PublishedRow =>
      ({ ...known, ours: rounded(ours), ratio: rounded(ours / published), machine, experiment });
    if (isRecorded(figure)) return found(figure.recorded, figure.machine, figure.experiment);
    if (!isRepeated(figure)) return known;
    const { experiment, reading } = figure;
    const read = readings.get(experiment) ?? experiment.run(bench);
    readings.set(experiment, read);
    const ours = read[reading];
    assert(ours !== undefined && Number.isFinite(ours), `the experiment '${experiment.name}' reads ${reading}`);
    return found(ours, experiment.machine, experiment.name);
  });
  const totals = { fitted: totalOf(rows, 'fitted'), predicted: totalOf(rows, 'predicted'), recorded: totalOf(rows, 'recorded') };
  return { rows, totals, untested: untestedOf(bench), costs: HOST_COSTS };
}

function totalOf(rows: readonly PublishedRow[], kind: FigureKind): PublishedReport['totals'][FigureKind] {
  const figures = rows.filter((row) => row.kind === kind);
  const repeated = figures.filter(({ ours }) => ours !== undefined);
  return { figures: figures.length, repeated: repeated.length, within: repeated.filter(isWithin).length };
}

function untestedOf({ spent }: Bench): PublishedReport['untested'] {
  const of = (name: MachineName): readonly HostCost[] => HOST_COSTS.filter((cost) => !(spent.get(name)?.has(cost) ?? false));
  return Object.fromEntries(MACHINE_NAMES.map((name) => [name, of(name)])) as unknown as PublishedReport['untested'];
}
