/** A terminal as a guest's console: what is typed goes to the guest as it is, but for Ctrl-A X, which leaves. */

const CTRL_A = 1;

export interface Terminal {
  /** Takes what was typed since the last time. */
  typed(): Uint8Array;
  /** Somebody wants to leave. */
  readonly left: boolean;
  /** Gives the terminal back. */
  close(): void;
}

/** What of the typed bytes is the guest's. After Ctrl-A: X leaves, and another Ctrl-A is one of the guest's. */
export class Escape {
  left = false;
  private prefixed = false;

  pass(bytes: Uint8Array): Uint8Array {
    const passed: number[] = [];
    for (const byte of bytes) {
      if (!this.prefixed && byte === CTRL_A) this.prefixed = true;
      else {
        if (this.prefixed && (byte === 0x78 || byte === 0x58)) this.left = true;
        else passed.push(byte);
        this.prefixed = false;
      }
    }
    return Uint8Array.from(passed);
  }
}

/** The process's own. Input that ends, as that of a pipe, leaves nothing more to type, and the guest goes on. */
export function openTerminal(): Terminal {
  const { stdin } = process;
  const keys = new Escape();
  let waiting: Uint8Array[] = [];
  const take = (data: Buffer): void => void waiting.push(keys.pass(data));
  if (stdin.isTTY) stdin.setRawMode(true);
  stdin.on('data', take);
  return {
    typed: () => {
      const all = Buffer.concat(waiting);
      waiting = [];
      return all;
    },
    get left() {
      return keys.left;
    },
    close: () => {
      stdin.off('data', take);
      if (stdin.isTTY) stdin.setRawMode(false);
      stdin.pause();
    },
  };
}
