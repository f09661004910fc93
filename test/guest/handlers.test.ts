/**
 * Handlers are compiled when an instruction is used first, for all machines of the process, and after some modules all at once: a
 * machine that was there before must find every one of them.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { programOf, Ran, runImage, worldOf } from './program.ts';

/** A program that ends with the code in RBX, as the runtime wants it. */
const program = (...lines: readonly string[]): string => `main:\n        ${lines.join('\n        ')}\n        ret\npmi:    iretq`;

/** Instructions of which each needs a handler that none before it needed. */
const OTHERS = [
  ...['add', 'adc', 'sbb', 'and', 'or', 'xor', 'rol', 'ror', 'rcl', 'rcr', 'sar'].flatMap((op) => [`${op} bl, 1`, `${op} bx, 1`]),
];

test('a machine that waited while others grew the handlers goes on with new ones', () => {
  const image = programOf(program(
    'mov ebx, 1', 'bswap rbx', 'popcnt rcx, rbx', 'shld rbx, rcx, 5', 'cmovne rdx, rbx', 'xadd rdx, rbx', 'mov ecx, 3', 'mul rcx',
    'xor eax, eax',
  ));
  const first = worldOf(image, {});
  for (let i = 0; i < 5; i += 1) first.step();
  for (const line of OTHERS) assert.equal(runImage(programOf(program(line, 'xor eax, eax'))).report.outcome.kind, 'exit', line);
  const expected = runImage(image, { wasm: false }).report;
  assert.equal(expected.outcome.kind, 'exit');
  // Another machine, for which there is nothing left to compile, and then the first.
  assert.equal(runImage(image).report.hash, expected.hash);
  assert.equal(new Ran(first).report.hash, expected.hash);
});
