/** LZMA2: chunks of LZMA, and of bytes as they are. Igor Pavlov's "LZMA specification" and the .xz File Format, "LZMA2". */
import { ImageError } from '../image.ts';
import { Lzma } from './lzma.ts';

/** The control byte of a chunk. From 80H on it is LZMA, with bits 20:16 of the unpacked size, less one, in its low bits. */
const CONTROL = { end: 0, bytesAnew: 1, bytes: 2, lzma: 0x80 } as const;
/** Bits 6:5 of the control byte of LZMA: what begins anew. */
const ANEW = { state: 1, properties: 2, dictionary: 3 } as const;
const MOST_LC_LP = 4;

export class Lzma2 {
  /** Where the next byte is read, and where it goes. */
  at: number;
  to: number;
  private readonly packed: Uint8Array;
  private readonly out: Uint8Array;
  private readonly lzma: Lzma;
  private hasProperties = false;

  constructor(packed: Uint8Array, at: number, out: Uint8Array, to: number) {
    this.packed = packed;
    this.at = at;
    this.out = out;
    this.to = to;
    this.lzma = new Lzma(out, to);
  }

  /** Unpacks up to the end of the stream. */
  run(): void {
    for (let control = this.byte(); control !== CONTROL.end; control = this.byte()) {
      if (control >= CONTROL.lzma) this.compressed(control);
      else if (control <= CONTROL.bytes) this.plain(control === CONTROL.bytesAnew);
      else throw new ImageError(`a chunk of LZMA2 begins with ${control}`);
    }
  }

  private plain(anew: boolean): void {
    const size = this.half() + 1;
    this.checkRoom(size, size);
    if (anew) this.lzma.dictionary = this.to;
    this.out.set(this.packed.subarray(this.at, this.at + size), this.to);
    this.at += size;
    this.to += size;
  }

  private compressed(control: number): void {
    const size = ((control & 0x1f) << 16) + this.half() + 1, packedSize = this.half() + 1;
    const anew = (control >> 5) & 3;
    if (anew === ANEW.dictionary) this.lzma.dictionary = this.to;
    if (anew >= ANEW.properties) this.properties(this.byte());
    if (!this.hasProperties) throw new ImageError('LZMA2 begins without the properties of LZMA');
    if (anew >= ANEW.state) this.lzma.reset();
    this.checkRoom(size, packedSize);
    this.lzma.run(this.packed.subarray(this.at, this.at + packedSize), this.to, this.to + size);
    this.at += packedSize;
    this.to += size;
  }

  /** (pb * 5 + lp) * 9 + lc. */
  private properties(byte: number): void {
    const lc = byte % 9, lp = Math.floor(byte / 9) % 5, pb = Math.floor(byte / 45);
    if (pb > 4 || lc + lp > MOST_LC_LP) throw new ImageError(`there are no properties ${byte} of LZMA`);
    this.lzma.setProperties(lc, lp, pb);
    this.hasProperties = true;
  }

  private checkRoom(size: number, packedSize: number): void {
    const end = this.at + packedSize;
    if (end > this.packed.length) throw new ImageError(`a chunk of LZMA2 ends at ${end}, behind the data`);
    if (this.to + size > this.out.length) throw new ImageError('it unpacks to more than it claims');
  }

  private byte(): number {
    const byte = this.packed[this.at++];
    if (byte === undefined) throw new ImageError(`the data end at ${this.packed.length}, between two chunks of LZMA2`);
    return byte;
  }

  private half(): number {
    const upper = this.byte();
    return (upper << 8) | this.byte();
  }
}
