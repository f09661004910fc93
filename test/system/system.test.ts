/** Every system test on our machine, compared with what an independent emulator made of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeWasm } from '../../src/cli/wasm.ts';
import type { WasmHost } from '../../src/hw/outside.ts';
import { WITHOUT } from './cases/extensions.ts';
import { corrected, QEMU_DIFFERS } from './differs.ts';
import { expected, outcomes, recorded } from './expected.ts';
import { build, type Program } from './program.ts';
import { PROGRAMS } from './programs.ts';
import { runProgram } from './run.ts';

/** How many differences a failure shows. */
const SHOWN = 20;

function compare(program: Program, wasm: WasmHost | undefined): void {
  const wanted = expected(program);
  const got = outcomes(program, runProgram(build(program), wasm, program.extended));
  const differences = wanted.flatMap(({ name, outcome }, i) =>
    (got[i]?.outcome === outcome ? [] : [`${name}\n  expected:${outcome}\n  got:     ${got[i]?.outcome ?? ' nothing'}`]));
  const more = differences.length > SHOWN ? `\n... and ${differences.length - SHOWN} more` : '';
  assert.equal(differences.length, 0, `${program.name}:\n${differences.slice(0, SHOWN).join('\n')}${more}`);
  assert.equal(got.length, wanted.length, `${program.name}: a line for each case, and the end`);
}

for (const program of PROGRAMS) {
  test(`${program.name}: the cases end as the manual and QEMU say`, () => compare(program, nodeWasm));
}

/** The largest programs take the micro-op interpreter too long. */
const LARGE: readonly string[] = ['paging', 'segments'];
for (const program of PROGRAMS.filter(({ name }) => !LARGE.includes(name))) {
  test(`${program.name}: the same without WebAssembly`, () => compare(program, undefined));
}

test('a processor without the extensions knows none of their instructions', () => {
  const got = outcomes(WITHOUT, runProgram(build(WITHOUT), nodeWasm)).slice(0, -1);
  assert.deepEqual(got.filter(({ outcome }) => !outcome.startsWith(' 6 ')), []);
  assert.equal(got.length, WITHOUT.cases.length);
});

test('the names of the cases of a program differ', () => {
  for (const { name, cases } of PROGRAMS) assert.equal(new Set(cases.map((each) => each.name)).size, cases.length, name);
});

test('every deviation of QEMU is one: without it something else would be expected', () => {
  for (const deviation of QEMU_DIFFERS) {
    const program = PROGRAMS.find(({ name }) => name === deviation.program);
    assert(program !== undefined, `there is no program ${deviation.program}`);
    const others = QEMU_DIFFERS.filter((each) => each !== deviation);
    const needed = recorded(program).some(({ name, outcome }) =>
      corrected(program.name, name, outcome) !== corrected(program.name, name, outcome, others));
    assert(needed, `${program.name}: ${deviation.cases}: ${deviation.reason}`);
  }
});
