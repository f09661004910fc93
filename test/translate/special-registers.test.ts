import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RBX, RCX, RDX, RSI } from '../../src/x86/registers.ts';
import { left, runTranslated } from './translating.ts';

// MOV from control and debug registers where it is translated: what it reads, and when it is left to the processor's routine.

test('control and debug registers are read in the middle of a loop', () => {
  const { machine } = runTranslated(`
        mov   rax, 0x1234_5678_9abc_def0
        mov   cr2, rax
        mov   eax, 3
        mov   cr8, rax
        mov   rax, -5
        mov   dr3, rax
        xor   ebx, ebx
        xor   edx, edx
        xor   esi, esi
        mov   ecx, 50
next:   cmp   ecx, 20
        mov   rax, cr2
        mov   rbp, dr7
        adc   rbx, rax
        mov   rax, cr8
        add   edx, eax
        mov   rax, dr3
        add   rsi, rax
        mov   rax, dr5                  ; is DR7
        sub   rbp, rax
        jnz   different
        mov   cr2, rbx
        dec   ecx
        jnz   next
different:`, 41);
  assert.equal(left(machine, RCX), 0n);
  assert.equal(left(machine, RDX), 50n * 3n);
  assert.equal(left(machine, RSI), BigInt.asUintN(64, 50n * -5n));
  // Each iteration adds CR2, which then is the sum; and the carry of the comparison while RCX is below 20.
  let sum = 0n, cr2 = 0x1234_5678_9abc_def0n;
  for (let i = 50n; i > 0n; i -= 1n) {
    sum = BigInt.asUintN(64, sum + cr2 + (i < 20n ? 1n : 0n));
    cr2 = sum;
  }
  assert.equal(left(machine, RBX), sum);
});

test('with DR7.GD set a debug register is not read', () => {
  const { machine } = runTranslated(`
        mov   edi, 0x30_0000
        lea   rax, [rel caught]
        mov   [rdi + 0x10], ax
        mov   word [rdi + 0x12], 8
        mov   word [rdi + 0x14], 0x8e00
        shr   rax, 16
        mov   [rdi + 0x16], rax
        mov   dword [rdi + 0x100], 0x1f
        mov   [rdi + 0x102], rdi
        lidt  [rdi + 0x100]
        xor   eax, eax
        mov   dr6, rax
        mov   ecx, 60
next:   mov   rax, dr7
        cmp   ecx, 15
        jne   others
        or    eax, 0x2000               ; GD
        mov   dr7, rax
others: dec   ecx
        jnz   next
caught: mov   rbx, dr6
        mov   rdx, dr7`, 41);
  assert.equal(left(machine, RCX), 14n);
  // SDM, "Debug Status Register (DR6)": BD, beside the bits that are always set. GD is clear in the handler.
  assert.deepEqual([left(machine, RBX), left(machine, RDX)], [0xffff_2ff0n, 0x400n]);
});
