/**
 * The virtual-machine control structure, as far as host code needs it: what makes a guest exit, what is loaded at VM entry
 * and VM exit, and what an exit says of itself. Names are the SDM's, those of exit reasons as KVM prints them.
 * SDM: "Virtual-Machine Control Structures", "VM Entries", "VM Exits".
 *
 * It is plain data in the hands of the host. An exit is returned by whoever runs the guest; hardware calls nobody.
 */
import { assert } from '../../base/assert.ts';
import { NEVER, type Serializer, type Stateful } from '../../base/state.ts';
import { type CounterSet, NO_COUNTERS } from '../../x86/counter-set.ts';
import type { ExitReason } from '../../x86/exit-reason.ts';
import { MSRS } from '../../x86/msr.ts';
import { PerfmonRegs } from '../../x86/perfmon.ts';
import { AmdPerfmonRegs } from '../../x86/perfmon-amd.ts';

/**
 * A VM exit. Inside the processor it is thrown, because it may come from any depth of an instruction, which then has not
 * happened; where the processor's run loop ends it becomes a return value.
 */
export class VmExit {
  readonly reason: ExitReason;
  /** MSR_READ, MSR_WRITE: the register. RDPMC, XSETBV: ECX. EXTERNAL_INTERRUPT: the vector, which exit has acknowledged. */
  readonly qualification: number;
  /** MSR_WRITE, XSETBV: EDX:EAX. */
  readonly low: number;
  readonly high: number;

  constructor(reason: ExitReason, qualification = 0, low = 0, high = 0) {
    this.reason = reason;
    this.qualification = qualification;
    this.low = low;
    this.high = high;
  }
}

/** What VM entry delivers to the guest. SDM: "VM-Entry Controls for Event Injection". */
export interface Injection {
  readonly kind: 'nmi' | 'interrupt' | 'exception';
  readonly vector: number;
  /** The error code of an exception that has one. */
  readonly code: number;
}
const INJECTIONS = ['nmi', 'interrupt', 'exception'] as const;

/** SDM: "VM-Entry Controls for MSRs", "VM-Exit Controls for MSRs". Values of MSRs to load or to store at a transition. */
export class MsrList implements Stateful {
  /** More entries than any strategy has use for. */
  private static readonly CAPACITY = 4;
  private readonly msrs = new Uint32Array(MsrList.CAPACITY);
  private readonly lows = new Uint32Array(MsrList.CAPACITY);
  private readonly highs = new Uint32Array(MsrList.CAPACITY);
  length = 0;

  serialize(s: Serializer): void {
    this.length = s.u8('length', this.length);
    s.words('msr', this.msrs);
    s.words('low', this.lows);
    s.words('high', this.highs);
  }

  msr(i: number): number {
    return this.msrs[i]!;
  }

  low(i: number): number {
    return this.lows[i]!;
  }

  high(i: number): number {
    return this.highs[i]!;
  }

  /** Adds the register, or gives its entry another value. */
  put(msr: number, low: number, high: number): void {
    let at = this.msrs.indexOf(msr);
    if (at === -1 || at >= this.length) {
      assert(this.length < MsrList.CAPACITY, 'the MSR list has room');
      at = this.length;
      this.length += 1;
    }
    this.msrs[at] = msr;
    this.lows[at] = low >>> 0;
    this.highs[at] = high >>> 0;
  }

  /** Nothing stays behind of what was in it, so that all empty lists are the same. */
  clear(): void {
    this.length = 0;
    for (const words of [this.msrs, this.lows, this.highs]) words.fill(0);
  }
}

export class Vmcs implements Stateful {
  // VM-execution controls. Always on: external-interrupt, NMI and HLT exiting, virtual NMIs, unconditional I/O exiting.
  rdpmcExiting = true;
  nmiWindowExiting = false;
  interruptWindowExiting = false;
  /** "TPR threshold", with "use TPR shadow": the guest exits when its task priority, bits 7:4, is below it. */
  tprThreshold = 0;
  /** The time-stamp counter at which the VMX-preemption timer fires; NEVER when it is off. */
  preemptionDeadline = NEVER;
  /** The MSR bitmap, for the registers in it: which accesses do not exit. */
  private readonly passed = new Uint32Array(Math.ceil(bitmap().size / PER_WORD));

  // VM-entry controls.
  /** "Load IA32_PERF_GLOBAL_CTRL". */
  entryLoadsGlobalCtrl = false;
  guestGlobalCtrl: CounterSet = NO_COUNTERS;
  readonly entryLoads = new MsrList();
  private injectionKind = 0;
  private injectionVector = 0;
  private injectionCode = 0;

  // VM-exit controls.
  /** "Load IA32_PERF_GLOBAL_CTRL". */
  exitLoadsGlobalCtrl = false;
  hostGlobalCtrl: CounterSet = NO_COUNTERS;
  /** "Save IA32_PERF_GLOBAL_CTRL": an exit updates `guestGlobalCtrl`. Processors before Sapphire Rapids have `exitStores`. */
  exitSavesGlobalCtrl = false;
  readonly exitStores = new MsrList();
  readonly exitLoads = new MsrList();

  serialize(s: Serializer): void {
    this.rdpmcExiting = s.flag('rdpmcExiting', this.rdpmcExiting);
    this.nmiWindowExiting = s.flag('nmiWindowExiting', this.nmiWindowExiting);
    this.interruptWindowExiting = s.flag('interruptWindowExiting', this.interruptWindowExiting);
    this.tprThreshold = s.u8('tprThreshold', this.tprThreshold);
    this.preemptionDeadline = s.time('preemptionDeadline', this.preemptionDeadline);
    s.words('bitmap', this.passed);
    this.entryLoadsGlobalCtrl = s.flag('entryLoadsGlobalCtrl', this.entryLoadsGlobalCtrl);
    this.guestGlobalCtrl = s.u32('guestGlobalCtrl', this.guestGlobalCtrl) as CounterSet;
    s.part('entryLoads', this.entryLoads);
    this.injectionKind = s.u8('injectionKind', this.injectionKind);
    this.injectionVector = s.u8('injectionVector', this.injectionVector);
    this.injectionCode = s.u32('injectionCode', this.injectionCode);
    this.exitLoadsGlobalCtrl = s.flag('exitLoadsGlobalCtrl', this.exitLoadsGlobalCtrl);
    this.hostGlobalCtrl = s.u32('hostGlobalCtrl', this.hostGlobalCtrl) as CounterSet;
    this.exitSavesGlobalCtrl = s.flag('exitSavesGlobalCtrl', this.exitSavesGlobalCtrl);
    s.part('exitStores', this.exitStores);
    s.part('exitLoads', this.exitLoads);
  }

  // The MSR bitmap.

  /** Lets the guest read, or write, a performance-monitoring register itself. */
  pass(msr: number, read: boolean, write: boolean): void {
    const at = bitmap().get(msr);
    assert(at !== undefined, `MSR ${msr} is in the bitmap`);
    const word = Math.floor(at / PER_WORD), shift = BITS * (at % PER_WORD);
    this.passed[word] = (this.passed[word]! & ~((READ | WRITE) << shift)) | (((read ? READ : 0) | (write ? WRITE : 0)) << shift);
  }

  interceptAll(): void {
    this.passed.fill(0);
  }

  exitsOnRead(msr: number): boolean {
    return !this.passes(msr, READ);
  }

  exitsOnWrite(msr: number): boolean {
    return !this.passes(msr, WRITE);
  }

  private passes(msr: number, access: number): boolean {
    const at = bitmap().get(msr);
    if (at === undefined) return OWN.has(msr);
    return ((this.passed[Math.floor(at / PER_WORD)]! >>> (BITS * (at % PER_WORD))) & access) !== 0;
  }

  // Event injection.

  /** VM entry will deliver something. */
  get injects(): boolean {
    return this.injectionKind !== 0;
  }

  get injectsNmi(): boolean {
    return this.injectionKind === 1;
  }

  get injection(): Injection | undefined {
    if (this.injectionKind === 0) return undefined;
    return { kind: INJECTIONS[this.injectionKind - 1]!, vector: this.injectionVector, code: this.injectionCode };
  }

  inject(kind: Injection['kind'], vector: number, code = 0): void {
    this.injectionKind = INJECTIONS.indexOf(kind) + 1;
    this.injectionVector = vector;
    this.injectionCode = code;
  }

  /** VM entry has delivered it. */
  clearInjection(): void {
    this.injectionKind = 0;
  }
}

const READ = 1;
const WRITE = 2;
/** Bits of a register in the bitmap, and registers in a word of it. */
const BITS = 2;
const PER_WORD = 16;

let positions: ReadonlyMap<number, number> | undefined;

/** Positions in the bitmap: the registers of the performance-monitoring unit, wherever they lie. Made for the first host of a process. */
const bitmap = (): ReadonlyMap<number, number> => positions ??= new Map(
  [0, 0xc000_0000, 0xc001_0000].flatMap((start) => Array.from({ length: 0x1000 }, (_, i) => start + i))
    .filter((msr) => PerfmonRegs.owns(msr) || AmdPerfmonRegs.owns(msr)).map((msr, i) => [msr, i]),
);

/** MSRs of the guest's own state, which VM entry and exit switch and no host wants to see. */
const OWN: ReadonlySet<number> = new Set([
  MSRS.IA32_TIME_STAMP_COUNTER, MSRS.IA32_TSC_ADJUST, MSRS.IA32_SYSENTER_CS, MSRS.IA32_SYSENTER_ESP, MSRS.IA32_SYSENTER_EIP,
  MSRS.IA32_MISC_ENABLE, MSRS.IA32_PAT, MSRS.IA32_MTRR_DEF_TYPE, MSRS.IA32_BIOS_SIGN_ID, MSRS.HWCR, MSRS.IA32_FEATURE_CONTROL,
  MSRS.IA32_MCG_CAP, MSRS.IA32_MCG_STATUS, MSRS.IA32_MTRRCAP,
  MSRS.IA32_EFER, MSRS.IA32_STAR, MSRS.IA32_LSTAR, MSRS.IA32_CSTAR, MSRS.IA32_FMASK,
  MSRS.IA32_FS_BASE, MSRS.IA32_GS_BASE, MSRS.IA32_KERNEL_GS_BASE, MSRS.IA32_TSC_AUX,
]);
