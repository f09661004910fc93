/**
 * The devices of a board, wired to each other: what every machine has besides processors and memory, and every virtual machine as
 * well.
 *
 *     serial port --line 4--------> I/O APIC --> local APICs        real-time clock, power, exit port, system control
 *     virtio slots --lines 16-23--'
 *
 * There are two boards: the one that ACPI calls hardware-reduced, for kernels; and one that has what a PC has besides, for bare
 * images that know nothing else.
 */
import { assert } from '../../base/assert.ts';
import type { Serializer, Stateful } from '../../base/state.ts';
import { Block, type Disk } from '../block/block.ts';
import { ExitPort } from '../exit/exit.ts';
import { type InterruptMessage, Ioapic } from '../ioapic/ioapic.ts';
import type { ExternalController } from '../lapic/lapic.ts';
import type { DeviceMemory, Devices } from '../memory/memory.ts';
import { Power, type PowerState } from '../power/power.ts';
import { POWER_ON, Rtc } from '../rtc/rtc.ts';
import { SERIAL, Serial } from '../serial/serial.ts';
import { Share, type Shared } from '../share/share.ts';
import { SystemControl } from '../system-control/system-control.ts';
import { VIRTIO, Virtio, type VirtioDevice } from '../virtio/virtio.ts';
import { PcDevices, type PcPorts } from './pc.ts';

/** What a board needs of what it sits in. */
export interface BoardPorts {
  /** A byte leaves by the serial port. */
  transmit(byte: number): void;
  /** An interrupt of a device is on its way to the local APICs. */
  interrupt(message: InterruptMessage): void;
  /** Whole seconds since power-on. */
  seconds(): number;
  /** The guest has asked for an end. */
  ended(): void;
  /** For devices that reach it by themselves. */
  readonly memory: DeviceMemory;
  /** Of a PC, and only of one: what it needs besides. */
  readonly pc?: PcPorts;
}

export const BOARDS = ['reduced', 'pc'] as const;
export type BoardKind = (typeof BOARDS)[number];

/** What sits in the virtio slots of a board that has some. */
export interface Attached { readonly disks: readonly Disk[]; readonly share?: Shared | undefined }

/** The last slot is for a folder. */
export const MOST_DISKS = VIRTIO.slots - 1;

/** All slots are empty. */
export const NOTHING_ATTACHED: Attached = { disks: [] };

/** How a guest has ended the run. */
export type BoardEnd = { readonly kind: 'exit'; readonly code: number } | { readonly kind: PowerState };

export class Board implements Stateful {
  readonly serial: Serial;
  readonly exit: ExitPort;
  private readonly ioapic: Ioapic;
  private readonly rtc: Rtc;
  private readonly power: Power;
  private readonly systemControl: SystemControl;
  private readonly pc: PcDevices | undefined;
  readonly disks: readonly Block[];
  readonly share: Share | undefined;
  private readonly virtio: Virtio | undefined;

  /** Without `attached` there are no slots. */
  constructor(devices: Devices, ports: BoardPorts, attached?: Attached) {
    this.ioapic = new Ioapic((message) => ports.interrupt(message));
    this.pc = ports.pc && new PcDevices(devices, ports.pc, (pin, asserted) => this.ioapic.setLine(pin, asserted));
    this.serial = new Serial((byte) => ports.transmit(byte), (asserted) => this.setLine(SERIAL.line, asserted));
    this.exit = new ExitPort(() => ports.ended());
    this.rtc = new Rtc(() => ports.seconds());
    this.power = new Power(() => ports.ended());
    this.systemControl = new SystemControl(this.pc?.speaker);
    for (const device of [this.serial, this.exit, this.ioapic, this.rtc, this.power, this.systemControl]) devices.add(device);
    this.disks = attached?.disks.map((disk) => new Block(disk)) ?? [];
    if (attached === undefined) return;
    const { share } = attached;
    const time = (seconds: number) => ({ seconds: POWER_ON + seconds, nanoseconds: 0 });
    this.share = share && new Share(share, time(0), () => time(ports.seconds()));
    this.virtio = new Virtio(inSlots(this.disks, this.share), ports.memory, (line, asserted) => this.ioapic.setLine(line, asserted));
    devices.add(this.virtio);
  }

  serialize(s: Serializer): void {
    s.part('serial', this.serial);
    s.part('exit', this.exit);
    s.part('ioapic', this.ioapic);
    s.part('rtc', this.rtc);
    s.part('power', this.power);
    s.part('systemControl', this.systemControl);
    if (this.virtio !== undefined) s.part('virtio', this.virtio);
    if (this.pc !== undefined) s.part('pc', this.pc);
  }

  /** What is wired to LINT0 of the bootstrap processor. */
  get external(): ExternalController | undefined {
    return this.pc;
  }

  private setLine(line: number, asserted: boolean): void {
    if (this.pc === undefined) this.ioapic.setLine(line, asserted);
    else this.pc.setLine(line, asserted);
  }

  /** A local APIC has ended an interrupt. */
  endOfInterrupt(vector: number, level: boolean): void {
    if (level) this.ioapic.endOfInterrupt(vector);
  }

  /** How the guest has ended the run; undefined while it runs. */
  get end(): BoardEnd | undefined {
    const { exit: { code }, power: { state } } = this;
    if (code !== undefined) return { kind: 'exit', code };
    return state === undefined ? undefined : { kind: state };
  }
}

/** Disks in the first slots, so that drivers find them in their order; a shared folder in the last one. */
function inSlots(disks: readonly Block[], share: Share | undefined): readonly (VirtioDevice | undefined)[] {
  const slots: (VirtioDevice | undefined)[] = Array(VIRTIO.slots).fill(undefined);
  assert(disks.length <= MOST_DISKS, `${disks.length} disks`);
  for (const [i, disk] of disks.entries()) slots[i] = disk;
  slots[slots.length - 1] = share;
  return slots;
}
