/** A complete experiment, as plain data. Tests, command line and benchmarks all start here. */
import { byKind, flag, integer, listOf, Mismatch, object, oneOf, optional, type Shaped, text } from '../base/shape.ts';
import { HANDLERS, MAINS, WORKLOADS } from '../guest/programs.ts';
import { CLASS_TIMING, TIMING_MODELS } from '../hw/cpu/timing.ts';
import { MAX_CPUS, MAX_MEMORY } from '../hw/machine.ts';
import { EVENTS, type EventName, MAX_FIXED, MAX_GENERAL } from '../x86/event.ts';

const MIB = 1 << 20;
const names = <T extends object>(table: T): (keyof T & string)[] => Object.keys(table) as (keyof T & string)[];

export const perfmonShape = object({
  version: optional(integer(0, 5), 4),
  generalCounters: optional(integer(0, MAX_GENERAL), 4),
  generalWidth: optional(integer(4, 48), 48),
  fixedCounters: optional(integer(0, MAX_FIXED), 3),
  fixedWidth: optional(integer(4, 48), 48),
  fullWidthWrites: optional(flag(), true),
  unavailableEvents: optional(integer(0, 0xff), 0),
  anyThreadDeprecated: optional(flag(), false),
  tsx: optional(flag(), false),
});

const machineShape = object({
  cpus: optional(integer(1, MAX_CPUS), 1),
  /** In MiB. */
  memory: optional(integer(1, MAX_MEMORY / MIB), 64),
  /** Whose processors: AMD's have other counters, of which `perfmon` says version 1 or 2 and how many general ones. */
  vendor: optional(oneOf('intel', 'amd'), 'intel'),
  perfmon: optional(perfmonShape, perfmonShape.check({}, '$')),
  /** Instructions between an overflow and its PMI. */
  skid: optional(integer(0, 10_000), 0),
  /** Delivery of a PMI masks LVTPC, as Intel's processors do. AMD's never do. */
  masksPmi: optional(flag(), true),
  timing: optional(oneOf(...TIMING_MODELS.map(({ name }) => name)), CLASS_TIMING.name),
  /** Cycles between two turns of a processor, when there are several. */
  quantum: optional(integer(1, 1 << 20), 1000),
});

const eventShape = object({
  event: oneOf(...(EVENTS.map(({ name }) => name) as EventName[])),
  period: integer(1, 2 ** 47),
  user: optional(flag(), true),
  kernel: optional(flag(), true),
  interrupt: optional(flag(), true),
});

const programShape = byKind({
  'built-in': {
    main: oneOf(...names(MAINS)),
    workload: optional(oneOf(...names(WORKLOADS)), 'alu'),
    handler: optional(oneOf(...names(HANDLERS)), 'classic'),
    iterations: optional(integer(1, 2 ** 31), 100_000),
    events: listOf(eventShape),
    delivery: optional(oneOf('nmi', 'interrupt'), 'nmi'),
  },
  image: { file: text() },
});

export const scenarioShape = object({
  name: text(),
  /** One sentence: what it shows. */
  title: optional(text(), ''),
  machine: optional(machineShape, machineShape.check({}, '$')),
  program: programShape,
  /** The run is given up after so many cycles. */
  limit: optional(integer(1, 2 ** 52), 20_000_000_000),
});

export type Scenario = Shaped<typeof scenarioShape>;
type BuiltIn = Extract<Scenario['program'], { kind: 'built-in' }>;
type Perfmon = Scenario['machine']['perfmon'];

/** Checks what came from a file. Throws a Mismatch that names the place. */
export function parseScenario(value: unknown): Scenario {
  const scenario = scenarioShape.check(value, '$');
  if (scenario.program.kind === 'built-in') checkProgram(scenario.program, scenario.machine.perfmon);
  return scenario;
}

/** What a built-in program needs of the PMU. Without it the program would end with a #GP, which says less. */
function checkProgram({ handler, events }: BuiltIn, { version, generalCounters, generalWidth, fullWidthWrites }: Perfmon): void {
  const needed = handler === 'v4' ? 4 : 2;
  if (version < needed) {
    throw new Mismatch(`$.machine.perfmon.version: expected ${needed} or more, which the ${handler} handler needs, found ${version}`);
  }
  if (events.length > generalCounters) {
    throw new Mismatch(`$.program.events: expected at most ${generalCounters}, one for each general counter, found ${events.length}`);
  }
  // The legacy window takes 32 bits and extends the sign.
  const most = fullWidthWrites ? 2 ** generalWidth - 1 : Math.min(2 ** generalWidth - 1, 2 ** 31);
  for (const [i, { period }] of events.entries()) {
    if (period > most) {
      throw new Mismatch(`$.program.events[${i}].period: expected at most ${most}, for which a counter can be armed, found ${period}`);
    }
  }
}
