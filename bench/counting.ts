/**
 * What it costs that two events are counted: each of the four loops, with the counters on in one turn and off in the next, in the same
 * machine. A third turn is with the counters off again; how far it is from the first says what this computer can tell apart just now.
 */
import type { Cycles } from '../src/base/units.ts';
import type { WasmHost } from '../src/hw/outside.ts';
import { MSRS } from '../src/x86/msr.ts';
import { countedTwo, endless, interpreting, LOOPS, type Loop, translating } from './loops.ts';
import { digits, numbers, type Section } from './section.ts';
import { inTurns, type Work } from './turns.ts';

const TURNS = 400;
/** Of each turn: half a millisecond to a millisecond. Unit timing, so as many instructions. */
const CYCLES = { interpreted: 100_000, translated: 1_000_000 };

interface Ratio {
  /** Two events counted against none. */
  readonly two: number;
  /** None against none. */
  readonly none: number;
}

export function counting(): Section {
  const values = LOOPS.map((loop) => ({
    name: loop.name, interpreted: ratio(loop, interpreting, CYCLES.interpreted), translated: ratio(loop, translating, CYCLES.translated),
  }));
  const rows = values.map(({ name, interpreted, translated }) =>
    [name, ...[interpreted.two, interpreted.none, translated.two, translated.none].map((value) => digits(value, 3))]);
  const head = ['real time of a loop', 'interpreted, two counted / none', 'none / none', 'translated, two counted / none', 'none / none'];
  return { values, lines: numbers(head, rows) };
}

function ratio(loop: Loop, wasm: WasmHost, cycles: number): Ratio {
  const [cpu] = endless(loop, wasm).cpus;
  const running = (selectors: readonly number[]): Work => () => {
    for (const [i, selector] of selectors.entries()) cpu!.pmu.wrmsr(MSRS.IA32_PERFEVTSEL0 + i, selector, 0);
    const before = cpu!.instructions;
    cpu!.run(cpu!.clock + cycles as Cycles);
    return cpu!.instructions - before;
  };
  const [none, two, again] = inTurns(TURNS, [running([0, 0]), running(countedTwo), running([0, 0])]) as [number, number, number];
  return { two: two / none, none: again / none };
}
