import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIRST, Seeded } from '../../src/base/choice.ts';
import { nodeWasm } from '../../src/cli/wasm.ts';
import { type Access, FETCH, READ, WRITE } from '../../src/hw/cpu/guest-fault.ts';
import { CPU, CPU_STRIDE, STATUS } from '../../src/hw/cpu/layout.ts';
import { accessCode } from '../../src/hw/cpu/wasm/emitter.ts';
import type { WasmHost } from '../../src/hw/outside.ts';
import { parseScenario } from '../../src/lab/scenario.ts';
import { World } from '../../src/lab/world.ts';
import { NO_TRACE } from '../../src/trace/trace.ts';
import { AC } from '../../src/x86/flags.ts';
import { CR0_WP, CR4_PGE, CR4_SMAP, CR4_SMEP, EFER_NXE } from '../../src/x86/paging.ts';
import { programOf } from './program.ts';

// What is emitted to walk page tables, beside the walk in TypeScript, which paging.test.ts holds against the manual: any structures, any
// rights, any access. Both begin with the same processor, and must leave it the same, to the byte.

type Fill = (cpu: number, code: number) => number;

/** Four structures of one page each, from the topmost down; small pages and parts of large ones lie from `PAGES` on. */
const STRUCTURES = 0x10_0000, PAGES = 0x20_0000, MEMORY = 0x80_0000;
const INDICES = [0, 1, 2, 255, 256, 511];
const bit = (n: number): bigint => 1n << BigInt(n);

class Rig {
  private readonly choice = new Seeded(1);
  private readonly loops: { readonly quick: Fill; readonly slow: Fill }[] = [];
  private readonly world: World;
  /** How often the emitted walk has left it to the other. */
  left = 0;

  constructor() {
    const wasm: WasmHost = {
      ...nodeWasm,
      instantiate: (module, imports) => {
        const { env } = imports as { env: { fill: Fill } };
        const slow: Fill = (cpu, code) => {
          this.left += 1;
          return env.fill(cpu, code);
        };
        const exports = nodeWasm.instantiate(module, { env: { ...env, fill: slow } });
        const { run, fill } = exports;
        if (run !== undefined) this.loops.push({ quick: fill as Fill, slow: env.fill });
        return exports;
      },
    };
    const program = programOf('main: ret\npmi: iretq');
    const scenario = parseScenario({ name: 'walks', machine: { memory: MEMORY >> 20 }, program: { kind: 'image', file: 'walks' } });
    this.world = new World(scenario, { choice: FIRST, tracer: NO_TRACE, transmit: () => {}, wasm }, program);
    // Some code, for pages that hold it.
    this.world.run();
  }

  /** One access, both ways. Returns its status, and whether the emitted walk did it. */
  walk(): { readonly status: number; readonly quick: boolean } {
    const { machine: { cpus: [cpu], memory, layout } } = this.world;
    const { registers, base } = cpu!;
    const view = new DataView(memory), bytes = new Uint8Array(memory);
    const code = this.prepare(view, layout.ram);
    registers.setControl('cr0', (registers.control('cr0') & ~CR0_WP) | this.some(CR0_WP, 90));
    registers.setControl('cr4', (registers.control('cr4') & ~(CR4_SMEP | CR4_SMAP | CR4_PGE))
      | this.some(CR4_SMEP, 50) | this.some(CR4_SMAP, 50) | this.some(CR4_PGE, 50));
    registers.setControl('efer', (registers.control('efer') & ~EFER_NXE) | this.some(EFER_NXE, 90));
    registers.cr3 = BigInt(STRUCTURES);
    registers.cpl = this.often(50) ? 0 : 3;
    registers.system = (registers.system & ~AC) | this.some(AC, 30);
    cpu!.chooseMode();
    this.forget();
    view.setBigUint64(base + CPU.address, this.address(), true);
    const regions = [[base, base + CPU_STRIDE], [layout.ram + STRUCTURES, layout.ram + STRUCTURES + 0x4000]] as const;
    const copies = (): Uint8Array[] => regions.map(([from, to]) => bytes.slice(from, to));
    const before = copies();
    const [{ quick, slow }] = this.loops as [{ quick: Fill; slow: Fill }];
    const wanted = { status: slow(base, code), after: copies() };
    for (const [i, [from]] of regions.entries()) bytes.set(before[i]!, from);
    const { left } = this;
    const status = quick(base, code);
    assert.deepEqual({ status, after: copies() }, wanted);
    return { status, quick: this.left === left };
  }

  /** Writes the structures; returns what is asked of them. */
  private prepare(view: DataView, ram: number): number {
    for (let level = 3; level >= 0; level -= 1) for (const index of INDICES) {
      view.setBigUint64(ram + STRUCTURES + 0x1000 * (3 - level) + 8 * index, this.entry(level), true);
    }
    const access = this.one<Access>([READ, WRITE, FETCH]), width = this.one([1, 2, 4, 8, 16] as const);
    return accessCode(access, width, width === 16 ? this.one([1, 16]) : 1);
  }

  private entry(level: number): bigint {
    const large = level > 0 && this.often(level === 3 ? 2 : 20);
    const size = large ? 2 ** (12 + 9 * level) : 0x1000;
    const within = size > 0x1000 && this.often(10) ? 1 << 13 : 0;
    const below = STRUCTURES + 0x1000 * (4 - level);
    const page = this.often(90) ? PAGES + 0x1000 * this.one([0, 1, 5, 300]) : this.one([MEMORY, STRUCTURES, 2 ** 33]);
    const leaf = Math.floor(page / size) * size;
    const flags = [[0, 96], [1, 85], [2, 75], [3, 10], [4, 10], [5, 90], [6, 85], [8, 50], [63, 15], [51, 2], [40, 1], [60, 10]] as const;
    return BigInt(large || level === 0 ? leaf + within : below) | (large ? 0x80n : 0n)
      | flags.reduce((sum, [n, percent]) => sum | (this.often(percent) ? bit(n) : 0n), 0n);
  }

  private address(): bigint {
    const indices = [39, 30, 21, 12].reduce((sum, shift) => sum | (BigInt(this.one(INDICES)) << BigInt(shift)), 0n);
    const offset = BigInt(this.one([0, 8, 0x123, 0xff0, 0xff9, 0xfff]));
    const sign = (indices & bit(47)) !== 0n;
    return BigInt.asUintN(64, indices | offset | (sign !== this.often(2) ? -1n << 48n : 0n));
  }

  /** What software and others do to the TLB. */
  private forget(): void {
    const { machine: { cpus: [cpu], memory, layout } } = this.world;
    const { memory: { tlb } } = cpu!;
    if (this.often(10)) tlb.flush(this.often(20));
    if (this.often(1)) tlb.loaded();
    if (!this.often(10)) return;
    // A page holds code, or holds none any more.
    const page = layout.ram + PAGES + 0x1000 * this.one([0, 1, 5]);
    const holds = this.often(50);
    new Uint8Array(memory)[layout.codePages + ((page - layout.ram) >> 12)] = holds ? 1 : 0;
    tlb.markCode(page, holds);
  }

  private one<T>(values: readonly T[]): T {
    return values[this.choice.pick(values.length, 'value')]!;
  }

  private often(percent: number): boolean {
    return this.choice.pick(100, 'percent') < percent;
  }

  private some(bits: number, percent: number): number {
    return this.often(percent) ? bits : 0;
  }
}

test('the emitted walk does what the other does, and does it itself where nothing faults or sets a bit', () => {
  const rig = new Rig();
  const walks = Array.from({ length: 3000 }, () => rig.walk());
  const did = walks.filter(({ quick }) => quick), served = walks.filter(({ status }) => status === STATUS.next);
  const remembered = did.filter(({ status }) => status === STATUS.next), devices = did.filter(({ status }) => status === STATUS.assist);
  assert.equal(remembered.length + devices.length, did.length);
  // Of those that end well, one in two has a bit to set.
  assert.ok(remembered.length > 300 && remembered.length > served.length / 3, `${remembered.length} of ${served.length}`);
  assert.ok(devices.length > 10, `${devices.length} of devices`);
});
