/**
 * The lawful guest: what Linux does with one counter, with its handler; only its periods and how long it runs are open. A place is
 * where it is in what it does.
 */
import { EVTSEL } from '../../x86/perfmon.ts';
import { COUNTING, EVERYBODY, GuestCode, IRET, LVTPC, lvtpc, type Program, run, type Told, told } from './guest-code.ts';
import type { GuestOptions } from './guest-options.ts';

/** It sets its counter up, runs, and handles PMIs; its context switch stops and starts the counter. */
const SET_UP = 0;
const RUNNING = 10;
const STOPPED = 20;
/** Where every lawful guest's handler begins. */
export const HANDLER = 30;

const FIRST_PERIOD = 3;

export function lawfulGuest(options: GuestOptions): Program {
  const { event, reselects, pries, counters } = options;
  const others = pries ? [told({ op: 'rdpmc', index: counters }, RUNNING)] : [];
  const code = new GuestCode(options);
  const places = new Map<number, readonly Told[]>([
    [SET_UP, [told(code.disable, SET_UP + 1), ...(pries ? [told(code.rdpmc(0), SET_UP)] : [])]],
    [SET_UP + 1, [told(code.select(0, EVERYBODY | COUNTING), SET_UP + 2)]],
    [SET_UP + 2, [told(code.arm(0, FIRST_PERIOD), SET_UP + 3)]],
    [SET_UP + 3, [told(code.enable(1), RUNNING)]],
    [RUNNING, [
      told(run(1), RUNNING), told(code.rdpmc(0), RUNNING), told(code.disable, STOPPED), ...others,
      // A write retires in the state in which it began, which shows where it is counted itself.
      ...(event === 'instructions retired' ? [told(code.arm(0, 5), RUNNING), told(code.acknowledge(1), RUNNING)] : []),
    ]],
    [STOPPED, [told(code.rdpmc(0), STOPPED + 1)]],
    [STOPPED + 1, [told(run(1), STOPPED + 1), told(code.deselect(0), STOPPED + 2), told(code.enable(1), RUNNING)]],
    [STOPPED + 2, [
      told(code.arm(0, 2), STOPPED + 3), told(code.arm(0, 5), STOPPED + 3),
      // Whoever comes back to a counter may also go on from where it was.
      ...(reselects ? [told(code.rdpmc(0), STOPPED + 2), told(code.rdpmc(0), STOPPED + 3)] : []),
    ]],
    [STOPPED + 3, (reselects ? [EVERYBODY, EVTSEL.USR] : [EVERYBODY]).map((whom) => told(code.select(0, whom | COUNTING), STOPPED + 4))],
    [STOPPED + 4, [told(code.enable(1), RUNNING)]],
    [HANDLER, [told(code.disable, HANDLER + 1)]],
    [HANDLER + 1, [told(code.status, HANDLER + 2)]],
    [HANDLER + 2, [told(code.acknowledge(1), HANDLER + 3)]],
    [HANDLER + 3, [told(code.rdpmc(0), HANDLER + 4)]],
    [HANDLER + 4, (event === 'instructions retired' ? [1, 2, 5] : [2, 5]).map((period) => told(code.arm(0, period), HANDLER + 5))],
    [HANDLER + 5, [told(code.status, HANDLER + 6)]],
    [HANDLER + 6, [told(code.enable(1), HANDLER + 7)]],
    [HANDLER + 7, [told(lvtpc(LVTPC.NMI), HANDLER + 8)]],
    [HANDLER + 8, [told(IRET, RUNNING)]],
  ]);
  return { places, at: (place) => place };
}
