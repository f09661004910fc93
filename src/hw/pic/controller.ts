/**
 * One 8259A: eight inputs, and which of them the processor is asked to take. Intel, "8259A Programmable Interrupt Controller".
 *
 *     input --(edge, or level)--> IRR --(not masked, above what is in service)--> INT --acknowledge--> ISR --> EOI
 *
 * Limit: vectors are those of 8086 mode. An 8080 would be given a CALL instruction, and gets none from a PC's.
 * Deviation: the trigger mode of ICW1 is ignored, as on boards that have a register for it for each input.
 */
import type { Serializer, Stateful } from '../../base/state.ts';

/** Bits of the first initialization command word, which bit 4 tells from an operation command word. */
const ICW1 = { needs4: 1 << 0, single: 1 << 1, is: 1 << 4 } as const;
const ICW4 = { autoEoi: 1 << 1, fullyNested: 1 << 4 } as const;
/** Bits of the third operation command word, which bit 3 tells from the second. */
const OCW3 = { isr: 1 << 0, read: 1 << 1, poll: 1 << 2, is: 1 << 3, special: 1 << 5, setsSpecial: 1 << 6 } as const;
/** What bits 7 to 5 of the second operation command word ask for, besides EOI and rotation. */
const OCW2 = { rotate: 1 << 7, specific: 1 << 6, eoi: 1 << 5 } as const;
/** Of a byte that was polled: there is an interrupt. */
const POLLED = 0x80;
const NONE = 8;
/** What is acknowledged when nothing is requested any more. */
const SPURIOUS = 7;

/** Which command word the second port takes: the mask, or the next of an initialization. */
const EXPECTS = { mask: 0, icw2: 1, icw3: 2, icw4: 3 } as const;

export class InterruptController implements Stateful {
  /** Which inputs are asserted, by bit. */
  private lines = 0;
  private irr = 0;
  private isr = 0;
  /** Firmware has masked everything. */
  private imr = 0xff;
  /** Which inputs are level-triggered. */
  private levels = 0;
  private base = 0;
  /** The input of the least priority; the one after it has the highest. */
  private lowest = 7;
  private expects: number = EXPECTS.mask;
  private icw1 = 0;
  private icw4 = 0;
  private rotates = false;
  private specialMask = false;
  private readsIsr = false;
  private polls = false;
  /** Inputs behind which there is another controller: in special fully nested mode one may interrupt itself through it. */
  private readonly cascaded: number;

  constructor(cascaded = 0) {
    this.cascaded = cascaded;
  }

  serialize(s: Serializer): void {
    this.lines = s.u8('lines', this.lines);
    this.irr = s.u8('irr', this.irr);
    this.isr = s.u8('isr', this.isr);
    this.imr = s.u8('imr', this.imr);
    this.levels = s.u8('levels', this.levels);
    this.base = s.u8('base', this.base);
    this.lowest = s.u8('lowest', this.lowest);
    this.expects = s.u8('expects', this.expects);
    this.icw1 = s.u8('icw1', this.icw1);
    this.icw4 = s.u8('icw4', this.icw4);
    this.rotates = s.flag('rotates', this.rotates);
    this.specialMask = s.flag('specialMask', this.specialMask);
    this.readsIsr = s.flag('readsIsr', this.readsIsr);
    this.polls = s.flag('polls', this.polls);
  }

  // Inputs and output.

  /** An input is asserted or let go. A request whose input falls before it is acknowledged is no request any more. */
  setLine(input: number, asserted: boolean): void {
    const bit = 1 << input;
    const rises = asserted && (this.lines & bit) === 0;
    this.lines = asserted ? this.lines | bit : this.lines & ~bit;
    if (!asserted) this.irr &= ~bit;
    else if (rises || (this.levels & bit) !== 0) this.irr |= bit;
  }

  /** Edge/level control: a bit for each input. */
  get levelTriggered(): number {
    return this.levels;
  }

  set levelTriggered(value: number) {
    this.levels = value;
    // An edge that has come stays; a level asks as long as it is there.
    this.irr = (this.irr & ~value) | (this.lines & value);
  }

  /** The input for which INT is raised; -1 for none. */
  get requested(): number {
    const rank = this.rankOf(this.irr & ~this.imr);
    const blocking = this.specialMask ? this.isr & ~this.imr : this.isr;
    const nested = (this.icw4 & ICW4.fullyNested) !== 0 ? blocking & ~this.cascaded : blocking;
    return rank < this.rankOf(nested) ? this.inputAt(rank) : -1;
  }

  /** The processor acknowledges. Returns the input, which is 7 when the request is gone: then nothing is in service. */
  acknowledge(): number {
    const input = this.requested;
    if (input === -1) return SPURIOUS;
    const bit = 1 << input;
    if ((this.levels & bit) === 0) this.irr &= ~bit;
    if ((this.icw4 & ICW4.autoEoi) === 0) this.isr |= bit;
    else if (this.rotates) this.lowest = input;
    return input;
  }

  vectorOf(input: number): number {
    return this.base | input;
  }

  // Ports.

  /** Port 0 reads IRR or ISR, port 1 the mask; after a poll command each of them acknowledges. */
  read(port: number): number {
    if (this.polls) {
      this.polls = false;
      const some = this.requested !== -1;
      return some ? POLLED | this.acknowledge() : 0;
    }
    if (port === 1) return this.imr;
    return this.readsIsr ? this.isr : this.irr;
  }

  write(port: number, byte: number): void {
    if (port === 1) this.writeSecond(byte);
    else if ((byte & ICW1.is) !== 0) this.initialize(byte);
    else if ((byte & OCW3.is) !== 0) this.setReading(byte);
    else this.endOfInterrupt(byte);
  }

  /** "Initialization Command Word 1". Inputs that are asserted must fall before they can make an edge. */
  private initialize(icw1: number): void {
    this.icw1 = icw1;
    this.expects = EXPECTS.icw2;
    this.irr = this.lines & this.levels;
    this.isr = 0;
    this.imr = 0;
    this.lowest = 7;
    this.icw4 = 0;
    this.rotates = false;
    this.specialMask = false;
    this.readsIsr = false;
    this.polls = false;
  }

  private writeSecond(byte: number): void {
    const after3 = (this.icw1 & ICW1.needs4) !== 0 ? EXPECTS.icw4 : EXPECTS.mask;
    switch (this.expects) {
      case EXPECTS.icw2:
        this.base = byte & 0xf8;
        this.expects = (this.icw1 & ICW1.single) !== 0 ? after3 : EXPECTS.icw3;
        break;
      // Which input has another controller, or which number this one has there, is wired on this board.
      case EXPECTS.icw3: this.expects = after3; break;
      case EXPECTS.icw4:
        this.icw4 = byte;
        this.expects = EXPECTS.mask;
        break;
      default: this.imr = byte;
    }
  }

  /** "Operation Control Word 2": ends an interrupt, and changes priorities. */
  private endOfInterrupt(byte: number): void {
    const rotate = (byte & OCW2.rotate) !== 0, eoi = (byte & OCW2.eoi) !== 0;
    if ((byte & OCW2.specific) !== 0) {
      const input = byte & 7;
      if (eoi) this.isr &= ~(1 << input);
      if (rotate) this.lowest = input;
    } else if (eoi) {
      const rank = this.rankOf(this.specialMask ? this.isr & ~this.imr : this.isr);
      if (rank === NONE) return;
      const input = this.inputAt(rank);
      this.isr &= ~(1 << input);
      if (rotate) this.lowest = input;
    } else this.rotates = rotate;
  }

  /** "Operation Control Word 3". */
  private setReading(byte: number): void {
    if ((byte & OCW3.poll) !== 0) this.polls = true;
    else if ((byte & OCW3.read) !== 0) this.readsIsr = (byte & OCW3.isr) !== 0;
    if ((byte & OCW3.setsSpecial) !== 0) this.specialMask = (byte & OCW3.special) !== 0;
  }

  // Priorities.

  /** How many inputs come before the first of a set; 8 when it is empty. */
  private rankOf(inputs: number): number {
    for (let rank = 0; rank < NONE; rank += 1) if ((inputs & (1 << this.inputAt(rank))) !== 0) return rank;
    return NONE;
  }

  private inputAt(rank: number): number {
    return (this.lowest + 1 + rank) & 7;
  }
}
