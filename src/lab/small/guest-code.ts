/** What small guests are made of: instructions, with the registers and encodings of their vendor, and what each is called. */
import { AMD, INTEL, type PmuVendor } from '../../host/perf/vendor.ts';
import type { CounterRegisters } from '../../x86/counter-registers.ts';
import { EVENT, type EventName } from '../../x86/event.ts';
import { MSRS } from '../../x86/msr.ts';
import { EVTSEL, FIXED_CTRL, type PerfmonCaps } from '../../x86/perfmon.ts';
import { nameOf, type Operation } from './operation.ts';

export const VENDORS = { Intel: INTEL, AMD } as const satisfies Readonly<Record<string, PmuVendor>>;
export type VendorName = keyof typeof VENDORS;

/** What a guest has to count with. Its counter k is general counter k; behind the last one comes the fixed counter, if it has one. */
export interface CodeOptions {
  readonly vendor: VendorName;
  readonly counters: number;
  /** It uses fixed counter 0 besides, which counts instructions. */
  readonly fixed: boolean;
  readonly width: number;
  /** What its general counters count. */
  readonly event: EventName;
}

/** An operation, what it is called, and where a lawful guest is after it. */
export interface Told { readonly name: string; readonly operation: Operation; readonly then: number }
/** What a lawful guest may do next, by where it is. */
export type Places = ReadonlyMap<number, readonly Told[]>;
export interface Program {
  readonly places: Places;
  /** The place that this one comes to, when what it does there depends on what it has read: that is what bare metal shows. */
  at(place: number, regs: CounterRegisters): number;
}
/** A step, with its alternatives. */
export type Step = readonly Operation[];

/** A guest here is all kernel: what counts users only stands still. */
export const EVERYBODY = EVTSEL.OS | EVTSEL.USR;
export const COUNTING = EVTSEL.EN | EVTSEL.INT;
/** Values of LVTPC: an NMI, or an interrupt with a vector of its own. */
export const LVTPC = { NMI: 0x400, vector: 0xe0, MASKED: 0x1_0000 } as const;

export const wrmsr = (msr: number, low: number, high = 0): Operation => ({ op: 'wrmsr', msr, low: low >>> 0, high: high >>> 0 });
export const rdmsr = (msr: number): Operation => ({ op: 'rdmsr', msr });
export const run = (n: number): Operation => ({ op: 'run', n });
export const lvtpc = (value: number): Operation => wrmsr(MSRS.IA32_X2APIC_LVT_PMI, value);
export const EOI = wrmsr(MSRS.IA32_X2APIC_EOI, 0);
export const CLI: Operation = { op: 'cli' };
export const STI: Operation = { op: 'sti' };
export const IRET: Operation = { op: 'iret' };

export const told = (operation: Operation, then = 0): Told => ({ operation, then, name: described(operation) });

/** One step after the other, from a place on; the last one leads to `then`. */
export function follow(places: Map<number, readonly Told[]>, from: number, steps: readonly Step[], then: number): void {
  for (const [i, step] of steps.entries()) {
    const next = i === steps.length - 1 ? then : from + i + 1;
    places.set(from + i, step.map((operation) => told(operation, next)));
  }
}

function described(operation: Operation): string {
  if (operation.op !== 'wrmsr') return nameOf(operation);
  const high = operation.high === 0 ? '' : operation.high.toString(16);
  const low = operation.low.toString(16);
  return `${nameOf(operation)} = 0x${high}${high === '' ? low : low.padStart(8, '0')}`;
}

export class GuestCode {
  private readonly options: CodeOptions;
  private readonly vendor: PmuVendor;
  readonly globals: boolean;
  /** All its counters: bit k is counter k. */
  readonly all: number;
  readonly disable: Operation;
  readonly status: Operation;

  /** `globals`: its PMU has global registers, as it has but for AMD's before PerfMonV2. */
  constructor(options: CodeOptions, globals = true) {
    this.globals = globals;
    this.options = options;
    this.vendor = VENDORS[options.vendor];
    this.all = (1 << this.count) - 1;
    this.disable = this.enable(0);
    this.status = rdmsr(this.vendor.msr.globalStatus);
  }

  /** How many counters it has. */
  get count(): number {
    return this.options.counters + (this.options.fixed ? 1 : 0);
  }

  private isFixed(k: number): boolean {
    return k >= this.options.counters;
  }

  /** A write of a global register: general counters in the low half, the fixed one in the high half. */
  private global(msr: number, set: number, flagsHigh = 0): Operation {
    const { counters } = this.options;
    return wrmsr(msr, set & ((1 << counters) - 1), (set >>> counters) | flagsHigh);
  }

  /** These counters of a `CounterSet`'s two halves, as a set of k. */
  setOf(low: number, high: number): number {
    return low | (high << this.options.counters);
  }

  enable(set: number): Operation {
    return this.global(this.vendor.msr.globalCtrl, set);
  }

  acknowledge(set: number, flagsHigh = 0): Operation {
    return this.global(this.vendor.msr.statusReset, set, flagsHigh);
  }

  /** The counter counts the guest's event at these levels, and as these flags say; a fixed one always with an interrupt. */
  select(k: number, flags: number): Operation {
    if (this.isFixed(k)) return wrmsr(MSRS.IA32_FIXED_CTR_CTRL, FIXED_CTRL.OS | FIXED_CTRL.USR | FIXED_CTRL.PMI);
    const { config, configHigh } = this.vendor.codeOf(EVENT[this.options.event]);
    return wrmsr(this.vendor.selectorMsr(k, this.caps), config | flags, configHigh);
  }

  deselect(k: number): Operation {
    return wrmsr(this.isFixed(k) ? MSRS.IA32_FIXED_CTR_CTRL : this.vendor.selectorMsr(k, this.caps), 0);
  }

  /** So many events to the next wrap, with no bit above the counter's width: what is above is B7's question. */
  arm(k: number, period: number): Operation {
    const value = 2 ** this.options.width - period;
    return wrmsr(this.vendor.counterMsr(k, this.caps), value % 2 ** 32, Math.floor(value / 2 ** 32));
  }

  rdpmc(k: number): Operation {
    return { op: 'rdpmc', index: this.vendor.rdpmcIndex(k, this.caps) };
  }

  /** It uses the window that there always is. */
  private get caps(): PerfmonCaps {
    const { counters, width, fixed } = this.options;
    return {
      version: this.globals ? 2 : 1, generalCounters: counters, generalWidth: width, fixedCounters: fixed ? 1 : 0, fixedWidth: width,
      fullWidthWrites: false, unavailableEvents: 0, anyThreadDeprecated: true, tsx: false,
    };
  }
}
