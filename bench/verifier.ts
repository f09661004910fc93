/**
 * How fast our verifier explores the running code, beside SPIN with a model of it, in the same run, in turns. Ours are whole searches of
 * machines with one counter, from the first state to the last, with all that a search has to learn first. Processor time is what is
 * measured, because SPIN is another process and this one is seldom alone.
 *
 * A state of ours is a whole world, with the host's kernel in it, and a step runs that kernel; one of SPIN's is a few dozen bytes,
 * and a step is C that was generated for it. The two rates say what it costs to have no model.
 */
import { type MachineName, machineOf } from '../src/lab/small/machines.ts';
import { OpenWorld } from '../src/lab/small/open-world.ts';
import { explore } from '../src/verify/explore.ts';
import { ALWAYS } from '../src/verify/properties.ts';
import { missing, SpinModel } from '../test/spin/spin.ts';
import { digits, numbers, type Section } from './section.ts';

/**
 * Machines of one counter, of so many bits, with the strategy `general`, which holds in them. Each search begins with nothing known of
 * steps. In the first ones of a process V8 compiles the host's code while they run, which is most of the time of the small ones: the very
 * first is told by itself, and the rate is that of later ones, as SPIN's is without its compiler.
 */
const MACHINES: readonly (readonly [machine: MachineName, width: number])[] = [
  ['any guest', 5], ['any guest', 4], ['host event', 4], ['migration', 4],
];
const BOUNDS = { states: 1e7, depth: 1e6, memory: 2 ** 31 };
/** Turns of each machine, after its first search. */
const TURNS = 3;
/** A turn is as many searches as take so long: most take less, and end before V8 has compiled what they run. */
const TURN_SECONDS = 3;
/** Times that the machine is there in the model: enough for a second or so. */
const SPIN_ROUNDS = 4096;

export interface SearchRate {
  readonly name: string;
  readonly states: number;
  readonly steps: number;
  /** Of processor time for one search, with threads that compile and collect. */
  readonly seconds: number;
  /** Bytes for each state in the visited set; SPIN does not say. */
  readonly bytes?: number;
}

/** With the seconds of the very first. */
export interface RepeatedRate extends SearchRate { readonly first: number }

/** Searches of each, one after the other, and then in turns. Gives the turn of median rate of each. */
function inTurns(each: readonly (() => SearchRate)[]): RepeatedRate[] {
  const firsts = each.map((search) => search().seconds);
  const turns = Array.from({ length: TURNS }, () => each.map(repeated));
  return firsts.map((first, i) => ({ ...turns.map((turn) => turn[i]!).sort((a, b) => a.seconds - b.seconds)[TURNS >> 1]!, first }));
}

function repeated(search: () => SearchRate): SearchRate {
  const searches = [search()];
  const spent = (): number => searches.reduce((sum, { seconds }) => sum + seconds, 0);
  while (spent() < TURN_SECONDS) searches.push(search());
  return { ...searches[0]!, seconds: spent() / searches.length };
}

function ours(machine: MachineName, width: number): SearchRate {
  const options = { ...machineOf(machine, 'general')!, width };
  let visited = 0, known = 1;
  const start = process.cpuUsage();
  const { states, steps } = explore((choice) => new OpenWorld(options, choice), ALWAYS, {
    bounds: BOUNDS,
    progress: (at) => {
      [visited, known] = [at.visited, at.states];
      return true;
    },
  });
  const { user, system } = process.cpuUsage(start);
  return { name: `the running code, ${machine}, ${width} bits`, states, steps, seconds: (user + system) / 1e6, bytes: visited / known };
}

/** Without SPIN, ours alone, and the reason. */
function searchRates(): { readonly rates: readonly RepeatedRate[]; readonly missing: string | undefined } {
  const absent = missing();
  const each = MACHINES.map(([machine, width]) => () => ours(machine, width));
  if (absent !== undefined) return { rates: inTurns(each), missing: absent };
  const model = new SpinModel({ machine: 'lawful', planted: false, rounds: SPIN_ROUNDS }, 'optimised');
  try {
    const spin = (): SearchRate => {
      const { stored, transitions, seconds } = model.search();
      return { name: 'SPIN, a model of lawful', states: stored, steps: transitions, seconds };
    };
    return { rates: inTurns([...each, spin]), missing: undefined };
  } finally {
    model.close();
  }
}

export function verifier(): Section {
  const values = searchRates();
  const perSecond = (count: number, seconds: number): string => Math.round(count / seconds).toLocaleString('en');
  const rows = values.rates.map(({ name, states, steps, seconds, first, bytes }) => [
    name, states.toLocaleString('en'), perSecond(states, seconds), perSecond(states, first), perSecond(steps, seconds), digits(bytes, 0),
  ]);
  const head = ['verifier, a second of processor time', 'states', 'states/s', 'the first', 'steps/s', 'bytes/state'];
  return { values, lines: [...numbers(head, rows), ...(values.missing === undefined ? [] : [`SPIN is left out: ${values.missing}`])] };
}
