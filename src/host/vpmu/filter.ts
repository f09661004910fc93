/**
 * KVM_SET_PMU_EVENT_FILTER: which events a guest may count. A counter with another event keeps its registers and stands
 * still. KVM: the layout of a masked entry is that of KVM_PMU_ENCODE_MASKED_ENTRY.
 */
export interface EventFilter {
  readonly action: 'allow' | 'deny';
  /** Entries, at most 300: event select and umask as in a selector; or masked entries. */
  readonly events: readonly bigint[];
  readonly masked: boolean;
  /** Bit j is fixed counter j. */
  readonly fixedCounterBitmap: number;
}

const MOST_EVENTS = 300;
/** Bits of a masked entry: event select 7:0 and 35:32, umask 15:8, umask mask 63:56, exclude 55. */
const EXCLUDE = 1n << 55n;
const MASKED_BITS = 0xffffn | (0xfn << 32n) | (0xffn << 56n) | EXCLUDE;

/** Why the ioctl fails; undefined when it does not. */
export function checkFilter({ events, masked }: EventFilter): 'E2BIG' | 'EINVAL' | undefined {
  if (events.length > MOST_EVENTS) return 'E2BIG';
  return masked && events.some((entry) => (entry & ~MASKED_BITS) !== 0n) ? 'EINVAL' : undefined;
}

/** Whether a general counter may count what its selector's low bits ask for. */
export function allowsGeneral(filter: EventFilter | undefined, selector: number): boolean {
  if (filter === undefined) return true;
  return matches(filter, selector & 0xff, (selector >>> 8) & 0xff) === (filter.action === 'allow');
}

/** The bitmap decides alone: an allow list must name the counter, a deny list must not. */
export function allowsFixed(filter: EventFilter | undefined, j: number): boolean {
  if (filter === undefined) return true;
  return ((filter.fixedCounterBitmap >>> j) & 1) === (filter.action === 'allow' ? 1 : 0);
}

function matches({ events, masked }: EventFilter, select: number, umask: number): boolean {
  if (!masked) return events.includes(BigInt(select | (umask << 8)));
  const hit = (entry: bigint): boolean => {
    const mask = Number((entry >> 56n) & 0xffn), wanted = Number((entry >> 8n) & 0xffn);
    return Number(entry & 0xffn) === select && ((entry >> 32n) & 0xfn) === 0n && (umask & mask) === wanted;
  };
  return events.some((entry) => (entry & EXCLUDE) === 0n && hit(entry)) && !events.some((entry) => (entry & EXCLUDE) !== 0n && hit(entry));
}
