/**
 * QEMU's log of a processor (`-d cpu,int` with `-singlestep`): its registers before each instruction, and the interrupts between them.
 *
 *     RAX=... RBX=...            before an instruction; 32-bit code has EAX=... instead
 *     Servicing hardware INT=0xec
 *          7: v=0e e=0002 ...    an event that is delivered, and the registers a second time
 */

/** What QEMU said of its processor. The object is used again for the next one. */
export interface Logged {
  /** Halves of RAX to R15 in the order of their numbers, low first, and of RIP. */
  readonly words: Uint32Array;
  rflags: number;
  /** In 64-bit mode. */
  long: boolean;
  /** Segments, tables, control and debug registers, as they were printed. */
  system: string;
}

export interface Listener {
  /** Returns false when it has seen enough. */
  state(logged: Logged): boolean;
  interrupt(vector: number): void;
}

export const RIP_WORD = 32;
/** The order in which QEMU prints them, by their numbers. */
const PRINTED = [0, 3, 1, 2, 6, 7, 5, 4, 8, 9, 10, 11, 12, 13, 14, 15] as const;
/** A name of three letters and an equals sign before the digits, and one character behind them. */
const NAME = 4;
const LAST = '\nEFER=';
const DELIVERED = /^ *\d+: v=/m;
const SERVICED = /^Servicing hardware INT=0x([0-9a-f]+)/m;

export class Log {
  private readonly listener: Listener;
  private readonly logged: Logged = { words: new Uint32Array(34), rflags: 0, long: false, system: '' };
  private pending = '';

  constructor(listener: Listener) {
    this.listener = listener;
  }

  /** The next piece of the log. Returns false when its listener has seen enough. */
  take(text: string): boolean {
    const all = this.pending + text;
    let from = 0;
    for (;;) {
      const last = all.indexOf(LAST, from);
      const end = last === -1 ? -1 : all.indexOf('\n', last + LAST.length);
      if (end === -1) break;
      if (!this.dump(all, from, last, end)) return false;
      from = end + 1;
    }
    this.pending = all.slice(from);
    return true;
  }

  /** One set of registers, and what stands before it. */
  private dump(all: string, from: number, last: number, end: number): boolean {
    const long = all.startsWith('RAX=', from), bare = long || all.startsWith('EAX=', from);
    if (bare) return this.registers(all, from, long, last, end);
    const before = /^[ER]AX=/m.exec(all.slice(from, last));
    if (before === null) return true;
    const notes = all.slice(from, from + before.index);
    const vector = SERVICED.exec(notes)?.[1];
    if (vector !== undefined) this.listener.interrupt(Number.parseInt(vector, 16));
    return DELIVERED.test(notes) || this.registers(all, from + before.index, before[0].startsWith('R'), last, end);
  }

  private registers(all: string, at: number, long: boolean, last: number, end: number): boolean {
    const { logged } = this;
    const { words } = logged;
    const digits = long ? 16 : 8, count = long ? 16 : 8;
    const field = (n: number): number => at + n * (NAME + digits + 1) + NAME;
    const put = (word: number, start: number): void => {
      words[word] = Number.parseInt(all.slice(start + digits - 8, start + digits), 16);
      words[word + 1] = long ? Number.parseInt(all.slice(start, start + 8), 16) : 0;
    };
    for (let n = 0; n < count; n += 1) put(2 * PRINTED[n]!, field(n));
    put(RIP_WORD, field(count));
    const flags = field(count + 1);
    logged.rflags = Number.parseInt(all.slice(flags, flags + 8), 16);
    logged.long = long;
    // Between debug registers and EFER is how QEMU keeps the flags.
    logged.system = all.slice(all.indexOf(' CPL=', flags), all.lastIndexOf('\nCCS=', last)) + all.slice(last, end);
    return this.listener.state(logged);
  }
}
