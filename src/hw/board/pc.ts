/**
 * What a PC has besides, from before there were local APICs, and what emulators add to it for test images:
 *
 *     interval timer --line 0--> interrupt controllers --> LINT0        firmware configuration, test device
 *                          '---> pin 2 of the I/O APIC
 *
 * It goes by the time of the bootstrap processor, whose local APIC it is wired to.
 */
import type { Serializer, Stateful } from '../../base/state.ts';
import { FirmwareConfig, type FirmwareFacts } from '../fw-cfg/fw-cfg.ts';
import type { ExternalController } from '../lapic/lapic.ts';
import type { Devices } from '../memory/memory.ts';
import { PIC_LINES, Pic } from '../pic/pic.ts';
import { Pit } from '../pit/pit.ts';
import type { SpeakerTimer } from '../system-control/system-control.ts';
import { TestDevice } from '../test-device/test-device.ts';

/** What these devices need to know and to tell. */
export interface PcPorts extends FirmwareFacts {
  /** Ticks of the bootstrap processor's time-stamp counter, and how many there are in a second. */
  ticks(): number;
  readonly hz: number;
  /** The interrupt controllers may have come to ask for an interrupt. */
  requested(): void;
}

const TIMER_LINE = 0;
/** Where the timer arrives at the I/O APIC, whose pin 0 is for the interrupt controllers. */
const TIMER_PIN = 2;

export class PcDevices implements Stateful, ExternalController {
  private readonly pic: Pic;
  private readonly pit: Pit;
  private readonly firmware: FirmwareConfig;
  private readonly test: TestDevice;
  private readonly setPin: (pin: number, asserted: boolean) => void;

  /** `setPin` goes to the I/O APIC. */
  constructor(devices: Devices, ports: PcPorts, setPin: (pin: number, asserted: boolean) => void) {
    this.setPin = setPin;
    this.pic = new Pic(() => {
      if (this.requested) ports.requested();
    });
    this.pit = new Pit({
      ticks: () => ports.ticks(), hz: ports.hz, interrupt: (asserted) => this.setLine(TIMER_LINE, asserted),
    });
    this.firmware = new FirmwareConfig(ports);
    this.test = new TestDevice((line, asserted) => this.setLine(line, asserted));
    for (const device of [...this.pic.devices, this.pit, this.firmware, ...this.test.devices]) devices.add(device);
    // A counter that nobody has set is high.
    this.setLine(TIMER_LINE, true);
  }

  serialize(s: Serializer): void {
    s.part('pic', this.pic);
    s.part('pit', this.pit);
    s.part('firmware', this.firmware);
    s.part('test', this.test);
  }

  /** The level of a line of the board: both kinds of controllers see it. */
  setLine(line: number, asserted: boolean): void {
    if (line < PIC_LINES) this.pic.setLine(line, asserted);
    this.setPin(line === TIMER_LINE ? TIMER_PIN : line, asserted);
  }

  /** What is behind port 61H. */
  get speaker(): SpeakerTimer {
    return this.pit;
  }

  // What is wired to LINT0.

  get requested(): boolean {
    return this.pic.requested;
  }

  acknowledge(): number {
    return this.pic.acknowledge();
  }

  advance(): void {
    this.pit.advance();
  }

  deadline(): number {
    return this.pit.deadline();
  }
}
