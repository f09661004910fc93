/** Everything under study, wired: a machine with a program in it, and what came of the run. */
import { assert } from '../base/assert.ts';
import { hash } from '../base/hash.ts';
import type { Serializer } from '../base/state.ts';
import type { System } from '../base/system.ts';
import type { Cycles } from '../base/units.ts';
import { type Image, ImageError } from '../guest/image.ts';
import { buildProgram, type ProgramReport, readReport } from '../guest/programs.ts';
import { TIMING_MODELS } from '../hw/cpu/timing.ts';
import { MAX_MEMORY, Machine, type Outcome } from '../hw/machine.ts';
import { GENERIC, GENERIC_AMD } from '../hw/model.ts';
import type { Outside } from '../hw/outside.ts';
import { Tally } from '../trace/tally.ts';
import { boot, PROGRAM } from './boot.ts';
import type { Scenario } from './scenario.ts';

const MIB = 1 << 20;
/** So much of what the serial port sends is kept for the report. */
const CONSOLE = 1 << 20;

/** Plain JSON-able data: what the command line prints and tests compare. */
export interface Report {
  readonly scenario: string;
  /** Undefined: the cycles of the scenario were used up. */
  readonly outcome: Outcome | { readonly kind: 'limit' };
  readonly cpus: readonly CpuReport[];
  /** What the serial port has sent: the first MiB of it, and how much it was in all. */
  readonly console: string;
  readonly consoleBytes: number;
  /** Of all state at the end: the same in every run. */
  readonly hash: string;
}

export interface CpuReport {
  readonly cycles: number;
  readonly instructions: number;
  /** Counters that have wrapped, PMIs that the local APIC took, and PMIs that met a masked LVTPC. */
  readonly overflows: number;
  readonly pmis: number;
  readonly pmisLost: number;
  readonly nmis: number;
  readonly interrupts: number;
  /** By vector. */
  readonly exceptions: Readonly<Record<string, number>>;
  /** Accesses of the performance-monitoring registers and others: what a hypervisor would have to trap. */
  readonly rdmsr: number;
  readonly wrmsr: number;
  readonly rdpmc: number;
  /** What the program's own perf core has found out; absent for an image. */
  readonly program?: ProgramReport;
}

export class World implements System {
  readonly machine: Machine;
  readonly image: Image;
  readonly scenario: Scenario;
  private readonly tally: Tally;
  private console = '';
  private transmitted = 0;

  /** `image` is the program of a scenario that names a file. Throws an ImageError when the program does not fit. */
  constructor(scenario: Scenario, outside: Outside, image?: Image) {
    const { memory, timing, vendor, ...machine } = scenario.machine;
    const amd = vendor === 'amd';
    this.scenario = scenario;
    this.image = imageOf(scenario, image);
    this.tally = new Tally(outside.tracer);
    this.machine = new Machine(
      {
        ...machine, memory: memory * MIB, model: amd ? GENERIC_AMD : GENERIC, masksPmi: machine.masksPmi && !amd,
        timing: TIMING_MODELS.find(({ name }) => name === timing)!,
      },
      {
        ...outside, tracer: this.tally,
        transmit: (byte) => {
          this.transmitted += 1;
          if (this.console.length < CONSOLE) this.console += String.fromCharCode(byte);
          outside.transmit(byte);
        },
      },
    );
    this.load();
  }

  private load(): void {
    const { machine, image } = this;
    if (image.mode !== '64-bit') {
      throw new ImageError(`${image.name} is a multiboot image: it starts in 32-bit protected mode, which this machine does not have yet; `
        + 'a 64-bit ELF executable without a multiboot header is started in 64-bit mode');
    }
    for (const { at, bytes, size } of image.segments) {
      const end = at + size;
      if (at < PROGRAM) {
        throw new ImageError(`${image.name} wants address 0x${at.toString(16)}, where the boot loader is; `
          + `link it to 0x${PROGRAM.toString(16)} or above`);
      }
      if (end > machine.layout.ramSize) {
        throw new ImageError(`${image.name} ends at 0x${end.toString(16)}, but the machine has ${machine.layout.ramSize / MIB} MiB; `
          + `a scenario's machine.memory sets up to ${MAX_MEMORY / MIB}`);
      }
      machine.poke(at, bytes);
    }
    boot(machine, image.entry);
  }

  serialize(s: Serializer): void {
    this.machine.serialize(s);
  }

  step(): boolean {
    return this.machine.step();
  }

  /** Runs to the end, or to the limit of the scenario. */
  run(): Report {
    this.machine.run(this.scenario.limit as Cycles);
    return this.report();
  }

  report(): Report {
    const { machine, scenario } = this;
    return {
      scenario: scenario.name, outcome: machine.result ?? { kind: 'limit' },
      cpus: machine.cpus.map((_, id) => this.cpuReport(id)), console: this.console, consoleBytes: this.transmitted,
      hash: hash(machine),
    };
  }

  private cpuReport(id: number): CpuReport {
    const { machine, tally, image, scenario } = this;
    const { clock, instructions } = machine.cpus[id]!;
    const exceptions = Object.fromEntries([...tally.exceptions(id)].map(([vector, count]) => [vector.toString(), count]));
    const pmis = tally.count('pmu_pmi', id);
    const lost = tally.lostPmis(id);
    return {
      cycles: clock, instructions, overflows: tally.count('pmu_overflow', id), pmis: pmis - lost, pmisLost: lost,
      nmis: tally.count('nmi_entry', id), interrupts: tally.count('interrupt_entry', id), exceptions,
      rdmsr: tally.count('read_msr', id), wrmsr: tally.count('write_msr', id), rdpmc: tally.count('rdpmc', id),
      ...(scenario.program.kind === 'built-in' ? { program: readReport(image, machine.ram, id) } : {}),
    };
  }
}

/** The program: assembled here, or the file that the scenario names. */
function imageOf({ name, machine, program }: Scenario, image: Image | undefined): Image {
  if (program.kind === 'built-in' && machine.vendor !== 'intel') {
    throw new ImageError(`the built-in programs know Intel's counters only: machine.vendor is "${machine.vendor}" and must be "intel"`);
  }
  if (program.kind === 'built-in') return buildProgram(name, program, machine);
  assert(image !== undefined, 'whoever runs a scenario with an image has read its file');
  return image;
}

/** Whether the experiment went as it should: the program ended, and with 0. */
export const succeeded = ({ outcome }: Report): boolean => outcome.kind === 'exit' && outcome.code === 0;
