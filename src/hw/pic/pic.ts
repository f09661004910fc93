/**
 * The interrupt controllers of a PC: two 8259A, the second one behind input 2 of the first, and a register for each that says which
 * inputs are level-triggered.
 *
 *     lines 8 to 15 --> second --2--> first --INT--> LINT0 of the bootstrap processor
 *     lines 0, 1, 3 to 7 -------------^
 */
import type { Serializer, Stateful } from '../../base/state.ts';
import type { PortDevice } from '../memory/memory.ts';
import { InterruptController } from './controller.ts';

export const PIC_LINES = 16;
const PORTS = [0x20, 0xa0] as const;
const EDGE_LEVEL = 0x4d0;
/** The input of the first controller that the second one drives. */
const CASCADE = 2;
/** Timer, keyboard, the cascade, the clock and the coprocessor are edge-triggered for ever. Intel 82371AB, "ELCR1", "ELCR2". */
const EDGE_ONLY = [0x07, 0x21] as const;

export class Pic implements Stateful {
  /** What answers at the ports. */
  readonly devices: readonly PortDevice[];
  private readonly first = new InterruptController(1 << CASCADE);
  private readonly second = new InterruptController();
  private readonly changed: () => void;

  /** `changed` is called after whatever may have changed the interrupt output. */
  constructor(changed: () => void) {
    this.changed = changed;
    const pair = [this.first, this.second] as const;
    this.devices = [
      ...pair.map((controller, i): PortDevice => ({
        port: PORTS[i]!, ports: 2,
        in: (offset) => this.after(() => controller.read(offset)),
        out: (offset, value) => this.after(() => controller.write(offset, value & 0xff)),
      })),
      {
        port: EDGE_LEVEL, ports: 2,
        in: (offset) => pair[offset]!.levelTriggered,
        out: (offset, value) => this.after(() => {
          pair[offset]!.levelTriggered = value & 0xff & ~EDGE_ONLY[offset]!;
        }),
      },
    ];
  }

  serialize(s: Serializer): void {
    s.part('first', this.first);
    s.part('second', this.second);
  }

  /** A device asserts one of the lines, or lets it go. Line 2 is taken. */
  setLine(line: number, asserted: boolean): void {
    if (line === CASCADE) return;
    this.after(() => (line < 8 ? this.first : this.second).setLine(line & 7, asserted));
  }

  /** The processor is asked to take an interrupt. */
  get requested(): boolean {
    return this.first.requested !== -1;
  }

  /** The processor acknowledges, and is told the vector. What is not requested any more is input 7, of whichever is asked. */
  acknowledge(): number {
    return this.after(() => {
      const input = this.first.acknowledge();
      if (input !== CASCADE) return this.first.vectorOf(input);
      const vector = this.second.vectorOf(this.second.acknowledge());
      // INT falls when it is acknowledged: what is requested next is an edge again.
      this.first.setLine(CASCADE, false);
      return vector;
    });
  }

  /** The second controller's output follows whatever is done to it, as the first one's input. */
  private after<T>(body: () => T): T {
    const result = body();
    this.first.setLine(CASCADE, this.second.requested !== -1);
    this.changed();
    return result;
  }
}
