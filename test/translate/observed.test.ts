import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LOOPS } from '../../bench/loops.ts';
import { PENALTY_TIMING } from '../../src/hw/cpu/timing.ts';
import { RCX } from '../../src/x86/registers.ts';
import { left, runTranslated } from './translating.ts';

// Misses take time here, so that branch predictor and caches always look on; what they have seen is part of the state that is compared,
// with that of predictor.ts and cache.ts.

const observed = { timing: PENALTY_TIMING, without: true };

test('the loops of the benchmark, observed: at each of many moments the state is that of the interpreter', () => {
  for (const { source } of LOOPS) runTranslated(`        mov   ecx, 120\n${source}`, 997, observed);
});

test('a budget of which observers take is kept to the instruction', () => {
  // One cycle at a time, and so many that a translation is entered and a miss uses them up.
  for (const [every, iterations] of [[1, 3], [53, 25]] as const) {
    for (const { source } of LOOPS) runTranslated(`        mov   ecx, ${iterations}\n${source}`, every, observed);
  }
});

test('accesses that miss, several in an instruction, and with faults and pages of code between them', () => {
  const { machine, modules } = runTranslated(`
        lea   rsi, [rel table]
        mov   ecx, 60
next:   mov   eax, ecx
        imul  eax, eax, 0x9e3779b1
        shr   eax, 12
        and   eax, 0x1fffc0
        lea   rdi, [rax + 0x400000]
        add   [rdi], rcx
        push  qword [rdi]               ; two accesses
        pop   qword [rdi + 0x40]
        xchg  [rdi + 0x1000], rax
        mov   [rel patched + 1], cl
        mov   rbx, [rdi + 0x2fffc]
patched:
        add   al, 0
        call  [rsi]
        dec   ecx
        jnz   next
        jmp   done
first:  test  ecx, 4
        jz    second
        ret
second: add   rbx, [rsp]
        ret
        align 8
table:  dq    first
done:`, 41, observed);
  assert.equal(left(machine, RCX), 0n);
  // Two run loops, handlers, and at least one translation.
  assert.ok(modules.every((compiled) => compiled >= 4), modules.join());
});
