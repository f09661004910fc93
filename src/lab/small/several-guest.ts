/**
 * The lawful guest of several counters: what Linux does with them. Its handler treats those that the status names; its context
 * switch reads and stops each, and lets another task run before it arms and starts them again. Now and then only one is enabled.
 *
 *     set up -> running -> one of them -> running
 *                       '> switch: off, read and deselect each, run, select and arm each, on -> running
 *     PMI: off, status, { acknowledge, { read, arm }*, status }*, on, LVTPC, IRET -> running
 *
 * AMD's handler acknowledges behind what it treats, looks once, and leaves LVTPC alone. Where PMIs are ordinary interrupts, the context
 * switch happens with interrupts disabled, and the handler ends with an EOI.
 */
import type { CounterRegisters } from '../../x86/counter-registers.ts';
import { setHigh, setLow } from '../../x86/counter-set.ts';
import {
  CLI, COUNTING, EOI, EVERYBODY, follow, GuestCode, IRET, LVTPC, lvtpc, type Program, run, STI, type Step, type Told, told,
} from './guest-code.ts';
import type { GuestOptions } from './guest-options.ts';
import { HANDLER } from './lawful-guest.ts';

/** Places before the handler. With three counters each line is as long as there is room for. */
const SET_UP = 0;
const RUNNING = 10;
const ONE = 11;
const SWITCH = 12;
/** Places of the handler, one for each set of up to three counters: by what the status says, and by what is still to be treated. */
const SETS = 8;
const FOUND = HANDLER + 10;
const ACKNOWLEDGE = FOUND + SETS;
const READ = ACKNOWLEDGE + SETS;
const ARM = READ + SETS;
const END = ARM + SETS;

/** Events to the next overflow: of counter 0 they are open. */
export const periodsOf = (k: number): readonly number[] => (k === 0 ? [2, 4] : [3]);

export function severalGuest(options: GuestOptions): Program {
  const code = new GuestCode(options);
  const { all, count } = code;
  const places = new Map<number, readonly Told[]>();
  const arm = (k: number): Step => periodsOf(k).map((period) => code.arm(k, period));
  const counters = Array.from({ length: count }, (_, k) => k);
  const begin = [...counters.flatMap((k) => [[code.select(k, EVERYBODY | COUNTING)], arm(k)]), [code.enable(all)]];
  const end = counters.flatMap((k) => [[code.rdpmc(k)], [code.deselect(k)]]);
  const { vectored, vendor } = options;

  follow(places, SET_UP, [...(vectored ? [[lvtpc(LVTPC.vector)]] : []), [code.disable], ...begin], RUNNING);
  const look = code.rdpmc(count - 1);
  places.set(RUNNING, [
    told(run(1), RUNNING), told(look, RUNNING), ...(count === 1 ? [] : [told(code.enable(1), ONE)]),
    told(vectored ? CLI : code.disable, SWITCH),
  ]);
  places.set(ONE, [told(run(1), ONE), told(look, ONE), told(code.enable(all), RUNNING)]);
  const away = SWITCH + end.length + (vectored ? 1 : 0);
  follow(places, SWITCH, [...(vectored ? [[code.disable]] : []), ...end], away);
  // What overflows here waits for STI.
  if (vectored) places.set(SWITCH, [told(run(1), SWITCH), ...places.get(SWITCH)!]);
  follow(places, away, [...begin, ...(vectored ? [[STI]] : [])], RUNNING);
  places.set(away, [told(run(1), away), ...places.get(away)!]);

  const amd = vendor === 'AMD';
  follow(places, HANDLER, [[code.disable], [code.status]], FOUND);
  places.set(FOUND, [told(code.enable(all), END)]);
  for (let left = 1; left <= all; left += 1) {
    const k = counters.find((each) => (left & (1 << each)) !== 0)!;
    const rest = left & ~(1 << k);
    places.set(READ + left, [told(code.rdpmc(k), ARM + left)]);
    follow(places, ARM + left, [arm(k)], rest !== 0 ? READ + rest : amd ? ACKNOWLEDGE : HANDLER + 1);
    places.set(FOUND + left, amd ? places.get(READ + left)! : [told(code.acknowledge(left), READ + left)]);
    places.set(ACKNOWLEDGE + left, [told(code.acknowledge(left), FOUND)]);
  }
  follow(places, END, [...(amd ? [] : [[lvtpc(vectored ? LVTPC.vector : LVTPC.NMI)]]), ...(vectored ? [[EOI]] : []), [IRET]], RUNNING);
  const setOf = ({ globalStatus }: CounterRegisters): number => code.setOf(setLow(globalStatus), setHigh(globalStatus));
  return { places, at: (place, regs) => (place === FOUND || place === ACKNOWLEDGE ? place + setOf(regs) : place) };
}
