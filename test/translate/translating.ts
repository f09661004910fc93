/** Machines that translate what they run, beside one that interprets it: all must come to the same state at the same time. */
import assert from 'node:assert/strict';
import { FIRST } from '../../src/base/choice.ts';
import { hash } from '../../src/base/hash.ts';
import type { Cycles } from '../../src/base/units.ts';
import { nodeWasm } from '../../src/cli/wasm.ts';
import { CONSTANTS } from '../../src/guest/constants.ts';
import { CLASS_TIMING, type TimingModel } from '../../src/hw/cpu/timing.ts';
import { Machine } from '../../src/hw/machine.ts';
import { GENERIC } from '../../src/hw/model.ts';
import type { Translating, WasmHost } from '../../src/hw/outside.ts';
import { boot, PROGRAM } from '../../src/lab/boot.ts';
import { perfmonShape } from '../../src/lab/scenario.ts';
import { NO_TRACE } from '../../src/trace/trace.ts';
import { assemble } from '../../src/x86/isa/assemble.ts';

/** A host whose machines translate, or not; and how many modules they have had compiled. */
export class Host implements WasmHost {
  readonly translating?: Translating;
  compiled = 0;
  /** The module that was compiled last. */
  last = new Uint8Array();

  constructor(translating?: Translating) {
    if (translating !== undefined) this.translating = translating;
  }

  memory(pages: number): ReturnType<WasmHost['memory']> {
    return nodeWasm.memory(pages);
  }

  compile(bytes: Uint8Array): unknown {
    this.compiled += 1;
    this.last = Uint8Array.from(bytes);
    return nodeWasm.compile(bytes);
  }

  instantiate(module: unknown, imports: Readonly<Record<string, unknown>>): ReturnType<WasmHost['instantiate']> {
    return nodeWasm.instantiate(module, imports);
  }
}

/** At once, and with hardly any room; a little later, in pieces and several at a time; and with room for everything. */
export const WAYS: readonly Translating[] = [
  { after: 1, most: 2, length: 5, exits: 1 }, { after: 16, most: 40, length: 30, exits: 7 },
  { after: 2, most: 1000, length: 500, exits: 3 },
];

export function machineOf(source: string, wasm: WasmHost | undefined, { cpus = 1, timing = CLASS_TIMING }: MachineOptions = {}): Machine {
  const machine = new Machine(
    {
      cpus, memory: 8 << 20, model: GENERIC, perfmon: perfmonShape.check({}, '$'), skid: 0, masksPmi: true, timing,
      quantum: 1000,
    },
    { choice: FIRST, tracer: NO_TRACE, transmit: () => {}, ...(wasm && { wasm }) },
  );
  machine.poke(PROGRAM, assemble(`${source}\n        out   EXIT_PORT, al\n        hlt`, BigInt(PROGRAM), CONSTANTS).bytes);
  boot(machine, { entry: BigInt(PROGRAM) });
  return machine;
}

interface MachineOptions {
  readonly cpus?: number;
  readonly timing?: TimingModel;
  /** What interprets is without WebAssembly. */
  readonly without?: boolean;
}

/** A machine that has run a program to its end. */
export function ran(program: string, host: Host): Machine {
  const machine = machineOf(program, host);
  for (const [cpu] = machine.cpus; machine.board.end === undefined;) cpu!.run(cpu!.clock + 10_000 as Cycles);
  return machine;
}

/** More cycles than any of these programs needs. */
const LIMIT = 4_000_000;

/**
 * Runs a program in every way, and looks at clocks and registers every so many cycles, and at the whole machines at the end. Returns the
 * one that interpreted, and how many modules each of the others has had compiled.
 */
export function runTranslated(source: string, every: number, options: MachineOptions = {}): TranslatedRun {
  const machine = machineOf(source, options.without ? undefined : new Host(), options);
  const hosts = WAYS.map((way) => new Host(way));
  const others = hosts.map((host) => machineOf(source, host, options));
  let until = 0;
  const compare = (what: (each: Machine) => unknown): void => {
    const wanted = what(machine);
    for (const [i, other] of others.entries()) assert.deepEqual(what(other), wanted, `${JSON.stringify(WAYS[i])} at ${until}`);
  };
  while (machine.board.end === undefined) {
    assert.ok(until < LIMIT, 'the program ends');
    until += every;
    for (const each of [machine, ...others]) {
      // A machine of one processor would go on to the end of a long stretch.
      if (each.cpus.length === 1) each.cpus[0]!.run(until as Cycles);
      else each.run(until as Cycles);
    }
    compare(({ cpus }) => cpus.map(({ clock, instructions, registers }) => [clock, instructions, hash(registers)]));
  }
  compare(hash);
  return { machine, modules: hosts.map(({ compiled }) => compiled) };
}

interface TranslatedRun { readonly machine: Machine; readonly modules: readonly number[] }

/** What a program left in a general register. */
export const left = (machine: Machine, register: number): bigint => machine.cpus[0]!.registers.gpr(register);
