/** What a guest may do next: the lists of one kind of guest, made once, because they are asked for at every step. */
import { type GeneralAlternatives, generalGuest } from './general-guest.ts';
import type { Program, Told } from './guest-code.ts';
import type { GuestOptions } from './guest-options.ts';
import { HANDLER, lawfulGuest } from './lawful-guest.ts';
import { olderGuest } from './older-guest.ts';
import type { OpenGuest } from './open-guest.ts';
import { severalGuest } from './several-guest.ts';

export class GuestAlternatives {
  /** Of the most general guest, or of a lawful one. */
  private readonly general: GeneralAlternatives | undefined;
  private readonly program: Program;

  /** `globals`: the guest's PMU has global registers. */
  constructor(options: GuestOptions, globals: boolean) {
    this.general = options.guest === 'general' ? generalGuest(options, globals) : undefined;
    const several = globals ? severalGuest : olderGuest;
    this.program = (options.guest === 'several' ? several : lawfulGuest)(options);
  }

  of(guest: OpenGuest): readonly Told[] {
    if (this.general !== undefined) {
      const lists = guest.handling ? this.general.handling : this.general.outside;
      return guest.interruptsOn ? lists.on : lists.off;
    }
    // A PMI has come since: the handler begins.
    const place = guest.handling && guest.place < HANDLER ? HANDLER : guest.place;
    return this.program.places.get(this.program.at(place, guest.oracle.pmu.regs))!;
  }
}
