/**
 * What the machine can count. SDM: "Pre-defined Architectural Performance Events", and the events of the Core
 * microarchitectures that profilers and rr use. AMD's codes are those of its Zen processors' reference manuals.
 */

interface EventRow {
  readonly name: string;
  /** Its encodings in IA32_PERFEVTSELx: event select and umask. */
  readonly codes: readonly (readonly [event: number, umask: number])[];
  /** The same event of AMD's: its event select has twelve bits. */
  readonly amd?: readonly [event: number, umask: number];
  /** The bit of CPUID.0AH:EBX that says it is not available; undefined for events that are not architectural. */
  readonly architectural?: number;
}

/** The order is the order of an EventCounts vector. */
export const EVENTS = [
  { name: 'core cycles', codes: [[0x3c, 0x00]], amd: [0x076, 0x00], architectural: 0 },
  { name: 'instructions retired', codes: [[0xc0, 0x00]], amd: [0x0c0, 0x00], architectural: 1 },
  { name: 'reference cycles', codes: [[0x3c, 0x01]], amd: [0x120, 0x01], architectural: 2 },
  { name: 'LLC references', codes: [[0x2e, 0x4f]], amd: [0x060, 0xff], architectural: 3 },
  { name: 'LLC misses', codes: [[0x2e, 0x41]], amd: [0x064, 0x09], architectural: 4 },
  { name: 'branch instructions retired', codes: [[0xc4, 0x00]], amd: [0x0c2, 0x00], architectural: 5 },
  { name: 'branch mispredicts retired', codes: [[0xc5, 0x00]], amd: [0x0c3, 0x00], architectural: 6 },
  { name: 'topdown slots', codes: [[0xa4, 0x01]], architectural: 7 },
  // BR_INST_RETIRED.CONDITIONAL up to Comet Lake, BR_INST_RETIRED.COND from Ice Lake on.
  { name: 'conditional branches retired', codes: [[0xc4, 0x01], [0xc4, 0x11]], amd: [0x0d1, 0x00] },
  { name: 'near calls retired', codes: [[0xc4, 0x02]] },
  { name: 'loads retired', codes: [[0xd0, 0x81]], amd: [0x029, 0x01] },
  { name: 'stores retired', codes: [[0xd0, 0x82]], amd: [0x029, 0x02] },
] as const satisfies readonly EventRow[];

export type EventName = (typeof EVENTS)[number]['name'];

/** The position of an event in an EventCounts vector. */
export const EVENT = Object.fromEntries(EVENTS.map(({ name }, i) => [name, i])) as Readonly<Record<EventName, number>>;

/** One non-negative integer per row of EVENTS. */
export type EventCounts = Float64Array;
export const newEventCounts = (): EventCounts => new Float64Array(EVENTS.length);

/** Issue slots per core cycle: the width of the machine that `topdown slots` speaks of. */
export const SLOTS_PER_CYCLE = 4;

const BY_CODE: ReadonlyMap<number, number> = new Map(
  EVENTS.flatMap(({ codes }, i) => codes.map(([event, umask]) => [(umask << 8) | event, i] as const)),
);

/** The event that bits 15:0 of a selector ask for: -1 when the machine knows no such event, which then never counts. */
export const eventOf = (selector: number): number => BY_CODE.get(selector & 0xffff) ?? -1;

/** AMD's encoding of an event, the event select with all its twelve bits; undefined where its processors have none. */
export function amdEventCode(event: EventName): readonly [event: number, umask: number] | undefined {
  const row = EVENTS[EVENT[event]]!;
  return 'amd' in row ? row.amd : undefined;
}

const BY_AMD_CODE: ReadonlyMap<number, number> = new Map(EVENTS.flatMap(({ name }, i) => {
  const code = amdEventCode(name);
  return code === undefined ? [] : [[((code[0] >> 8) << 16) | (code[1] << 8) | (code[0] & 0xff), i] as const];
}));

/** The same of AMD's: bits 15:0, and in `high` bits 11:8 of the event select. */
export const amdEventOf = (selector: number, high: number): number => BY_AMD_CODE.get((selector & 0xffff) | ((high & 0xf) << 16)) ?? -1;

/** The event that a fixed counter counts. SDM: "Fixed-Function Performance Counters". */
export const FIXED_EVENTS: readonly number[] = [
  EVENT['instructions retired'], EVENT['core cycles'], EVENT['reference cycles'], EVENT['topdown slots'],
];
export const MAX_FIXED = FIXED_EVENTS.length;
export const MAX_GENERAL = 8;
export const MAX_COUNTERS = MAX_GENERAL + MAX_FIXED;
