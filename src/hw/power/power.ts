/**
 * The end of a run, as software asks for it: sleep control and sleep status, as ACPI's hardware-reduced model has them, and a
 * reset register. ACPI Specification, "Sleep Control and Status Registers" and "Reset Register".
 */
import type { Serializer, Stateful } from '../../base/state.ts';
import type { PortDevice } from '../memory/memory.ts';

/** The ports, and what is written to them. */
export const POWER = { port: 0x600, sleepControl: 0x600, sleepStatus: 0x601, reset: 0x602, resetValue: 1, softOff: 5 } as const;
/**
 * The firmware's code for a processor that begins anew in real-address mode, which is how software resets a PC that knows of no other
 * way: MOV DX, port; MOV AL, value; OUT DX, AL; HLT.
 */
export const RESET_VECTOR = {
  at: 0xf_fff0,
  code: Uint8Array.of(0xba, POWER.reset & 0xff, POWER.reset >> 8, 0xb0, POWER.resetValue, 0xee, 0xf4),
} as const;
const SLEEP_ENABLE = 1 << 5;
const SLEEP_TYPE_SHIFT = 2;

export type PowerState = 'power off' | 'reset';
const STATES: readonly (PowerState | undefined)[] = [undefined, 'power off', 'reset'];

export class Power implements PortDevice, Stateful {
  readonly port = POWER.port;
  readonly ports = 3;
  /** What was asked for; undefined while the machine runs. */
  state: PowerState | undefined;
  private readonly ended: () => void;

  /** `ended` is called when the guest asks for an end. */
  constructor(ended: () => void) {
    this.ended = ended;
  }

  serialize(s: Serializer): void {
    this.state = STATES[s.u8('state', STATES.indexOf(this.state))];
  }

  /** Nothing ever wakes the machine, so that the status is always clear. */
  in(): number {
    return 0;
  }

  out(offset: number, value: number): void {
    const port = this.port + offset;
    const off = (value & SLEEP_ENABLE) !== 0 && ((value >> SLEEP_TYPE_SHIFT) & 7) === POWER.softOff;
    if (port === POWER.sleepControl && off) this.end('power off');
    else if (port === POWER.reset && (value & 0xff) === POWER.resetValue) this.end('reset');
  }

  private end(state: PowerState): void {
    this.state = state;
    this.ended();
  }
}
