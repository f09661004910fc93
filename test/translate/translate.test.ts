import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LOOPS } from '../../bench/loops.ts';
import { RAX, RBX, RDX, RSI } from '../../src/x86/registers.ts';
import { left, runTranslated } from './translating.ts';

// Translated, interpreted, or now one and now the other: the same state at the same time. What each program computes is also worked
// out by hand, so that all of them cannot be wrong alike.

test('the loops of the benchmark: at each of many moments the state is that of the interpreter', () => {
  for (const { source } of LOOPS) runTranslated(`        mov   ecx, 300\n${source}`, 997);
});

test('a budget that ends anywhere in a translation is kept to the instruction', () => {
  for (const { source } of LOOPS) runTranslated(`        mov   ecx, 9\n${source}`, 1);
});

test('conditions, a carry that is kept, and a way out in the middle', () => {
  const { machine } = runTranslated(`
        xor   ebx, ebx
        xor   esi, esi
        mov   ecx, 60
next:   lea   eax, [rcx - 30]
        add   rsi, rax
        cmp   eax, 5
        jl    less
        add   rbx, 1
less:   cmp   eax, 5
        jb    below
        add   rbx, 0x100
below:  add   al, 0x90
        inc   edx
        inc   dword [0x300ffe]          ; on two pages
        adc   rbx, 0x10000
        dec   ecx
        jnz   next`, 37);
  // From 30 down to -29: 26 are not less than 5, 26 + 29 not below it; a byte that is negative carries when 90H is added, 29 times.
  assert.equal(left(machine, RBX), 26n + 55n * 0x100n + 60n * 0x1_0000n + 29n);
  // As 32 bits: the sum of 30 to 1 less that of 29 to 1, and 29 times 2^32.
  assert.equal(left(machine, RSI), 30n + (29n << 32n));
});

test('code that changes the instruction behind it, in every iteration', () => {
  const { machine } = runTranslated(`
        xor   eax, eax
        mov   ecx, 200
next:   mov   [rel patched + 1], cl
patched:
        add   al, 0                     ; ADD AL, imm8
        dec   ecx
        jnz   next
        movzx eax, al`, 101);
  // 200 + 199 + ... + 1 = 20100, of which AL has the low byte: 20100 = 78 x 256 + 132
  assert.equal(left(machine, RAX), 132n);
});

test('code that is changed through another mapping of its page', () => {
  // The second page directory entry of 2 MiB beyond the program's becomes the program's own.
  const { machine } = runTranslated(`
        mov   qword [0x3000 + 8 * 3], 0x87
        invlpg [0x600000]
        xor   ebx, ebx
        mov   ecx, 100
        lea   rsi, [rel patched + 3]
        add   rsi, 0x600000
next:   mov   [rsi], cl
        call  patched
        dec   ecx
        jnz   next
        jmp   done
patched:
        add   rbx, 0                    ; ADD RBX, imm8, of which CL is at most 100
        ret
done:`, 97);
  // 100 + 99 + ... + 1
  assert.equal(left(machine, RBX), 5050n);
});

test('one linear page, now of one piece of code and now of another', () => {
  const { machine } = runTranslated(`
        mov   byte [0x200000], 0x83     ; ADD EBX, 1; RET
        mov   dword [0x200001], 0xc301c3
        mov   byte [0x400000], 0x83     ; ADD EBX, 16; RET
        mov   dword [0x400001], 0xc310c3
        xor   ebx, ebx
        mov   ecx, 120
next:   mov   eax, ecx
        and   eax, 1
        shl   eax, 21
        add   eax, 0x200087             ; memory from 2 MiB or from 4 MiB on
        mov   [0x3000 + 8 * 3], rax
        invlpg [0x600000]
        mov   edx, 0x600000
        call  rdx
        call  rdx
        dec   ecx
        jnz   next`, 89);
  // 60 times 1 and 60 times 16, twice
  assert.equal(left(machine, RBX), 2040n);
});

test('a stale translation of the TLB is stale for all', () => {
  const { machine } = runTranslated(`
        mov   byte [0x200000], 0x83
        mov   dword [0x200001], 0xc301c3
        mov   byte [0x400000], 0x83
        mov   dword [0x400001], 0xc310c3
        mov   qword [0x3000 + 8 * 3], 0x200087
        xor   ebx, ebx
        mov   edx, 0x600000
        call  rdx
        mov   qword [0x3000 + 8 * 3], 0x400087
        mov   ecx, 50
next:   call  rdx
        dec   ecx
        jnz   next
        invlpg [0x600000]
        call  rdx`, 31);
  // 51 times the old one, then the new one
  assert.equal(left(machine, RBX), 67n);
});

test('instructions and accesses on two pages', () => {
  const { machine } = runTranslated(`
        xor   eax, eax
        xor   edx, edx
        mov   ecx, 100
next:   add   rax, 5
        jmp   there
        resb  4073                      ; after 2 + 2 + 5 + 4 + 5 bytes: five are left of the page
there:  mov   rbx, 0x1122334455667788   ; ten bytes, five of them on each page
        add   rdx, rbx
        add   dword [0x300ffe], 3
        dec   ecx
        jnz   next
        mov   ebx, [0x300ffe]`, 211);
  assert.equal(left(machine, RAX), 500n);
  assert.equal(left(machine, RBX), 300n);
  assert.equal(left(machine, RDX), BigInt.asUintN(64, 100n * 0x1122_3344_5566_7788n));
});

test('reads of two pages, of which the second is now one and now another', () => {
  const { machine } = runTranslated(`
        mov   rax, 0x8877665544332211
        mov   [0x5ffff8], rax
        mov   qword [0x200000], 0x01010101
        mov   qword [0x400000], 0x02020202
        xor   ebx, ebx
        mov   ecx, 120
next:   mov   eax, ecx
        and   eax, 1
        shl   eax, 21
        add   eax, 0x200087             ; memory from 2 MiB or from 4 MiB on
        mov   [0x3000 + 8 * 3], rax
        invlpg [0x600000]
        movzx eax, word [0x5fffff]      ; 88H, and 1 or 2 in front of it
        add   rbx, rax
        mov   eax, [0x5ffffd]           ; 887766H, and so forth
        add   rbx, rax
        mov   rax, [0x5ffffc]
        shr   rax, 32
        add   rbx, rax
        dec   ecx
        jnz   next`, 59);
  // 60 times with 1 and 60 times with 2
  const sum = (n: bigint): bigint => (0x88n + (n << 8n)) + (0x887766n + (n << 24n)) + n * 0x1010101n;
  assert.equal(left(machine, RBX), 60n * (sum(1n) + sum(2n)));
});

test('an instruction whose second page is now one and now another', () => {
  const { machine } = runTranslated(`
        mov   word [0x5ffffe], 0xc383   ; ADD EBX, imm8, of which the last byte is on the next page; RET
        mov   word [0x200000], 0xc301
        mov   word [0x400000], 0xc310
        xor   ebx, ebx
        mov   ecx, 120
        mov   esi, 0x5ffffe
        mov   edi, 0x600001
next:   mov   eax, ecx
        and   eax, 1
        shl   eax, 21
        add   eax, 0x200087             ; memory from 2 MiB or from 4 MiB on
        mov   [0x3000 + 8 * 3], rax
        invlpg [0x600000]
        call  rdi                       ; the TLB knows the page
        call  rsi
        call  rsi
        dec   ecx
        jnz   next`, 61);
  // 60 times 1 and 60 times 16, twice
  assert.equal(left(machine, RBX), 2040n);
});

test('instructions on two pages that are overwritten there, that have routines, and that repeat', () => {
  const { machine } = runTranslated(`
        mov   word [0x5ffffe], 0xc383   ; ADD EBX, imm8; RET
        mov   byte [0x600001], 0xc3
        mov   byte [0x5fefff], 0x0f     ; CLTS; RET
        mov   word [0x5ff000], 0xc306
        mov   byte [0x5fdfff], 0xf3     ; REP STOSB; RET
        mov   word [0x5fe000], 0xc3aa
        xor   ebx, ebx
        xor   eax, eax
        mov   edx, 100
next:   mov   [0x600000], dl
        mov   esi, 0x5ffffe
        call  rsi
        call  rsi
        mov   esi, 0x5fefff
        call  rsi
        mov   esi, 0x5fdfff
        mov   edi, 0x500000
        mov   ecx, edx
        call  rsi
        add   rax, rdi
        dec   edx
        jnz   next`, 53);
  // Twice 100 + 99 + ... + 1
  assert.equal(left(machine, RBX), 10_100n);
  // 500000H and EDX, each time
  assert.equal(left(machine, RAX), 100n * 0x50_0000n + 5050n);
});

/** A loop of 60 iterations that calls so many functions through a register; the first of them is aligned as it is said. */
function callingLeaves(count: number, alignment: number): string {
  const leaves = Array.from({ length: count }, (_, i) => `        align 64\nleaf${i}: add   rbx, ${i}\n        ret`).join('\n');
  const calls = Array.from({ length: count }, (_, i) => `        lea   rax, [rel leaf${i}]\n        call  rax`).join('\n');
  return `
        xor   ebx, ebx
        mov   ecx, 60
next:
${calls}
        dec   ecx
        jnz   next
        jmp   done
        align ${alignment}
${leaves}
done:`;
}

test('what there is no room for is translated again', () => {
  const { machine, modules } = runTranslated(callingLeaves(12, 64), 503);
  // 60 times 0 + 1 + ... + 11
  assert.equal(left(machine, RBX), 3960n);
  // With room for two, what is called next is seldom there.
  assert.ok(modules[0]! > 20 * modules[2]!, modules.join());
});

test('what gets hot on a page at the same time becomes one module', () => {
  const { machine, modules } = runTranslated(callingLeaves(6, 4096), 503);
  // 60 times 0 + 1 + ... + 5
  assert.equal(left(machine, RBX), 900n);
  // Where two runs are enough, nothing has been run fifteen sixteenths of them: there each leaf is a module of its own.
  assert.ok(modules[1]! + 5 <= modules[2]!, modules.join());
});

test('several processors run the same translations', () => {
  runTranslated(`
        mov   eax, 1
        lock xadd [0x300000], eax
        mov   ecx, 300
next:   lock add qword [0x300008], 3
        dec   ecx
        jnz   next
        lock inc dword [0x300010]
wait:   pause
        cmp   dword [0x300010], 3
        jne   wait`, 1709, { cpus: 3 });
});

/** A function on each of four pages, through a pointer as well as directly, and back by a return that several calls share. */
const PAGES = `
        align 4096
first:  add   rbx, 1
        call  second
        add   rbx, 2
        ret
        align 4096
second: add   rbx, 0x100
        jmp   third
        align 4096
third:  add   rbx, 0x10000
        jmp   [rel pointer]
        align 4096
fourth: add   rbx, 0x1000000
        ret
        align 8
pointer: dq   fourth`;

test('code on several pages, which is one translation when it has been left often', () => {
  const { machine } = runTranslated(`
        xor   ebx, ebx
        mov   ecx, 300
        lea   rsi, [rel third]
next:   call  first
        call  second
        call  rsi
        dec   ecx
        jnz   next
        jmp   done
${PAGES}
done:`, 1511);
  // 300 times 3, twice 100H, three times 10000H and 1000000H
  assert.equal(left(machine, RBX), 300n * (3n + 0x200n + 0x30000n + 0x3000000n));
});

test('code on several pages, at each of its instructions', () => {
  runTranslated(`
        xor   ebx, ebx
        mov   ecx, 40
        lea   rsi, [rel third]
next:   call  first
        call  rsi
        dec   ecx
        jnz   next
        jmp   done
${PAGES}
done:`, 1);
});

test('the page that a translation goes on to is now one and now another', () => {
  const { machine } = runTranslated(`
        mov   dword [0x5ffff0], 0xe901c383      ; ADD EBX, 1; JMP to where the next page begins
        mov   dword [0x5ffff4], 8
        mov   byte [0x200000], 0x83             ; ADD EBX, 16; RET
        mov   dword [0x200001], 0xc310c3
        mov   byte [0x400000], 0x83             ; ADD EBX, 32; RET
        mov   dword [0x400001], 0xc320c3
        xor   ebx, ebx
        mov   ecx, 400
        mov   esi, 0x5ffff0
next:   test  ecx, 15
        jnz   same
        mov   eax, ecx
        and   eax, 16
        shl   eax, 17
        add   eax, 0x200087                     ; memory from 2 MiB or from 4 MiB on
        mov   [0x3000 + 8 * 3], rax
        invlpg [0x600000]
same:   call  rsi
        dec   ecx
        jnz   next`, 67);
  // ECX = 400 to 385: from 4 MiB on, the next 16 from 2 MiB on, and so forth: 13 and 12 stretches
  assert.equal(left(machine, RBX), 400n + 13n * 16n * 32n + 12n * 16n * 16n);
});

test('code on several pages of which one is overwritten', () => {
  const { machine } = runTranslated(`
        xor   ebx, ebx
        mov   ecx, 200
next:   call  far1
        test  ecx, 31
        jnz   kept
        mov   [rel patched + 3], cl
kept:   dec   ecx
        jnz   next
        jmp   done
        align 4096
far1:   call  far2
        ret
        align 4096
far2:
patched: add  rbx, 1                            ; ADD RBX, imm8
        ret
done:`, 97);
  // CL is 192 at first, which is -64; 9 calls by then add 1 each: ECX = 200 to 192. Then 160 (-96), 128 (-128), 96, 64 and 32, each for
  // 32 calls but the last, for 31
  assert.equal(BigInt.asIntN(64, left(machine, RBX)), 9n + 32n * (-64n - 96n - 128n + 96n + 64n) + 31n * 32n);
});
