/** What the host of a small world does to a guest, between two of the guest's instructions. */
import type { EventFilter } from '../../host/vpmu/filter.ts';

export type HostAction =
  /** Just an exit: an interrupt of the host's. */
  | { readonly kind: 'kick' }
  /** Another task runs for so many cycles on the CPU, and then the virtual processor again. */
  | { readonly kind: 'preempt'; readonly cycles: number }
  | { readonly kind: 'migrate'; readonly to: number }
  | { readonly kind: 'tick' }
  /** Another virtual processor runs on this CPU, for so many of its branches. */
  | { readonly kind: 'run other'; readonly vcpu: number; readonly branches: number }
  /** A user of the host's PMU, by its place in the list, begins, ends, or reads its count on the CPU where the guest is. */
  | { readonly kind: 'start' | 'stop' | 'read'; readonly user: number }
  | { readonly kind: 'filter'; readonly filter: EventFilter | undefined }
  /** The same, by another thread while the guest runs: the kick that follows comes after so many branches. */
  | { readonly kind: 'filter from outside'; readonly filter: EventFilter | undefined };
