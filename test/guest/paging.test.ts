import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Ran, runEveryWay } from './program.ts';

// The loader maps 2 MiB pages to themselves; the page directory for the first GiB is at 3000H. Linear and physical 400000H and
// 600000H are its entries 2 and 3. Memory is 16 MiB.

const OPTIONS = { machine: { memory: 16 } };
const ended = (ran: Ran): Ran => {
  assert.deepEqual(ran.report.outcome, { kind: 'exit', code: 0 });
  return ran;
};
const DIRECTORY = `
ENTRY   equ 0x3000 + 8 * 2
A       equ 0x20
D       equ 0x40
G       equ 0x100
PAGE    equ 0x87                  ; present, writable, user, large
`;
const DATA = `
pmi:    iretq
        align 8
seen:   dq    0, 0, 0, 0, 0, 0, 0, 0
`;

test('a translation stays until it is invalidated', () => {
  const ran = ended(runEveryWay(`${DIRECTORY}
main:   mov   ebx, 0x400000
        mov   dword [rbx], 4
        mov   dword [rbx + 0x200000], 6
        mov   qword [ENTRY], 0x400000 + PAGE
        invlpg [rbx]
        mov   eax, [rbx]
        mov   [rel seen], eax
        ; the page moves
        mov   qword [ENTRY], 0x600000 + PAGE
        mov   eax, [rbx]
        mov   [rel seen + 8], eax
        invlpg [rbx + 0x123]
        mov   eax, [rbx]
        mov   [rel seen + 16], eax
        ; and back; a load of CR3 invalidates too
        mov   qword [ENTRY], 0x400000 + PAGE
        mov   eax, [rbx]
        mov   [rel seen + 24], eax
        mov   rax, cr3
        mov   cr3, rax
        mov   eax, [rbx]
        mov   [rel seen + 32], eax
        xor   eax, eax
        ret
${DATA}`, OPTIONS));
  assert.deepEqual(ran.words('seen', 5), [4n, 4n, 6n, 6n, 4n]);
});

test('a global translation survives a load of CR3, but not INVLPG, nor a change of CR4.PGE', () => {
  const ran = ended(runEveryWay(`${DIRECTORY}
PGE     equ 0x80
main:   mov   ebx, 0x400000
        mov   dword [rbx], 4
        mov   dword [rbx + 0x200000], 6
        mov   rax, cr4
        or    eax, PGE
        mov   cr4, rax
        mov   qword [ENTRY], 0x400000 + PAGE + G
        invlpg [rbx]
        mov   eax, [rbx]
        mov   qword [ENTRY], 0x600000 + PAGE + G
        mov   rax, cr3
        mov   cr3, rax
        mov   eax, [rbx]
        mov   [rel seen], eax
        invlpg [rbx]
        mov   eax, [rbx]
        mov   [rel seen + 8], eax
        mov   qword [ENTRY], 0x400000 + PAGE + G
        mov   rax, cr4
        and   eax, -1 - PGE
        mov   cr4, rax
        mov   eax, [rbx]
        mov   [rel seen + 16], eax
        xor   eax, eax
        ret
${DATA}`, OPTIONS));
  assert.deepEqual(ran.words('seen', 3), [4n, 6n, 4n]);
});

test('a read sets the accessed bit, a write the dirty bit too, and what does not happen sets nothing', () => {
  const ran = ended(runEveryWay(`${DIRECTORY}
main:   mov   ebx, 0x400000
        mov   qword [ENTRY], 0x400000 + PAGE
        invlpg [rbx]
        mov   rcx, [ENTRY]
        mov   [rel seen], rcx
        mov   eax, [rbx]
        mov   rcx, [ENTRY]
        mov   [rel seen + 8], rcx
        mov   [rbx], eax
        mov   rcx, [ENTRY]
        mov   [rel seen + 16], rcx
        ; software clears them; without INVLPG the write may go by a translation that knows the page as dirty
        mov   qword [ENTRY], 0x400000 + PAGE
        invlpg [rbx]
        add   dword [rbx], 1
        mov   rcx, [ENTRY]
        mov   [rel seen + 24], rcx
        ; the upper levels are accessed, and never dirty
        mov   rcx, [0x1000]
        mov   [rel seen + 32], rcx
        mov   rcx, [0x2000]
        mov   [rel seen + 40], rcx
        xor   eax, eax
        ret
${DATA}`, OPTIONS));
  const entry = 0x40_0087n;
  assert.deepEqual(ran.words('seen', 6), [entry, entry + 0x20n, entry + 0x60n, entry + 0x60n, 0x2027n, 0x3027n]);
});

test('a write to a read-only page faults for the supervisor with CR0.WP, and sets no bit; CR2 is the address', () => {
  const ran = ended(runEveryWay(`${DIRECTORY}
main:   ; vector 14 to a handler of our own
        mov   ecx, 14
        lea   rax, [rel fault]
        call  set_gate
        mov   ebx, 0x400000
        mov   qword [ENTRY], 0x400000 + PAGE - 2
        invlpg [rbx]
        mov   dword [rbx + 0x1234], 1
        mov   rcx, [ENTRY]
        mov   [rel seen + 16], rcx
        mov   rax, cr0
        and   eax, -1 - 0x10000
        mov   cr0, rax
        mov   dword [rbx + 0x1234], 77
        mov   eax, [rbx + 0x1234]
        mov   [rel seen + 24], eax
        xor   eax, eax
        ret
fault:  pop   qword [rel seen]
        mov   rax, cr2
        mov   [rel seen + 8], rax
        add   qword [rsp], 10             ; the instruction: C7 83 disp32 imm32
        iretq
${DATA}`, OPTIONS));
  // Error code: present, write. The entry was accessed by nothing.
  assert.deepEqual(ran.words('seen', 4), [3n, 0x40_1234n, 0x40_0085n, 77n]);
  assert.deepEqual(ran.report.cpus[0]!.exceptions, { 14: 1 });
});
