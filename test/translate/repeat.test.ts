import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RBX, RDI, RSI } from '../../src/x86/registers.ts';
import { Host, left, ran, runTranslated } from './translating.ts';

// Repeated string instructions in the middle of translations: what is short is a part of them.

/** Copies and fills of 0 to 19 elements, up and down, of each width; then the sum of what they have left. */
const copies = (iterations: number): string => `
        mov   ecx, 64
        lea   rdi, [0x300000]
seed:   mov   [rdi], rcx
        add   rdi, 8
        dec   ecx
        jnz   seed
        mov   r8d, ${iterations}
next:   mov   ecx, r8d
        and   ecx, 31
        cmp   ecx, 20
        cmovae ecx, [rel none]
        mov   r9d, ecx
        lea   rsi, [0x300000 + r8]
        lea   rdi, [0x300ff0 + r8]      ; beyond 16 of them, on the next page
        rep movsb
        mov   ecx, r9d
        rep movsw
        mov   ecx, r9d
        shr   ecx, 2
        rep movsd
        mov   ecx, r9d
        and   ecx, 3
        rep movsq
        add   rbx, rdi
        mov   ecx, r9d
        mov   eax, r8d
        rep stosb
        mov   ecx, r9d
        shr   ecx, 1
        stc
        rep stosq
        adc   rbx, rsi                  ; the carry is as it was
        std
        mov   ecx, r9d
        and   ecx, 7
        rep movsb
        mov   ecx, r9d
        and   ecx, 7
        rep stosd
        cld
        add   rbx, rdi
        dec   r8d
        jnz   next
        jmp   done
        align 8
none:   dd    0
done:`;

test('copies and fills of a few elements, at many moments', () => {
  const { machine } = runTranslated(copies(64), 31);
  // What RSI and RDI are after an iteration with r = ECX from R8D = k: up by r bytes, r words, r / 4 doublewords and r & 3 quadwords; RDI
  // by r bytes and r / 2 quadwords more; down again by r & 7 bytes, RDI by r & 7 doublewords besides.
  let sum = 0n, rsi = 0, rdi = 0;
  for (let k = 64; k > 0; k -= 1) {
    const r = (k & 31) < 20 ? k & 31 : 0;
    const up = r + 2 * r + 4 * (r >> 2) + 8 * (r & 3);
    rsi = 0x30_0000 + k + up;
    rdi = 0x30_0ff0 + k + up;
    sum += BigInt(rdi);
    rdi += r + 8 * (r >> 1);
    sum += BigInt(rsi) + 1n;
    rsi -= r & 7;
    rdi -= 5 * (r & 7);
    sum += BigInt(rdi);
  }
  assert.deepEqual([RBX, RSI, RDI].map((register) => left(machine, register)), [sum, BigInt(rsi), BigInt(rdi)]);
});

test('copies and fills of a few elements, at each instruction and iteration', () => {
  runTranslated(copies(22), 1);
});

test('a copy whose third element changes code', () => {
  const { machine } = runTranslated(`
        xor   ebx, ebx
        mov   r8d, 40
next:   lea   rsi, [rel patch]
        lea   rdi, [rel patched - 2]
        mov   [rsi + 5], r8b
        mov   ecx, 6
        rep movsb
        call  patched
        dec   r8d
        jnz   next
        jmp   done
        align 8
patch:  dd    0x83480000                ; two bytes of what is no code, and ADD RBX, imm8
        dd    0x000000c3
        align 4096
blank:  dd    0
        align 4096
patched:
        add   rbx, 1
        ret
done:`, 71);
  // 40 + 39 + ... + 1
  assert.equal(left(machine, RBX), 820n);
});

test('a copy whose count comes from where no translation sees it', () => {
  // Each page is translated by itself.
  const machine = ran(`
        xor   ebx, ebx
        mov   r8d, 200
next:   call  counts
        lea   rsi, [0x300000]
        lea   rdi, [0x300100]
        rep movsb
        add   rbx, rdi
        dec   r8d
        jnz   next
        jmp   done
        align 4096
counts: mov   ecx, 3
        ret
done:`, new Host({ after: 16, most: 100, length: 256, exits: 1_000_000 }));
  assert.equal(left(machine, RBX), 200n * 0x30_0103n);
});
