/** What is in a file: bytes that were given, until somebody changes them, and from then on bytes of its own. */

const LEAST = 4096;

export class Content {
  size: number;
  private bytes: Uint8Array;
  /** They are its own, and may be written. */
  private own: boolean;

  /** `own`: nobody else has these bytes. */
  constructor(bytes: Uint8Array, own: boolean) {
    this.bytes = bytes;
    this.size = bytes.length;
    this.own = own;
  }

  get isOwn(): boolean {
    return this.own;
  }

  /** Bytes that it takes beside those that were given. */
  get taken(): number {
    return this.own ? this.size : 0;
  }

  /** To look at until the next write. */
  get all(): Uint8Array {
    return this.bytes.subarray(0, this.size);
  }

  /** Nothing from its end on. */
  read(at: number, length: number): Uint8Array {
    return this.bytes.subarray(Math.min(at, this.size), Math.min(at + length, this.size));
  }

  write(at: number, bytes: Uint8Array): void {
    this.resize(Math.max(this.size, at + bytes.length));
    this.bytes.set(bytes, at);
  }

  /** What is new is zero. */
  resize(size: number): void {
    if (!this.own || size > this.bytes.length) this.take(Math.max(LEAST, size, this.own ? 2 * this.size : this.size));
    if (size < this.size) this.bytes.fill(0, size, this.size);
    this.size = size;
  }

  private take(room: number): void {
    const bytes = new Uint8Array(room);
    bytes.set(this.all);
    this.bytes = bytes;
    this.own = true;
  }
}
