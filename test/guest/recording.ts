/** Programs that write down where and when interrupts come. */
import assert from 'node:assert/strict';
import type { Ran } from './program.ts';

/** It has come to its end, with success. */
export const ended = (ran: Ran): Ran => {
  assert.deepEqual(ran.report.outcome, { kind: 'exit', code: 0 });
  return ran;
};

/** The local APIC's timer interrupts when the time-stamp counter reaches IA32_TSC_DEADLINE. */
export const DEADLINES = `        mov   ecx, 0x832
        mov   eax, 0x40000 + PMI_VECTOR
        xor   edx, edx
        wrmsr
`;

/** Writes down where each interrupt came, RCX, the time and RFLAGS; ends it. `taken` is how many there were. */
export const RECORDING = `
pmi:    push  rax
        push  rdx
        rdtsc
        shl   rdx, 32
        or    rax, rdx
        push  rcx
        push  rbx
        mov   rbx, [rel taken]
        shl   rbx, 5
        lea   rdx, [rel records]
        add   rbx, rdx
        mov   [rbx + 16], rax
        mov   [rbx + 8], rcx
        mov   rax, [rsp + 48]
        mov   [rbx + 24], rax
        mov   rax, [rsp + 32]
        mov   [rbx], rax
        inc   qword [rel taken]
        mov   ecx, 0x80b
        xor   eax, eax
        xor   edx, edx
        wrmsr
        pop   rbx
        pop   rcx
        pop   rdx
        pop   rax
        iretq
        align 8
taken:  dq    0
records: resb 32 * 64
`;

export interface Interrupt { readonly rip: bigint; readonly rcx: bigint; readonly time: bigint; readonly rflags: bigint }
export const interrupts = (ran: Ran): Interrupt[] => {
  const words = ran.words('records', 4 * Number(ran.word('taken')));
  return Array.from({ length: words.length / 4 }, (_, i) =>
    ({ rip: words[4 * i]!, rcx: words[4 * i + 1]!, time: words[4 * i + 2]!, rflags: words[4 * i + 3]! }));
};
export const at = (ran: Ran, label: string): bigint => ran.world.image.symbols.get(label)!;

/** An interrupt of our own vector, requested while IF is clear. */
export const REQUEST = `
        mov   ecx, 0x83f
        mov   eax, PMI_VECTOR
        xor   edx, edx
        wrmsr
`;
