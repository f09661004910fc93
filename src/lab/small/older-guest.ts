/**
 * The lawful guest of AMD's counters before PerfMonV2. There are no global registers: each counter is switched on and off by itself,
 * and its handler takes for overflown what has become positive. Meanwhile everything counts.
 *
 *     PMI: LVTPC, { read, and arm if it is positive }*, IRET -> running
 */
import type { CounterRegisters } from '../../x86/counter-registers.ts';
import {
  COUNTING, EVERYBODY, follow, GuestCode, IRET, LVTPC, lvtpc, type Program, run, type Step, type Told, told,
} from './guest-code.ts';
import type { GuestOptions } from './guest-options.ts';
import { HANDLER } from './lawful-guest.ts';
import { periodsOf } from './several-guest.ts';

const SET_UP = 0;
const RUNNING = 10;
const ONE = 11;
const SWITCH = 12;
/** By counter: it is to be read, it has been, and it is to be armed. */
const READ = HANDLER + 10;
const LOOK = READ + 10;
const ARM = LOOK + 10;

export function olderGuest(options: GuestOptions): Program {
  const code = new GuestCode(options, false);
  const { count } = code;
  const places = new Map<number, readonly Told[]>();
  const counters = Array.from({ length: count }, (_, k) => k);
  const select = (k: number): Step => [code.select(k, EVERYBODY | COUNTING)];
  const arm = (k: number): Step => periodsOf(k).map((period) => code.arm(k, period));
  const begin = counters.flatMap((k) => [arm(k), select(k)]);
  const end = counters.flatMap((k) => [[code.deselect(k)], [code.rdpmc(k)]]);
  const last = count - 1, look = code.rdpmc(last), away = SWITCH + end.length - 1;

  follow(places, SET_UP, begin, RUNNING);
  places.set(RUNNING, [
    told(run(1), RUNNING), told(look, RUNNING), ...(count === 1 ? [] : [told(code.deselect(last), ONE)]),
    told(code.deselect(0), SWITCH),
  ]);
  places.set(ONE, [told(run(1), ONE), told(look, ONE), ...select(last).map((operation) => told(operation, RUNNING))]);
  follow(places, SWITCH, end.slice(1), away);
  follow(places, away, begin, RUNNING);
  places.set(away, [told(run(1), away), ...places.get(away)!]);

  follow(places, HANDLER, [[lvtpc(LVTPC.NMI)]], READ);
  for (const k of counters) {
    follow(places, READ + k, [[code.rdpmc(k)]], LOOK + k);
    follow(places, ARM + k, [arm(k)], READ + k + 1);
  }
  follow(places, READ + count, [[IRET]], RUNNING);
  /** One that is on; negative is the upper half of its range. */
  const overflown = (k: number, regs: CounterRegisters): boolean => regs.locallyEnabled(k) && regs.counters[k]! < regs.modulusOf(k) / 2;
  return {
    places,
    at: (place, regs) => {
      const k = place - LOOK;
      if (k < 0 || k >= count) return place;
      return overflown(k, regs) ? ARM + k : READ + k + 1;
    },
  };
}
