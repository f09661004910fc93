/**
 * What RDMSR and RDPMC find ready, so that they need not leave the interpreter: what each handler of PMIs reads, the status of the counters
 * and the value of one that has been stopped. They are put into the processor's block whenever an interpreter is entered. While it runs
 * nothing changes them: a counter overflows at the end of a slice at the earliest, and whatever else writes to the unit is a routine.
 *
 * Nothing is ready where a host is to know of a read, or a tracer when it was. Which counter it is depends on which was read last; what is
 * read does not.
 */
import type { Tracer } from '../../trace/trace.ts';
import { NO_COUNTERS } from '../../x86/counter-set.ts';
import { MSRS } from '../../x86/msr.ts';
import { newMsrValue } from '../../x86/perfmon.ts';
import { CPU, READY } from './layout.ts';
import type { LinearMemory } from './memory.ts';
import type { Processor } from './processor.ts';

/** RDPMC has read a counter, and may read it again. */
export function expectCounter({ view, base }: LinearMemory, ecx: number): void {
  view.setUint32(base + CPU.readyCounter + READY.name, ecx, true);
}

/** By word. A name is no number that ECX can hold while the word above it is not 0. */
const NAME = READY.name >> 2, NOT_READY = NAME + 1, VALUE = READY.value >> 2, READS = READY.reads >> 2;

export class Ready {
  private readonly cpu: Processor;
  private readonly tracer: Tracer;
  private readonly u32: Uint32Array;
  /** Where the status and the counter lie, as indices of words. */
  private readonly status: number;
  private readonly counter: number;
  /** The number of the status register; undefined where there is none. */
  private readonly statusMsr: number | undefined;
  /** What the words there were made from: none yet. */
  private globalStatus = NO_COUNTERS;
  private statusFlags = 0;
  private count = 0;
  private readonly out = newMsrValue();

  constructor(cpu: Processor, base: number, tracer: Tracer) {
    this.cpu = cpu;
    this.tracer = tracer;
    this.u32 = new Uint32Array(cpu.memory.view.buffer);
    this.status = (base + CPU.readyStatus) >> 2;
    this.counter = (base + CPU.readyCounter) >> 2;
    const { pmu } = cpu;
    this.statusMsr = [MSRS.IA32_PERF_GLOBAL_STATUS, MSRS.PerfCntrGlobalStatus].find((msr) => pmu.owns(msr) && pmu.rdmsr(msr, this.out));
    this.u32[this.status + NAME] = this.statusMsr ?? 0;
  }

  /** An interpreter is about to be entered. This is done many times for each change: so only what has changed is read. */
  prepare(): void {
    const { u32, cpu: { nonRoot, pmu }, tracer, status, counter } = this;
    const open = nonRoot === undefined && (!tracer.on || tracer.sum !== undefined);
    const { globalStatus, statusFlags, counters } = pmu.regs;
    u32[status + NOT_READY] = open && this.statusMsr !== undefined ? 0 : 1;
    if (globalStatus !== this.globalStatus || statusFlags !== this.statusFlags) {
      this.globalStatus = globalStatus;
      this.statusFlags = statusFlags;
      if (this.statusMsr !== undefined && pmu.rdmsr(this.statusMsr, this.out)) this.set(status);
    }
    const stopped = open ? pmu.stopped(u32[counter + NAME]!) : -1;
    u32[counter + NOT_READY] = stopped === -1 ? 1 : 0;
    if (stopped === -1 || counters[stopped] === this.count) return;
    this.count = counters[stopped]!;
    if (pmu.rdpmc(u32[counter + NAME]!, this.out)) this.set(counter);
  }

  /** The slice is over: tells how often what was ready has been read. */
  settle(): void {
    const { u32, status, counter, tracer, cpu: { id } } = this;
    if (u32[status + READS] !== 0) {
      tracer.sum?.('read_msr', id, u32[status + READS]!);
      u32[status + READS] = 0;
    }
    if (u32[counter + READS] !== 0) {
      tracer.sum?.('rdpmc', id, u32[counter + READS]!);
      u32[counter + READS] = 0;
    }
  }

  private set(at: number): void {
    this.u32[at + VALUE] = this.out.low;
    this.u32[at + VALUE + 1] = this.out.high;
  }
}
