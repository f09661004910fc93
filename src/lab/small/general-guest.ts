/** The most general guest: any access of the PMU with a value from a small domain, in any order. */
import { MSRS } from '../../x86/msr.ts';
import { DEBUGCTL, EVTSEL, STATUS_HIGH } from '../../x86/perfmon.ts';
import {
  CLI, COUNTING, EOI, EVERYBODY, GuestCode, IRET, LVTPC, lvtpc, run, STI, type Told, told, wrmsr,
} from './guest-code.ts';
import type { GuestOptions } from './guest-options.ts';

/** Events to the next wrap, and how long the guest runs: few for those who try everything, more for those who wander. */
const NARROW = { periods: [2, 5], runs: [1, 3] } as const;
/** What can be done about interrupts multiplies whatever can be done about the counter. */
const NARROWEST = { periods: [2], runs: [1] } as const;
const WIDE = { periods: [1, 2, 5, 100, 3000], runs: [1, 3, 60, 1000] } as const;
const WIDE_FROM = 8;

const UNMASK = lvtpc(LVTPC.NMI);
const LEAVE = told(IRET);
const FREEZING = [DEBUGCTL.FREEZE_PERFMON_ON_PMI, 0].map((bits) => wrmsr(MSRS.IA32_DEBUGCTL, bits));

/** What it can do: outside and inside a handler, by whether its interrupts are on. */
export interface GeneralAlternatives {
  readonly outside: OnOff;
  readonly handling: OnOff;
}
interface OnOff { readonly on: readonly Told[]; readonly off: readonly Told[] }

/** All that a guest can do with so many counters. */
export function generalGuest(options: GuestOptions, globals: boolean): GeneralAlternatives {
  const { width, freezes, silent, vectored } = options;
  const code = new GuestCode(options, globals);
  const { all, count } = code;
  const { periods, runs } = width >= WIDE_FROM ? WIDE : vectored ? NARROWEST : NARROW;
  const sets = count === 1 ? [0, 1] : [0, 1, all];
  const flags = [...(silent ? [] : [COUNTING]), ...(vectored ? [] : [EVTSEL.EN])];
  const perCounter = Array.from({ length: count }, (_, k) => [
    code.deselect(k), ...flags.map((bits) => code.select(k, EVERYBODY | bits)),
    ...periods.map((period) => code.arm(k, period)), code.rdpmc(k),
  ]).flat();
  const outside = [
    ...runs.map(run), ...perCounter, ...(globals ? [...sets.map((set) => code.enable(set)), code.status, code.acknowledge(all)] : []),
    ...(silent ? [] : [UNMASK, lvtpc(LVTPC.NMI | LVTPC.MASKED)]),
    ...(vectored ? [lvtpc(LVTPC.vector), lvtpc(LVTPC.vector | LVTPC.MASKED), EOI] : []),
    ...(freezes ? [...FREEZING, code.acknowledge(all, STATUS_HIGH.CTR_FRZ)] : []),
  ].map((operation) => told(operation));
  const handling = [...(options.unmasksLate ? outside.filter(({ operation }) => operation !== UNMASK) : outside), LEAVE];
  const onOff = (list: readonly Told[]): OnOff =>
    (vectored ? { on: [...list, told(CLI)], off: [...list, told(STI)] } : { on: list, off: list });
  return { outside: onOff(outside), handling: onOff(handling) };
}
