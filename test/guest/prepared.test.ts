/** What a build prepares changes nothing but when a process is ready. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIRST } from '../../src/base/choice.ts';
import { nodeWasm } from '../../src/cli/wasm.ts';
import { prepare } from '../../src/hw/cpu/wasm/prepare.ts';
import type { WasmHost } from '../../src/hw/outside.ts';
import type { Report } from '../../src/lab/report.ts';
import { SCENARIOS } from '../../src/lab/scenarios.ts';
import { World } from '../../src/lab/world.ts';
import { NO_TRACE } from '../../src/trace/trace.ts';
import { type Variant, Variants } from '../../src/x86/isa/variant.ts';

const prepared = prepare();
const plain = prepared.handlers(false), observed = prepared.handlers(true);
assert.equal(nodeWasm.prepared, undefined, 'for tests nothing is prepared');

test('variants that were kept are those that are made, with the same traits and programs', () => {
  const seen = ({ index, counts, leaves, repeat, program }: Variant): unknown => ({ index, counts, leaves, repeat, program });
  const made = new Variants().complete(), kept = new Variants(false, prepared.variants).complete();
  assert.ok(made.all.length > 1000);
  assert.deepEqual(kept.all.map(seen), made.all.map(seen));
});

// Of handlers that observe and of those that do not.
for (const name of ['count', 'misses', 'rings']) {
  test(`${name}: a process with prepared handlers writes none, and ends in the same state`, () => {
    const scenario = SCENARIOS.get(name)!;
    const compiled: Uint8Array[] = [];
    const wasm: WasmHost = {
      ...nodeWasm, prepared: { variants: prepared.variants, handlers: (which) => (which ? observed : plain) },
      compile: (bytes) => {
        compiled.push(bytes);
        return nodeWasm.compile(bytes);
      },
    };
    const translating = { after: 50, most: 20, length: 64, exits: 100 };
    const run = (with_: WasmHost): Report => {
      const { machine } = scenario;
      const world = new World(
        { ...scenario, machine: { ...machine, memory: 2 }, program: { ...scenario.program, iterations: 300 } } as typeof scenario,
        { choice: FIRST, tracer: NO_TRACE, transmit: () => {}, wasm: { ...with_, translating } });
      return world.run();
    };
    assert.deepEqual(run(wasm), run(nodeWasm));
    const handlers = compiled.filter((bytes) => bytes === plain || bytes === observed);
    assert.deepEqual(handlers, name === 'misses' ? [plain, observed] : [plain]);
    // One loop for each module of handlers, and translations, of which each is small.
    assert.ok(compiled.filter((bytes) => !handlers.includes(bytes)).every(({ length }) => length < 20_000));
  });
}
