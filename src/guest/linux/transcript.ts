/** What a guest says on its console, told apart: what the kernel says, the output of the command, and its exit status. See init.ts. */

const SOH = 1;
const STX = 2;
const ETX = 3;
const EOT = 4;
/** A word longer than any between the marks is none of them. */
const WORD_MOST = 16;

export class Transcript {
  /** A command is awaited. */
  ready = false;
  /** Of the command, once it has ended. */
  status: number | undefined;
  private readonly boot: (byte: number) => void;
  private readonly output: (byte: number) => void;
  private running = false;
  /** What came since the mark that may begin a word; empty when none did. */
  private readonly pending: number[] = [];

  /** `boot` takes what kernel and init say, `output` what the command does. */
  constructor(boot: (byte: number) => void, output: (byte: number) => void) {
    this.boot = boot;
    this.output = output;
  }

  /** The command runs, or has ended. */
  get began(): boolean {
    return this.running || this.status !== undefined;
  }

  put(byte: number): void {
    const { pending } = this;
    const opening = this.running ? ETX : SOH, closing = this.running ? EOT : STX;
    if (pending.length === 0 && byte !== opening) return this.pass(byte);
    if (byte === opening) this.flush();
    pending.push(byte);
    if (byte === closing && this.obeys(String.fromCharCode(...pending.slice(1, -1)))) pending.length = 0;
    else if (byte === closing || pending.length > WORD_MOST) this.flush();
  }

  /** Passes on what may have been the beginning of a word, when nothing follows it. */
  flush(): void {
    for (const byte of this.pending.splice(0)) this.pass(byte);
  }

  private pass(byte: number): void {
    (this.running ? this.output : this.boot)(byte);
  }

  /** Whether it is a word, which has then been obeyed. */
  private obeys(text: string): boolean {
    const status = /^vpmu (\d{1,3})$/.exec(text)?.[1];
    if (this.running) {
      if (status === undefined) return false;
      this.status = Number(status);
      this.running = false;
      return true;
    }
    if (text === 'vpmu') this.running = true;
    else if (text === 'vpmu ready') this.ready = true;
    return text === 'vpmu' || text === 'vpmu ready';
  }
}
