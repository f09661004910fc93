import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dump } from '../../src/base/dump.ts';
import { load, save } from '../../src/base/pack.ts';
import type { Cycles } from '../../src/base/units.ts';
import { EXIT_REASONS } from '../../src/x86/exit-reason.ts';
import { hostedWorld, runHosted, wordsOf } from './hosted.ts';
import { pmiHandler, programOf, runImage } from './program.ts';

// Interrupts of a guest under a host: when they come, whom they wake, and what an emulated instruction counts as.

const SELF_IPI = 0x83f;

test('an interrupt that the task priority holds off comes when CR8 is lowered, and not later', () => {
  const image = programOf(`
main:   cli
        mov   eax, 15
        mov   cr8, rax
        sti
        mov   ecx, ${SELF_IPI}
        mov   eax, PMI_VECTOR
        xor   edx, edx
        wrmsr
        xor   eax, eax
        nop
        mov   cr8, rax
        nop
        nop
        nop
        xor   eax, eax
        ret
${pmiHandler('mov   rax, [rsp + 24]', 'mov   [rel at], rax')}
        align 8
at:     dq    0
`);
  const [alone] = runImage(image).words('at', 1);
  assert.notEqual(alone, 0n);
  assert.deepEqual(wordsOf(runHosted(image, { strategy: 'general' }), image, 'at', 1), [alone]);
});

/** Arms the TSC-deadline timer, and halts with interrupts as \`flag\` says. */
const halting = (flag: 'sti' | 'cli'): string => `
main:   cli
        mov   ecx, 0x832
        mov   eax, 0x40000 + PMI_VECTOR
        xor   edx, edx
        wrmsr
        mov   ecx, IA32_TSC_ADJUST
        mov   eax, 0x12345678
        mov   edx, 0x1
        wrmsr
        rdtsc
        add   eax, 30000
        adc   edx, 0
        mov   ecx, IA32_TSC_DEADLINE
        wrmsr
        mov   [rel deadline], eax
        mov   [rel deadline + 4], edx
        rdmsr
        mov   [rel armed], eax
        mov   [rel armed + 4], edx
        ${flag}
        hlt
        rdtsc
        mov   [rel woken], eax
        mov   [rel woken + 4], edx
        xor   eax, eax
        ret
pmi:    iretq
        align 8
deadline: dq  0
armed:  dq    0
woken:  dq    0
`;

test('a halted guest wakes at its deadline, by its own time-stamp counter', () => {
  const image = programOf(halting('sti'));
  for (const load of [[], [0]]) {
    const world = runHosted(image, { strategy: 'general', load });
    const [deadline, armed, woken] = ['deadline', 'armed', 'woken'].map((label) => wordsOf(world, image, label, 1)[0]!);
    assert.equal(armed, deadline);
    // Not before; and not a turn of another task later.
    assert.ok(woken! >= deadline! && woken! < deadline! + 60_000n, `${woken! - deadline!}`);
  }
});

test('with its interrupts off it does not', () => {
  const world = hostedWorld(programOf(halting('cli')), { strategy: 'general' });
  world.run(2_000_000 as Cycles);
  assert.deepEqual([world.ended, world.vcpus[0]!.halted], [false, true]);
});

/** The first virtual processor wakes the second, which waits in HLT, and is answered. */
const PING = `
main:   mov   rax, [gs:PER_CPU_NUMBER]
        test  rax, rax
        jnz   second
wait_second:
        pause
        cmp   qword [rel ready], 0
        je    wait_second
        mov   r8d, 20
ping:   mov   ecx, 0x830
        mov   eax, PMI_VECTOR
        mov   edx, 1
        wrmsr
wait_answer:
        pause
        mov   rax, [rel answers]
        cmp   rax, [rel asked]
        je    wait_answer
        mov   [rel asked], rax
        dec   r8d
        jnz   ping
        xor   eax, eax
        ret
second: mov   qword [rel ready], 1
halt:   sti
        hlt
        jmp   halt
${pmiHandler('inc   qword [rel answers]')}
        align 8
answers: dq   0
asked:  dq    0
ready:  dq    0
`;

for (const cpus of [1, 2, 3]) {
  test(`IPIs between two virtual processors on ${cpus} of the host`, () => {
    const image = programOf(PING, { CPUS: 2 });
    const world = runHosted(image, { strategy: 'general', cpus, vcpus: 2, migrateEvery: cpus === 3 ? 1 : 0 });
    assert.equal(world.vms[0]!.board.exit.code, 0);
    assert.deepEqual(wordsOf(world, image, 'answers', 1), [20n]);
  });
}

test('INIT takes the first virtual processor away from its program: to the reset vector, where there is no firmware', () => {
  const image = programOf(`
main:   mov   ecx, 0x830
        mov   eax, 0x44500
        xor   edx, edx
        wrmsr
        jmp   main
pmi:    iretq
`);
  const world = hostedWorld(image, { strategy: 'general' });
  const writes = (): number => world.vcpus[0]!.exits[EXIT_REASONS.indexOf('MSR_WRITE')]!;
  world.run(100_000 as Cycles);
  const once = writes();
  world.run(200_000 as Cycles);
  assert.deepEqual([world.ended, writes() - once], [false, 0]);
});

test('a handler whose stack is a device ends the virtual machine, and not the program', () => {
  const image = programOf(`
main:   mov   rsp, 0xfed00800
        ud2
pmi:    iretq
`);
  const world = runHosted(image, { strategy: 'general' });
  assert.deepEqual([world.vcpus[0]!.ended, world.vms[0]!.board.exit.code], [true, undefined]);
});

test('what is emulated counts as what it did: stores to a device, one instruction for a repeated one', () => {
  const image = programOf(`
main:   cli
        mov   rbx, 0xfed00000
        mov   rdi, rbx
        mov   ecx, IA32_PERFEVTSEL0
        mov   eax, EVENT_STORES_RETIRED + 0x430000
        xor   edx, edx
        wrmsr
        inc   ecx
        mov   eax, EVENT_INSTRUCTIONS_RETIRED + 0x430000
        wrmsr
        inc   ecx
        mov   eax, EVENT_LOADS_RETIRED + 0x430000
        wrmsr
        mov   ecx, IA32_PERF_GLOBAL_CTRL
        mov   eax, 7
        wrmsr
        mov   [rbx], eax
        mov   ecx, 5
        rep stosd
        add   [rbx + 8], ecx
        push  qword [rbx]
        pop   rax
        mov   ecx, IA32_PERF_GLOBAL_CTRL
        xor   eax, eax
        wrmsr
        mov   edi, 0
next:   mov   ecx, edi
        rdpmc
        lea   rbx, [rel counted]
        mov   [rbx + rdi * 8], eax
        inc   edi
        cmp   edi, 3
        jb    next
        xor   eax, eax
        ret
pmi:    iretq
        align 8
counted: dq   0, 0, 0
`);
  const alone = runImage(image).words('counted', 3);
  assert.deepEqual(wordsOf(runHosted(image, { strategy: 'general' }), image, 'counted', 3), alone);
  // INC, MOV, WRMSR, MOV, MOV, WRMSR; MOV, MOV, REP STOSD, ADD, PUSH, POP, MOV, XOR, WRMSR.
  assert.equal(alone[1], 6n + 9n);
});

test('what is saved in the middle goes on as it would have', () => {
  const image = programOf(PING, { CPUS: 2 });
  const options = { strategy: 'general', cpus: 2, vcpus: 2, load: [0] } as const;
  const world = hostedWorld(image, options), copy = hostedWorld(image, options);
  for (let i = 0; i < 60; i += 1) world.step();
  load(copy, save(world));
  for (const each of [world, copy]) each.run(200_000_000 as Cycles);
  assert.ok(world.ended && copy.ended);
  // Every piece of state has a name of its own, too.
  assert.deepEqual(dump(copy), dump(world));
});
