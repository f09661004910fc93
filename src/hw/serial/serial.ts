/**
 * A 16550 serial port: what it sends leaves the machine, what it receives waits in a FIFO. Bytes are sent at once, so
 * the transmitter is always empty.
 *
 * Limit: the receiver's FIFO asks for an interrupt at the first byte, whatever trigger level is set.
 */
import type { Serializer, Stateful } from '../../base/state.ts';
import type { Width } from '../../x86/registers.ts';
import type { PortDevice } from '../memory/memory.ts';

/** Where a PC has its first serial port. */
export const SERIAL = { port: 0x3f8, ports: 8, line: 4 } as const;
const FIFO = 16;
/** Bits of the line status register. */
const LSR = { dataReady: 1 << 0, overrun: 1 << 1, holdingEmpty: 1 << 5, empty: 1 << 6 } as const;
/** Bits of the FIFO control register. */
const FCR = { enable: 1 << 0, resetReceiver: 1 << 1, stored: 0xc9 } as const;
const LCR_DIVISOR_LATCH = 1 << 7;
const MCR_LOOPBACK = 1 << 4;
/** Bits of the interrupt enable register. */
const IER = { received: 1 << 0, transmitted: 1 << 1, line: 1 << 2 } as const;
/** Values of the interrupt identification register. */
const IIR = { none: 1, transmitted: 2, received: 4, line: 6, fifos: 0xc0 } as const;

export class Serial implements PortDevice, Stateful {
  readonly port = SERIAL.port;
  readonly ports = SERIAL.ports;
  private readonly transmit: (byte: number) => void;
  private readonly interrupt: (asserted: boolean) => void;
  private readonly received = new Uint8Array(FIFO);
  private receivedCount = 0;
  private interruptEnable = 0;
  private fifoControl = 0;
  private lineControl = 3;
  private modemControl = 0;
  private divisor = 1;
  private scratch = 0;
  private overrun = false;
  /** The transmitter has become empty since the last look. */
  private transmitted = false;

  /** `interrupt` is told the level of its interrupt line after whatever may have changed it. */
  constructor(transmit: (byte: number) => void, interrupt: (asserted: boolean) => void) {
    this.transmit = transmit;
    this.interrupt = interrupt;
  }

  serialize(s: Serializer): void {
    s.bytes('received', this.received);
    this.receivedCount = s.u8('receivedCount', this.receivedCount);
    this.interruptEnable = s.u8('ier', this.interruptEnable);
    this.fifoControl = s.u8('fcr', this.fifoControl);
    this.lineControl = s.u8('lcr', this.lineControl);
    this.modemControl = s.u8('mcr', this.modemControl);
    this.divisor = s.u16('divisor', this.divisor);
    this.scratch = s.u8('scr', this.scratch);
    this.overrun = s.flag('overrun', this.overrun);
    this.transmitted = s.flag('transmitted', this.transmitted);
  }

  /**
   * A byte from outside. One too many is lost, and the guest can see that one was: the new one where there is a FIFO, the
   * one before where there is just a buffer.
   */
  receive(byte: number): void {
    if (this.receivedCount < (this.fifos ? FIFO : 1)) this.received[this.receivedCount++] = byte;
    else {
      this.overrun = true;
      if (!this.fifos) this.received[0] = byte;
    }
    this.interrupt(this.interrupting);
  }

  /** How many bytes it can take before it loses one. */
  get room(): number {
    return (this.fifos ? FIFO : 1) - this.receivedCount;
  }

  /** The level of its interrupt line. */
  get interrupting(): boolean {
    return (this.identification & IIR.none) === 0;
  }

  in(offset: number, _width: Width): number {
    const value = this.read(offset);
    this.interrupt(this.interrupting);
    return value;
  }

  out(offset: number, value: number, _width: Width): void {
    this.write(offset, value & 0xff);
    this.interrupt(this.interrupting);
  }

  private read(offset: number): number {
    const latched = (this.lineControl & LCR_DIVISOR_LATCH) !== 0;
    switch (offset) {
      case 0: return latched ? this.divisor & 0xff : this.take();
      case 1: return latched ? this.divisor >> 8 : this.interruptEnable;
      case 2: return this.readIdentification();
      case 3: return this.lineControl;
      case 4: return this.modemControl;
      case 5: return this.readLineStatus();
      // Carrier, data set ready and clear to send; in loopback, what the modem control register says.
      case 6: return (this.modemControl & MCR_LOOPBACK) === 0 ? 0xb0
        : ((this.modemControl & 1) << 5) | ((this.modemControl & 2) << 3) | ((this.modemControl & 0xc) << 4);
      default: return this.scratch;
    }
  }

  private write(offset: number, byte: number): void {
    const latched = (this.lineControl & LCR_DIVISOR_LATCH) !== 0;
    switch (offset) {
      case 0:
        if (latched) this.divisor = (this.divisor & 0xff00) | byte;
        else this.send(byte);
        break;
      case 1:
        if (latched) this.divisor = (this.divisor & 0xff) | (byte << 8);
        else this.setInterruptEnable(byte & 0xf);
        break;
      case 2: this.setFifoControl(byte); break;
      case 3: this.lineControl = byte; break;
      case 4: this.modemControl = byte & 0x1f; break;
      case 7: this.scratch = byte; break;
      default: break; // the status registers cannot be written
    }
  }

  private get fifos(): boolean {
    return (this.fifoControl & FCR.enable) !== 0;
  }

  /** Switching the FIFOs on or off empties them. While they are off the other bits mean nothing. */
  private setFifoControl(byte: number): void {
    const enable = (byte & FCR.enable) !== 0;
    if (enable !== this.fifos || (enable && (byte & FCR.resetReceiver) !== 0)) this.receivedCount = 0;
    this.fifoControl = enable ? byte & FCR.stored : 0;
  }

  private send(byte: number): void {
    if ((this.modemControl & MCR_LOOPBACK) !== 0) this.receive(byte);
    else this.transmit(byte);
    this.transmitted = true;
  }

  private setInterruptEnable(value: number): void {
    // Enabling it with an empty transmitter is an interrupt at once.
    if ((value & IER.transmitted) !== 0 && (this.interruptEnable & IER.transmitted) === 0) this.transmitted = true;
    this.interruptEnable = value;
  }

  private take(): number {
    if (this.receivedCount === 0) return 0;
    const byte = this.received[0]!;
    this.received.copyWithin(0, 1, this.receivedCount);
    this.receivedCount -= 1;
    return byte;
  }

  private get identification(): number {
    const fifos = this.fifos ? IIR.fifos : 0;
    if (this.overrun && (this.interruptEnable & IER.line) !== 0) return IIR.line | fifos;
    if (this.receivedCount > 0 && (this.interruptEnable & IER.received) !== 0) return IIR.received | fifos;
    if (this.transmitted && (this.interruptEnable & IER.transmitted) !== 0) return IIR.transmitted | fifos;
    return IIR.none | fifos;
  }

  /** Reading it acknowledges the transmitter's interrupt, and no other. */
  private readIdentification(): number {
    const value = this.identification;
    if ((value & 0xf) === IIR.transmitted) this.transmitted = false;
    return value;
  }

  private readLineStatus(): number {
    const status = LSR.holdingEmpty | LSR.empty | (this.receivedCount > 0 ? LSR.dataReady : 0) | (this.overrun ? LSR.overrun : 0);
    this.overrun = false;
    return status;
  }
}
