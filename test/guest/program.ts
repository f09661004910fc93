/**
 * Small programs of a test's own, on the package's runtime: a `main` and a handler `pmi`. What they leave in memory is what
 * the test looks at. A table of parameters can be filled in before the run.
 */
import assert from 'node:assert/strict';
import { FIRST } from '../../src/base/choice.ts';
import { load, save } from '../../src/base/pack.ts';
import { nodeWasm } from '../../src/cli/wasm.ts';
import { CONSTANTS } from '../../src/guest/constants.ts';
import type { Image } from '../../src/guest/image.ts';
import { RUNTIME } from '../../src/guest/source/runtime.ts';
import type { WasmHost } from '../../src/hw/outside.ts';
import type { Report } from '../../src/lab/report.ts';
import { parseScenario } from '../../src/lab/scenario.ts';
import { World } from '../../src/lab/world.ts';
import { NO_TRACE, type Tracer } from '../../src/trace/trace.ts';
import { assemble } from '../../src/x86/isa/assemble.ts';

const ORIGIN = 0x10_0000n;
const PMI_VECTOR = 0x81;
/** More cycles than any of these programs needs: one that never ends fails soon. */
const LIMIT = 50_000_000;

/** A program whose PMIs are fixed interrupts. `names` are constants besides those of the manual. */
export function programOf(source: string, names: Readonly<Record<string, number>> = {}): Image {
  const constants = new Map([
    ...CONSTANTS, ['PMI_VECTOR', BigInt(PMI_VECTOR)], ['LVTPC', BigInt(PMI_VECTOR)],
    ...Object.entries(names).map(([name, value]): [string, bigint] => [name, BigInt(value)]),
  ]);
  const { bytes, labels, listing } = assemble(`${RUNTIME}\n${source}\n`, ORIGIN, constants);
  return {
    name: 'test', entry: labels.get('start')!, mode: '64-bit', symbols: labels, listing,
    segments: [{ at: Number(ORIGIN), bytes, size: bytes.length }],
  };
}

/** A handler `pmi` that notes something with RAX, RCX and RDX, and ends its interrupt. */
export const pmiHandler = (...note: readonly string[]): string => `
pmi:    push  rax
        push  rcx
        push  rdx
        ${note.join('\n        ')}
        mov   ecx, IA32_X2APIC_EOI
        xor   eax, eax
        xor   edx, edx
        wrmsr
        pop   rdx
        pop   rcx
        pop   rax
        iretq`;

export interface RunOptions {
  readonly machine?: object;
  /** Quadwords to write at labels before the run. */
  readonly given?: Readonly<Record<string, readonly bigint[]>>;
  /** Whose WebAssembly; without any where it is false. */
  readonly wasm?: boolean | WasmHost;
  readonly tracer?: Tracer;
  /** Cycles after which it is ended. */
  readonly limit?: number;
}

/** What is left of a run. */
export class Ran {
  readonly world: World;
  readonly report: Report;

  constructor(world: World) {
    this.world = world;
    this.report = world.run();
  }

  /** The code that the program ended with; undefined when it did not end. */
  get code(): number | undefined {
    return this.report.outcome.kind === 'exit' ? this.report.outcome.code : undefined;
  }

  /** So many quadwords at a label. */
  words(label: string, count: number): bigint[] {
    const { ram } = this.world.machine;
    const view = new DataView(ram.buffer, ram.byteOffset, ram.byteLength);
    const at = Number(this.world.image.symbols.get(label)!);
    return Array.from({ length: count }, (_, i) => view.getBigUint64(at + 8 * i, true));
  }

  word(label: string): bigint {
    return this.words(label, 1)[0]!;
  }
}

/** A world with a program in it: a machine of 2 MiB and unit timing unless it says otherwise. */
export function worldOf(image: Image, { machine = {}, given = {}, wasm = true, tracer = NO_TRACE, limit = LIMIT }: RunOptions): World {
  const scenario = parseScenario({
    name: 'test', machine: { memory: 2, timing: 'unit', ...machine }, program: { kind: 'image', file: 'test' }, limit,
  });
  const lent = wasm === false ? {} : { wasm: wasm === true ? nodeWasm : wasm };
  const world = new World(scenario, { choice: FIRST, tracer, transmit: () => {}, ...lent }, image);
  for (const [label, values] of Object.entries(given)) {
    world.machine.poke(Number(image.symbols.get(label)!), new Uint8Array(BigUint64Array.from(values).buffer));
  }
  return world;
}

export const runImage = (image: Image, options: RunOptions = {}): Ran => new Ran(worldOf(image, options));

export const runProgram = (source: string, options: RunOptions & { readonly names?: Readonly<Record<string, number>> } = {}): Ran =>
  runImage(programOf(source, options.names), options);

/** A program of 32-bit protected mode, which begins at its label `start` as a multiboot image does. */
export function protectedProgram(source: string): Image {
  const { bytes, labels, listing } = assemble(`        bits  32\n${source}\n`, ORIGIN, CONSTANTS);
  return {
    name: 'test', entry: labels.get('start')!, mode: '32-bit', symbols: labels, listing,
    segments: [{ at: Number(ORIGIN), bytes, size: bytes.length }],
  };
}

export const runEveryWay = (source: string, options: RunOptions = {}): Ran => runImageEveryWay(programOf(source), options);

/** The same with WebAssembly and without, run and stepped, and saved and loaded half-way: all must end in the same state. */
export function runImageEveryWay(image: Image, options: RunOptions = {}): Ran {
  const first = runImage(image, options);
  assert.notEqual(first.report.outcome.kind, 'limit', 'the program ends');
  let steps = 0;
  const stepped = worldOf(image, options);
  while (stepped.step()) steps += 1;
  const halfWay = worldOf(image, { ...options, wasm: false });
  for (let i = 0; i < steps / 2; i += 1) halfWay.step();
  const loaded = worldOf(image, options);
  load(loaded, save(halfWay));
  const others = { interpreted: runImage(image, { ...options, wasm: false }), stepped: new Ran(stepped), loaded: new Ran(loaded) };
  for (const [way, { report }] of Object.entries(others)) assert.equal(report.hash, first.report.hash, way);
  return first;
}
