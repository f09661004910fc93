/**
 * Instructions that the interpreter hands back: those with a routine of their own, those that fault or reach a device, two
 * pages or a page of code, and those that lie on two pages themselves.
 *
 * Each method does one instruction, and throws a GuestFault when it did not happen.
 */
import type { Tracer } from '../../trace/trace.ts';
import { DB, GP, UD } from '../../x86/fault.ts';
import { RF, TF } from '../../x86/flags.ts';
import type { Decoded, NotDecoded } from '../../x86/isa/decode.ts';
import type { Counts } from '../../x86/isa/traits.ts';
import { CS, RCX } from '../../x86/registers.ts';
import { VmExit } from '../vmx/vmx.ts';
import { type Blocks, FETCH_LENGTH } from './blocks.ts';
import type { Books } from './books.ts';
import type { Evaluator } from './evaluate.ts';
import { FETCH, GuestFault } from './guest-fault.ts';
import type { ByMicroOps, ByRoutine } from './how-to-do.ts';
import type { Engine } from './interpreter.ts';
import { BLOCK_BYTES, CPU, HANDLER, RECORD, STATUS, type Status } from './layout.ts';
import { highOf, lowOf } from './memory.ts';
import { nothingWaits } from './microcode/events.ts';
import { moveQuickly } from './plain-move.ts';
import { PresentOperation } from './present-operation.ts';
import type { Processor } from './processor.ts';
import { Ready } from './ready.ts';

/** Whether a single-step trap may follow; or the exit that the last instruction made. */
type Completed = boolean | VmExit;
/** Undefined when the interpreter may go on, because the slice is not over. */
type Served = Completed | undefined;

/** After these none does: they have entered a handler that TF was cleared for. */
const NO_TRAP: ReadonlySet<string> = new Set(['INT', 'INT3', 'INT1', 'INTO', 'SYSCALL']);
/** INTO without an overflow has entered none, and TF is what it was. */
const enteredHandler = (mnemonic: string, system: number): boolean =>
  NO_TRAP.has(mnemonic) && (mnemonic !== 'INTO' || (system & TF) === 0);

export class Completion {
  private readonly cpu: Processor;
  private readonly base: number;
  private readonly view: DataView;
  private readonly blocks: Blocks;
  private readonly evaluator: Evaluator;
  private readonly books: Books;
  private readonly ready: Ready;
  private readonly operation: PresentOperation;
  /** RIP when the present routine began: in two words, because every instruction with one comes by here. */
  private start = 0;
  private startHigh = 0;
  private engines: { readonly plain: Engine; readonly watching: Engine } | undefined;

  constructor(cpu: Processor, base: number, blocks: Blocks, evaluator: Evaluator, books: Books, tracer: Tracer) {
    this.cpu = cpu;
    this.base = base;
    this.view = cpu.memory.view;
    this.blocks = blocks;
    this.evaluator = evaluator;
    this.books = books;
    this.ready = new Ready(cpu, base, tracer);
    this.operation = new PresentOperation(this.view, evaluator);
  }

  attach(plain: Engine, watching: Engine): void {
    this.engines = { plain, watching };
  }

  /**
   * Runs an interpreter, and gives it what it asks for; with `resume` the first instruction meets no breakpoint of its own. False when the
   * last instruction allows no single-step trap; and what was thrown is a value from here on.
   */
  run(resume: boolean): Completed | GuestFault {
    try {
      return this.interpret(resume);
    } catch (thrown) {
      if (thrown instanceof VmExit || thrown instanceof GuestFault) return thrown;
      throw thrown;
    } finally {
      this.ready.settle();
    }
  }

  private interpret(resume: boolean): Completed {
    const { base, books: { observed } } = this;
    const engine = this.chooseEngine(resume);
    this.evaluator.observed = observed;
    for (;;) {
      this.ready.prepare();
      const served = this.serve(engine.run(base, observed));
      if (served !== undefined) return served;
    }
  }

  /** Of so many cycles, those until EFLAGS.RF is clear: it is set for one instruction, or for all iterations of one. */
  untilResumed(cycles: number): number {
    return (this.cpu.registers.system & RF) === 0 ? cycles : Math.min(cycles, this.repetitions);
  }

  /** Cycles until the string instruction at RIP is done, if that follows from RCX alone; else 1. */
  private get repetitions(): number {
    const { memory, registers } = this.cpu;
    const host = registers.mode.legacy ? undefined : memory.known(registers.rip, FETCH);
    const record = host === undefined ? undefined : this.blocks.recordAt(host);
    if (record === undefined || this.view.getUint16(record + RECORD.handler, true) < HANDLER.variants) return 1;
    const decoded = this.decodedAt(record) as Decoded;
    if (decoded.repeat === 0 || !decoded.form.attributes.has('rep')) return 1;
    const count = Number(BigInt.asUintN(8 * decoded.addressSize, registers.gpr(RCX)));
    return Math.max(1, count * this.view.getUint32(record + RECORD.cost, true));
  }

  private serve(status: Status): Served {
    const { cpu } = this;
    switch (status) {
      case STATUS.fetch: return this.nearLimit || !this.fill() ? this.fetched() : undefined;
      case STATUS.decode: return this.provide() || this.cross() ? undefined : this.fetched();
      case STATUS.crossing: return this.cross() ? undefined : this.fetched();
      case STATUS.microcode: return this.microcoded();
      case STATUS.assist: return this.assisted();
      case STATUS.repeat: cpu.repeating = true; return true;
      default: return true;
    }
  }

  /** While a breakpoint is enabled, the interpreter that tells of accesses. */
  private chooseEngine(resume: boolean): Engine {
    const { breakpoints, memory } = this.cpu;
    const { armed } = breakpoints;
    memory.watch = armed ? (address, bytes, write) => breakpoints.access(address, bytes, write) : undefined;
    if (armed && !resume && breakpoints.execute(this.cpu.codeAddress())) throw new GuestFault(DB);
    return armed ? this.engines!.watching : this.engines!.plain;
  }

  private fill(): boolean {
    const address = this.cpu.codeAddress();
    return this.cpu.memory.fill(lowOf(address), highOf(address), FETCH, GP);
  }

  private provide(): boolean {
    return this.blocks.provide(this.hostOfRip(), this.cpu.registers.mode.bits);
  }

  private hostOfRip(): number {
    const { memory } = this.cpu;
    return memory.hostOf(memory.physical(this.cpu.codeAddress(), FETCH));
  }

  /** The instruction at which the interpreter stopped: by its routine. */
  private microcoded(): Served {
    const { record, blocks: { howToDo } } = this;
    return this.microcode(record, howToDo.routine(record) ?? howToDo.learnRoutine(record, this.decodedAt(record) as Decoded));
  }

  /** The instruction at which the interpreter stopped: by its micro-ops, with all of memory in reach. */
  private assisted(): Served {
    const { record, blocks: { howToDo } } = this;
    return this.assist(record, howToDo.microOps(record) ?? this.learn(record, this.decodedAt(record)));
  }

  /** Makes the interpreter know the instruction at RIP, which goes on to the next page. False when it is to be fetched by itself. */
  private cross(): boolean {
    const { memory, registers } = this.cpu;
    if (registers.mode.legacy) return false;
    const next = BigInt.asUintN(64, (registers.rip | 0xfffn) + 1n);
    return memory.fill(lowOf(next), highOf(next), FETCH, GP)
      && this.blocks.provideCrossing(this.hostOfRip(), memory.hostOf(memory.physical(next, FETCH)));
  }

  /** The instruction at RIP, in no block: near the limit of its segment, outside memory, or on two pages outside 64-bit mode. */
  private fetched(): Served {
    const { registers } = this.cpu;
    const { rip, mode: { bits } } = registers;
    const available = this.available(rip);
    const address = this.cpu.codeAddress();
    const inPage = Math.min(available, 0x1000 - Number(address & 0xfffn));
    let bytes = this.fetchBytes(address, inPage);
    let { record, decoded } = this.blocks.single(bytes, bits);
    if (decoded === 'truncated' && inPage < available) {
      const next = BigInt.asUintN(bits === 64 ? 64 : 32, address + BigInt(inPage));
      bytes = Uint8Array.from([...bytes, ...this.fetchBytes(next, available - inPage)]);
      ({ record, decoded } = this.blocks.single(bytes, bits));
    }
    // What is missing lies beyond the limit of the segment.
    if (decoded === 'truncated') throw new GuestFault(GP);
    this.view.setBigUint64(this.base + CPU.blockRip, rip, true);
    if (typeof decoded === 'string' || this.blocks.variantOf(decoded) !== undefined) {
      return this.assist(record, this.learn(record, decoded));
    }
    return this.microcode(record, this.blocks.howToDo.learnRoutine(record, decoded));
  }

  private decodedAt(record: number): Decoded | NotDecoded {
    return this.blocks.decodedAt(record, this.cpu.registers.mode.bits);
  }

  private get record(): number {
    return this.view.getUint32(this.base + CPU.record, true);
  }

  /** Where a block might go beyond the limit of the code segment, each instruction is looked at alone. */
  private get nearLimit(): boolean {
    const { registers } = this.cpu;
    return registers.mode.legacy && Number(registers.rip) + BLOCK_BYTES - 1 > registers.segment(CS).limit;
  }

  /** How many bytes of an instruction there can be; none is a fault. */
  private available(rip: bigint): number {
    const { registers } = this.cpu;
    if (!registers.mode.legacy) return FETCH_LENGTH;
    const left = registers.segment(CS).limit + 1 - Number(rip);
    if (left <= 0) throw new GuestFault(GP);
    return Math.min(FETCH_LENGTH, left);
  }

  private fetchBytes(address: bigint, count: number): Uint8Array {
    const physical = this.cpu.memory.physical(address, FETCH);
    const { memory } = this.cpu;
    if (memory.isCached(physical + count - 1)) return memory.u8.subarray(memory.hostOf(physical), memory.hostOf(physical + count));
    return Uint8Array.from({ length: count }, (_, i) => Number(memory.readPhysical(physical + i, 1)));
  }

  /** How the instruction at `record` is done by its micro-ops. */
  private learn(record: number, decoded: Decoded | NotDecoded): ByMicroOps {
    if (decoded === 'too long') throw new GuestFault(GP);
    if (typeof decoded === 'string') throw new GuestFault(UD);
    return this.blocks.howToDo.learnMicroOps(record, decoded, this.blocks.variantOf(decoded));
  }

  private assist(record: number, { decoded, program, counts, move }: ByMicroOps): Served {
    const { cpu, evaluator, blocks: { howToDo } } = this;
    cpu.memory.reachedDevice = false;
    const moved = move !== undefined && !evaluator.observed && moveQuickly(cpu.memory, record, move);
    const status = moved ? STATUS.next : evaluator.run(program, record, true);
    if (status === STATUS.microcode) return this.microcode(record, howToDo.routine(record) ?? howToDo.learnRoutine(record, decoded));
    const repeats = status === STATUS.repeat;
    if (!repeats) {
      if (status !== STATUS.branch) this.passRecord(record);
      this.books.account(record, counts, 1);
    }
    // A device that was reached may ask for something, or set a timer.
    const goesOn = status !== STATUS.check && this.hasBudget && (!cpu.memory.reachedDevice || (nothingWaits(cpu) && cpu.rebound(true)));
    if (goesOn) return undefined;
    cpu.repeating = repeats;
    return true;
  }

  /** The slice is not over. */
  private get hasBudget(): boolean {
    return this.books.left > 0;
  }

  /** RIP is behind it. */
  private passRecord(record: number): void {
    const { view, base, cpu } = this;
    const low = view.getUint32(base + CPU.blockRip, true) + view.getUint16(record + RECORD.next, true);
    const high = view.getUint32(base + CPU.blockRip + 4, true) + (low > 0xffff_ffff ? 1 : 0);
    view.setUint32(base + CPU.rip, low, true);
    view.setUint32(base + CPU.rip + 4, cpu.registers.mode.legacy ? 0 : high, true);
  }

  private microcode(record: number, how: ByRoutine): Served {
    const { cpu, view, base } = this;
    const { registers } = cpu;
    const { decoded, routine, counts, early } = how;
    const { cpl } = registers;
    this.start = view.getUint32(base + CPU.rip, true);
    this.startHigh = view.getUint32(base + CPU.rip + 4, true);
    this.passRecord(record);
    if (early) this.books.account(record, counts, 1);
    cpu.memory.reachedDevice = false;
    try {
      const done = routine(cpu, this.operation.become(record, decoded));
      if (done instanceof VmExit) {
        this.exits(record, counts, early);
        return done;
      }
      cpu.repeating = done === 'repeat';
      if (cpu.repeating) this.undo(record, counts, true);
      else if (!early) this.books.account(record, counts, 1);
    } catch (fault) {
      this.exits(record, counts, early);
      throw fault;
    }
    if (this.hasBudget && this.isQuiet(how, registers.cpl !== cpl)) {
      // The next instruction is done before anything is looked at, which is all that a shadow asks for.
      cpu.shadow = false;
      return undefined;
    }
    return !enteredHandler(decoded.instruction.mnemonic, registers.system);
  }

  /** Nothing that a routine has done is to be looked at before the next instruction. */
  private isQuiet({ goesOn, letsIn, rebounds }: ByRoutine, switches: boolean): boolean {
    const { cpu } = this;
    if (goesOn && !cpu.memory.reachedDevice) return true;
    if (!(goesOn || letsIn || rebounds) || !nothingWaits(cpu)) return false;
    return (!rebounds && !switches && !cpu.memory.reachedDevice) || cpu.rebound();
  }

  /** It faults, or exits: then the host may complete it, and go on behind it. */
  private exits(record: number, counts: Counts, retired: boolean): void {
    this.cpu.afterExit = this.cpu.registers.rip;
    this.undo(record, counts, retired);
  }

  /** The instruction did not complete: it has not retired, and is the next one again. */
  private undo(record: number, counts: Counts, retired: boolean): void {
    this.view.setUint32(this.base + CPU.rip, this.start, true);
    this.view.setUint32(this.base + CPU.rip + 4, this.startHigh, true);
    if (retired) this.books.account(record, counts, -1);
  }
}
