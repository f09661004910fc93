/** Scenarios as the guests of a host, and the same on the bare metal of the same machine: what tests compare. */
import { FIRST } from '../../src/base/choice.ts';
import { nodeWasm } from '../../src/cli/wasm.ts';
import type { Outside } from '../../src/hw/outside.ts';
import { HostedRun } from '../../src/lab/hosted-run.ts';
import { platformOf } from '../../src/lab/platform.ts';
import type { Report } from '../../src/lab/report.ts';
import { type HostedScenario, hostedOn, onBareMetal, type Scenario, type StrategyName } from '../../src/lab/scenario.ts';
import { World } from '../../src/lab/world.ts';
import { NO_TRACE, type Tracer } from '../../src/trace/trace.ts';

export const outside = (tracer: Tracer = NO_TRACE, wasm = true): Outside =>
  ({ choice: FIRST, tracer, transmit: () => {}, ...(wasm ? { wasm: nodeWasm } : {}) });

/** On 2 MiB, with at most so many iterations, on a host with so many processors. */
export function shortened(scenario: Scenario, iterations: number, cpus = scenario.machine.cpus): Scenario {
  const { program, machine } = scenario;
  if (program.kind !== 'built-in') return scenario;
  return {
    ...scenario, machine: { ...machine, memory: 2, cpus }, program: { ...program, iterations: Math.min(program.iterations, iterations) },
  };
}

export const runHosted = (scenario: Scenario, on: StrategyName, host: object = {}): Report =>
  new HostedRun(hostedOn(scenario, on, host), outside()).run();

/** The oracle: the same program on as many processors as the virtual machine has. */
export function runBare(scenario: HostedScenario): Report {
  return new World(onBareMetal(scenario), outside(), undefined, platformOf(scenario)).run();
}
