/**
 * What a VM exit and the re-entry behind it take of real time: a guest in which every iteration of a loop exits once, beside the same loop
 * on bare metal, where the instruction is microcode. Both are what the command line runs, with all that is counted for a report.
 */
import { FIRST } from '../src/base/choice.ts';
import type { Cycles } from '../src/base/units.ts';
import { nodeWasm } from '../src/cli/wasm.ts';
import { CONSTANTS } from '../src/guest/constants.ts';
import type { Image } from '../src/guest/image.ts';
import type { Outside } from '../src/hw/outside.ts';
import { PROGRAM } from '../src/lab/boot.ts';
import { HostedRun } from '../src/lab/hosted-run.ts';
import { type HostedScenario, parseScenario, type Scenario, type StrategyName } from '../src/lab/scenario.ts';
import { World } from '../src/lab/world.ts';
import { NO_TRACE } from '../src/trace/trace.ts';
import { assemble } from '../src/x86/isa/assemble.ts';
import { digits, numbers, type Section } from './section.ts';
import { inTurns, type Work } from './turns.ts';

const TURNS = 500;
/** Of each turn, on bare metal and in the guest: about a millisecond. */
const CYCLES = { bare: 40_000, hosted: 2_000_000 };

/** An instruction that exits, and what it needs. */
interface Body { readonly name: string; readonly source: string; readonly instructions: number }

const CPUID: Body = { name: 'CPUID', source: 'xor   eax, eax\n        cpuid', instructions: 2 };
/** As a driver arms a counter. */
const WRMSR: Body = {
  name: 'WRMSR of a counter', instructions: 4, source: `
        mov   ecx, IA32_PMC0
        mov   eax, -100000
        mov   edx, 0xffff
        wrmsr`,
};
const EXITS: readonly (readonly [body: Body, on: StrategyName])[] = [
  [CPUID, 'reuse'], [WRMSR, 'reuse'], [WRMSR, 'general'], [WRMSR, 'reallocate'],
];

interface ExitCost {
  readonly name: string;
  readonly on: StrategyName;
  /** Microseconds of an iteration on bare metal, and how many more it takes in the guest, for its exit. */
  readonly bare: number;
  readonly exit: number;
}

export function exits(): Section {
  const values = EXITS.map(([body, on]): ExitCost => {
    const [bare, hosted] = inTurns(TURNS, [onBareMetal(body), inGuest(body, on)]) as [number, number];
    return { name: body.name, on, bare, exit: hosted - bare };
  });
  const rows = values.map(({ name, on, bare, exit }) => [`${name}, on '${on}'`, digits(bare, 2), digits(exit, 2)]);
  return { values, lines: numbers(['microseconds of real time', 'on bare metal', 'more for exit and entry'], rows) };
}

const outside: Outside = { choice: FIRST, tracer: NO_TRACE, transmit: () => {}, wasm: nodeWasm };

const scenarioOf = (host: object): Scenario =>
  parseScenario({ name: 'exits', machine: { memory: 2 }, program: { kind: 'image', file: 'loop' }, ...host });

function onBareMetal(body: Body): Work {
  const cpu = new World(scenarioOf({}), outside, endless(body)).machine.cpus[0]!;
  return () => {
    const before = cpu.instructions;
    cpu.run(cpu.clock + CYCLES.bare as Cycles);
    return (cpu.instructions - before) / (body.instructions + 1);
  };
}

function inGuest(body: Body, on: StrategyName): Work {
  const { world } = new HostedRun(scenarioOf({ host: { on } }) as HostedScenario, outside, endless(body));
  const made = (): number => world.vcpus[0]!.exits.reduce((sum, count) => sum + count, 0);
  return () => {
    const before = made();
    world.run(world.clock + CYCLES.hosted as Cycles);
    return made() - before;
  };
}

function endless({ source }: Body): Image {
  const { bytes, labels, listing } = assemble(`start:  ${source}\n        jmp   start`, BigInt(PROGRAM), CONSTANTS);
  return {
    name: 'loop', entry: labels.get('start')!, mode: '64-bit', symbols: labels, listing,
    segments: [{ at: PROGRAM, bytes, size: bytes.length }],
  };
}
