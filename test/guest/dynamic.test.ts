import assert from 'node:assert/strict';
import { test } from 'node:test';
import { needsOf } from '../../src/guest/dynamic.ts';
import { HELLO } from './bzimage.ts';
import { dynamicElf } from './dynamic-elf.ts';

test('a dynamic program names the libraries that it needs, and what loads it', () => {
  const program = dynamicElf(['libone.so.1', 'libc.so.6'], '/lib64/ld-linux-x86-64.so.2');
  assert.deepEqual(needsOf(program), { interpreter: '/lib64/ld-linux-x86-64.so.2', libraries: ['libone.so.1', 'libc.so.6'] });
  assert.deepEqual(needsOf(dynamicElf(['libc.so.6'])), { interpreter: undefined, libraries: ['libc.so.6'] });
});

test('a static program, and what is no program, need nothing', () => {
  for (const file of [HELLO, new TextEncoder().encode('#!/bin/sh\n'), new Uint8Array()]) {
    assert.deepEqual(needsOf(file), { interpreter: undefined, libraries: [] });
  }
});

test('a broken one is told in one line', () => {
  const program = dynamicElf(['libc.so.6']);
  assert.throws(() => needsOf(program.subarray(0, 200)), { name: 'ImageError', message: 'the ELF file ends at 200, inside its headers' });
});
