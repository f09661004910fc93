import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIRST } from '../../src/base/choice.ts';
import { nodeWasm } from '../../src/cli/wasm.ts';
import { CONSTANTS } from '../../src/guest/constants.ts';
import { PROGRAM } from '../../src/lab/boot.ts';
import { HostedRun } from '../../src/lab/hosted-run.ts';
import { type HostedScenario, parseScenario } from '../../src/lab/scenario.ts';
import { NO_TRACE } from '../../src/trace/trace.ts';
import { assemble } from '../../src/x86/isa/assemble.ts';

// Both virtual machines run this on one processor: 100 lines of 64 bytes are read, each of them twice, and one once more when it was
// flushed.
const SOURCE = `
start:  mov   ecx, IA32_PERFEVTSEL0
        mov   eax, 0x43412e             ; LLC misses at all levels
        xor   edx, edx
        wrmsr
        mov   ecx, 200
        mov   ebx, 0x100000
next:   mov   eax, [rbx]
        add   ebx, 0x20                 ; half a line
        dec   ecx
        jnz   next
        clflush [0x100000]
        mov   eax, [0x100000]
        mov   ecx, IA32_PERFEVTSEL0
        xor   eax, eax
        wrmsr
        mov   ecx, IA32_PMC0
        rdmsr
        out   EXIT_PORT, al
        hlt`;
/** 100 lines, and the one that was flushed. */
const MISSES = 101;

const { bytes, labels, listing } = assemble(SOURCE, BigInt(PROGRAM), CONSTANTS);
const image = {
  name: 'lines', entry: labels.get('start')!, mode: '64-bit' as const, symbols: labels, listing,
  segments: [{ at: PROGRAM, bytes, size: bytes.length }],
};
const scenario = parseScenario({
  name: 'lines', machine: { memory: 2 }, program: { kind: 'image', file: 'lines' }, host: { on: 'general', vms: 2 },
}) as HostedScenario;

test('the last-level cache tells the memories of virtual machines apart, whoever runs them', () => {
  for (const wasm of [nodeWasm, undefined]) {
    const run = new HostedRun(scenario, { choice: FIRST, tracer: NO_TRACE, transmit: () => {}, ...(wasm && { wasm }) }, image);
    run.run();
    assert.deepEqual(run.world.vms.map(({ board: { end } }) => end), [MISSES, MISSES].map((code) => ({ kind: 'exit', code })), `${wasm}`);
  }
});
