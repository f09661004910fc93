/** Bytes that are written to, while those beneath stay: what was written is kept in pieces of 4 KiB. */

const PIECE = 4096;
/** Of a piece, as changes: its number, and its bytes. */
const ENTRY = 4 + PIECE;

export class Overlay {
  private readonly beneath: Uint8Array;
  private readonly pieces = new Map<number, Uint8Array>();

  constructor(beneath: Uint8Array) {
    this.beneath = beneath;
  }

  get size(): number {
    return this.beneath.length;
  }

  get isEmpty(): boolean {
    return this.pieces.size === 0;
  }

  read(at: number, length: number): Uint8Array {
    const bytes = this.beneath.slice(at, at + length);
    for (let piece = Math.floor(at / PIECE); piece * PIECE < at + length; piece += 1) {
      const written = this.pieces.get(piece);
      if (written === undefined) continue;
      const from = Math.max(at, piece * PIECE), to = Math.min(at + length, (piece + 1) * PIECE);
      bytes.set(written.subarray(from - piece * PIECE, to - piece * PIECE), from - at);
    }
    return bytes;
  }

  write(at: number, bytes: Uint8Array): void {
    const end = at + bytes.length;
    for (let piece = Math.floor(at / PIECE); piece * PIECE < end; piece += 1) {
      const start = piece * PIECE, from = Math.max(at, start), to = Math.min(end, start + PIECE);
      this.piece(piece).set(bytes.subarray(from - at, to - at), from - start);
    }
  }

  private piece(number: number): Uint8Array {
    const known = this.pieces.get(number);
    if (known !== undefined) return known;
    const piece = new Uint8Array(PIECE);
    piece.set(this.beneath.subarray(number * PIECE, (number + 1) * PIECE));
    this.pieces.set(number, piece);
    return piece;
  }

  /** All of it, as it is now. */
  whole(): Uint8Array {
    return this.read(0, this.size);
  }

  /** Pieces in their order, each behind its number. */
  changes(): Uint8Array {
    const bytes = new Uint8Array(ENTRY * this.pieces.size);
    const view = new DataView(bytes.buffer);
    const sorted = [...this.pieces].sort(([a], [b]) => a - b);
    for (const [i, [number, piece]] of sorted.entries()) {
      view.setUint32(i * ENTRY, number, true);
      bytes.set(piece, i * ENTRY + 4);
    }
    return bytes;
  }

  restore(changes: Uint8Array): void {
    const view = new DataView(changes.buffer, changes.byteOffset, changes.length);
    this.pieces.clear();
    for (let at = 0; at < changes.length; at += ENTRY) this.pieces.set(view.getUint32(at, true), changes.slice(at + 4, at + ENTRY));
  }
}
