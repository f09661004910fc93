/** `vpmu compare`: one guest on bare metal and on every strategy, as a table, as data, or as a page. */
import { FIRST } from '../../base/choice.ts';
import { type CompareReport, carriedOut, compare as compareAll } from '../../lab/compare/compare.ts';
import { COMPARED, HANDLER_NAMES, hostedOn, perfmonShape, type Scenario, VENDORS } from '../../lab/scenario.ts';
import { NO_TRACE } from '../../trace/trace.ts';
import { MAX_AMD } from '../../x86/perfmon-amd.ts';
import { compareCsv } from '../compare/csv.ts';
import { compareHtml } from '../compare/html.ts';
import { type CompareOptions, hostWith, integer, named } from '../compare/options.ts';
import { compareText } from '../compare/text.ts';
import { type Io, STATUS, UserError } from '../io.ts';
import { toJson } from '../json.ts';
import { findSubject, strategyOf } from '../subject.ts';
import { nodeWasm } from '../wasm.ts';

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

/** The scenario as the options want it. What they leave out stays as it is. */
function withOptions(scenario: Scenario, options: CompareOptions): Scenario {
  const { handler, vendor } = options;
  const vcpus = integer('--vcpus', options.vcpus, 8), cpus = integer('--cpus', options.cpus, 8);
  const period = integer('--period', options.period, 2 ** 47);
  const machine = {
    ...scenario.machine, ...(vendor === undefined ? {} : COUNTERS[named('--vendor', VENDORS, vendor)]), cpus: cpus ?? scenario.machine.cpus,
  };
  const host = {
    ...scenario.host ?? { vcpus: scenario.machine.cpus },
    ...hostWith(options, machine.cpus), ...(vcpus === undefined ? {} : { vcpus }),
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
