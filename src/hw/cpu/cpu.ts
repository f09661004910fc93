/**
 * A logical processor: it runs instructions, takes interrupts between them, and keeps time.
 *
 *     run --> events (NMI, interrupt, INIT) --> slice: the interpreter runs until its budget is used up
 *               ^                                 |      or an instruction wants something
 *               '------------ fold: time and counts, at the mode they were gathered in
 *
 * The budget is in cycles, and is the shortest of: what was asked for, the next timer, and how far the performance
 * counters let it run. So whatever depends on time or on a count happens between the same two instructions in every run,
 * whether the processor is stepped or run.
 */
import { assert } from '../../base/assert.ts';
import { NEVER, type Serializer, type Stateful } from '../../base/state.ts';
import type { Cycles } from '../../base/units.ts';
import type { TracepointName, Tracer } from '../../trace/trace.ts';
import type { Cpuid } from '../../x86/cpuid.ts';
import type { EventCounts } from '../../x86/event.ts';
import { DB, NMI, type Vector } from '../../x86/fault.ts';
import { IF, RF, TF } from '../../x86/flags.ts';
import type { Feature } from '../../x86/isa/define.ts';
import { CS } from '../../x86/registers.ts';
import type { Lapic } from '../lapic/lapic.ts';
import type { Bus } from '../memory/memory.ts';
import type { Pmu } from '../pmu/pmu.ts';
import { VmExit } from '../vmx/vmx.ts';
import { Books } from './books.ts';
import { Breakpoints, DR6_BS } from './breakpoints.ts';
import { Clock } from './clock.ts';
import { Completion } from './completion.ts';
import { Descriptors } from './descriptors.ts';
import { Evaluator } from './evaluate.ts';
import type { Event } from './event.ts';
import { enter } from './exceptions.ts';
import type { Engine } from './interpreter.ts';
import { LEARNED_START } from './layout.ts';
import { LinearMemory } from './memory.ts';
import { deliverIn, eventExit, intercepted } from './nonroot.ts';
import { Observation } from './observation.ts';
import type { CpuParts } from './parts.ts';
import { type NonRoot, type Processor, SHUTDOWNS, type Shutdown } from './processor.ts';
import { Registers } from './registers.ts';
import { Segmentation } from './segmentation.ts';
import { takeInit, takeStartUp } from './start.ts';
import type { TimingModel } from './timing.ts';
import { TlbState } from './tlb-state.ts';

/** The longest budget: the counts of a slice must fit their bits. */
const MAX_SLICE = 1 << 20;

/** Why `run` came back: the time is up, it waits for an interrupt that nothing announces, the guest exited, or it stopped for good. */
export type Stop = 'time' | 'halted' | 'vm exit' | Shutdown;

export class Cpu implements Processor, Stateful {
  readonly id: number;
  readonly registers: Registers;
  readonly memory: LinearMemory;
  readonly descriptors: Descriptors;
  readonly segmentation: Segmentation;
  readonly breakpoints: Breakpoints;
  readonly evaluator: Evaluator;
  readonly observation: Observation;
  readonly bus: Bus;
  readonly pmu: Pmu;
  readonly lapic: Lapic;
  readonly cpuid: Cpuid;
  readonly constantMsrs: ReadonlyMap<number, bigint>;
  readonly features: ReadonlySet<Feature>;
  /** Where its block of the linear memory is. */
  readonly base: number;
  private readonly timing: TimingModel;
  private readonly time: Clock;
  private readonly tracer: Tracer;
  private readonly tlbState: TlbState;
  readonly books: Books;
  private readonly completion: Completion;

  shadow = false;
  repeating = false;
  nmiBlocked = false;
  halted = false;
  /** After INIT, until a SIPI says where to start. */
  waiting = false;
  /** The guest that runs here; undefined in root mode, and on a machine without a host. */
  nonRoot: NonRoot | undefined;
  afterExit = 0n;
  private exit: VmExit | undefined;
  private stopped: Shutdown | undefined;
  private paused = false;

  constructor(parts: CpuParts) {
    const { id, layout, memory, bus, blocks, physicalBits } = parts;
    this.id = id;
    this.base = layout.cpus[id]!;
    this.bus = intercepted(bus, () => this.nonRoot);
    this.pmu = parts.pmu;
    this.lapic = parts.lapic;
    this.cpuid = parts.cpuid;
    this.constantMsrs = parts.constantMsrs;
    this.features = parts.features;
    this.timing = parts.timing;
    this.tracer = parts.tracer;
    this.registers = new Registers(memory, this.base);
    this.registers.random = BigInt(id);
    this.memory = new LinearMemory(memory, this.base, layout, this.bus, blocks, physicalBits);
    this.time = new Clock(parts.tscRatio, parts.clock, this.memory.view, this.base);
    this.descriptors = new Descriptors(this.registers, this.memory);
    this.breakpoints = new Breakpoints(this.registers);
    this.observation = new Observation(parts.lastLevel, parts.timing, (cycles) => {
      this.time.left -= cycles;
    }, { buffer: memory, at: this.base + LEARNED_START });
    this.segmentation = new Segmentation(this.memory.view, this.base, this.registers.mode);
    this.evaluator = new Evaluator(this.memory, this.observation, this.segmentation, this.base);
    this.tlbState = new TlbState(memory, this.base, layout.ram);
    this.books = new Books(this.memory.view, this.base, this.pmu, this.observation, parts);
    this.completion = new Completion(this, this.base, blocks, this.evaluator, this.books, parts.tracer);
    blocks.listen((host, holdsCode) => this.memory.tlb.markCode(host, holdsCode));
    this.memory.chooseMode();
  }

  /** The interpreters that run this processor, the second one while accesses are watched. They are made when all processors exist. */
  attach(engine: Engine, watching: Engine): void {
    this.completion.attach(engine, watching);
  }

  serialize(s: Serializer): void {
    assert(this.time.passed === 0, 'time is folded between two steps');
    s.part('registers', this.registers);
    s.part('tlb', this.tlbState);
    s.part('breakpoints', this.breakpoints);
    this.time.folded = s.time('clock', this.time.folded);
    this.books.instructions = s.count('instructions', this.books.instructions);
    this.tscAdjust = BigInt(s.u32('tscAdjust.low', Number(BigInt.asUintN(32, this.tscAdjust))))
      | (BigInt(s.u32('tscAdjust.high', Number(this.tscAdjust >> 32n))) << 32n);
    this.shadow = s.flag('shadow', this.shadow);
    this.repeating = s.flag('repeating', this.repeating);
    this.nmiBlocked = s.flag('nmiBlocked', this.nmiBlocked);
    this.halted = s.flag('halted', this.halted);
    this.waiting = s.flag('waiting', this.waiting);
    this.stopped = SHUTDOWNS[s.u8('stopped', SHUTDOWNS.indexOf(this.stopped))];
    s.part('pmu', this.pmu);
    s.part('lapic', this.lapic);
    s.part('observation', this.observation);
    if (s.loading) this.memory.loaded();
  }

  // Time.

  /** Core cycles since power-on. */
  get clock(): Cycles {
    return this.time.now as Cycles;
  }

  /** Instructions retired since power-on. */
  get instructions(): number {
    return this.books.instructions;
  }

  ticks(): number {
    return this.time.ticks;
  }

  cyclesUntil(ticks: number): number {
    return this.time.until(ticks);
  }

  get tscAdjust(): bigint {
    return this.time.adjust;
  }

  set tscAdjust(value: bigint) {
    this.time.adjust = value;
  }

  // Running.

  /** Runs until its clock reaches `until`, or longer by part of an instruction. */
  run(until: Cycles): Stop {
    this.paused = false;
    while (this.clock < until && !this.paused) {
      const stop = this.advance(until - this.clock);
      if (stop !== undefined) return stop;
    }
    return 'time';
  }

  /** Makes `run` come back after the present instruction. */
  pause(): void {
    this.paused = true;
  }

  /** Runs one instruction, or one iteration of a repeated one, or takes one interrupt; halted, waits for `until`. */
  step(until: Cycles): Stop {
    return this.advance(this.halted || this.waiting ? until - this.clock : 1) ?? 'time';
  }

  /** Goes on for at most `cycles`, to the next point at which something may happen. */
  private advance(cycles: number): Stop | undefined {
    if (this.stopped) return this.stopped;
    this.lapic.advance();
    this.exit = this.nonRoot === undefined ? undefined : eventExit(this, this.nonRoot);
    if (this.exit !== undefined) return 'vm exit';
    const held = this.shadow;
    this.shadow = false;
    if (!held && this.nonRoot === undefined && this.takeEvent()) {
      this.fold();
      return this.stopped;
    }
    if (this.halted || this.waiting) return this.wait(cycles);
    const stepping = held || (this.registers.system & TF) !== 0 || this.breakpoints.armed;
    this.slice(stepping ? 1 : this.completion.untilResumed(cycles));
    return this.exit === undefined ? this.stopped : 'vm exit';
  }

  /** Halted: time passes to the next timer, and no instruction. */
  private wait(cycles: number): Stop | undefined {
    const passed = Math.min(cycles, this.cyclesUntil(this.lapic.deadline()));
    if (passed === Number.POSITIVE_INFINITY) return 'halted';
    this.time.folded += Math.max(1, passed);
    return undefined;
  }

  /** Halted, with no timer that could wake it: only another processor or a device can. */
  get idle(): boolean {
    const { lapic } = this;
    if (this.waiting) return !lapic.initPending && lapic.startupVector === NEVER;
    const wakes = lapic.initPending || (lapic.nmiPending && !this.nmiBlocked)
      || (lapic.requested && (this.registers.system & IF) !== 0);
    return this.halted && !wakes && lapic.deadline() === NEVER;
  }

  /** Runs instructions until the budget is used up, or one has done what may change what comes next. */
  private slice(cycles: number): void {
    this.time.begin(Math.min(cycles, MAX_SLICE, Math.max(1, this.untilTimer), this.pmu.headroom(this.registers.cpl !== 0)));
    const single = (this.registers.system & TF) !== 0;
    // Between two iterations of a string instruction, too, no breakpoint of its own is met again.
    const resume = (this.registers.system & RF) !== 0 || this.repeating;
    this.repeating = false;
    const done = this.completion.run(resume);
    if (typeof done === 'boolean') {
      // POPF may have changed EFLAGS.AC.
      this.chooseMode();
      if (resume && !this.repeating) this.registers.system &= ~RF;
    } else {
      this.observation.drop();
      this.breakpoints.met = 0;
      if (done instanceof VmExit) this.exit = done;
      else this.deliver({ vector: done.vector, kind: 'fault', code: done.code });
    }
    const trap = done === true && single;
    // A load of SS holds off the trap too, until the next instruction is done.
    if ((trap || this.breakpoints.met !== 0) && !this.shadow) {
      this.breakpoints.report(this.breakpoints.met, trap ? DR6_BS : 0n);
      this.deliver({ vector: DB, kind: 'trap' });
    }
    this.fold();
  }

  /** Core cycles until a timer is due; not above 0 when it is. */
  private get untilTimer(): number {
    const own = this.cyclesUntil(this.lapic.deadline()), { nonRoot } = this;
    return nonRoot === undefined ? own : Math.min(own, this.cyclesUntil(nonRoot.vmcs.preemptionDeadline));
  }

  rebound(byDevice = false): boolean {
    if (byDevice && this.untilTimer >= this.time.left) return !this.paused;
    if (this.time.passed !== 0) this.fold();
    const timer = this.untilTimer;
    if (timer <= 0 || this.paused || this.books.observed !== this.evaluator.observed) return false;
    this.time.begin(Math.min(this.time.left, timer, this.pmu.headroom(this.registers.cpl !== 0)));
    return true;
  }

  codeAddress(): bigint {
    const { rip, mode } = this.registers;
    return mode.legacy ? BigInt.asUintN(32, this.registers.segmentBase(CS) + rip) : rip;
  }

  // Interrupts.

  /** Takes the most urgent event that the processor is ready for. */
  private takeEvent(): boolean {
    const { lapic } = this;
    if (lapic.initPending) {
      this.wake();
      return takeInit(this);
    }
    if (this.waiting) return takeStartUp(this);
    // A SIPI to a processor that does not wait for one does nothing.
    lapic.startupVector = NEVER;
    if (lapic.nmiPending && !this.nmiBlocked) {
      lapic.nmiPending = false;
      this.wake();
      this.trace('nmi_entry', this.registers.rip);
      this.deliver({ vector: NMI, kind: 'interrupt' });
      return true;
    }
    if ((this.registers.system & IF) === 0 || !lapic.requested) return false;
    const vector = lapic.acknowledge() as Vector;
    this.wake();
    this.trace('interrupt_entry', vector, this.registers.rip);
    this.deliver({ vector, kind: 'interrupt' });
    return true;
  }

  get apic(): Lapic {
    return this.nonRoot?.virtual.lapic ?? this.lapic;
  }

  /** Time passes and instructions retire in root mode. */
  spend(cycles: number, instructions: number): void {
    const ticks = this.time.ticksIn(cycles);
    this.time.folded += cycles;
    this.books.spend(cycles, ticks, instructions);
  }

  /** Time passes in root mode while the processor is halted: no core cycle is counted. */
  spendHalted(cycles: number): void {
    this.time.folded += cycles;
  }

  /** The exit that made `run` come back. */
  get lastExit(): VmExit | undefined {
    return this.exit;
  }

  /** Delivers what VM entry injects, before the guest's first instruction. */
  inject(event: Event): void {
    this.exit = undefined;
    this.wake();
    if (event.vector === NMI) this.trace('nmi_entry', this.registers.rip);
    else if (event.kind === 'interrupt') this.trace('interrupt_entry', event.vector, this.registers.rip);
    this.deliver(event);
    this.fold();
  }

  /** Does one instruction for the guest as an emulator does: it takes no time here, and hardware counts nothing of it. */
  emulate(): void {
    const { nonRoot } = this;
    const { folded } = this.time;
    assert(nonRoot !== undefined, 'there is a guest to emulate for');
    this.exit = undefined;
    this.books.emulated.fill(0);
    nonRoot.emulating = true;
    this.books.unseen = true;
    this.slice(1);
    this.books.unseen = false;
    nonRoot.emulating = false;
    this.time.folded = folded;
  }

  get emulated(): EventCounts {
    return this.books.emulated;
  }

  private wake(): void {
    if (this.halted) this.trace('cpu_wake');
    this.halted = false;
  }

  private deliver(event: Event): void {
    if (event.vector === DB) this.breakpoints.entered();
    if (event.kind !== 'interrupt') this.trace('exception_entry', event.vector, event.code ?? 0, this.registers.rip);
    if (deliverIn(this, event) === 'triple fault') {
      if (this.nonRoot === undefined) this.stop('triple fault');
      else this.exit = new VmExit('TRIPLE_FAULT');
    }
    this.time.left -= this.timing.cycles.interrupt;
  }

  softwareInterrupt(vector: number, checkDpl: boolean): void {
    enter(this, { vector: vector as Vector, kind: checkDpl ? 'software' : 'privileged software' });
  }

  stop(why: Shutdown): void {
    this.stopped = why;
    this.trace('cpu_stop');
  }

  setCpl(cpl: number): void {
    if (cpl === this.registers.cpl) return;
    this.fold();
    this.registers.cpl = cpl;
  }

  chooseMode(): void {
    this.registers.mode.derive();
    this.memory.chooseMode();
  }

  trace(name: TracepointName, ...values: (number | bigint)[]): void {
    if (this.tracer.on) this.tracer.emit(name, this.id, this.clock, ...values);
  }

  fold(): void {
    const { passed } = this.time;
    this.books.fold(passed, this.time.fold(), this.registers.cpl !== 0);
  }
}
