import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runEveryWay } from './program.ts';
import { at, DEADLINES, ended, interrupts, RECORDING } from './recording.ts';

// The interpreter goes on behind many a routine without an end of its slice: whatever comes due there still comes where it must. The
// timing is one cycle an instruction.

test('a deadline at any instruction of a stretch of STI, CLI, IRET and others that routines do interrupts behind that instruction', () => {
  const ran = ended(runEveryWay(`
main:   cli
${DEADLINES}        mov   r12d, 9
next:   mov   rdi, rsp
        mov   eax, ss                   ; a frame for IRET, with IF set
        push  rax
        push  rdi
        pushfq
        or    qword [rsp], 0x200
        mov   eax, cs
        push  rax
        lea   rax, [rel landing]
        push  rax
        rdtsc                           ; reads T, and has retired at T + 1
        shl   rdx, 32
        or    rax, rdx
        add   rax, r12
        mov   rdx, rax
        shr   rdx, 32
        mov   ecx, IA32_TSC_DEADLINE
        wrmsr                           ; T + 8
        mov   rsi, cr3                  ; T + 9
        sti                             ; T + 10
        nop                             ; T + 11
one:    swapgs                          ; T + 12
two:    mov   cr3, rsi                  ; T + 13
three:  sti                             ; T + 14
four:   cli                             ; T + 15
        sti                             ; T + 16
        iretq                           ; T + 17
landing:
        swapgs                          ; T + 18
last:   rdtsc                           ; T + 19
        cli
        inc   r12d
        cmp   r12d, 18
        jbe   next
        xor   eax, eax
        ret
${RECORDING}`));
  // Nothing comes behind the first STI, nor behind the second of those that set IF, nor while IF is clear.
  const labels = ['one', 'one', 'one', 'two', 'three', 'four', 'landing', 'landing', 'landing', 'last'];
  assert.deepEqual(interrupts(ran).map(({ rip }) => rip), labels.map((label) => at(ran, label)));
});
