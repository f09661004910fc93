/** Pieces of guests for the scenarios of holes: what Linux' perf does to its PMU, operation by operation. */
import { EVENT, EVENTS, type EventName } from '../../x86/event.ts';
import { MSRS } from '../../x86/msr.ts';
import { EVTSEL } from '../../x86/perfmon.ts';
import type { HostAction } from '../small/action.ts';
import type { GuestProgram, Operation } from '../small/operation.ts';

export const LVTPC_NMI = 0x400;
export const LVTPC_MASKED = 0x1_0400;

export const wrmsr = (msr: number, low: number, high = 0): Operation => ({ op: 'wrmsr', msr, low: low >>> 0, high: high >>> 0 });
export const rdmsr = (msr: number): Operation => ({ op: 'rdmsr', msr });
export const rdpmc = (index: number): Operation => ({ op: 'rdpmc', index });
export const run = (n: number): Operation => ({ op: 'run', n });
export const host = (action: HostAction): Operation => ({ op: 'host', action });
export const IRET: Operation = { op: 'iret' };

/** The guest counts its branches: what KVM does about trapped instructions makes no difference to them. */
export const select = (
  k: number, { event = 'branch instructions retired' as EventName, enabled = true, interrupt = true } = {},
): Operation => {
  const [code, umask] = EVENTS[EVENT[event]]!.codes[0];
  const flags = EVTSEL.OS | EVTSEL.USR | (enabled ? EVTSEL.EN : 0) | (interrupt ? EVTSEL.INT : 0);
  return wrmsr(MSRS.IA32_PERFEVTSEL0 + k, code | (umask << 8) | flags);
};

/** So many events to the next wrap, as Linux writes it: all 48 bits. */
export const arm = (k: number, period: number): Operation => wrmsr(MSRS.IA32_PMC0 + k, -period, 0xffff);

/** IA32_PERF_GLOBAL_CTRL. */
export const enable = (set: number): Operation => wrmsr(MSRS.IA32_PERF_GLOBAL_CTRL, set);
export const readStatus: Operation = rdmsr(MSRS.IA32_PERF_GLOBAL_STATUS);
export const acknowledge = (set: number): Operation => wrmsr(MSRS.IA32_PERF_GLOBAL_STATUS_RESET, set);
export const lvtpc = (value: number): Operation => wrmsr(MSRS.IA32_X2APIC_LVT_PMI, value);

/** Everything off, then counter 0 and whatever else, then on. */
export const start = (period: number, set = 1, more: readonly Operation[] = []): readonly Operation[] => [
  enable(0), select(0), arm(0, period), ...more, enable(set),
];

/** The handler of versions 2 and 3, which arms counter 0 anew; `at` puts operations behind one of its steps. */
export const classicHandler = (
  period: number, { set = 1, status = 1, at = {} as Partial<Record<'entry' | 'off' | 'read' | 'armed', readonly Operation[]>> } = {},
): readonly Operation[] => [
  ...(at.entry ?? []), enable(0), ...(at.off ?? []), readStatus, acknowledge(status), rdpmc(0), ...(at.read ?? []), arm(0, period),
  ...(at.armed ?? []), readStatus, enable(set), lvtpc(LVTPC_NMI), IRET,
];

/** A guest that samples counter 0: so many branches in all, one more read at the end. */
export const sampling = (period: number, branches: number, handler = classicHandler(period)): GuestProgram => ({
  main: [...start(period), run(branches), enable(0), rdpmc(0), readStatus], handler,
});
