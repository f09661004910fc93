/**
 * The machine set up as the recorder's process was: 64-bit user mode of a Linux, with the recorder's pages. Every
 * exception enters a handler at CPL 0 that is never run: from the frame it left we see what the recorder's signal handler
 * saw.
 */
import type { Cycles } from '../../src/base/units.ts';
import { UNIT_TIMING } from '../../src/hw/cpu/timing.ts';
import { Machine } from '../../src/hw/machine.ts';
import { GENERIC } from '../../src/hw/model.ts';
import type { WasmHost } from '../../src/hw/outside.ts';
import { NO_TRACE } from '../../src/trace/trace.ts';
import { pushesErrorCode } from '../../src/x86/fault.ts';
import { ALL_FEATURES } from '../../src/x86/isa/decode.ts';
import {
  CR0_AM, CR0_ET, CR0_MP, CR0_NE, CR0_PE, CR0_PG, CR0_WP, CR4_FSGSBASE, CR4_OSFXSR, CR4_OSXMMEXCPT, CR4_OSXSAVE, CR4_PAE, CR4_PGE,
  CR4_SMAP, CR4_SMEP, CR4_UMIP, EFER_LMA, EFER_LME, EFER_NXE, EFER_SCE, PTE_LARGE, PTE_PRESENT, PTE_USER, PTE_WRITE,
} from '../../src/x86/paging.ts';
import { CS, DS, ES, FS, GS, LDTR, RCX, SS, TR } from '../../src/x86/registers.ts';
import { XCR0_SSE, XCR0_X87 } from '../../src/x86/xcr.ts';
import { descriptorOf, type Environment, LDT } from './environment.ts';
import { loadFloating, saveFloating } from './floating.ts';
import { CODE, CODE_AT, COMPLETED, DATA, FS_BASE, GS_BASE, type Input, type Outcome, READ_ONLY, WINDOWS } from './format.ts';

const MEMORY_SIZE = 0x10_0000;
// Physical places.
const TABLES = 0x1000, LDT_AT = 0x7800, GDT = 0x8000, IDT = 0x9000, TSS = 0xa000, HANDLERS = 0xb000, STACK_TOP = 0xd000;
const PAGES: readonly (readonly [linear: number, physical: number, flags: number])[] = [
  [DATA, 0x2_0000, PTE_WRITE], [DATA + 0x1000, 0x2_1000, PTE_WRITE], [READ_ONLY, 0x2_2000, 0], [CODE, 0x2_3000, PTE_WRITE],
];
const TRAP_FLAG = 0x100n;
/** Descriptors of a Linux GDT: kernel code and data, 32-bit user code, user data, user code. Its limit is 127. */
const DESCRIPTORS = new Map([
  [0x10, 0x00af_9b00_0000_ffffn], [0x18, 0x00cf_9300_0000_ffffn], [0x20, 0x00cf_fb00_0000_ffffn], [0x28, 0x00cf_f300_0000_ffffn],
  [0x30, 0x00af_fb00_0000_ffffn],
]);

export class UserMode {
  private readonly machine: Machine;
  /** The kernel's memory is put together here, and the user's pages before each run. */
  private readonly kernel = new Uint8Array(0x1_0000);
  private readonly code = new Uint8Array(0x20);
  private readonly data = new Uint8Array(0x2000);
  private readonly view: DataView;

  private readonly environment: Environment | undefined;
  private readonly start: bigint;

  /** `environment`: compatibility mode, in these segments. */
  constructor(wasm: WasmHost | undefined, environment?: Environment) {
    this.environment = environment;
    this.start = BigInt(environment?.start ?? CODE_AT);
    const perfmon = {
      version: 2, generalCounters: 4, generalWidth: 48, fixedCounters: 3, fixedWidth: 48, fullWidthWrites: false, unavailableEvents: 0,
      anyThreadDeprecated: false, tsx: false,
    };
    this.machine = new Machine(
      {
        cpus: 1, memory: MEMORY_SIZE, model: { ...GENERIC, features: ALL_FEATURES }, perfmon, skid: 0, masksPmi: true, timing: UNIT_TIMING,
        quantum: 1000,
      },
      { choice: { pick: () => 0 }, tracer: NO_TRACE, transmit: () => {}, ...(wasm ? { wasm } : {}) },
    );
    this.view = new DataView(this.machine.memory, this.machine.layout.ram, MEMORY_SIZE);
    this.setUp();
  }

  private setUp(): void {
    const view = new DataView(this.kernel.buffer);
    let next = TABLES + 0x1000;
    const all = PTE_PRESENT | PTE_WRITE | PTE_USER;
    const table = (parent: number, index: number): number => {
      const entry = parent + 8 * index;
      if (view.getBigUint64(entry, true) === 0n) {
        view.setBigUint64(entry, BigInt(next | all), true);
        next += 0x1000;
      }
      return Number(view.getBigUint64(entry, true)) & ~0xfff;
    };
    for (const [linear, physical, flags] of PAGES) {
      const leaf = table(table(table(TABLES, 0), linear >>> 30), (linear >>> 21) & 511);
      view.setBigUint64(leaf + 8 * ((linear >>> 12) & 511), BigInt(physical | flags | PTE_PRESENT | PTE_USER), true);
    }
    // The kernel's own: the first 2 MiB, for itself alone.
    view.setBigUint64(table(table(TABLES, 0), 0), BigInt(PTE_PRESENT | PTE_WRITE | PTE_LARGE), true);
    for (const [at, descriptor] of DESCRIPTORS) view.setBigUint64(GDT + at, descriptor, true);
    for (let vector = 0; vector < 256; vector += 1) {
      const dpl = vector === 3 || vector === 4 ? 3n : 0n;
      const offset = BigInt(HANDLERS + vector);
      const gate = (offset & 0xffffn) | (0x10n << 16n) | (0x8e00n << 32n) | (dpl << 45n) | ((offset >> 16n) << 48n);
      view.setBigUint64(IDT + 16 * vector, gate, true);
    }
    for (const [i, entry] of LDT.entries()) view.setBigUint64(LDT_AT + 8 * i, descriptorOf(entry), true);
    view.setBigUint64(TSS + 4, BigInt(STACK_TOP), true);
    // No I/O permission bitmap.
    view.setUint16(TSS + 102, 0xffff, true);
    this.machine.poke(0, this.kernel);
    const { registers } = this.machine.cpus[0]!;
    registers.setControl('cr0', CR0_PE | CR0_MP | CR0_ET | CR0_NE | CR0_WP | CR0_AM | CR0_PG);
    registers.setControl('cr4', CR4_PAE | CR4_PGE | CR4_SMEP | CR4_SMAP | CR4_FSGSBASE | CR4_UMIP | CR4_OSFXSR | CR4_OSXMMEXCPT
      | CR4_OSXSAVE);
    registers.xcr0 = XCR0_X87 | XCR0_SSE;
    registers.setControl('efer', EFER_SCE | EFER_LME | EFER_LMA | EFER_NXE);
    registers.cr3 = BigInt(TABLES);
    registers.setTable('gdtr', BigInt(GDT), 127);
    registers.setTable('idtr', BigInt(IDT), 0xfff);
    if (this.environment !== undefined) {
      registers.setSegment(LDTR, { selector: 0x50, base: BigInt(LDT_AT), limit: 8 * LDT.length - 1, attributes: 0x82 });
    }
    registers.setSegment(TR, { selector: 0x40, base: BigInt(TSS), limit: 103, attributes: 0x8b });
  }

  /** Runs one instruction as the recorder does, to its trap or to its exception. */
  run({ code, registers: values, flags, memory, floating }: Input): Outcome {
    const cpu = this.machine.cpus[0]!;
    const { registers } = cpu;
    this.code.fill(0x90);
    this.code.set(code);
    this.machine.poke(0x2_3100, this.code);
    let from = 0;
    for (const { at, size } of WINDOWS) {
      this.data.set(memory.subarray(from, from + size), at - DATA);
      from += size;
    }
    this.machine.poke(0x2_0000, this.data);
    for (const [reg, value] of values.entries()) registers.setGpr(reg, value);
    this.loadData();
    loadFloating(registers, floating);
    this.enterUser(this.start, BigInt(flags) | TRAP_FLAG);
    registers.cr2 = 0n;
    for (;;) {
      cpu.shadow = false;
      for (let steps = 0; registers.cpl === 3; steps += 1) {
        if (steps > 100) throw new Error('the instruction does not end');
        cpu.step(Number.MAX_SAFE_INTEGER as Cycles);
      }
      const outcome = this.outcome(floating);
      const repeated = code.subarray(0, 2).some((byte) => byte === 0xf2 || byte === 0xf3) && code.length > 1;
      const again = outcome.vector === COMPLETED && outcome.rip === this.start && repeated && registers.gpr(RCX) !== 0n;
      if (!again) return outcome;
      this.resume();
    }
  }

  /** The segments for data. */
  private loadData(): void {
    const { registers, descriptors } = this.machine.cpus[0]!;
    if (this.environment === undefined) {
      const flat = { base: 0n, limit: 0, attributes: 0 };
      for (const segment of [DS, ES]) registers.setSegment(segment, { ...flat, selector: 0 });
      registers.setSegment(FS, { ...flat, selector: 0, base: FS_BASE });
      registers.setSegment(GS, { ...flat, selector: 0, base: GS_BASE });
      return;
    }
    registers.cpl = 3;
    for (const segment of [DS, ES, FS, GS]) descriptors.load(segment, this.environment.selectors[segment]!);
  }

  private enterUser(rip: bigint, flags: bigint): void {
    const cpu = this.machine.cpus[0]!;
    const { registers, descriptors } = cpu;
    const [, code, stack] = this.environment?.selectors ?? [0, 0x33, 0x2b];
    registers.cpl = 3;
    registers.setSegment(CS, descriptors.segment(code!, descriptors.require(code!)));
    registers.setSegment(SS, descriptors.segment(stack!, descriptors.require(stack!)));
    registers.rip = rip;
    registers.rflags = Number(flags);
    cpu.chooseMode();
  }

  /** What a handler's IRET would do, after one iteration of a string instruction. */
  private resume(): void {
    const at = STACK_TOP - 40;
    this.machine.cpus[0]!.registers.setGpr(4, this.view.getBigUint64(at + 24, true));
    this.enterUser(this.view.getBigUint64(at, true), this.view.getBigUint64(at + 16, true) | TRAP_FLAG);
  }

  private outcome(floating: Uint8Array): Outcome {
    const { registers } = this.machine.cpus[0]!;
    const vector = Number(registers.rip) - HANDLERS;
    const withCode = pushesErrorCode(vector);
    const frame = STACK_TOP - 40;
    const word = (slot: number): bigint => this.view.getBigUint64(frame + 8 * slot, true);
    const { ram } = this.machine;
    const after = new Uint8Array(WINDOWS[0].size + WINDOWS[1].size);
    let from = 0;
    for (const { at, size } of WINDOWS) {
      after.set(ram.subarray(0x2_0000 + at - DATA, 0x2_0000 + at - DATA + size), from);
      from += size;
    }
    return {
      vector: vector === 1 ? COMPLETED : vector, error: withCode ? Number(word(-1)) : 0,
      rip: word(0), cr2: vector === 14 ? registers.cr2 : 0n, flags: Number(word(2)) & ~0x1_0100, memory: after,
      floating: saveFloating(registers, floating),
      registers: Array.from({ length: 16 }, (_, reg) => (reg === 4 ? word(3) : registers.gpr(reg))),
    };
  }
}
