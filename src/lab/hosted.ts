/**
 * A host and its guests on the machine: the same program that runs on bare metal, as a guest of KVM, on one of the strategies.
 *
 * Each virtual machine has a piece of the machine's memory as its own, a serial port and an exit port. The run is over when
 * every virtual machine has ended.
 */

import { assert } from '../base/assert.ts';
import type { Serializer, Stateful } from '../base/state.ts';
import type { System } from '../base/system.ts';
import type { Cycles } from '../base/units.ts';
import { type Image, isLinux } from '../guest/image.ts';
import { GENERATIONS, type Generation, type GenerationName } from '../host/generation.ts';
import { Host, type HostOptions } from '../host/host.ts';
import { Vcpu } from '../host/kvm/kvm.ts';
import type { EventFilter } from '../host/vpmu/filter.ts';
import { STRATEGIES, type StrategyName } from '../host/vpmu/strategies.ts';
import type { NewStrategy, Refused, VcpuPort } from '../host/vpmu/vpmu.ts';
import { Vpmu } from '../host/vpmu/vpmu.ts';
import { type Attached, Board, type BoardPorts, NOTHING_ATTACHED } from '../hw/board/board.ts';
import type { PcPorts } from '../hw/board/pc.ts';
import { CpuContext, CpuCore } from '../hw/cpu/nonroot.ts';
import { initialize } from '../hw/cpu/start.ts';
import type { TimingModel } from '../hw/cpu/timing.ts';
import type { InterruptMessage } from '../hw/ioapic/ioapic.ts';
import { DELIVERY, type Ipi, Lapic } from '../hw/lapic/lapic.ts';
import { lapicWindow } from '../hw/lapic/window.ts';
import { Machine, type MachineConfig } from '../hw/machine.ts';
import { Devices } from '../hw/memory/memory.ts';
import { cpuidOf } from '../hw/model.ts';
import type { Outside } from '../hw/outside.ts';
import { type Cpuid, ECX1 } from '../x86/cpuid.ts';
import type { PerfmonCaps } from '../x86/perfmon.ts';
import { bootMemory, bootProcessor, bootProtectedProcessor, type Handover, handoverOf } from './boot.ts';

export interface HostedOptions {
  /** The hardware, without its memory and what is attached: that is what the virtual machines have. */
  readonly machine: Omit<MachineConfig, 'memory' | 'attached'>;
  readonly host: HostOptions;
  readonly strategy: StrategyName;
  /** In place of the strategy of that name: one with other options, or with a stopwatch around it. */
  readonly make?: NewStrategy;
  readonly generation: GenerationName;
  readonly vms: number;
  /** Virtual processors of each. */
  readonly vcpus: number;
  /** Bytes of memory of each. */
  readonly memory: number;
  /** The guest has run elsewhere, where it was told that it has these counters; else it is told what it is offered. */
  readonly known?: PerfmonCaps;
  /** What all of them may count, and from when on, in core cycles. */
  readonly filter?: EventFilter & { readonly at: number };
}

/** KVM: leaf 1 says that there is a hypervisor, and has PDCM only where the guest gets IA32_PERF_CAPABILITIES. */
const virtualCpuid = (cpuid: Cpuid, { fullWidthWrites }: Generation): Cpuid => (leaf, subleaf) => {
  const result = cpuid(leaf, subleaf);
  if (leaf >>> 0 !== 1) return result;
  return { ...result, ecx: ((result.ecx | ECX1.HYPERVISOR) & (fullWidthWrites ? -1 : ~ECX1.PDCM)) >>> 0 };
};

/** One virtual machine's own things. */
class VirtualMachine implements Stateful {
  readonly devices = new Devices();
  readonly board: Board;
  readonly start: number;
  readonly size: number;

  constructor(start: number, size: number, ports: BoardPorts, attached: Attached | undefined) {
    this.start = start;
    this.size = size;
    this.board = new Board(this.devices, ports, attached);
  }

  serialize(s: Serializer): void {
    s.part('board', this.board);
  }
}

export class HostedWorld implements System {
  readonly machine: Machine;
  readonly host: Host;
  readonly vcpus: readonly Vcpu[];
  readonly vms: readonly VirtualMachine[];
  private readonly options: HostedOptions;
  /** The event filter is set. */
  private filtered = false;
  readonly timing: TimingModel;
  /** Why a virtual machine was not made: then nothing runs. */
  refused: Refused | undefined;

  /** `image` runs in every virtual machine. */
  constructor(options: HostedOptions, image: Image, outside: Outside) {
    this.options = options;
    this.timing = options.machine.timing;
    const { machine, host, vms, memory } = options;
    const { tracer, choice } = outside;
    // The board is what each virtual machine has.
    this.machine = new Machine({ ...machine, memory: vms * memory, board: 'reduced' }, outside);
    const cores = this.machine.cpus.map((cpu) => new CpuCore(cpu, machine.timing));
    this.host = new Host(cores, host, tracer);
    this.vms = Array.from({ length: vms }, (_, v) => new VirtualMachine(v * memory, memory, {
      transmit: (byte) => outside.transmit(byte),
      interrupt: (message) => this.deliver(v, message),
      seconds: () => Math.floor(this.vcpus[v * options.vcpus]!.cpu.root.now / machine.model.tsc),
      ended: () => {},
      memory: this.machine.memoryFor(v * memory, memory),
      ...(machine.board === 'pc' ? { pc: this.pcPorts(v) } : {}),
    }, isLinux(image) ? outside.attached ?? NOTHING_ATTACHED : undefined));
    this.vcpus = this.vms.flatMap((vm, v) => Array.from({ length: options.vcpus }, (_, i) => this.makeVcpu(vm, v, i)));
    for (const [v, { devices }] of this.vms.entries()) {
      devices.add(lapicWindow((cpu) => this.vcpus[v * options.vcpus + cpu]!.lapic));
    }
    this.host.attach(this.vcpus, (vcpu) => vcpu % cores.length, choice);
    this.load(image);
    this.host.boot();
    if (options.filter?.at === 0) this.setFilter(options.filter);
    // Who makes the virtual machine finds out before it begins.
    else if (options.filter !== undefined && !this.vcpus[0]!.generation.eventFilter) this.refused ??= NO_FILTER;
  }

  /** What a virtual machine's board needs that is a PC's. Its time is that of the first virtual processor. */
  private pcPorts(v: number): PcPorts {
    const { vcpus, memory, machine: { model } } = this.options;
    const first = (): Vcpu => this.vcpus[v * vcpus]!;
    return { cpus: vcpus, memory, hz: model.tsc, ticks: () => first().cpu.root.now, requested: () => this.host.kick(first()) };
  }

  private makeVcpu(vm: VirtualMachine, v: number, i: number): Vcpu {
    const { machine, strategy, make, generation: name, vcpus: perVm, known } = this.options;
    const generation = GENERATIONS[name];
    const id = v * perVm + i;
    const lapic = new Lapic(
      {
        id: i, bootstrap: i === 0, masksPmi: generation.masksLvtpc && machine.masksPmi,
        timerTicks: machine.model.tsc / machine.model.crystal,
      },
      {
        now: () => this.vcpus[id]!.cpu.root.now,
        send: (ipi) => this.send(v, i, ipi),
        endOfInterrupt: (vector, level) => vm.board.endOfInterrupt(vector, level),
        timerFired: () => {},
        external: i === 0 ? vm.board.external : undefined,
      },
    );
    const port: VcpuPort = {
      id, task: id, lapic, cpu: () => this.vcpus[id]?.cpu ?? this.host.cpus[0]!, cpl: () => this.vcpus[id]!.cpu.root.core.guestCpl,
      request: (what) => this.vcpus[id]!.request(what),
      interruptedGuest: () => this.vcpus[id]!.interruptedGuest,
      later: () => this.vcpus[id]!.request('irqWork'),
    };
    const vpmu = new Vpmu(machine.perfmon, make ?? STRATEGIES[strategy].make, this.host.perf, port, generation, known);
    const cpuid = cpuidOf(machine.model, vpmu.caps, i, perVm);
    const vcpu = new Vcpu({
      id, task: id, lapic, generation, cpus: this.host.cpus, context: new CpuContext(),
      virtual: {
        // KVM_SET_CPUID2: one that has run elsewhere is told what it was told there.
        lapic, bus: vm.devices.busOf(i), cpuid: known === undefined ? virtualCpuid(cpuid, generation) : cpuid,
        memory: { start: this.machine.layout.ram + vm.start, size: vm.size },
      },
    });
    vcpu.attach(vpmu);
    return vcpu;
  }

  /** The program in every virtual machine's memory, and every vCPU at its beginning. */
  private load(image: Image): void {
    const [cpu] = this.machine.cpus;
    let handover: Handover | undefined;
    for (const vm of this.vms) {
      const poke = (address: number, bytes: Uint8Array): void => this.machine.poke(vm.start + address, bytes);
      bootMemory(poke);
      for (const { at, bytes } of image.segments) poke(at, bytes);
      handover = handoverOf(image, vm.size, poke);
    }
    for (const [id, vcpu] of this.vcpus.entries()) {
      const number = id % this.options.vcpus;
      const waits = number > 0 && (isLinux(image) || handover !== undefined);
      if (waits || handover !== undefined) initialize(cpu!);
      if (waits) vcpu.waitForStartUp();
      else if (handover !== undefined) bootProtectedProcessor(cpu!, image.entry, handover);
      else bootProcessor(cpu!, number, image);
      if (number === 0 && this.vms[id / this.options.vcpus]!.board.external !== undefined) vcpu.lapic.setVirtualWire();
      cpu!.registers.random = BigInt(id);
      vcpu.adopt(this.host.cpus[0]!.root.core);
      this.refused ??= vcpu.vpmu.strategy.open();
    }
  }

  /** A message of a virtual machine's I/O APIC. */
  private deliver(v: number, { mode, vector, logical, destination, level }: InterruptMessage): void {
    const takers = this.vcpusOf(v).filter(({ lapic }) => lapic.isDestination({ logical, destination, wide: false }));
    for (const vcpu of mode === DELIVERY.lowest ? takers.slice(0, 1) : takers) {
      vcpu.lapic.accept(mode, vector, level);
      this.host.kick(vcpu);
    }
  }

  private vcpusOf(v: number): readonly Vcpu[] {
    return this.vcpus.slice(v * this.options.vcpus, (v + 1) * this.options.vcpus);
  }

  private send(v: number, from: number, ipi: Ipi): void {
    const { vcpus: perVm } = this.options;
    for (let i = 0; i < perVm; i += 1) {
      const vcpu = this.vcpus[v * perVm + i]!;
      const chosen = ipi.shorthand === 'all' || (ipi.shorthand === 'self' && i === from) || (ipi.shorthand === 'others' && i !== from)
        || (ipi.shorthand === 'none' && vcpu.lapic.isDestination(ipi));
      if (!chosen) continue;
      vcpu.lapic.accept(ipi.mode, ipi.vector);
      this.host.kick(vcpu);
    }
  }

  serialize(s: Serializer): void {
    this.machine.serialize(s);
    s.parts('vm', this.vms);
    s.part('host', this.host);
    this.filtered = s.flag('filtered', this.filtered);
  }

  /** The processor that is furthest behind does its next step. */
  step(): boolean {
    if (this.over) return false;
    const { cpus } = this.machine;
    let next = cpus[0]!, others = Number.POSITIVE_INFINITY;
    for (const cpu of cpus) if (cpu.clock < next.clock) next = cpu;
    for (const cpu of cpus) if (cpu !== next) others = Math.min(others, cpu.clock);
    const until = cpus.length === 1 ? next.clock + ALONE : others + this.options.machine.quantum;
    return this.host.step(next.id, this.filterBefore(next.clock, until) as Cycles);
  }

  /** Sets the event filter when its time has come, for all that runs; else the step ends then. */
  private filterBefore(now: number, until: number): number {
    const { filter } = this.options;
    if (filter === undefined || this.filtered) return until;
    if (now < filter.at) return Math.min(until, filter.at);
    this.setFilter(filter);
    return until;
  }

  private setFilter(filter: EventFilter): void {
    const error = this.host.setPmuEventFilter(this.vcpus, filter);
    assert(error === undefined || error === NO_FILTER.error, `a filter of a scenario is valid: ${error}`);
    if (error !== undefined) this.refused ??= NO_FILTER;
    this.filtered = true;
  }

  /** Nothing runs any more, or ever did. */
  get over(): boolean {
    return this.refused !== undefined || this.ended;
  }

  /** Every virtual machine has said how it ended, or was shut down. */
  get ended(): boolean {
    const { vms, vcpus, options: { vcpus: perVm } } = this;
    for (let v = 0; v < vms.length; v += 1) {
      let over = vms[v]!.board.end !== undefined;
      for (let i = v * perVm; !over && i < (v + 1) * perVm; i += 1) over = vcpus[i]!.ended;
      if (!over) return false;
    }
    return true;
  }

  /** Of the processor that is furthest behind. */
  get clock(): Cycles {
    return Math.min(...this.machine.cpus.map(({ clock }) => clock)) as Cycles;
  }

  run(until: Cycles): void {
    while (this.isBefore(until) && this.step());
  }

  private isBefore(until: Cycles): boolean {
    for (const { clock } of this.machine.cpus) if (clock < until) return true;
    return false;
  }

  /** The memory of a virtual machine. */
  memoryOf(v: number): Uint8Array {
    const { start, size } = this.vms[v]!;
    return this.machine.ram.subarray(start, start + size);
  }
}

const NO_FILTER: Refused = { error: 'ENOTTY', why: 'its kernel has no event filter, which came with 5.3' };

/** The stretch of a machine of one processor. */
const ALONE = 1 << 20;

