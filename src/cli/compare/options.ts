/** The options of `vpmu compare` that say what kind of host it is. */
import { MACHINE_NAMES } from '../../lab/cost/cost.ts';
import { HOST_GENERATIONS, HOST_USERS } from '../../lab/scenario.ts';
import { UserError } from '../io.ts';

export interface CompareOptions {
  readonly strategies?: string;
  readonly generation?: string;
  readonly cost?: string;
  readonly vendor?: string;
  readonly vcpus?: string;
  readonly cpus?: string;
  readonly load?: string;
  readonly migrateEvery?: string;
  readonly hostEvents?: string;
  readonly period?: string;
  readonly handler?: string;
  readonly seed?: string;
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly html?: string;
}

/** Users of the host's PMU on every CPU; `none` stands alone. */
const usersOf = (text: string): object[] => (text.trim() === 'none'
  ? [] : text.split(',').map((kind) => ({ kind: named('--host-events', HOST_USERS, kind.trim()) })));

/** What they say of a host with so many CPUs. */
export function hostWith(options: CompareOptions, cpus: number): object {
  const { generation, cost, hostEvents } = options;
  const load = integer('--load', options.load, 64, 0), seed = integer('--seed', options.seed, 2 ** 32 - 1, 0);
  const migrateEvery = integer('--migrate-every', options.migrateEvery, 1000, 0);
  return {
    ...(generation === undefined ? {} : { generation: named('--generation', HOST_GENERATIONS, generation) }),
    ...(cost === undefined ? {} : { cost: named('--cost', MACHINE_NAMES, cost) }), ...(seed === undefined ? {} : { seed }),
    ...(load === undefined ? {} : { load: Array.from({ length: load }, (_, i) => i % cpus) }),
    ...(hostEvents === undefined ? {} : { users: usersOf(hostEvents) }),
    ...(migrateEvery === undefined ? {} : { migrateEvery }),
  };
}

export function named<const T extends string>(option: string, names: readonly T[], text: string): T {
  const found = names.find((name) => name === text);
  if (found === undefined) throw new UserError(`${option} takes one of ${names.join(', ')}, not '${text}'`);
  return found;
}

export function integer(option: string, text: string | undefined, most: number, least = 1): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < least || value > most) {
    throw new UserError(`${option} takes an integer from ${least} to ${most}, not '${text}'`);
  }
  return value;
}
