/** A port through which a guest program ends the run and says how: a test device, as emulators have. */
import type { Serializer, Stateful } from '../../base/state.ts';
import type { Width } from '../../x86/registers.ts';
import type { PortDevice } from '../memory/memory.ts';

const NONE = 0xffff_ffff;

export class ExitPort implements PortDevice, Stateful {
  readonly port = 0xf4;
  readonly ports = 4;
  private written = NONE;
  private readonly ended: () => void;

  /** `ended` is called when the guest writes. */
  constructor(ended: () => void) {
    this.ended = ended;
  }

  /** What the guest wrote; undefined while it runs. */
  get code(): number | undefined {
    return this.written === NONE ? undefined : this.written;
  }

  serialize(s: Serializer): void {
    this.written = s.u32('code', this.written);
  }

  in(): number {
    return 0;
  }

  out(_offset: number, value: number, width: Width): void {
    this.written = width === 4 ? value & 0x7fff_ffff : value;
    this.ended();
  }
}
