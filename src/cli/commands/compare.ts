/** `vpmu compare`: one guest on bare metal and on every strategy, as a table, as data, or as a page. */
import { FIRST } from '../../base/choice.ts';
import { type CompareReport, carriedOut, compare as compareAll } from '../../lab/compare/compare.ts';
import { MACHINE_NAMES } from '../../lab/cost/cost.ts';
import {
  COMPARED, HANDLER_NAMES, HOST_GENERATIONS, HOST_USERS, hostedOn, perfmonShape, type Scenario, VENDORS,
} from '../../lab/scenario.ts';
import { NO_TRACE } from '../../trace/trace.ts';
import { MAX_AMD } from '../../x86/perfmon-amd.ts';
import { compareCsv } from '../compare/csv.ts';
import { compareHtml } from '../compare/html.ts';
import { compareText } from '../compare/text.ts';
import { type Io, STATUS, UserError } from '../io.ts';
import { toJson } from '../report.ts';
import { findSubject, strategyOf } from '../subject.ts';
import { nodeWasm } from '../wasm.ts';

export interface CompareOptions {
  readonly strategies?: string;
  readonly generation?: string;
  readonly cost?: string;
  readonly vendor?: string;
  readonly vcpus?: string;
  readonly cpus?: string;
  readonly load?: string;
  readonly migrateEvery?: string;
  readonly hostEvents?: string;
  readonly period?: string;
  readonly handler?: string;
  readonly seed?: string;
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly html?: string;
}

/** What is compared when nobody says what. */
const DEFAULT = 'self-profile';

export function compare(io: Io, what: string | undefined, options: CompareOptions): number {
  if ([options.json, options.csv].filter(Boolean).length > 1) throw new UserError('--json and --csv exclude each other; name one of them');
  const strategies = options.strategies?.split(',').map((name) => strategyOf('--strategies', name.trim())) ?? COMPARED;
  const { scenario, image } = findSubject(io, what ?? DEFAULT);
  const outside = { choice: FIRST, tracer: NO_TRACE, transmit: () => {}, wasm: nodeWasm };
  const report = compareAll(withOptions(scenario, options), strategies, outside, image);
  if (options.html !== undefined) io.writeFile(options.html, compareHtml(report));
  print(io, report, options);
  return carriedOut(report) ? STATUS.success : STATUS.failure;
}

function print(io: Io, report: CompareReport, { json, csv, html }: CompareOptions): void {
  if (json) return io.out(toJson(report));
  for (const line of csv ? compareCsv(report) : compareText(report)) io.out(line);
  if (html !== undefined && !csv) io.out(`\nThe same with plots: ${html}`);
}

/** Users of the host's PMU on every CPU; `none` stands alone. */
const usersOf = (text: string): object[] => (text.trim() === 'none'
  ? [] : text.split(',').map((kind) => ({ kind: named('--host-events', HOST_USERS, kind.trim()) })));

/** The scenario as the options want it. What they leave out stays as it is. */
function withOptions(scenario: Scenario, options: CompareOptions): Scenario {
  const { generation, cost, handler, hostEvents, vendor } = options;
  const vcpus = integer('--vcpus', options.vcpus, 8), cpus = integer('--cpus', options.cpus, 8);
  const load = integer('--load', options.load, 64, 0), period = integer('--period', options.period, 2 ** 47);
  const seed = integer('--seed', options.seed, 2 ** 32 - 1, 0), migrateEvery = integer('--migrate-every', options.migrateEvery, 1000, 0);
  const machine = {
    ...scenario.machine, ...(vendor === undefined ? {} : COUNTERS[named('--vendor', VENDORS, vendor)]), cpus: cpus ?? scenario.machine.cpus,
  };
  const host = {
    ...scenario.host ?? { vcpus: scenario.machine.cpus },
    ...(generation === undefined ? {} : { generation: named('--generation', HOST_GENERATIONS, generation) }),
    ...(cost === undefined ? {} : { cost: named('--cost', MACHINE_NAMES, cost) }),
    ...(vcpus === undefined ? {} : { vcpus }), ...(seed === undefined ? {} : { seed }),
    ...(load === undefined ? {} : { load: Array.from({ length: load }, (_, i) => i % machine.cpus) }),
    ...(hostEvents === undefined ? {} : { users: usersOf(hostEvents) }),
    ...(migrateEvery === undefined ? {} : { migrateEvery }),
  };
  return hostedOn({ ...scenario, machine, program: programWith(scenario, period, handler) }, scenario.host?.on ?? 'general', host);
}

/** A machine with the counters of this vendor's present processors. */
const COUNTERS = {
  intel: { cpu: 'generic', vendor: 'intel', perfmon: perfmonShape.check({}, '$') },
  amd: { cpu: 'generic', vendor: 'amd', perfmon: perfmonShape.check({ version: 2, generalCounters: MAX_AMD }, '$') },
} as const;

function programWith({ program }: Scenario, period: number | undefined, handler: string | undefined): Scenario['program'] {
  if (period === undefined && handler === undefined) return program;
  if (program.kind !== 'built-in') throw new UserError('--period and --handler are for built-in programs; an image has its own');
  return {
    ...program, handler: handler === undefined ? program.handler : named('--handler', HANDLER_NAMES, handler),
    events: program.events.map((event) => ({ ...event, period: period ?? event.period })),
  };
}

function named<const T extends string>(option: string, names: readonly T[], text: string): T {
  const found = names.find((name) => name === text);
  if (found === undefined) throw new UserError(`${option} takes one of ${names.join(', ')}, not '${text}'`);
  return found;
}

function integer(option: string, text: string | undefined, most: number, least = 1): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < least || value > most) {
    throw new UserError(`${option} takes an integer from ${least} to ${most}, not '${text}'`);
  }
  return value;
}
