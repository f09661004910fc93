/** `vpmu list`: the scenarios that the package carries. */
import { HOSTED_SCENARIOS, SCENARIOS } from '../../lab/scenarios.ts';
import { type Io, STATUS } from '../io.ts';
import { toJson } from '../json.ts';
import { table } from '../table.ts';

export function list(io: Io, { json }: { json?: boolean }): number {
  const all = [...SCENARIOS.values(), ...HOSTED_SCENARIOS.values()];
  if (json) io.out(toJson(all));
  else for (const line of table([], all.map(({ name, title }) => [name, title]))) io.out(line);
  return STATUS.success;
}
