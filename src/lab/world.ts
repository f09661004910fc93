/** Everything under study, wired: a machine with a program in it, and what came of the run. */
import { hash } from '../base/hash.ts';
import type { Serializer } from '../base/state.ts';
import type { System } from '../base/system.ts';
import type { Cycles } from '../base/units.ts';
import { type Image, isLinux, type Loaded, loaded } from '../guest/image.ts';
import { readReport } from '../guest/programs.ts';
import { type Board, NOTHING_ATTACHED } from '../hw/board/board.ts';
import { Machine } from '../hw/machine.ts';
import type { Outside } from '../hw/outside.ts';
import type { Serial } from '../hw/serial/serial.ts';
import { Tally } from '../trace/tally.ts';
import { boot, bootProtected, handoverOf } from './boot.ts';
import { Console, TYPING } from './console.ts';
import { boardOf, masksPmi, type Platform, platformOf } from './platform.ts';
import { programOf } from './program.ts';
import type { CpuReport, Report } from './report.ts';
import type { Scenario } from './scenario.ts';

const MIB = 1 << 20;

export class World implements System {
  readonly machine: Machine;
  readonly image: Loaded;
  readonly scenario: Scenario;
  private readonly tally: Tally;
  private readonly console: Console;

  /** `image` is the program of a scenario that names a file. Throws an ImageError when the program does not fit. */
  constructor(scenario: Scenario, outside: Outside, image?: Image, platform: Platform = platformOf(scenario)) {
    const { memory, vendor: _vendor, cpu: _cpu, board: _board, ...machine } = scenario.machine;
    this.scenario = scenario;
    const program = programOf(scenario, image, platform);
    this.image = loaded(program);
    this.tally = new Tally(outside.tracer);
    this.console = new Console(outside);
    this.machine = new Machine(
      {
        ...machine, ...platform, memory: memory * MIB, masksPmi: masksPmi(scenario), board: boardOf(scenario, this.image),
        attached: isLinux(this.image) ? outside.attached ?? NOTHING_ATTACHED : undefined,
      },
      { ...outside, tracer: this.tally, transmit: this.console.transmit },
    );
    this.load(program);
  }

  private load(image: Image): void {
    const { machine } = this;
    for (const { at, bytes } of image.segments) machine.poke(at, bytes);
    const handover = handoverOf(image, machine.layout.ramSize, (at, bytes) => machine.poke(at, bytes));
    if (handover !== undefined) bootProtected(machine, image.entry, handover);
    else boot(machine, image);
    if (machine.board.external !== undefined) machine.cpus[0]!.lapic.setVirtualWire();
  }

  serialize(s: Serializer): void {
    this.machine.serialize(s);
  }

  step(): boolean {
    return this.machine.step();
  }

  /** Runs to the end, or to the limit of the scenario. */
  run(): Report {
    this.advance(this.scenario.limit as Cycles);
    return this.report();
  }

  /** Runs to the end, or until the clocks have reached `until`. True when it has ended. */
  advance(until: Cycles): boolean {
    const { machine } = this;
    const { serial } = machine.board;
    while (this.console.waiting && this.clock < until && this.takes(serial)) {
      this.console.give(serial);
      machine.wake();
      machine.run(Math.min(until, this.clock + TYPING) as Cycles);
    }
    return machine.run(until) !== undefined;
  }

  /** Somebody types at the console. */
  type(bytes: Uint8Array): void {
    this.console.type(bytes);
  }

  /** The machine runs, or has halted and may be woken by what is typed. */
  private takes({ room }: Serial): boolean {
    const { result } = this.machine;
    return result === undefined || (result.kind === 'halted' && room > 0);
  }

  get board(): Board {
    return this.machine.board;
  }

  /** Of the processor that is furthest behind. */
  private get clock(): number {
    return Math.min(...this.machine.cpus.map(({ clock }) => clock));
  }

  /** What it has come to; "limit" while it runs. */
  get outcome(): Report['outcome'] {
    return this.machine.result ?? { kind: 'limit' };
  }

  report(): Report {
    const { machine, scenario } = this;
    return {
      scenario: scenario.name, outcome: this.outcome,
      cpus: this.cpuReports, console: this.console.text, consoleBytes: this.console.bytes,
      hash: hash(machine),
    };
  }

  /** The processors so far. */
  get cpuReports(): CpuReport[] {
    return this.machine.cpus.map((_, id) => this.cpuReport(id));
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
