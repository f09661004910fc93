/**
 * The board: the one place that wires the parts to each other, and takes turns between its processors.
 *
 * Each processor has a clock of its own. They run one after the other, each up to the end of the same stretch of time,
 * so none is ever further ahead than one stretch; which stretch is on, and whose turn it is, is state like any other.
 */
import { assert } from '../base/assert.ts';
import type { Serializer, Stateful } from '../base/state.ts';
import type { System } from '../base/system.ts';
import type { Cycles } from '../base/units.ts';
import { Decoder } from '../x86/isa/decode.ts';
import { Variants, type VariantsOf } from '../x86/isa/variant.ts';
import type { PerfmonCaps } from '../x86/perfmon.ts';
import { type Attached, Board, type BoardEnd, type BoardKind } from './board/board.ts';
import { Blocks } from './cpu/blocks.ts';
import { lastLevel } from './cpu/cache.ts';
import { Cpu, type Stop } from './cpu/cpu.ts';
import { type Engine, Interpreter } from './cpu/interpreter.ts';
import { type Layout, layOut } from './cpu/layout.ts';
import type { TimingModel } from './cpu/timing.ts';
import { wasmEngine } from './cpu/wasm/engine.ts';
import type { InterruptMessage } from './ioapic/ioapic.ts';
import { DELIVERY, type Ipi, Lapic } from './lapic/lapic.ts';
import { lapicWindow } from './lapic/window.ts';
import { type DeviceMemory, Devices } from './memory/memory.ts';
import { type CpuModel, constantMsrs, cpuidOf } from './model.ts';
import type { Outside, Prepared } from './outside.ts';
import { Pmu } from './pmu/pmu.ts';

export interface MachineConfig {
  readonly cpus: number;
  /** Bytes of guest memory, from physical address 0 on; a multiple of 4096. */
  readonly memory: number;
  readonly model: CpuModel;
  readonly perfmon: PerfmonCaps;
  /** Instructions between an overflow and its PMI. */
  readonly skid: number;
  /** Delivery of a PMI masks LVTPC, as on Intel's processors. */
  readonly masksPmi: boolean;
  readonly timing: TimingModel;
  /** How many core cycles a processor runs before it is the next one's turn. */
  readonly quantum: number;
  /** What sits in the board's virtio slots; without it, it has none. */
  readonly attached?: Attached | undefined;
  /** Which devices there are; the reduced board when nobody says. */
  readonly board?: BoardKind;
  /** What the clocks show at first, in core cycles: 0 unless it is said. */
  readonly clock?: number;
}

/** The most memory that fits below the devices. */
export const MAX_MEMORY = 0xc000_0000;
export const MAX_CPUS = 8;
const WASM_PAGE = 0x1_0000;
/** The stretch of a machine of one processor. */
const ALONE = 1 << 20;

/** Why the machine came to rest. */
export type Outcome =
  | BoardEnd
  | { readonly kind: Exclude<Stop, 'time' | 'vm exit'>; readonly cpu: number };

/** Those of 64-bit mode, by who has numbered them, and those outside it: of all machines. */
const longVariants = new Map<Prepared | undefined, Variants>(), legacyVariants = new Variants(true);

function variantsFor(prepared: Prepared | undefined): VariantsOf {
  const long = longVariants.get(prepared) ?? new Variants(false, prepared?.variants);
  longVariants.set(prepared, long);
  return (wanted) => (wanted ? long : legacyVariants);
}

export class Machine implements System {
  readonly cpus: readonly Cpu[];
  readonly board: Board;
  /** The linear memory, in which guest memory begins at `layout.ram`. */
  readonly memory: ArrayBuffer;
  readonly layout: Layout;
  private readonly variantsOf: VariantsOf;
  private readonly blocks: Blocks;
  private readonly lastLevel = lastLevel();
  private readonly quantum: number;
  private turn = 0;
  private stretchEnd: number;
  private outcome: Outcome | undefined;

  constructor(config: MachineConfig, outside: Outside) {
    const { cpus, memory, model, perfmon, timing, quantum, clock = 0 } = config;
    assert(cpus >= 1 && cpus <= MAX_CPUS, `${cpus} processors`);
    assert(memory > 0 && memory <= MAX_MEMORY && memory % 0x1000 === 0, `${memory} bytes of memory`);
    // Invariant: no core cycle has more than one reference cycle, which is what a counter's headroom takes for granted.
    assert(model.tsc <= model.core, 'the time-stamp counter is no faster than the core');
    // One processor alone has nobody to wait for.
    this.quantum = cpus === 1 ? ALONE : quantum;
    this.stretchEnd = clock + this.quantum;
    this.layout = layOut(cpus, memory);
    // So much memory makes the host collect its garbage, which is quickest while there is little.
    const wasmMemory = outside.wasm?.memory(Math.ceil(this.layout.size / WASM_PAGE));
    this.memory = wasmMemory?.buffer ?? new ArrayBuffer(this.layout.size);
    this.variantsOf = variantsFor(outside.wasm?.prepared);
    this.blocks = new Blocks(this.memory, this.layout, new Decoder(model.features), this.variantsOf, timing);
    const devices = new Devices();
    this.board = new Board(devices, {
      transmit: (byte) => outside.transmit(byte),
      interrupt: (message) => this.deliver(message),
      seconds: () => Math.floor(this.cpus[this.turn]!.ticks() / model.tsc),
      ended: () => this.cpus[this.turn]!.pause(),
      memory: this.memoryFor(0, memory),
      ...(config.board === 'pc' ? { pc: { cpus, memory, hz: model.tsc, ticks: () => this.cpus[0]!.ticks(), requested: () => {} } } : {}),
    }, config.attached);

    const { ledger } = outside;
    this.cpus = Array.from({ length: cpus }, (_, id): Cpu => {
      const lapic = new Lapic({ id, bootstrap: id === 0, masksPmi: config.masksPmi, timerTicks: model.tsc / model.crystal }, {
        now: () => this.cpus[id]!.ticks(),
        send: (ipi) => this.send(id, ipi),
        endOfInterrupt: (vector, level) => {
          this.cpus[id]!.trace('lapic_eoi', vector);
          this.board.endOfInterrupt(vector, level);
        },
        timerFired: () => this.cpus[id]!.trace('lapic_timer'),
        external: id === 0 ? this.board.external : undefined,
      });
      const pmu = new Pmu({ caps: perfmon, skid: config.skid, vendor: model.vendor }, {
        overflow: (counter) => this.cpus[id]!.trace('pmu_overflow', counter, this.cpus[id]!.registers.rip),
        pmi: () => {
          const accepted = lapic.signal('perfmon');
          this.cpus[id]!.trace('pmu_pmi', accepted ? 1 : 0);
        },
      });
      return new Cpu({
        id, layout: this.layout, memory: this.memory, blocks: this.blocks, bus: devices.busOf(id), pmu, lapic, timing,
        cpuid: cpuidOf(model, perfmon, id, cpus), features: model.features, physicalBits: model.physicalBits,
        constantMsrs: constantMsrs(model),
        tscRatio: fraction(model.tsc, model.core), clock, tracer: outside.tracer, lastLevel: this.lastLevel,
        ledger,
      });
    });
    devices.add(lapicWindow((cpu) => this.cpus[cpu]!.lapic));
    const interpreter = this.interpreter();
    const engine = this.engine(outside, wasmMemory, interpreter);
    for (const cpu of this.cpus) cpu.attach(engine, interpreter);
  }

  private interpreter(): Engine {
    const { memory, layout, variantsOf, cpus } = this;
    return new Interpreter(memory, layout, variantsOf, new Map(cpus.map((cpu) => [cpu.base, cpu.evaluator])));
  }

  private engine({ wasm }: Outside, wasmMemory: unknown, interpreter: Engine): Engine {
    const { layout, cpus, variantsOf, blocks } = this;
    const processors = new Map(cpus.map((cpu) => [cpu.base, cpu]));
    return wasm === undefined
      ? interpreter : wasmEngine(wasm, wasmMemory, layout, variantsOf(true), processors, interpreter, blocks);
  }

  serialize(s: Serializer): void {
    this.turn = s.u8('turn', this.turn);
    this.stretchEnd = s.time('stretchEnd', this.stretchEnd);
    s.parts('cpu', this.cpus as readonly Stateful[]);
    s.part('llc', this.lastLevel);
    s.part('board', this.board);
    s.bytes('ram', new Uint8Array(this.memory, this.layout.ram, this.layout.ramSize));
    if (s.loading) {
      this.blocks.forgetAll();
      // A machine that was halted or has shut down finds that out again; one that has ended must not go on.
      this.outcome = this.board.end;
    }
  }

  /** Guest memory, to look at. What writes to it from outside is `poke`. */
  get ram(): Uint8Array {
    return new Uint8Array(this.memory, this.layout.ram, this.layout.ramSize);
  }

  /** Writes guest memory past the processors, as a loader, a debugger or a device does. */
  poke(address: number, bytes: Uint8Array): void {
    assert(address >= 0 && address + bytes.length <= this.layout.ramSize, `${bytes.length} bytes fit at ${address}`);
    const host = this.layout.ram + address;
    new Uint8Array(this.memory).set(bytes, host);
    for (let page = host & ~0xfff; page < host + bytes.length; page += 0x1000) {
      if (this.blocks.holdsCode(page)) this.blocks.forgetPage(page);
    }
  }

  /** A piece of guest memory, for devices to whom it is all that there is. */
  memoryFor(start: number, size: number): DeviceMemory {
    return {
      size,
      read: (address, length) => new Uint8Array(this.memory, this.layout.ram + start + address, length),
      write: (address, bytes) => this.poke(start + address, bytes),
    };
  }

  /** Something comes from outside for which a machine may be waiting that has halted. */
  wake(): void {
    if (this.outcome?.kind === 'halted') this.outcome = undefined;
  }

  /** What the machine came to; undefined while it runs. */
  get result(): Outcome | undefined {
    return this.outcome;
  }

  /** Runs one instruction of the processor whose turn it is. Returns false when the machine has come to rest. */
  step(): boolean {
    return this.go((cpu) => cpu.step(this.stretchEnd as Cycles));
  }

  /** Runs until it comes to rest, or until all clocks have reached `until`; by less than a stretch more. */
  run(until: Cycles): Outcome | undefined {
    while (this.cpus.some((cpu) => cpu.clock < until) && this.go((cpu) => cpu.run(this.stretchEnd as Cycles)));
    return this.outcome;
  }

  private go(run: (cpu: Cpu) => Stop): boolean {
    if (this.outcome !== undefined) return false;
    const cpu = this.cpus[this.turn]!;
    const stop = run(cpu);
    const { end } = this.board;
    if (end !== undefined) this.outcome = end;
    else if (stop !== 'time' && stop !== 'vm exit') this.outcome = { kind: stop, cpu: cpu.id };
    else if (this.cpus.every((each) => each.idle)) this.outcome = { kind: 'halted', cpu: cpu.id };
    if (this.outcome !== undefined) return false;
    if (cpu.clock >= this.stretchEnd) this.nextTurn();
    return true;
  }

  private nextTurn(): void {
    this.turn += 1;
    if (this.turn < this.cpus.length) return;
    this.turn = 0;
    this.stretchEnd += this.quantum;
  }

  /** A message of the I/O APIC. Limit: of those that would take one for whoever is least busy, the first takes it. */
  private deliver({ mode, vector, logical, destination, level }: InterruptMessage): void {
    const takers = this.cpus.filter(({ lapic }) => lapic.isDestination({ logical, destination, wide: false }));
    for (const { lapic } of mode === DELIVERY.lowest ? takers.slice(0, 1) : takers) lapic.accept(mode, vector, level);
  }

  private send(from: number, ipi: Ipi): void {
    this.cpus[from]!.trace('lapic_ipi', ipi.vector, ipi.mode);
    for (const { lapic, id } of this.cpus) {
      const chosen = ipi.shorthand === 'all' || (ipi.shorthand === 'self' && id === from) || (ipi.shorthand === 'others' && id !== from)
        || (ipi.shorthand === 'none' && lapic.isDestination(ipi));
      if (chosen) lapic.accept(ipi.mode, ipi.vector);
    }
  }
}

/** Two frequencies as the smallest fraction of the same value. */
function fraction(a: number, b: number): readonly [number, number] {
  const divisor = (x: number, y: number): number => (y === 0 ? x : divisor(y, x % y));
  const common = divisor(a, b);
  return [a / common, b / common];
}
