import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runEveryWay } from './program.ts';
import { at, DEADLINES, ended, interrupts, RECORDING, REQUEST } from './recording.ts';

// How interrupts, time, repetition and translation look to a guest. The timing is one cycle an instruction, and one for the
// delivery of an interrupt.

test('STI, and a load of SS, hold interrupts off for one instruction more; POPF does not', () => {
  const ran = ended(runEveryWay(`
main:   cli
        ${REQUEST}
        sti
        nop
after_sti:
        cli
        ${REQUEST}
        mov   eax, 0x10
        sti
        mov   ss, eax
        nop
after_ss:
        cli
        ${REQUEST}
        pushfq
        or    qword [rsp], 0x200
        popfq
after_popf:
        ; STI with IF already set holds off nothing: the interrupt has come before
        ${REQUEST}
after_wrmsr:
        sti
        cli
        xor   eax, eax
        ret
${RECORDING}`));
  const labels = ['after_sti', 'after_ss', 'after_popf', 'after_wrmsr'];
  assert.deepEqual(interrupts(ran).map(({ rip }) => rip), labels.map((label) => at(ran, label)));
});

test('a halted processor sleeps to its deadline, to the cycle, and wakes behind HLT', () => {
  const ran = ended(runEveryWay(`
main:   cli
${DEADLINES}        mov   ecx, IA32_TSC_DEADLINE
        mov   eax, 100000
        xor   edx, edx
        wrmsr
        sti
        hlt
woken:  cli
        mov   ecx, IA32_TSC_DEADLINE
        rdmsr
        or    eax, edx
        ret
${RECORDING}`));
  // Delivery, PUSH, PUSH; RDTSC reads before it retires. The deadline is disarmed: it reads 0.
  assert.deepEqual(interrupts(ran).map(({ rip, time }) => [rip, time]), [[at(ran, 'woken'), 100_003n]]);
});

test('a deadline is a value of the time-stamp counter, which software may set', () => {
  const ran = ended(runEveryWay(`
main:   cli
${DEADLINES}        mov   ecx, IA32_TSC_DEADLINE
        mov   eax, 1000000
        wrmsr
        mov   ecx, IA32_TIME_STAMP_COUNTER
        mov   eax, 400000
        wrmsr
        mov   ecx, IA32_TSC_DEADLINE
        rdmsr
        mov   [rel armed], eax
        sti
        nop
        nop
        mov   ecx, IA32_TIME_STAMP_COUNTER
        mov   eax, 1000000
        xor   edx, edx
        wrmsr
passed: cli
        xor   eax, eax
        ret
        align 8
armed:  dq    0
${RECORDING}`));
  // It reads what was written, and is due as soon as the counter is set to it: at the next instruction.
  assert.equal(ran.word('armed'), 1_000_000n);
  assert.deepEqual(interrupts(ran).map(({ rip }) => rip), [at(ran, 'passed')]);
});

test('the periodic timer interrupts in every period, whatever the processor does', () => {
  const ran = ended(runEveryWay(`
main:   cli
        mov   ecx, 0x83e
        mov   eax, 0xb
        xor   edx, edx
        wrmsr
        mov   ecx, 0x832
        mov   eax, 0x20000 + PMI_VECTOR
        wrmsr
        mov   ecx, 0x838
        mov   eax, 10
        wrmsr
started:
        rdtsc
        mov   [rel began], eax
        sti
        mov   ecx, 10000
wait:   dec   ecx
        jnz   wait
        cli
        rdtsc
        mov   [rel over], eax
        mov   ecx, 0x839
        rdmsr
        mov   [rel left], eax
        xor   eax, eax
        ret
        align 8
began:  dq    0
over:   dq    0
left:   dq    0
${RECORDING}`));
  // The crystal has 24 MHz and the counter 2.4 GHz: a count is 100 ticks, a period 1000. RDTSC stands directly behind the
  // WRMSR that starts: the period begins when that one is done.
  const [began, over, left] = [ran.word('began'), ran.word('over'), ran.word('left')];
  const times = interrupts(ran).map(({ time }) => time - began);
  // 20,000 instructions of the loop and some of 26 a period: 20 periods, and 20 x 26 more are not another one.
  assert.equal(times.length, 20);
  // Each interrupt comes at its period: delivery, PUSH, PUSH before the time is read.
  assert.deepEqual(times, times.map((_, i) => BigInt(1000 * (i + 1) + 3)));
  // MOV and MOV behind the last RDTSC.
  assert.equal(left, 10n - ((over - began + 2n) % 1000n) / 100n);
});

test('an NMI waits while another is handled, until IRET - any IRET', () => {
  const ran = ended(runEveryWay(`
SEND_NMI equ 0x44400
main:   call  send
        nop
        xor   eax, eax
        ret
send:   mov   ecx, 0x830
        mov   eax, SEND_NMI
        xor   edx, edx
        wrmsr
sent:   ret
pmi:    inc   qword [rel depth]
        mov   rax, [rel depth]
        mov   rbx, [rel nmis]
        lea   rdx, [rel depths]
        mov   [rdx + rbx * 8], rax
        mov   rax, [rel waited]
        lea   rdx, [rel waits]
        mov   [rdx + rbx * 8], rax
        inc   qword [rel nmis]
        cmp   rbx, 0
        jne   second
        ; The first sends another: it waits, and comes behind the IRET of a fault that happens here.
        call  send
        inc   qword [rel waited]
        lea   rax, [rel behind]
        mov   [rel expected_fault], rax
        mov   ecx, 0x12345678
        rdmsr
behind: nop
second: dec   qword [rel depth]
        iretq
        align 8
depth:  dq    0
nmis:   dq    0
waited: dq    0
depths: dq    0, 0, 0, 0
waits:  dq    0, 0, 0, 0
`));
  // Both were taken, the second inside the first one's handler, but not before the fault's IRET: it has seen that it waited.
  assert.deepEqual([ran.word('nmis'), ran.words('depths', 2), ran.words('waits', 2)], [2n, [1n, 2n], [0n, 1n]]);
});

test('a repeated instruction is interrupted between two iterations, goes on where it was, and retires once', () => {
  const ran = ended(runEveryWay(`
main:   cli
        mov   ecx, IA32_PERF_GLOBAL_CTRL
        xor   eax, eax
        xor   edx, edx
        wrmsr
        mov   ecx, IA32_PERFEVTSEL0      ; cycles, with INT
        mov   eax, 0x53003c
        wrmsr
        mov   ecx, IA32_PERFEVTSEL0 + 1  ; instructions
        mov   eax, 0x4300c0
        wrmsr
        mov   ecx, IA32_PMC0
        mov   eax, -31
        cdq
        wrmsr
        lea   rsi, [rel from]
        lea   rdi, [rel to]
        mov   ecx, IA32_PERF_GLOBAL_CTRL
        mov   eax, 3
        xor   edx, edx
        sti
        wrmsr
        mov   ecx, 100
again:  rep movsb
        mov   ecx, IA32_PERF_GLOBAL_CTRL
        xor   eax, eax
        xor   edx, edx
        wrmsr
        cli
        mov   ecx, 1
        rdpmc
        mov   [rel retired], eax
        xor   eax, eax
        ret
        align 8
retired: dq   0
from:   ${'dq 0x0123456789abcdef\n'.repeat(13)}
to:     resb  104
${RECORDING}`));
  // MOV and 30 iterations are 31 cycles: 70 are left, and the next instruction is the same one.
  assert.deepEqual(interrupts(ran).map(({ rip, rcx }) => [rip, rcx]), [[at(ran, 'again'), 70n]]);
  // 12 quadwords and 4 bytes were copied.
  assert.deepEqual(ran.words('to', 13), [...Array.from({ length: 12 }, () => 0x0123_4567_89ab_cdefn), 0x89ab_cdefn]);
  // MOV, REP MOVSB, MOV, XOR, XOR, WRMSR; and the handler: 6 to the first PUSH RBX and on: 7 + 4 + 7 + 4 + 5.
  assert.equal(ran.word('retired'), 6n + 27n);
});

test('code that overwrites the instruction behind it runs what it wrote', () => {
  const ran = ended(runEveryWay(`
main:   mov   ecx, 3
        xor   ebx, ebx
loop_:  mov   byte [rel patched + 1], cl
patched:
        mov   bl, 0x55
        add   [rel sum], rbx
        dec   ecx
        jnz   loop_
        xor   eax, eax
        ret
pmi:    iretq
        align 8
sum:    dq    0
`));
  // MOV BL takes 3, 2, 1: each time what was written just before.
  assert.equal(ran.word('sum'), 6n);
});

test('a local APIC in memory does at each access what it does at that instruction', () => {
  const ran = ended(runEveryWay(`
BASE    equ 0xfee00000
main:   cli
        mov   ecx, IA32_APIC_BASE        ; off, and on again in xAPIC mode
        mov   eax, BASE + 0x100
        xor   edx, edx
        wrmsr
        mov   eax, BASE + 0x900
        wrmsr
        mov   ebx, BASE
        mov   dword [rbx + 0xf0], 0x1ff
        mov   dword [rbx + 0x3e0], 0xb
        mov   dword [rbx + 0x320], PMI_VECTOR
        sti
        nop
        mov   dword [rbx + 0x380], 4     ; 400 ticks
        rdtsc
        mov   [rel began], eax
        mov   ecx, 197
spin:   dec   ecx
        jnz   spin
        mov   eax, [rbx + 0x390]
        mov   [rel left], eax
due:    nop
        ; a self-IPI is taken at the next instruction
        mov   dword [rbx + 0x300], 0x44000 + PMI_VECTOR
sent:   nop
        nop
        cli
        xor   eax, eax
        ret
        align 8
began:  dq    0
left:   dq    0
pmi:    push  rax
        push  rdx
        rdtsc
        mov   rdx, [rel taken]
        push  rbx
        lea   rbx, [rel times]
        mov   [rbx + rdx * 8], eax
        mov   rax, [rsp + 24]
        lea   rbx, [rel places]
        mov   [rbx + rdx * 8], rax
        mov   ebx, BASE
        mov   dword [rbx + 0xb0], 0
        pop   rbx
        pop   rdx
        pop   rax
        inc   qword [rel taken]
        iretq
        align 8
taken:  dq    0
times:  dq    0, 0, 0
places: dq    0, 0, 0
`));
  assert.equal(ran.word('taken'), 2n);
  // The device is reached when the instruction begins, a tick before RDTSC reads. Then delivery, PUSH, PUSH.
  assert.equal(ran.words('times', 1)[0]! - (ran.word('began') - 1n), 400n + 3n);
  // From there MOV, RDTSC, MOV, MOV and 2 x 197 are 398 ticks to the read: three counts and 98 ticks. MOV and MOV make 400.
  assert.equal(ran.word('left'), 1n);
  assert.deepEqual(ran.words('places', 2), [at(ran, 'due'), at(ran, 'sent')]);
});

test('random numbers are those of SplitMix64 from the number of the processor on, and set only CF', () => {
  const ran = ended(runEveryWay(`
main:   stc
        mov   al, 0x7f
        inc   al
        rdrand rax
        mov   [rel numbers], rax
        pushfq
        pop   qword [rel flags]
        rdseed rcx
        mov   [rel numbers + 8], rcx
        mov   rdx, -1
        rdrand edx
        mov   [rel numbers + 16], rdx
        xor   eax, eax
        ret
pmi:    iretq
        align 8
numbers: resb 24
flags:  dq 0`));
  // The first numbers from 0, as the authors' code gives them; a write of 32 bits clears the upper half.
  assert.deepEqual(ran.words('numbers', 3), [0xe220_a839_7b1d_cdafn, 0x6e78_9e6a_a1b9_65f4n, 0x8009_454fn]);
  assert.equal(ran.word('flags') & 0x8d5n, 1n);
});
