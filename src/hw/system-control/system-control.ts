/**
 * System control port B of a PC, at port 61H. What software reads in it are the reasons of an NMI: there are none, so that an NMI
 * without another reason is not taken for a bus error; and on a board with an interval timer, what its speaker does.
 *
 * Limit: there is no speaker; the bits that would switch it can be written and read.
 */
import type { Serializer, Stateful } from '../../base/state.ts';
import type { PortDevice } from '../memory/memory.ts';

const WRITABLE = 0x0f;
const BIT = { gate: 1 << 0, refresh: 1 << 4, out: 1 << 5 } as const;

/** Of an interval timer, the counter behind the speaker. */
export interface SpeakerTimer {
  setSpeakerGate(gate: boolean): void;
  readonly speakerOut: boolean;
  readonly refresh: boolean;
}

export class SystemControl implements PortDevice, Stateful {
  readonly port = 0x61;
  readonly ports = 1;
  private readonly timer: SpeakerTimer | undefined;
  private value = 0;

  constructor(timer?: SpeakerTimer) {
    this.timer = timer;
  }

  serialize(s: Serializer): void {
    this.value = s.u8('value', this.value);
  }

  in(): number {
    const { timer, value } = this;
    return timer === undefined ? value : value | (timer.refresh ? BIT.refresh : 0) | (timer.speakerOut ? BIT.out : 0);
  }

  out(_offset: number, value: number): void {
    this.value = value & WRITABLE;
    this.timer?.setSpeakerGate((value & BIT.gate) !== 0);
  }
}
