/**
 * State whose large pieces are kept apart: a machine's memory is nearly all of it, and whoever keeps it wants neither a copy of it
 * nor the zeros in it.
 */
import { Loader, Saver } from './pack.ts';

/** Bytes from which on a piece is large. */
export const LARGE = 1 << 20;

/** Packs all but the large pieces, and names those in the order in which they are visited. */
export class SmallSaver extends Saver {
  readonly large: Uint8Array[] = [];

  override bytes(name: string, view: Uint8Array): void {
    if (view.length < LARGE) super.bytes(name, view);
    else this.large.push(view);
  }
}

/** Loads what SmallSaver has packed. `fill` brings the large pieces, in the same order. */
export class SmallLoader extends Loader {
  private readonly fill: (view: Uint8Array) => void;

  constructor(fill: (view: Uint8Array) => void) {
    super();
    this.fill = fill;
  }

  override bytes(name: string, view: Uint8Array): void {
    if (view.length < LARGE) super.bytes(name, view);
    else this.fill(view);
  }
}
