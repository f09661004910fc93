/**
 * What every virtual PMU should keep, one sentence each. What is looked at are the findings of a step: the world compares at each
 * step what the guest sees with the hardware that it believes to be on, and the host's events with what happened.
 */
import { FINDINGS, type Finding } from '../lab/small/open-guest.ts';
import type { OpenWorld, OpenWorldOptions } from '../lab/small/open-world.ts';
import type { Property } from './explore.ts';

/** By finding: the sentence that it refutes. */
export const SENTENCES: Readonly<Record<Finding, string>> = {
  'PMI lost': 'every overflow that asks for a PMI interrupts the guest before its next instruction',
  'PMI without cause': 'no PMI comes that bare metal would not have sent',
  'miscount': 'every read of a counter gives what bare metal gives',
  'wrong status': 'the overflow status shows what bare metal shows',
  'guest fault': 'no access faults that bare metal allows',
  'host miscounts': 'an event of the host counts what it asked for, no more and no less',
  'host samples wrong': 'an event of the host is sampled each time that its period has passed, and only then',
  'host fault': 'the host makes no access that faults',
  'host cannot count': 'the host gets a counter when it asks for one',
  'unknown NMI': 'no NMI comes that nobody in the host has a reason for',
  'host books wrong': 'the books of a host event agree with its counter',
  'request left': 'no request is left behind when the guest runs',
  'stuck': 'every step comes to its end',
};

export const ALWAYS: readonly Property<OpenWorld>[] = FINDINGS.map((finding) => ({
  name: finding, kind: 'always', holds: (world) => !world.findings.has(finding),
}));

type Asked = Pick<OpenWorldOptions, 'guest' | 'silent' | 'vectored'>;

/** What must be reached, or a pass says nothing. A lawful guest never counts without a PMI, a silent one never with. */
export function sometimesOf({ guest, silent: asksForNone, vectored }: Asked): readonly Property<OpenWorld>[] {
  const taken: Property<OpenWorld> = {
    name: 'a PMI is taken', kind: 'sometimes', holds: (world) => world.guests.some(({ handling }) => handling),
  };
  const vector: Property<OpenWorld> = {
    name: 'a PMI comes as an interrupt', kind: 'sometimes',
    holds: (world) => world.guests.some(({ handling, nmiBlocked }) => handling && !nmiBlocked),
  };
  const silent: Property<OpenWorld> = {
    name: 'a status bit is set without a PMI', kind: 'sometimes',
    holds: (world) => world.guests.some(({ handling, oracle }) => !handling && !oracle.due && oracle.pmu.regs.globalStatus !== 0),
  };
  if (asksForNone) return [silent];
  return [taken, ...(vectored ? [vector] : []), ...(guest === 'general' ? [silent] : [])];
}
