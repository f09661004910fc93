/**
 * What a guest of the small machine does: a list of operations instead of a program. An operation is an instruction as far as
 * a PMU can see; `run` is many that have nothing to do with it.
 */
import type { Serializer, Stateful } from '../../base/state.ts';
import { msrName } from '../../x86/msr.ts';
import type { HostAction } from './action.ts';

export type Operation =
  | { readonly op: 'wrmsr'; readonly msr: number; readonly low: number; readonly high: number }
  | { readonly op: 'rdmsr'; readonly msr: number }
  | { readonly op: 'rdpmc'; readonly index: number }
  /** So many branches, one instruction and one cycle each. */
  | { readonly op: 'run'; readonly n: number }
  | { readonly op: 'cli' | 'sti' | 'hlt' | 'iret' | 'end' }
  /** The host does something here: between two instructions of the guest. On bare metal there is nobody to do it. */
  | { readonly op: 'host'; readonly action: HostAction };

/** A guest's main list, and the one that it runs when a PMI comes, which ends with IRET. */
export interface GuestProgram {
  readonly main: readonly Operation[];
  readonly handler: readonly Operation[];
}

/** What a guest has seen, in order. */
export type Sight =
  | { readonly kind: 'read'; readonly what: string; readonly value: number; readonly at: number; readonly inHandler: boolean }
  | { readonly kind: 'pmi'; readonly at: number; readonly vector: number }
  | { readonly kind: 'fault'; readonly what: string; readonly at: number };

/** A guest as the processor that runs it sees it. */
export interface Guest extends Stateful {
  /** What it does next; of a `run`, how much is left. */
  readonly next: Operation;
  readonly left: number;
  nmiBlocked: boolean;
  interruptsOn: boolean;
  halted: boolean;
  ended: boolean;
  /** Branches retired: the guest's own time. */
  readonly retired: number;
  /** So many branches of a `run` have retired. */
  advance(n: number): void;
  /** The operation is done; or it was a read of this value; or it faulted. */
  skip(): void;
  read(value: number): void;
  fault(what: string): void;
  /** An NMI, or an interrupt with this vector, is delivered. */
  interrupt(vector: number, nmi: boolean): void;
  iret(): void;
}

/** A guest that follows its lists: where it is in its lists, and what holds off its interrupts. */
export class SmallGuest implements Guest {
  readonly program: GuestProgram;
  /** The position in the main list, and how much of a `run` there is done; the same for the handler. */
  private at = 0;
  private done = 0;
  private handlerAt = 0;
  private handlerDone = 0;
  inHandler = false;
  interruptsOn = true;
  nmiBlocked = false;
  halted = false;
  ended = false;
  retired = 0;
  readonly sights: Sight[] = [];

  constructor(program: GuestProgram) {
    this.program = program;
  }

  serialize(s: Serializer): void {
    this.at = s.u16('at', this.at);
    this.done = s.u16('done', this.done);
    this.handlerAt = s.u16('handlerAt', this.handlerAt);
    this.handlerDone = s.u16('handlerDone', this.handlerDone);
    this.inHandler = s.flag('inHandler', this.inHandler);
    this.interruptsOn = s.flag('interruptsOn', this.interruptsOn);
    this.nmiBlocked = s.flag('nmiBlocked', this.nmiBlocked);
    this.halted = s.flag('halted', this.halted);
    this.ended = s.flag('ended', this.ended);
    this.retired = s.count('retired', this.retired);
  }

  get next(): Operation {
    const { main, handler } = this.program;
    return (this.inHandler ? handler[this.handlerAt] : main[this.at]) ?? { op: this.inHandler ? 'iret' : 'end' };
  }

  get left(): number {
    const { next } = this;
    return next.op === 'run' ? next.n - (this.inHandler ? this.handlerDone : this.done) : 0;
  }

  advance(n: number): void {
    this.retired += n;
    if (this.inHandler) this.handlerDone += n;
    else this.done += n;
    if (this.left === 0) this.skip();
  }

  skip(): void {
    if (this.inHandler) {
      this.handlerAt += 1;
      this.handlerDone = 0;
    } else {
      this.at += 1;
      this.done = 0;
    }
  }

  read(value: number): void {
    const what = nameOf(this.next).replace(/^RDMSR /, '');
    this.sights.push({ kind: 'read', what, value, at: this.retired, inHandler: this.inHandler });
    this.skip();
  }

  fault(what: string): void {
    this.sights.push({ kind: 'fault', what, at: this.retired });
    this.skip();
  }

  /** One that comes inside the handler begins it anew: nothing returns. */
  interrupt(vector: number, nmi: boolean): void {
    this.sights.push({ kind: 'pmi', at: this.retired, vector });
    this.inHandler = true;
    this.handlerAt = 0;
    this.handlerDone = 0;
    this.halted = false;
    if (nmi) this.nmiBlocked = true;
    else this.interruptsOn = false;
  }

  iret(): void {
    this.inHandler = false;
    this.nmiBlocked = false;
    this.interruptsOn = true;
  }
}

/** An operation as a listing shows it. */
export function nameOf(operation: Operation): string {
  switch (operation.op) {
    case 'wrmsr': return `WRMSR ${msrName(operation.msr)}`;
    case 'rdmsr': return `RDMSR ${msrName(operation.msr)}`;
    case 'rdpmc': return `RDPMC ${operation.index}`;
    case 'run': return `run ${operation.n}`;
    case 'host': return `host: ${operation.action.kind}`;
    default: return operation.op.toUpperCase();
  }
}
