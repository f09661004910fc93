/**
 * A guest that does whatever it is told next, and compares what it sees with what its oracle says. What differs is a finding;
 * findings are those of the last step, and no part of the state.
 */
import type { Serializer } from '../../base/state.ts';
import { NMI } from '../../x86/fault.ts';
import type { Guest, Operation } from './operation.ts';
import type { Oracle } from './oracle.ts';

/** What can be seen to be wrong, by the guest or by the world around it. */
export const FINDINGS = [
  'PMI lost', 'PMI without cause', 'miscount', 'wrong status', 'guest fault', 'host miscounts', 'host samples wrong', 'host fault',
  'host cannot count', 'unknown NMI', 'host books wrong', 'request left', 'stuck',
] as const;
export type Finding = (typeof FINDINGS)[number];

/** It waits to be told. */
const WAIT: Operation = { op: 'host', action: { kind: 'kick' } };

export class OpenGuest implements Guest {
  readonly oracle: Oracle;
  private readonly find: (finding: Finding) => void;
  next: Operation = WAIT;
  private done = 0;
  nmiBlocked = false;
  interruptsOn = true;
  /** It is in a handler; and what IRET from an NMI's brings back. */
  handling = false;
  private interruptsWereOn = true;
  halted = false;
  ended = false;
  /** A lawful guest's place in what it does. */
  place = 0;
  /** Instructions since a PMI was due that has not come. */
  private waited = 0;
  private readonly patience: number;
  retired = 0;

  /** `patience`: so many instructions a PMI may be late. */
  constructor(oracle: Oracle, patience: number, find: (finding: Finding) => void) {
    this.oracle = oracle;
    this.patience = patience;
    this.find = find;
  }

  serialize(s: Serializer): void {
    s.part('oracle', this.oracle);
    this.nmiBlocked = s.flag('nmiBlocked', this.nmiBlocked);
    this.interruptsOn = s.flag('interruptsOn', this.interruptsOn);
    this.handling = s.flag('handling', this.handling);
    this.interruptsWereOn = s.flag('interruptsWereOn', this.interruptsWereOn);
    this.place = s.u8('place', this.place);
    this.waited = s.u8('waited', this.waited);
    this.retired = s.statistic('retired', this.retired);
    if (s.loading) this.wait();
  }

  get waiting(): boolean {
    return this.next === WAIT;
  }

  tell(operation: Operation): void {
    this.next = operation;
    this.done = 0;
  }

  private wait(): void {
    this.next = WAIT;
    this.done = 0;
  }

  get left(): number {
    return this.next.op === 'run' ? this.next.n - this.done : 0;
  }

  /** So many instructions retire. A PMI that was due before them should have come. */
  private retires(n = 1): void {
    this.waited = this.oracle.due ? this.waited + n : 0;
    if (this.waited > this.patience) this.find('PMI lost');
  }

  advance(n: number): void {
    this.retired += n;
    this.done += n;
    // In pieces that end where bare metal would be interrupted: a processor that has run past it has done so in one.
    for (let left = n; left > 0;) {
      const piece = Math.min(left, this.oracle.headroom);
      this.retires(piece);
      this.oracle.run(piece);
      left -= piece;
    }
    if (this.left === 0) this.wait();
  }

  skip(): void {
    const { next } = this;
    this.retires();
    if (next.op === 'wrmsr') this.oracle.wrmsr(next.msr, next.low, next.high);
    else this.oracle.setInterrupts(this.interruptsOn);
    this.wait();
  }

  read(value: number): void {
    const { next } = this;
    this.retires();
    if (next.op === 'rdmsr' && this.oracle.rdmsr(next.msr) !== value) this.find('wrong status');
    if (next.op === 'rdpmc' && this.oracle.rdpmc(next.index) !== value) this.find('miscount');
    this.wait();
  }

  fault(): void {
    this.find('guest fault');
    this.wait();
  }

  interrupt(vector: number, nmi: boolean): void {
    if (this.oracle.take() !== (nmi ? NMI : vector)) this.find('PMI without cause');
    this.waited = 0;
    this.handling = true;
    if (nmi) {
      this.nmiBlocked = true;
      this.interruptsWereOn = this.interruptsOn;
    }
    this.interruptsOn = false;
  }

  /** From an NMI's handler, if NMIs are blocked; else from that of an interrupt, which came while interrupts were on. */
  iret(): void {
    this.retires();
    this.interruptsOn = !this.nmiBlocked || this.interruptsWereOn;
    this.nmiBlocked = false;
    this.handling = false;
    this.oracle.iret(this.interruptsOn);
    this.wait();
  }
}
