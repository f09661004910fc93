import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RBX, RSI } from '../../src/x86/registers.ts';
import { left, runTranslated } from './translating.ts';

// What system instructions do in the middle of translations: the time that they read, segments that they exchange, rights that they change.

test('the time-stamp counter in the middle of a translation', () => {
  for (const [every, iterations] of [[1, 8], [89, 40]] as const) {
    const { machine } = runTranslated(`
        xor   ebx, ebx
        mov   esi, 1
        mov   r9d, ${iterations}
next:   rdtsc
        mov   r8, rax
        imul  r8, rsi
        test  r9d, 7
        jz    other
        add   rsi, 2
other:  rdtscp
        sub   rax, r8
        add   rbx, rax
        xor   [rel kept], rbx
        rdtsc
        rol   rbx, 7
        xor   rbx, rax
        dec   r9d
        jnz   next
        jmp   done
        align 8
kept:   dq    0
done:`, every);
    // 1, and 2 in each iteration without the multiples of 8
    assert.equal(left(machine, RSI), 1n + 2n * BigInt(iterations - Math.floor(iterations / 8)));
  }
});

test('what is addressed by GS in the middle of a translation that exchanges its base', () => {
  const { machine } = runTranslated(`
        mov   ecx, 0xc0000101           ; IA32_GS_BASE
        mov   eax, 0x300000
        xor   edx, edx
        wrmsr
        inc   ecx                       ; IA32_KERNEL_GS_BASE
        mov   eax, 0x301000
        wrmsr
        mov   dword [0x300010], 1
        mov   dword [0x301010], 100
        xor   ebx, ebx
        mov   ecx, 75
next:   swapgs
        add   ebx, [gs:0x10]
        test  ecx, 3
        jz    same
        swapgs
        add   ebx, [gs:0x10]
same:   dec   ecx
        jnz   next`, 61);
  // ECX from 75 down to 1: the bases are exchanged once where it is a multiple of 4, 18 times. Of those the 1st, 3rd, ... find 100, and the
  // others 1; and of the other 57 iterations each adds both.
  assert.equal(left(machine, RBX), 57n * 101n + 9n * 101n);
});

test('rights that change in the middle of a translation', () => {
  const { machine } = runTranslated(`
        mov   rax, cr4
        or    eax, 1 << 21              ; SMAP
        stac                            ; all pages are a user's, the stack's too
        mov   cr4, rax
        xor   ebx, ebx
        mov   ecx, 90
        mov   rsi, cr3
next:   mov   cr3, rsi                  ; what has been fetched with these rights is not known any more
        nop
        stac
        add   ebx, [0x300000 + rcx]
        inc   dword [0x300000 + rcx]
        clac
        lea   ebx, [rbx + 2]
        test  ecx, 7
        jz    same
        stac
        push  rbx
        pop   rbx
        clac
same:   dec   ecx
        jnz   next`, 43);
  // Of each doubleword the upper bytes were counted to 1 before: none in the first iteration, one in the second, two in the third; and 2
  // are added each time.
  assert.equal(left(machine, RBX), 0x100n + 0x1_0100n + 87n * 0x101_0100n + 180n);
});
