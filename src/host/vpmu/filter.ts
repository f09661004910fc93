/**
 * KVM_SET_PMU_EVENT_FILTER: which events a guest may count. A counter with another event keeps its registers and stands
 * still. KVM: the layout of a masked entry is that of KVM_PMU_ENCODE_MASKED_ENTRY.
 */
import type { Serializer } from '../../base/state.ts';

export interface EventFilter {
  readonly action: 'allow' | 'deny';
  /** Entries, at most 300: event select and umask as in a selector; or masked entries. */
  readonly events: readonly bigint[];
  readonly masked: boolean;
  /** Bit j is fixed counter j. */
  readonly fixedCounterBitmap: number;
}

export const MOST_EVENTS = 300;
/** Bits of a masked entry: event select 7:0 and 35:32, umask 15:8, umask mask 63:56, exclude 55. */
const EXCLUDE = 1n << 55n;
const MASKED_BITS = 0xffffn | (0xfn << 32n) | (0xffn << 56n) | EXCLUDE;

/** An entry in parts: what it is to match, and of a masked one the bits of the umask that matter (all), and whether it takes out. */
interface FilterEntry {
  readonly select: number;
  readonly umask: number;
  readonly mask?: number | undefined;
  readonly exclude?: boolean | undefined;
}

/** Unmasked it is an event as in a selector; masked it is what KVM_PMU_ENCODE_MASKED_ENTRY makes of it. */
export function encodeEntry({ select, umask, mask = 0xff, exclude = false }: FilterEntry, masked: boolean): bigint {
  const event = BigInt(select & 0xff) | (BigInt(umask) << 8n) | (BigInt(select >> 8) << 32n);
  return masked ? event | (BigInt(mask) << 56n) | (exclude ? EXCLUDE : 0n) : event;
}

/** Why the ioctl fails; ENOTTY: this host has none. */
export type FilterError = 'E2BIG' | 'EINVAL' | 'ENOTTY';

export function checkFilter({ events, masked }: EventFilter): FilterError | undefined {
  if (events.length > MOST_EVENTS) return 'E2BIG';
  return masked && events.some((entry) => (entry & ~MASKED_BITS) !== 0n) ? 'EINVAL' : undefined;
}

/** Whether a general counter may count what its selector's low bits ask for; AMD's event selects have four bits more. */
export function allowsGeneral(filter: EventFilter, selector: number, selectHigh: number): boolean {
  return matches(filter, selector & 0xff, selectHigh, (selector >>> 8) & 0xff) === (filter.action === 'allow');
}

/** The bitmap decides alone: an allow list must name the counter, a deny list must not. */
export function allowsFixed(filter: EventFilter, j: number): boolean {
  return ((filter.fixedCounterBitmap >>> j) & 1) === (filter.action === 'allow' ? 1 : 0);
}

function matches({ events, masked }: EventFilter, select: number, selectHigh: number, umask: number): boolean {
  if (!masked) return events.includes(BigInt(select | (umask << 8)) | (BigInt(selectHigh) << 32n));
  const hit = (entry: bigint): boolean => {
    const mask = Number((entry >> 56n) & 0xffn), wanted = Number((entry >> 8n) & 0xffn);
    return Number(entry & 0xffn) === select && Number((entry >> 32n) & 0xfn) === selectHigh && (umask & mask) === wanted;
  };
  return events.some((entry) => (entry & EXCLUDE) === 0n && hit(entry)) && !events.some((entry) => (entry & EXCLUDE) !== 0n && hit(entry));
}

/** A filter is data of the scenario, and which one is in force is state. */
export function serializeFilter(s: Serializer, filter: EventFilter | undefined): EventFilter | undefined {
  if (!s.flag('filtered', filter !== undefined)) return undefined;
  const allow = s.flag('allow', filter?.action === 'allow'), masked = s.flag('masked', filter?.masked ?? false);
  const fixedCounterBitmap = s.u32('fixedCounterBitmap', (filter?.fixedCounterBitmap ?? 0) >>> 0);
  const count = s.u16('events', filter?.events.length ?? 0);
  const events = Array.from({ length: count }, (_, i) => {
    const entry = filter?.events[i] ?? 0n;
    const low = s.u32(`low.${i}`, Number(entry & 0xffff_ffffn)), high = s.u32(`high.${i}`, Number((entry >> 32n) & 0xffff_ffffn));
    return (BigInt(high) << 32n) | BigInt(low);
  });
  return s.loading ? { action: allow ? 'allow' : 'deny', masked, fixedCounterBitmap, events } : filter;
}
