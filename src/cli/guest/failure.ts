/** Why a Linux guest did not get where it should, in one line: what its kernel says, or where its processors are. */
import { hex } from '../../base/u64.ts';
import { nearestSymbol } from '../../guest/image.ts';
import { Kallsyms } from '../../guest/linux/kallsyms.ts';
import { type Scene, sceneOf } from '../../lab/scene.ts';
import { machineOf } from './machine.ts';
import { type Listener, textOf } from './running.ts';
import { PATIENCE } from './stuck-watch.ts';
import type { LinuxWorld } from './subject.ts';
import type { Symbols } from './symbols.ts';

/** `late` tells that of one whose time is over; `stuck`: a processor that runs with its interrupts off. */
export function failureOf(world: LinuxWorld, { log, output, symbols }: Listener, awaited: string, late: string, stuck?: number): string {
  const text = textOf([...log, ...output]);
  const panic = /Kernel panic - not syncing: (.*)/.exec(text)?.[1]?.trim();
  if (panic !== undefined) return `the guest's kernel panicked: ${panic}${placeOf(text)}`;
  const { outcome } = world;
  const { cpus, ram } = machineOf(world);
  const where = (id: number): string => describe(sceneOf(cpus[id]!, ram), symbols, ram);
  if (stuck !== undefined) return `the guest hangs: for ${PATIENCE} seconds of its time ${where(stuck)}`;
  switch (outcome.kind) {
    case 'limit': return late;
    case 'halted': return `the guest has halted, and nothing can wake it: ${where(outcome.cpu)}`;
    case 'power off': return `the guest switched itself off before ${awaited}`;
    case 'triple fault': return `the guest reset itself before ${awaited}, by a fault for which it has no handler: ${where(outcome.cpu)}`;
    case 'reset': return `the guest reset itself before ${awaited}`;
    case 'refused': return `the host did not make the virtual machine: ${outcome.why} (${outcome.error})`;
    case 'exit': return `the guest wrote ${outcome.code} to the exit port before ${awaited}`;
  }
}

/** A processor and its instruction, with those that lie before it. Names that nobody brought are the kernel's own, in its memory. */
export function describe({ cpu, rip, user, interrupts, before, at }: Scene, symbols: Symbols, ram: Uint8Array): string {
  const symbol = user ? undefined : nearestSymbol({ symbols }, rip) ?? Kallsyms.in(ram)?.nearest(rip);
  const place = symbol === undefined ? hex(rip) : `${hex(rip)}, ${symbol},`;
  const state = `${user ? ' as a user' : ''}${interrupts ? '' : ' with its interrupts off'}`;
  const behind = before.length === 0 ? '' : `, behind ${before.join('; ')}`;
  return `processor ${cpu} is at ${place}${state}: ${at ?? 'nothing is mapped there'}${behind}`;
}

/** Where the kernel says that it was: by the oops before the panic, or by whoever called panic(). */
function placeOf(text: string): string {
  const oops = /RIP: 0010:([\w.]+\+0x[0-9a-f]+)/.exec(text)?.[1];
  const frames = [...text.matchAll(/^(?:\[[^\]]*\])?\s*([\w.]+\+0x[0-9a-f]+)\/0x[0-9a-f]+/gm)].map(([, frame]) => frame!);
  const caller = frames[frames.findIndex((frame) => frame.startsWith('panic+')) + 1];
  const place = oops ?? (frames.some((frame) => frame.startsWith('panic+')) ? caller : undefined);
  return place === undefined ? '' : `, at ${place}`;
}
