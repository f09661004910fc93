/** A complete experiment, as plain data. Tests, command line and benchmarks all start here. */
import { byKind, flag, integer, listOf, Mismatch, maybe, object, oneOf, optional, type Shaped, text } from '../base/shape.ts';
import { LINUX_PROTOCOLS } from '../guest/linux/kernel.ts';
import { HANDLERS, MAINS, NEED_GLOBALS, OF_ONE_PROCESSOR, WORKLOADS } from '../guest/programs.ts';
import { GENERATION_NAMES } from '../host/generation.ts';
import { HOST_USERS } from '../host/perf/users.ts';
import { MOST_EVENTS } from '../host/vpmu/filter.ts';
import { COMPARED, STRATEGY_NAMES, type StrategyName } from '../host/vpmu/strategies.ts';
import { BOARDS } from '../hw/board/board.ts';
import { CLASS_TIMING, TIMING_MODELS } from '../hw/cpu/timing.ts';
import { MAX_CPUS, MAX_MEMORY } from '../hw/machine.ts';
import { GENERIC_PERFMON, MODEL_NAMES, MODELS } from '../hw/models.ts';
import { amdEventCode, EVENT, EVENTS, type EventName, FIXED_EVENTS, MAX_FIXED, MAX_GENERAL } from '../x86/event.ts';
import { amdPerfmon } from '../x86/perfmon-amd.ts';
import { MACHINE_NAMES } from './cost/cost.ts';
import { CPU_NAMES } from './cpu-names.ts';

const MIB = 1 << 20;
const MAX_VCPUS = 16;
const names = <T extends object>(table: T): (keyof T & string)[] => Object.keys(table) as (keyof T & string)[];

export const perfmonShape = object({
  version: optional(integer(0, 5), GENERIC_PERFMON.version),
  generalCounters: optional(integer(0, MAX_GENERAL), GENERIC_PERFMON.generalCounters),
  generalWidth: optional(integer(4, 48), GENERIC_PERFMON.generalWidth),
  fixedCounters: optional(integer(0, MAX_FIXED), GENERIC_PERFMON.fixedCounters),
  fixedWidth: optional(integer(4, 48), GENERIC_PERFMON.fixedWidth),
  fullWidthWrites: optional(flag(), GENERIC_PERFMON.fullWidthWrites),
  unavailableEvents: optional(integer(0, 0xff), GENERIC_PERFMON.unavailableEvents),
  anyThreadDeprecated: optional(flag(), GENERIC_PERFMON.anyThreadDeprecated),
  tsx: optional(flag(), GENERIC_PERFMON.tsx),
});

export const VENDORS = ['intel', 'amd'] as const;

/** A kernel, or that of each strategy's time. */
export const HOST_GENERATIONS = [...GENERATION_NAMES, 'own'] as const;

const machineShape = object({
  cpus: optional(integer(1, MAX_CPUS), 1),
  /** In MiB. */
  memory: optional(integer(1, MAX_MEMORY / MIB), 64),
  /** A processor by name: then vendor and perfmon are its own, unless they are given. */
  cpu: optional(oneOf(...CPU_NAMES), 'generic'),
  /** Whose processors: AMD's have other counters, of which `perfmon` says version 1 or 2 and how many general ones. */
  vendor: optional(oneOf(...VENDORS), 'intel'),
  perfmon: optional(perfmonShape, perfmonShape.check({}, '$')),
  /** Instructions between an overflow and its PMI. */
  skid: optional(integer(0, 10_000), 0),
  /** Delivery of a PMI masks LVTPC, as Intel's processors do. AMD's never do. */
  masksPmi: optional(flag(), true),
  timing: optional(oneOf(...TIMING_MODELS.map(({ name }) => name)), CLASS_TIMING.name),
  /** Cycles between two turns of a processor, when there are several. */
  quantum: optional(integer(1, 1 << 20), 1000),
  /** Its devices: those of a PC, which a multiboot image has, or of ACPI's hardware-reduced model, as anything else. */
  board: maybe(oneOf(...BOARDS)),
});

const eventName = oneOf(...(EVENTS.map(({ name }) => name) as EventName[]));

/** A user of the host's PMU: what it counts on every CPU, how often it samples (0: only counts), and whom it leaves out. */
const userFields = (event: EventName, period: number, { pinned = false, excludeHost = false } = {}) => ({
  event: optional(eventName, event),
  period: optional(integer(0, 2 ** 47), period),
  excludeGuest: optional(flag(), false),
  excludeHost: optional(flag(), excludeHost),
  pinned: optional(flag(), pinned),
});

/** NMI watchdog: ten seconds of a core of 2.4 GHz. perf stat -a; perf record -a -c; perf kvm --guest stat. */
const userShape = byKind({
  watchdog: userFields('core cycles', 24_000_000_000, { pinned: true }),
  stat: userFields('instructions retired', 0),
  record: userFields('core cycles', 1_000_000),
  kvm: userFields('instructions retired', 0, { excludeHost: true }),
});

/** Event select and umask; of a masked entry also which bits of the umask matter (all), and whether it takes out again. */
const filterEntryShape = object({
  select: integer(0, 0xfff),
  umask: optional(integer(0, 0xff), 0),
  mask: maybe(integer(0, 0xff)),
  exclude: maybe(flag()),
});

/** KVM_SET_PMU_EVENT_FILTER: what guests may count. */
const filterShape = object({
  action: oneOf('allow', 'deny'),
  events: optional(listOf(filterEntryShape), []),
  masked: optional(flag(), false),
  /** Bit j is fixed counter j. It decides alone what fixed counters count. */
  fixedCounterBitmap: optional(integer(0, 2 ** 32 - 1), 0),
  /** Core cycles of the host until it is set; 0: before its guests begin. */
  at: optional(integer(0, 2 ** 52), 0),
});

const hostShape = object({
  /** The way in which the guest gets its PMU. */
  on: oneOf(...STRATEGY_NAMES),
  /** The host's kernel; "own" is that of the strategy's time. */
  generation: optional(oneOf(...HOST_GENERATIONS), 'own'),
  /** The machine whose processors and host code take as long as was measured. Its timing model stands for the machine's. */
  cost: optional(oneOf(...MACHINE_NAMES), 'broadwell-2018'),
  vms: optional(integer(1, MAX_CPUS), 1),
  /** Virtual processors of each virtual machine. `machine.cpus` are the host's. */
  vcpus: optional(integer(1, MAX_CPUS), 1),
  /** Ticks a second. */
  hz: optional(integer(24, 10_000), 250),
  /** Host CPUs on each of which another task competes. */
  load: optional(listOf(integer(0, MAX_CPUS - 1)), []),
  /** Ticks of a task's turn. */
  slice: optional(integer(1, 100), 1),
  /** After so many ticks the running task moves to another CPU; 0: never. */
  migrateEvery: optional(integer(0, 1000), 0),
  /** Answers what is open; 0: always the first alternative. */
  seed: optional(integer(0, 2 ** 32 - 1), 0),
  users: optional(listOf(userShape), []),
  filter: maybe(filterShape),
  /** The host's own PMI handler, and when it writes LVTPC. */
  handler: optional(oneOf('classic', 'freeze'), 'classic'),
  ack: optional(oneOf('early', 'mid', 'late'), 'late'),
  /** The host's perf core limits its sampling rate by what its handlers take. */
  limits: optional(flag(), true),
});

const eventShape = object({
  event: eventName,
  period: integer(1, 2 ** 47),
  user: optional(flag(), true),
  kernel: optional(flag(), true),
  interrupt: optional(flag(), true),
  /** On the fixed counter that counts it; else on the next general one. */
  fixed: optional(flag(), false),
});

const programShape = byKind({
  'built-in': {
    main: oneOf(...names(MAINS)),
    workload: optional(oneOf(...names(WORKLOADS)), 'alu'),
    handler: optional(oneOf(...names(HANDLERS)), 'classic'),
    iterations: optional(integer(1, 2 ** 31), 100_000),
    events: listOf(eventShape),
    delivery: optional(oneOf('nmi', 'interrupt'), 'nmi'),
    /** CONFIG_HZ of the program, which its sampling-rate limiter reckons by. */
    hz: optional(integer(24, 10_000), 250),
  },
  /** A multiboot image may be told more: what comes after its name, and files, each with words after its name. */
  image: { file: text(), append: optional(text(), ''), modules: optional(listOf(text()), []) },
  /** A kernel, and what else a Linux guest is made of, as whoever runs it brings them. */
  linux: { commandLine: optional(text(), ''), protocol: optional(oneOf(...LINUX_PROTOCOLS), '64-bit') },
});

const scenarioShape = object({
  name: text(),
  /** One sentence: what it shows. */
  title: optional(text(), ''),
  machine: optional(machineShape, machineShape.check({}, '$')),
  program: programShape,
  /** Without it the program runs on bare metal; with it as the guest of a host, and `machine` is the host's. */
  host: maybe(hostShape),
  /** The run is given up after so many cycles. */
  limit: optional(integer(1, 2 ** 52), 20_000_000_000),
});

export const HANDLER_NAMES = names(HANDLERS);
export { COMPARED, HOST_USERS, STRATEGY_NAMES, type StrategyName };
export type Scenario = Shaped<typeof scenarioShape>;
export type HostPart = NonNullable<Scenario['host']>;
export interface HostedScenario extends Scenario { readonly host: HostPart }
export const isHosted = (scenario: Scenario): scenario is HostedScenario => scenario.host !== undefined;
type BuiltIn = Extract<Scenario['program'], { kind: 'built-in' }>;
type Perfmon = Scenario['machine']['perfmon'];

/** Checks what came from a file. Throws a Mismatch that names the place. */
export function parseScenario(value: unknown): Scenario {
  const scenario = withItsCounters(scenarioShape.check(asNamed(value), '$'));
  checkVendor(scenario.machine);
  if (scenario.program.kind === 'built-in') checkProgram(scenario.program, scenario);
  if (scenario.program.kind === 'linux' && scenario.machine.board === 'pc') {
    expected('machine.board', '"reduced", of which ACPI tells a kernel', 'pc');
  }
  if (scenario.host !== undefined) checkHost(scenario.host, scenario);
  return scenario;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a processor has that is given by name, where nothing else is said. What is no scenario stays as it is. */
function asNamed(value: unknown): unknown {
  if (!isObject(value) || !isObject(value.machine)) return value;
  const { machine } = value;
  const model = MODEL_NAMES.find((name) => name === machine.cpu);
  if (model === undefined) return value;
  const { cpu, perfmon } = MODELS[model];
  const given = machine.perfmon ?? {};
  return {
    ...value, machine: { vendor: VENDOR_NAMES[cpu.vendor], ...machine, perfmon: isObject(given) ? { ...perfmon, ...given } : given },
  };
}

const VENDOR_NAMES = { GenuineIntel: 'intel', AuthenticAMD: 'amd' } as const;

function checkVendor({ cpu, vendor }: Scenario['machine']): void {
  if (cpu === 'generic') return;
  const own = VENDOR_NAMES[MODELS[cpu].cpu.vendor];
  if (vendor !== own) expected('machine.vendor', `"${own}", whose ${cpu} is`, vendor);
}

/** AMD's processors have of `perfmon` what there is of it there. */
function withItsCounters(scenario: Scenario): Scenario {
  const { machine } = scenario;
  return machine.vendor === 'intel' ? scenario : { ...scenario, machine: { ...machine, perfmon: amdPerfmon(machine.perfmon) } };
}

/** The same experiment with a host: what it does not say yet is as it is when a file leaves it out. */
export function hostedOn(scenario: Scenario, on: StrategyName, rest: object = {}): HostedScenario {
  const host = scenario.host ?? { vcpus: scenario.machine.cpus };
  return parseScenario({ ...scenario, host: { ...host, ...rest, on } }) as HostedScenario;
}

/** The same program without a host, on as many processors as its virtual machine has. */
export const onBareMetal = ({ host, ...scenario }: Scenario): Scenario =>
  ({ ...scenario, host: undefined, machine: { ...scenario.machine, cpus: host?.vcpus ?? scenario.machine.cpus } });

function expected(where: string, what: string, found: unknown): never {
  throw new Mismatch(`$.${where}: expected ${what}, found ${JSON.stringify(found)}`);
}

/** Events of the host's pool and tasks of its scheduler are limited, and so is the memory that machines have in common. */
function checkHost({ vms, vcpus, load, users, handler, filter }: HostPart, { machine }: Scenario): void {
  const { version } = machine.perfmon;
  const least = LEAST_VERSION[machine.vendor];
  if (version < least) expected('machine.perfmon.version', `${least} or more, which the host's perf core needs`, version);
  checkWidths(machine.perfmon);
  if (machine.vendor === 'amd' && handler === 'freeze') expected('host.handler', '"classic": no PMI freezes AMD\'s counters', handler);
  for (const [i, { event }] of users.entries()) checkEvent(`host.users[${i}].event`, event, machine);
  if (filter !== undefined) checkEventFilter(filter);
  if (vms * vcpus > MAX_VCPUS) expected('host.vcpus', `at most ${MAX_VCPUS} in all virtual machines together`, vms * vcpus);
  const most = Math.floor(MAX_MEMORY / MIB / vms);
  if (machine.memory > most) expected('machine.memory', `at most ${most}, for each of ${vms} virtual machines`, machine.memory);
  for (const [i, cpu] of load.entries()) {
    if (cpu >= machine.cpus) expected(`host.load[${i}]`, `a CPU of the machine, which has ${machine.cpus}`, cpu);
  }
}

function checkEventFilter({ events, masked }: NonNullable<HostPart['filter']>): void {
  if (events.length > MOST_EVENTS) expected('host.filter.events', `at most ${MOST_EVENTS}`, events.length);
  for (const [i, { mask, exclude }] of events.entries()) {
    if (!masked && mask !== undefined) expected(`host.filter.events[${i}].mask`, 'none, for host.filter.masked is false', mask);
    if (!masked && exclude !== undefined) expected(`host.filter.events[${i}].exclude`, 'none, for host.filter.masked is false', exclude);
  }
}

/** Instructions that a PMI handler counts of itself must not fill a counter: it would be interrupted for ever. */
const LEAST_WIDTH = 12;
/** Intel's first with global control and status. Of AMD's, software has always known to do without. */
const LEAST_VERSION = { intel: 2, amd: 1 } as const;

function checkEvent(where: string, event: EventName, { vendor }: Scenario['machine']): void {
  if (vendor === 'amd' && amdEventCode(event) === undefined) expected(where, 'an event that AMD\'s processors count', event);
}

/** What a built-in program needs of the PMU. On bare metal somebody has misspelt it; as a guest it must take what it gets. */
function checkProgram({ main, handler, events }: BuiltIn, { machine, host }: Scenario): void {
  const { version, generalCounters, fixedCounters } = machine.perfmon;
  if (OF_ONE_PROCESSOR.has(main)) {
    const [where, found] = host === undefined ? ['machine.cpus', machine.cpus] as const : ['host.vcpus', host.vcpus] as const;
    if (found > 1) expected(where, `1, for which the program '${main}' is made`, found);
  }
  if (machine.vendor === 'amd') checkAmdProgram({ main, handler }, version);
  const needed = machine.vendor === 'amd' ? LEAST_VERSION.amd : HANDLERS[handler].version;
  if (version < needed) expected('machine.perfmon.version', `${needed} or more, which the ${handler} handler needs`, version);
  const general = events.filter(({ fixed }) => !fixed).length;
  if (general > generalCounters) {
    expected('program.events', `at most ${generalCounters}, one for each general counter`, general);
  }
  for (const [i, { event, fixed }] of events.entries()) {
    checkEvent(`program.events[${i}].event`, event, machine);
    const counter = FIXED_EVENTS.indexOf(EVENT[event]);
    if (fixed && (counter === -1 || counter >= fixedCounters)) {
      throw new Mismatch(`$.program.events[${i}].fixed: expected an event that has a fixed counter, found "${event}"`);
    }
  }
  checkWidths(machine.perfmon);
}

function checkAmdProgram({ main, handler }: Pick<BuiltIn, 'main' | 'handler'>, version: number): void {
  if (HANDLERS[handler].freezes) expected('program.handler', 'another one: no PMI freezes AMD\'s counters', handler);
  if (version === 1 && NEED_GLOBALS.has(main)) {
    expected('program.main', 'one that needs no global registers, which come with machine.perfmon.version 2', main);
  }
}

function checkWidths({ generalWidth, fixedWidth }: Perfmon): void {
  for (const [name, width] of [['generalWidth', generalWidth], ['fixedWidth', fixedWidth]] as const) {
    const why = `${LEAST_WIDTH} or more, so that a handler does not fill a counter`;
    if (width < LEAST_WIDTH) expected(`machine.perfmon.${name}`, why, width);
  }
}
