/**
 * System control port B of a PC, at port 61H. What software reads in it are the reasons of an NMI: on this board there are none, so
 * that an NMI without another reason is not taken for a bus error.
 *
 * Limit: there is no speaker and no timer behind it; the bits that would switch them can be written and read.
 */
import type { Serializer, Stateful } from '../../base/state.ts';
import type { PortDevice } from '../memory/memory.ts';

const WRITABLE = 0x0f;

export class SystemControl implements PortDevice, Stateful {
  readonly port = 0x61;
  readonly ports = 1;
  private value = 0;

  serialize(s: Serializer): void {
    this.value = s.u8('value', this.value);
  }

  in(): number {
    return this.value;
  }

  out(_offset: number, value: number): void {
    this.value = value & WRITABLE;
  }
}
