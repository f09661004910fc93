import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIRST } from '../../src/base/choice.ts';
import { nodeWasm } from '../../src/cli/wasm.ts';
import { UNIT_TIMING } from '../../src/hw/cpu/timing.ts';
import { Machine } from '../../src/hw/machine.ts';
import { GENERIC } from '../../src/hw/model.ts';
import { bootProtected } from '../../src/lab/boot.ts';
import { perfmonShape } from '../../src/lab/scenario.ts';
import { NO_TRACE } from '../../src/trace/trace.ts';
import { built } from '../linux/guest.ts';
import { multibootImage } from '../system/multiboot.ts';
import { APIC_ON } from '../system/pieces.ts';
import { build, type Case, ORIGIN } from '../system/program.ts';
import { bootTogether } from './boot.ts';
import { together } from './together.ts';

// The first instructions of a real kernel, beside QEMU; `npm run differential` compares a hundred times as many.

test('a kernel that boots has the same registers here and in QEMU, before each instruction', async () => {
  const agreement = await bootTogether(built().kernel, undefined, 100_000);
  assert.equal(agreement.divergence, undefined);
  assert.ok(agreement.instructions >= 100_000 && agreement.comparisons >= agreement.instructions, `${agreement.instructions}`);
  // What was taken from QEMU is what a program cannot know, and is little.
  assert.deepEqual(Object.keys(agreement.inputs).filter((name) => name !== 'CPUID' && name !== 'RDMSR'), []);
  assert.equal(agreement.interrupts, 0);
});

const TIMER = 0x41;
/** What a program cannot compute, in the guest of the system tests. */
const CASES: readonly Case[] = [
  { name: 'time', code: ['mov   ecx, 100', '.again:', 'rdtsc', 'dec   ecx', 'jnz   .again'] },
  // A port that only one of them has, and the version of the local APIC.
  { name: 'devices', code: ['in    al, 0x61', 'mov   ebx, APIC', 'mov   edx, [rbx + 0x30]'] },
  {
    name: 'a timer',
    prepare: [APIC_ON, 'mov   dword [rax + 0x3e0], 11', `mov   dword [rax + 0x320], ${TIMER}`, 'mov   dword [rax + 0x380], 3000'],
    code: ['mov   ecx, 20000', 'sti', '.again:', 'dec   ecx', 'jnz   .again'],
  },
  {
    // CR4.OSFXSR lets it compute with SSE.
    name: 'a user', user: true, prepare: ['mov   rax, cr4', 'or    eax, 0x200', 'mov   cr4, rax'],
    code: [
      'mov   ecx, 300', 'movd  xmm0, ecx', '.again:', 'paddd xmm0, xmm0', 'movd  eax, xmm0', 'lea   rdx, [rdx + rax * 2 + 1]',
      'shld  rbx, rdx, 7', 'push  rbx', 'bsr   rsi, rdx', 'imul  rbx, rdx', 'rcl   rdx, 5', 'pop   rdi', 'dec   ecx', 'jnz   .again',
    ],
  },
];

test('what a program cannot compute is taken from QEMU, and a timer interrupts at the same instruction', async () => {
  const bytes = multibootImage(build({ name: 'inputs', cases: CASES }));
  const entry = BigInt(ORIGIN - 0x1000 + 48), mib = 64;
  const image = { entry, segments: [{ at: ORIGIN - 0x1000, bytes, size: bytes.length }] };
  const config = {
    cpus: 1, memory: mib << 20, model: GENERIC, perfmon: perfmonShape.check({}, '$'), skid: 0, masksPmi: true, timing: UNIT_TIMING,
    quantum: 1000,
  };
  const newMachine = (): Machine => {
    const machine = new Machine(config, { choice: FIRST, tracer: NO_TRACE, transmit: () => {}, wasm: nodeWasm });
    machine.poke(ORIGIN - 0x1000, bytes);
    bootProtected(machine, entry, {});
    return machine;
  };
  const { divergence, inputs, interrupts } = await together(image, mib, newMachine, 65_000);
  assert.deepEqual([divergence, interrupts], [undefined, 1]);
  assert.deepEqual(inputs, { RDTSC: 100, IN: 1, device: 1 });
});
