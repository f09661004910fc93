import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RBX, RSI } from '../../src/x86/registers.ts';
import { Host, left, ran, runTranslated } from './translating.ts';

// What is kept of translations while the code is another one, as when a kernel switches static keys; and of how hot code is.

/** What programs call, on a page of its own, behind their last instruction. */
const CALLED = `
        jmp   done
        align 4096
patched:
        add   rbx, 3                    ; ADD RBX, imm8
        ret
done:`;

/** Calls `patched` as often as RCX says, and every so many times switches what it adds between 1 and 16. */
const switching = (calls: number, every: number): string => `
        xor   ebx, ebx
        xor   esi, esi
        mov   ecx, ${calls}
        mov   edi, ${every}
next:   call  patched
        inc   rsi
        dec   edi
        jnz   same
        mov   edi, ${every}
        xor   byte [rel patched + 3], 17
same:   dec   ecx
        jnz   next
        jmp   done
        align 4096
patched:
        add   rbx, 1                    ; ADD RBX, imm8
        nop
        ret
done:`;

/** How many modules are compiled for a program, of which what has been run so often is translated, and grows late. */
function modulesOf(program: string, after: number): number {
  const host = new Host({ after, most: 1000, length: 256, exits: 1_000_000 });
  ran(program, host);
  return host.compiled;
}

test('code that is switched to and fro is translated in each form, and not again', () => {
  const { machine } = runTranslated(switching(200, 20), 331);
  // 5 stretches of 20 times 1, and as many of 20 times 16
  assert.equal(left(machine, RBX), 100n + 1600n);
  assert.equal(left(machine, RSI), 200n);
  // It is switched 10 times more.
  assert.equal(modulesOf(switching(800, 40), 16), modulesOf(switching(400, 40), 16));
});

test('code that is switched before it is hot gets hot all the same, and is not translated again', () => {
  const { machine } = runTranslated(switching(200, 10), 331);
  assert.equal(left(machine, RBX), 100n + 1600n);
  const modules = modulesOf(switching(400, 10), 16);
  // It is switched 40 times more.
  assert.equal(modulesOf(switching(800, 10), 16), modules);
  // 10 runs are less than 16; but there are two forms more than without `patched`.
  assert.equal(modules, modulesOf(switching(400, 10).replace('call  patched', 'add   rbx, 8'), 16) + 2);
});

test('a page that is written to with what is there already keeps its translations', () => {
  const program = (calls: number): string => `
        xor   ebx, ebx
        mov   ecx, ${calls}
next:   call  patched
        mov   byte [rel patched + 3], 3
        dec   ecx
        jnz   next${CALLED}`;
  assert.equal(left(runTranslated(program(200), 331).machine, RBX), 600n);
  assert.equal(modulesOf(program(400), 16), modulesOf(program(200), 16));
});

test('a second page that is written to once more, when a translation has been taken back before it was executed', () => {
  const program = `
        xor   ebx, ebx
        mov   ecx, 400
next:   call  far1
        mov   eax, ecx
        shr   eax, 2
        cmp   ecx, 300                  ; by then, both pages are one translation
        jae   kept
        mov   [rel patched + 3], al     ; the same four times
kept:   dec   ecx
        jnz   next
        jmp   done
        align 4096
far1:
patched: add  rbx, 74                   ; ADD RBX, imm8: what is written first
        ret
done:`;
  // 74 for ECX = 400 to 299, and then what the iteration before has written: of 299 to 2 a quarter, rounded down, 4 (74 + ... + 1)
  const sum = 102n * 74n + 4n * 2775n;
  assert.equal(left(ran(program, new Host()), RBX), sum);
  // Where one run is enough, what begins with the call is taken back before the call.
  assert.equal(left(ran(program, new Host({ after: 1, most: 1000, length: 500, exits: 1 })), RBX), sum);
});

test('code that is never twice the same', () => {
  const { machine } = runTranslated(`
        xor   ebx, ebx
        mov   ecx, 100
next:   mov   [rel patched + 3], cl
        call  patched
        call  patched
        call  patched
        dec   ecx
        jnz   next${CALLED}`, 331);
  // Three times 100 + 99 + ... + 1
  assert.equal(left(machine, RBX), 15_150n);
});
