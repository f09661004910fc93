import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runEveryWay } from './program.ts';

// MOV to and from memory that is a device: what it does there is what it does in memory that is none, which the vectors hold against
// processors.

/** The memory of QEMU's test device, in which what was written can be read. */
const DEVICE = 0xff00_0000;
const WORDS = 16;

const MOVES = `
; RDI: 64 bytes of memory; RSI: 2 GiB less 256 bytes further on; the base of FS is -16; R15: what was read
moves:  mov   rax, 0x1122334455667788
        mov   rbx, 0x99aabbccddeeff01
        mov   [rdi], rax
        mov   [rdi + 8], ebx
        mov   [rdi + 12], bx
        mov   [rdi + 14], ah
        mov   [rdi + 15], bl
        mov   byte [rdi + 16], 0x81
        mov   word [rdi + 17], 0x8765
        mov   dword [rdi + 20], 0x89abcdef
        mov   qword [rdi + 24], -2
        ; the sum of base, index and displacement: below 0, beyond 32 bits, and of 32 bits alone
        mov   rcx, -5
        mov   [rdi + rcx * 8 + 72], eax          ; + 32
        mov   rdx, 0x100000000
        mov   [rsi + rcx - 0x7ffffed7], bl       ; + 36
        lea   r8, [rdi - 0x1000]
        mov   [r8 + 0x1028], ax                  ; + 40
        mov   r9, rdi
        or    r9, rdx
        mov   [r9d + 44], eax                    ; + 44
        mov   [fs:rdi + 64], rbx                 ; + 48
        mov   rax, 0x0102030405060708
        mov   rcx, rax
        mov   al, [rdi]
        mov   ch, [rdi + 14]
        mov   [r15], rax
        mov   [r15 + 8], rcx
        mov   cx, [rdi + 8]
        mov   [r15 + 16], rcx
        mov   rbp, -1
        mov   ebp, [rdi + 20]
        mov   [r15 + 24], rbp
        mov   r10, [rdi + 24]
        mov   [r15 + 32], r10
        mov   r11, -1
        movzx r11d, byte [rdi + 16]
        mov   [r15 + 40], r11
        movsx r12, word [rdi + 17]
        mov   [r15 + 48], r12
        mov   r13, [fs:rdi + 64]
        mov   [r15 + 56], r13
        mov   r13d, [r9d + 44]
        mov   [r15 + 64], r13
        mov   r13w, [rdi + 36]
        mov   [r15 + 72], r13
        mov   r13, [rdi + 28]
        mov   [r15 + 80], r13
        mov   r13, [rdi + 40]
        mov   [r15 + 88], r13
        ret`;

test('a MOV to or from a device moves what it would to or from memory', () => {
  const ran = runEveryWay(`
main:   mov   ecx, IA32_FS_BASE
        mov   eax, -16
        mov   edx, -1
        wrmsr
        lea   rdi, [rel there]
        mov   rsi, rdi
        add   rsi, 0x7fffff00
        lea   r15, [rel of_memory]
        call  moves
        mov   edi, ${DEVICE}
        mov   rsi, rdi
        add   rsi, 0x7fffff00
        lea   r15, [rel of_device]
        call  moves
        xor   eax, eax
        ret
pmi:    iretq
${MOVES}
        align 8
there:  resb  64
of_memory: resb  8 * ${WORDS}
of_device: resb  8 * ${WORDS}
`, { machine: { board: 'pc' } });
  assert.equal(ran.code, 0);
  const read = ran.words('of_device', WORDS);
  assert.deepEqual(read, ran.words('of_memory', WORDS));
  // The first and the fifth, by hand: AL alone, and what was written as -2.
  assert.deepEqual([read[0], read[4]], [0x0102_0304_0506_0788n, 0xffff_ffff_ffff_fffen]);
});
