import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assemble } from '../../src/x86/isa/assemble.ts';
import { built } from './guest.ts';
import { inMachine, type MachineOptions } from './machine.ts';

// Debian's perf, in a kernel of Debian's, counts and samples a program whose instructions can be counted by hand.

const guest = built();
const ROUNDS = 1_000_000;

/** A static program, as a file of System V's "Object Files" with one segment that is read and executed. */
function program(): Uint8Array {
  const at = 0x40_0000n, header = 0x78;
  const { bytes } = assemble(`
        mov   ecx, ${ROUNDS}
again:  dec   ecx
        jnz   again
        xor   edi, edi
        mov   eax, 60
        syscall`, at + BigInt(header), new Map());
  const file = Buffer.alloc(header + bytes.length);
  file.write('\x7fELF\x02\x01\x01', 'latin1');
  file.writeUInt16LE(2, 16);
  file.writeUInt16LE(62, 18);
  file.writeUInt32LE(1, 20);
  file.writeBigUInt64LE(at + BigInt(header), 24);
  file.writeBigUInt64LE(0x40n, 32);
  for (const [offset, value] of [[52, 64], [54, 56], [56, 1]] as const) file.writeUInt16LE(value, offset);
  file.writeUInt32LE(1, 0x40);
  file.writeUInt32LE(5, 0x44);
  const size = BigInt(file.length);
  for (const [i, value] of [0n, at, at, size, size, 0x1000n].entries()) file.writeBigUInt64LE(value, 0x48 + 8 * i);
  file.set(bytes, header);
  return file;
}

const run = (command: string, options: MachineOptions) => {
  const files = [{ path: '/root/known', bytes: program(), executable: true }];
  const { output, log, status } = inMachine(guest, command, { ...options, files });
  assert.equal(status, 0, log);
  return output;
};

/** Counts by event, of `perf stat -x,`. */
const counts = (output: string): Readonly<Record<string, number>> =>
  Object.fromEntries([...output.matchAll(/^(\d+),,([\w-]+:?\w*),/gm)].map(([, count, event]) => [event!, Number(count)]));

for (const on of [undefined, 'mediated', 'reuse', 'general'] as const) {
  test(`perf counts a program to the instruction on ${on ?? 'bare metal'}`, () => {
    const output = run('perf stat -x, -e instructions:u,branches:u /root/known 2>&1', { on });
    // MOV, DEC and JNZ in each round, XOR, MOV, SYSCALL. SYSCALL is a branch too.
    assert.deepEqual(counts(output), { 'instructions:u': 1 + 2 * ROUNDS + 3, 'branches:u': ROUNDS + 1 });
  });
}

test('perf takes a sample for each period, and an interrupt for each sample', () => {
  const output = run([
    'perf record -q -e instructions:u -c 100000 -o /tmp/data /root/known',
    'perf report -i /tmp/data --stdio --sort comm 2>/dev/null | cat', 'grep PMI: /proc/interrupts',
  ].join('; '), {});
  // 2 000 004 instructions / 100 000.
  assert.match(output, /^# Samples: 20 /m);
  assert.match(output, /^# Event count \(approx\.\): 2000000$/m);
  assert.match(output, /^PMI: +20 /m);
  assert.match(output, /^ +100\.00% +known/m);
});

test('a Skylake and a Zen 4 count the same', () => {
  for (const cpu of ['skylake', 'zen4']) {
    const output = run('perf stat -x, -e instructions:u /root/known 2>&1', { machine: { cpu } });
    assert.deepEqual(counts(output), { 'instructions:u': 1 + 2 * ROUNDS + 3 }, cpu);
  }
});
