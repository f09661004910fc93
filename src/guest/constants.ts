/** Names that programs may use without defining them: those of the manual, from the tables that the machine itself uses. */
import { EVENTS } from '../x86/event.ts';
import { MSRS } from '../x86/msr.ts';
import { DEBUGCTL, EVTSEL, FIXED_CTRL, STATUS_HIGH } from '../x86/perfmon.ts';

const prefixed = (prefix: string, values: Readonly<Record<string, number>>): [string, bigint][] =>
  Object.entries(values).map(([name, value]) => [`${prefix}${name}`, BigInt(value >>> 0)]);

/** 'core cycles' as EVENT_CORE_CYCLES: event select and umask, as bits 15:0 of a selector. */
const events: [string, bigint][] = EVENTS.map(({ name, codes }) => {
  const [event, umask] = codes[0];
  return [`EVENT_${name.toUpperCase().replaceAll(' ', '_')}`, BigInt((umask << 8) | event)];
});

export const CONSTANTS: ReadonlyMap<string, bigint> = new Map([
  ...Object.entries(MSRS).map(([name, index]): [string, bigint] => [name, BigInt(index)]),
  ...prefixed('EVTSEL_', EVTSEL), ...prefixed('FIXED_', FIXED_CTRL), ...prefixed('STATUS_', STATUS_HIGH),
  ...prefixed('DEBUGCTL_', DEBUGCTL),
  ...events,
  ['EXIT_PORT', 0xf4n], ['COM1', 0x3f8n],
]);
