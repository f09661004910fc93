/**
 * What of a world's state the Promela model has (reuse.pml): the same variables, in the order in which the model prints them. What
 * nothing depends on is 0 there, so it is 0 here.
 *
 * It forgets what the host leaves behind and writes before it looks at it again: the selector and the value of a counter that
 * nobody uses, an old period of a paused event, the vector that was injected last. That what it keeps decides what follows is no
 * belief: spin.debian.test.ts checks that from equal abstract states the same steps lead to equal abstract states.
 */
import assert from 'node:assert/strict';
import { type Dump, dump } from '../../src/base/dump.ts';
import { STATES } from '../../src/host/perf/event.ts';
import type { Finding } from '../../src/lab/small/open-guest.ts';
import type { OpenWorld } from '../../src/lab/small/open-world.ts';

/** In the order in which the model prints them. */
const VARIABLES = [
  'place', 'finding', 'bCount', 'bCtrl', 'bEnable', 'bStatus', 'bMask', 'bDue', 'vBase', 'vCtrl', 'vEnable', 'vStatus', 'vMask',
  'inUse', 'marked', 'request', 'event', 'count', 'prev', 'left', 'period', 'raw',
] as const;
type Variables = Partial<Record<(typeof VARIABLES)[number], number>>;

/** The place of a guest that has taken a PMI and not begun to handle it, and the events of the host, as the model calls them. */
const HANDLER = 30;
const NONE = 0;
const PAUSED = 1;
const RUNS = 2;

/** A bit for each finding that the model can have. What else may be found it has not, and the comparison fails. */
const FINDINGS: Readonly<Partial<Record<Finding, number>>> = {
  'PMI lost': 1, 'PMI without cause': 2, 'miscount': 4, 'wrong status': 8, 'host books wrong': 16, 'request left': 32,
};
const UNKNOWN_FINDING = 128;

const BARE = 'host.vcpu.0.context.oracle.';
const VPMU = 'host.vcpu.0.vpmu.';
const STRATEGY = `${VPMU}strategy.`;
/** EN and INT, which the guest writes together. */
const ENABLE_AND_INT = (1 << 22) | (1 << 20);
const LVT_MASK = 1 << 16;
const LVTPC = 'lapic.lvt.entry.3';

const numberOf = (state: Dump, name: string): number => {
  const value = state.get(name);
  assert.equal(typeof value, 'number', `${name} is a number of the state`);
  return value as number;
};

/** 1 when all these bits are set, 0 when none is. */
function bit(state: Dump, name: string, bits = 1): number {
  const set = numberOf(state, name) & bits;
  assert.ok(set === 0 || set === bits, `${name} has all of 0x${bits.toString(16)} or nothing`);
  return set === 0 ? 0 : 1;
}

/** The event behind the guest's counter, and the counter it is on. Of one that is paused, only that it is there. */
function eventOf(state: Dump): Variables {
  const event = 'host.perf.event.0.';
  const known = { free: NONE, off: PAUSED, active: RUNS, inactive: undefined, error: undefined }[STATES[numberOf(state, `${event}state`)]!];
  assert.equal(bit(state, `${STRATEGY}paused`) === 1, known === PAUSED, 'KVM knows whether its event is paused');
  if (known !== RUNS) return { event: known ?? assert.fail('between two steps the task runs, and its event has a counter') };
  return {
    event: RUNS, count: numberOf(state, `${event}count`), prev: numberOf(state, `${event}prevCount`),
    left: numberOf(state, `${event}periodLeft`), period: numberOf(state, `${event}samplePeriod`),
    raw: numberOf(state, 'processor.0.pmu.regs.counter.0'),
  };
}

function variablesOf(world: OpenWorld): Variables {
  const finding = [...world.findings].reduce((bits, name) => bits | (FINDINGS[name] ?? UNKNOWN_FINDING), 0);
  if (finding !== 0) return { finding };
  const state = dump(world);
  const place = numberOf(state, 'host.vcpu.0.context.place');
  const handles = bit(state, 'host.vcpu.0.context.nmiBlocked') === 1;
  return {
    place: handles && place < HANDLER ? HANDLER : place,
    bCount: numberOf(state, `${BARE}pmu.regs.counter.0`), bCtrl: bit(state, `${BARE}pmu.regs.globalCtrl`),
    bEnable: bit(state, `${BARE}pmu.regs.selector.0`, ENABLE_AND_INT), bStatus: bit(state, `${BARE}pmu.regs.globalStatus`),
    bMask: bit(state, `${BARE}${LVTPC}`, LVT_MASK), bDue: bit(state, `${BARE}lapic.nmiPending`),
    vBase: numberOf(state, `${VPMU}regs.counter.0`), vCtrl: bit(state, `${VPMU}regs.globalCtrl`),
    vEnable: bit(state, `${VPMU}regs.selector.0`, ENABLE_AND_INT), vStatus: bit(state, `${VPMU}regs.globalStatus`),
    vMask: bit(state, `host.vcpu.0.${LVTPC}`, LVT_MASK), inUse: bit(state, `${STRATEGY}inUse`),
    marked: bit(state, `${STRATEGY}events.reprogram`), request: bit(state, 'host.vcpu.0.requests'), ...eventOf(state),
  };
}

/** As the model prints it. */
export function abstractionOf(world: OpenWorld): string {
  const variables = variablesOf(world);
  return VARIABLES.map((name) => variables[name] ?? 0).join(' ');
}

/** The steps of a world, as the model calls them. */
const STEPS: Readonly<Record<string, string>> = {
  'run 1': 'run', 'RDPMC 0': 'rdpmc', 'IRET': 'iret',
  'WRMSR IA32_PERF_GLOBAL_CTRL = 0x0': 'ctrl 0', 'WRMSR IA32_PERF_GLOBAL_CTRL = 0x1': 'ctrl 1',
  'WRMSR IA32_PERFEVTSEL0 = 0x0': 'select 0', 'WRMSR IA32_PERFEVTSEL0 = 0x5300c4': 'select',
  'WRMSR IA32_PMC0 = 0xe': 'arm 2', 'WRMSR IA32_PMC0 = 0xd': 'arm 3', 'WRMSR IA32_PMC0 = 0xb': 'arm 5',
  'RDMSR IA32_PERF_GLOBAL_STATUS': 'status', 'WRMSR IA32_PERF_GLOBAL_STATUS_RESET = 0x1': 'acknowledge',
  'WRMSR IA32_X2APIC_LVT_PMI = 0x400': 'lvtpc',
  'another task runs': 'preempt', 'somebody reads the host\'s events': 'read', 'the host\'s tick': 'tick',
  'an event filter is set again': 'filter',
};

export const stepOf = ({ last }: OpenWorld): string => STEPS[last] ?? assert.fail(`the model has no step '${last}'`);
