/**
 * Searches the constants of the cost model, on the fitted half of the published figures only, and prints them. They are written
 * into the machines' files by hand: whoever changes one is to see what it does.
 *
 * Each constant is decided by one figure, so each is searched alone: a secant on the logarithm, in turns, until nothing moves.
 */
import { nodeWasm } from '../src/cli/wasm.ts';
import { type CostMachine, costMachine, MACHINE_NAMES, type MachineName, MODELS } from '../src/lab/cost/cost.ts';
import { type CostModel, DS_PER_PAIR } from '../src/lab/cost/kernel.ts';
import { FIGURES, measure } from '../src/lab/published/published.ts';

/** All constants. */
interface Constants { readonly models: Readonly<Record<MachineName, CostModel>>; readonly dsPerPair: number }

interface Knob {
  readonly label: string;
  /** The figure that decides it, by name. */
  readonly figure: string;
  get(constants: Constants): number;
  set(constants: Constants, value: number): Constants;
}

type Key = 'exit' | 'emulateInstruction' | 'unit' | 'create' | 'update' | 'msr' | 'controlRegister' | 'sample';

const knob = (machine: MachineName, key: Key, figure: string): Knob => ({
  label: `${machine}: ${key}`, figure,
  get: ({ models }) => models[machine][key],
  set: ({ models, ...rest }, value) =>
    ({ ...rest, models: { ...models, [machine]: { ...models[machine], [key]: Math.max(1, Math.round(value)) } } }),
});

/** Of all machines. */
const DS: Knob = {
  label: 'DS buffers: DS_PER_PAIR', figure: 'guest PMI handling, before the patch',
  get: ({ dsPerPair }) => dsPerPair,
  set: (constants, dsPerPair) => ({ ...constants, dsPerPair }),
};

const KNOBS: readonly Knob[] = [
  knob('kvm-unit-tests-2017', 'exit', 'vmexit: cpuid'),
  knob('kvm-unit-tests-2017', 'emulateInstruction', 'vmexit: inl_from_kernel'),
  knob('kvm-unit-tests-2017', 'controlRegister', 'vmexit: mov_from_cr8'),
  knob('kaby-lake-2018', 'sample', 'native PMI handler, -c 100000'),
  DS,
  knob('broadwell-2018', 'update', 'a register update, with the series'),
  knob('broadwell-2018', 'exit', 'guest PMI handling, with the patch'),
  knob('cascade-lake-2019', 'unit', 'guest NMI handler, ten events, after'),
  knob('cascade-lake-2019', 'create', 'guest NMI handler, ten events, before'),
  knob('ice-lake-2021', 'unit', 'guest NMI handler, four events, before'),
  knob('emerald-rapids-2025', 'msr', 'an exit by CPUID, mediated'),
  knob('sapphire-rapids-2025', 'unit', 'overhead of perf record -F 1000 with 6 events, emulated'),
];

/** A constant is good when its figure is as near as this. */
const NEAR = 0.005;
const MOST_STEPS = 5;
const ROUNDS = 2;
/** How far the first step goes. */
const FIRST_STEP = 1.2;
/** And any: a factor of three. */
const MOST_MOVE = Math.log(3);

/** Ours for each 1 of the published figure, less 1. */
function errorOf({ models, dsPerPair }: Constants, name: string): number {
  const machines = Object.fromEntries(MACHINE_NAMES.map((each) => [each, costMachine(each, models[each], dsPerPair)])) as
    unknown as Readonly<Record<MachineName, CostMachine>>;
  const figure = FIGURES.find((each) => each.name === name);
  if (figure?.kind !== 'fitted') throw new Error(`'${name}' is not a fitted figure`);
  const [row] = measure([figure], nodeWasm, machines).rows;
  return row!.ratio! - 1;
}

function search(from: Constants, { figure, get, set }: Knob): Constants {
  let at = from, error = errorOf(at, figure);
  for (let step = 0; step < MOST_STEPS && Math.abs(error) > NEAR; step += 1) {
    const value = get(at);
    const probe = set(at, value * (error > 0 ? 1 / FIRST_STEP : FIRST_STEP));
    const slope = (errorOf(probe, figure) - error) / Math.log(get(probe) / value);
    if (!Number.isFinite(slope) || slope === 0) break;
    const move = Math.max(-MOST_MOVE, Math.min(MOST_MOVE, -error / slope));
    at = set(at, value * Math.exp(move));
    error = errorOf(at, figure);
  }
  return at;
}

let constants: Constants = { models: MODELS, dsPerPair: DS_PER_PAIR };
for (let round = 0; round < ROUNDS; round += 1) for (const each of KNOBS) constants = search(constants, each);
for (const { label, figure, get } of KNOBS) {
  const off = (100 * errorOf(constants, figure)).toFixed(1);
  console.log(`${label.padEnd(44)} ${get(constants).toFixed(1).padStart(10)}   off by ${off} %: ${figure}`);
}
