/** System tests outside 64-bit mode: cases as data, the multiboot image that they and the kernel make, and what it writes. */
import type { Cycles } from '../../../src/base/units.ts';
import { UNIT_TIMING } from '../../../src/hw/cpu/timing.ts';
import { Machine } from '../../../src/hw/machine.ts';
import { GENERIC } from '../../../src/hw/model.ts';
import { bootProtected } from '../../../src/lab/boot.ts';
import { NO_TRACE } from '../../../src/trace/trace.ts';
import { assemble } from '../../../src/x86/isa/assemble.ts';
import { ENDED, RESET } from '../run.ts';
import { LEGACY_KERNEL } from './kernel.ts';

export interface LegacyCase {
  readonly name: string;
  /** Done at level 0, as code of 32 bits unless it says so; INT 80H follows, which ends the case. A dot begins a label of its own. */
  readonly code: readonly string[];
  /** What follows the name by the manual, where the emulator deviates from it; and why. */
  readonly manual?: readonly [outcome: string, reason: string];
}

const LOAD = 0x10_0000;
const HEADER = 48;
const MAGIC = 0x1bad_b002, ADDRESSES = 1 << 16;
const MEMORY_SIZE = 64 << 20;
const LIMIT = 5_000_000;

function sourceOf(cases: readonly LegacyCase[]): string {
  const codes = cases.map(({ code }, i) =>
    [`        bits 32`, '        align 16', `code_${i}:`, ...code, '        bits 32', '        int   0x80'].join('\n')
      .replaceAll(/(?<![\w.])\.(\w+)/g, `code_${i}.$1`));
  const rows = cases.map(({ name }, i) => `        dd code_${i}\n        db "${name}", 0`);
  return [LEGACY_KERNEL, ...codes, 'rows:', ...rows, '        dd 0'].join('\n');
}

/** The image: a multiboot header with addresses, and the program behind it. */
export function legacyImage(cases: readonly LegacyCase[]): Uint8Array {
  const { bytes, labels } = assemble(sourceOf(cases), BigInt(LOAD + HEADER));
  const image = new Uint8Array(HEADER + bytes.length);
  const end = LOAD + image.length;
  const view = new DataView(image.buffer);
  const fields = [MAGIC, ADDRESSES, -(MAGIC + ADDRESSES), LOAD, LOAD, end, end, Number(labels.get('start')!)];
  for (const [i, field] of fields.entries()) view.setUint32(4 * i, field >>> 0, true);
  image.set(bytes, HEADER);
  return image;
}

export const LEGACY_EXPECTED = 'test/system/expected/legacy.txt';

/** What the emulator is asked: not what it does otherwise than the manual says. */
export const forEmulatorLegacy = (cases: readonly LegacyCase[]): readonly LegacyCase[] => cases.filter(({
  manual }) => manual === undefined);

/** What the machine writes, and how it ends. */
export function runLegacy(image: Uint8Array): string {
  const text: string[] = [];
  const perfmon = {
    version: 0, generalCounters: 0, generalWidth: 48, fixedCounters: 0, fixedWidth: 48, fullWidthWrites: false, unavailableEvents: 0,
    anyThreadDeprecated: false, tsx: false,
  };
  const machine = new Machine(
    { cpus: 1, memory: MEMORY_SIZE, model: GENERIC, perfmon, skid: 0, masksPmi: true, timing: UNIT_TIMING, quantum: 1000 },
    { choice: { pick: () => 0 }, tracer: NO_TRACE, transmit: (byte) => void text.push(String.fromCharCode(byte)) },
  );
  machine.poke(LOAD, image);
  bootProtected(machine, BigInt(new DataView(image.buffer).getUint32(28, true)), {});
  const outcome = machine.run(LIMIT as Cycles);
  if (outcome?.kind === 'exit' && outcome.code === 0) text.push(ENDED);
  else text.push(outcome?.kind === 'triple fault' ? RESET : `== ${outcome === undefined ? 'no end' : outcome.kind}\n`);
  return text.join('');
}
