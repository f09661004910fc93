/** The scenarios that the package carries. */
import { parseScenario, type Scenario } from './scenario.ts';

const instructions = (period: number, rest: object = {}): object => ({ event: 'instructions retired', period, ...rest });
// An iteration of the hot spots is 100 instructions. Periods are such that a period, less what the handler counts of itself, has no
// divisor with it in common: then a hundred samples fall on each of them once.

/** Far enough away that the counter never gets there. */
const NEVER = 2 ** 40;

/** By name; each says in a sentence what it shows. */
export const SCENARIOS: ReadonlyMap<string, Scenario> = new Map([
  {
    name: 'pmi', title: 'A guest profiles itself with the classic PMI handler: one PMI for each overflow, at the exact instruction.',
    program: {
      kind: 'built-in', main: 'sampling', workload: 'hot spots', handler: 'classic', iterations: 10_000, events: [instructions(10_006)],
    },
  },
  {
    name: 'pmi-v4', title: 'The same with freeze-on-PMI and the handler of version 4, which leaves the global control register alone.',
    program: {
      kind: 'built-in', main: 'sampling', workload: 'hot spots', handler: 'v4', iterations: 10_000, events: [instructions(10_006)],
    },
  },
  {
    name: 'pmi-amd', title: 'The same with AMD\'s counters and PerfMonV2: one round over all events, and a PMI leaves LVTPC as it is.',
    machine: { vendor: 'amd', perfmon: { version: 2, generalCounters: 6 } },
    program: {
      kind: 'built-in', main: 'sampling', workload: 'hot spots', handler: 'classic', iterations: 10_000, events: [instructions(10_006)],
    },
  },
  {
    name: 'pmi-amd-v1', title: 'AMD\'s counters before PerfMonV2: no status, nothing stops, and what has become positive has overflowed.',
    machine: { vendor: 'amd', perfmon: { version: 1, generalCounters: 6 } },
    program: {
      kind: 'built-in', main: 'sampling', workload: 'hot spots', handler: 'classic', iterations: 10_000, events: [instructions(10_013)],
    },
  },
  {
    name: 'count', title: 'Seven events of a workload at once: each count is the one that can be read off the listing.',
    machine: { perfmon: { generalCounters: 8 }, timing: 'unit' },
    program: {
      kind: 'built-in', main: 'counting', workload: 'mixed', iterations: 1000,
      events: [
        'instructions retired', 'branch instructions retired', 'conditional branches retired', 'near calls retired', 'loads retired',
        'stores retired', 'core cycles',
      ].map((event) => ({ event, period: NEVER, interrupt: false })),
    },
  },
  {
    name: 'misses', title: 'Branch misses and last-level cache events, which the machine looks at only because they are counted.',
    machine: { perfmon: { generalCounters: 4 } },
    program: {
      kind: 'built-in', main: 'counting', workload: 'mixed', iterations: 1000,
      events: ['branch mispredicts retired', 'LLC references', 'LLC misses'].map((event) => ({ event, period: NEVER, interrupt: false })),
    },
  },
  {
    name: 'simultaneous', title: 'Two counters overflow at the same instruction: two status bits, and one PMI.',
    program: { kind: 'built-in', main: 'sampling', iterations: 10_000, events: [instructions(5000), instructions(5000)] },
  },
  {
    name: 'nested', title: 'A counter overflows inside the PMI handler: that NMI waits for IRET, and comes at the same instruction.',
    program: { kind: 'built-in', main: 'nested', iterations: 1000, events: [instructions(1000), instructions(1500)] },
  },
  {
    name: 'masked', title: 'A PMI that meets a masked LVTPC is lost for good; the status bit stays.',
    program: { kind: 'built-in', main: 'masked', iterations: 1000, events: [instructions(1000)] },
  },
  {
    name: 'late',
    title: 'A PMI that is an ordinary interrupt, raised while interrupts are off: it comes behind STI and one more instruction.',
    program: { kind: 'built-in', main: 'late', iterations: 1000, events: [instructions(3000)], delivery: 'interrupt' },
  },
  {
    name: 'interrupt', title: 'A guest that takes its PMIs as ordinary interrupts, and ends each with an EOI.',
    program: { kind: 'built-in', main: 'sampling', iterations: 10_000, events: [instructions(5000)], delivery: 'interrupt' },
  },
  {
    name: 'rings', title: 'The workload runs at CPL 3: one counter sees the user, another the kernel, and no instruction is in both.',
    program: {
      kind: 'built-in', main: 'user', iterations: 1000,
      events: [instructions(NEVER, { kernel: false }), instructions(NEVER, { user: false })],
    },
  },
  {
    name: 'two-cpus', title: 'Two processors profile themselves at the same time, each with its own clock, PMU and local APIC.',
    machine: { cpus: 2 },
    program: { kind: 'built-in', main: 'sampling', workload: 'hot spots', iterations: 1000, events: [instructions(10_006)] },
  },
].map((scenario) => [scenario.name, parseScenario(scenario)]));

/** Those with a host; `vpmu compare` runs them on every strategy. */
export const HOSTED_SCENARIOS: ReadonlyMap<string, Scenario> = new Map([
  {
    name: 'self-profile', title: 'A guest profiles itself, on a host whose NMI watchdog is on.',
    program: SCENARIOS.get('pmi')!.program, host: { on: 'general', users: [{ kind: 'watchdog' }] },
  },
  {
    name: 'neighbours', title: 'Two virtual machines with two vCPUs each share two processors with another task, and move about.',
    machine: { cpus: 2 },
    program: {
      kind: 'built-in', main: 'sampling', workload: 'hot spots', iterations: 3000,
      events: [instructions(10_006), { event: 'branch instructions retired', period: 5001 }],
    },
    host: {
      on: 'general', vms: 2, vcpus: 2, load: [0], hz: 1000, migrateEvery: 3, seed: 1,
      users: [{ kind: 'stat' }, { kind: 'record' }, { kind: 'kvm' }],
    },
  },
].map((scenario) => [scenario.name, parseScenario(scenario)]));
