import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runEveryWay } from './program.ts';
import { ended } from './recording.ts';

// Ways into handlers that recorded cases do not go: through gates of #UD that lead to an inner level, or far up.

/** A gate of a vector to a place in RAX, through a selector. */
const gate = (vector: number, selector: string): string => `
        mov   [rbx + ${16 * vector}], ax
        mov   word [rbx + ${16 * vector + 2}], ${selector}
        mov   word [rbx + ${16 * vector + 4}], 0x8e00
        shr   rax, 16
        mov   [rbx + ${16 * vector + 6}], ax
        shr   rax, 16
        mov   [rbx + ${16 * vector + 8}], eax`;

const programOf = (place: string, selector: string): string => `
main:   mov   r12, rsp
        sgdt  [rel table]
        mov   rbx, [rel table + 2]
        mov   ecx, cs
        or    byte [rbx + rcx + 5], 1     ; used before
        mov   rax, 0x00af_bb00_0000_ffff  ; 64-bit code of level 1, used before
        mov   [rbx + 0x18], rax
        lea   rdx, [rel tss]              ; below 16 MiB
        shl   rdx, 16
        mov   rax, 0x8900_0000_0067
        or    rdx, rax
        mov   [rbx + 0x28], rdx
        mov   qword [rbx + 0x30], 0
        mov   eax, 0x28
        ltr   ax
        mov   [rel tss + 12], rsp         ; that of level 1
        sidt  [rel table]
        mov   rbx, [rel table + 2]
        mov   rax, ${place}${gate(6, selector)}
        lea   rax, [rel fault]${gate(13, 'cx')}
        lea   rax, [rel fault]${gate(14, 'cx')}
        ud2
fault:  pop   rax
        mov   [rel seen], rax
        mov   rax, cr2
        mov   [rel seen + 8], rax
        mov   rax, r12
        and   rax, -16
        sub   rax, [rsp + 24]             ; what is on the stack below the fault
        mov   [rel seen + 16], rax
        mov   rsp, r12
        xor   eax, eax
        ret
pmi:    iretq
        align 8
table:  dq    0, 0
tss:    dq    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
seen:   dq    0, 0, 0`;

test('an exception that a gate sends to an inner level is #GP of its selector', () => {
  // SDM, "Interrupt and Exception Handling", error code: the selector, and EXT, because no INT n has asked for it.
  assert.equal(ended(runEveryWay(programOf('main', '0x18'))).word('seen'), 0x19n);
});

test('a handler begins at all 64 bits that its gate has', () => {
  // A fetch where nothing is mapped, by a supervisor, behind one frame of five words.
  assert.deepEqual(ended(runEveryWay(programOf('0x12_8765_4320', 'cx'))).words('seen', 3), [0n, 0x12_8765_4320n, 40n]);
});
