import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pmiHandler, runEveryWay } from './program.ts';
import { at, DEADLINES, ended, interrupts, RECORDING } from './recording.ts';

// Repeated copies and fills, where a run of iterations at once would show that it is one. What memory must hold is worked out here, one
// element at a time, as the manual describes the instructions.

const SIZE = 0x5000;

interface Repeated {
  readonly what: string;
  readonly instruction: 'stosb' | 'stosw' | 'stosd' | 'stosq' | 'movsb' | 'movsw' | 'movsd' | 'movsq';
  readonly count: number;
  /** In the area. */
  readonly to: number;
  readonly from?: number;
  readonly value?: bigint;
  readonly down?: boolean;
}

const CASES: readonly Repeated[] = [
  { what: 'a fill over three pages', instruction: 'stosq', count: 1100, to: 0x10, value: 0n },
  { what: 'elements on two pages', instruction: 'stosd', count: 600, to: 0xe02, value: 0x7777_7777n },
  { what: 'bytes that are not all the same', instruction: 'stosd', count: 40, to: 0x2004, value: 0x1122_3344n },
  { what: 'the upper half of RAX does not matter', instruction: 'stosw', count: 50, to: 0x2100, value: 0x1234_5678_5555n },
  { what: 'nothing', instruction: 'stosb', count: 0, to: 0x2200, value: 1n },
  { what: 'a copy', instruction: 'movsb', count: 3000, to: 0x3009, from: 0x7 },
  { what: 'a copy onto what it reads next', instruction: 'movsb', count: 300, to: 0x2101, from: 0x2100 },
  { what: 'and in words that overlap', instruction: 'movsq', count: 100, to: 0x1fb4, from: 0x1fb0 },
  { what: 'a copy onto what it has read', instruction: 'movsd', count: 200, to: 0x2ffe, from: 0x3000 },
  { what: 'a copy to itself', instruction: 'movsq', count: 20, to: 0x2000, from: 0x2000 },
  { what: 'downwards', instruction: 'movsw', count: 100, to: 0x1080, from: 0x10a0, down: true },
  { what: 'a fill downwards', instruction: 'stosb', count: 33, to: 0x4010, value: 0x99n, down: true },
];

const WIDTH: Readonly<Record<string, number>> = { b: 1, w: 2, d: 4, q: 8 };

function apply(memory: Uint8Array, { instruction, count, to, from, value = 0n, down }: Repeated): void {
  const width = WIDTH[instruction.at(-1)!]!;
  for (let i = 0; i < count; i += 1) {
    const step = (down ? -i : i) * width;
    const element = from === undefined
      ? Array.from({ length: width }, (_, k) => Number((value >> BigInt(8 * k)) & 0xffn))
      : [...memory.slice(from + step, from + step + width)];
    memory.set(element, to + step);
  }
}

test('repeated copies and fills do what their iterations do one by one', () => {
  const pieces = CASES.map(({ what, instruction, count, to, from, value, down }) => `
        ; ${what}
        ${down ? 'std' : 'cld'}
        mov   ecx, ${count}
        lea   rdi, [rel area + ${to}]
        ${from === undefined ? `mov   rax, ${value}` : `lea   rsi, [rel area + ${from}]`}
        rep ${instruction}
        add   rbx, rdi
        add   rbx, rcx`);
  // Bytes that differ from their neighbours.
  const words = Array.from({ length: SIZE / 8 }, (_, i) => BigInt.asUintN(64, 0x9e37_79b9_7f4a_7c15n * BigInt(i + 1)));
  const ran = ended(runEveryWay(`
main:   xor   ebx, ebx
${pieces.join('\n')}
        cld
        mov   [rel ends], rbx
        xor   eax, eax
        ret
        align 8
ends:   dq    0
${pmiHandler()}
        align 4096
area:   resb  ${SIZE}`, { given: { area: words } }));
  const memory = new Uint8Array(BigUint64Array.from(words).buffer);
  for (const each of CASES) apply(memory, each);
  const area = Number(ran.world.image.symbols.get('area')!);
  assert.deepEqual(ran.world.machine.ram.subarray(area, area + SIZE), memory);
  // Where RDI is left, with RCX 0.
  const ends = CASES.map(({ instruction, count, to, down }) => area + to + (down ? -1 : 1) * count * WIDTH[instruction.at(-1)!]!);
  assert.equal(ran.word('ends'), BigInt(ends.reduce((sum, end) => sum + end)));
});

test('a deadline in the middle of a run interrupts behind that iteration', () => {
  const ran = ended(runEveryWay(`
main:   cli
${DEADLINES}        mov   byte [rel area], 1        ; the TLB knows the page
        rdtsc                           ; reads T, and has retired at T + 1
        shl   rdx, 32
        or    rax, rdx
        add   rax, 112
        mov   rdx, rax
        shr   rdx, 32
        mov   ecx, IA32_TSC_DEADLINE
        sti
        wrmsr                           ; T + 9
        lea   rdi, [rel area]
        xor   eax, eax
        mov   ecx, 300                  ; T + 12
again:  rep stosq
        cli
        mov   eax, [rel area]           ; 0
        ret
${RECORDING}
        align 4096
area:   resb  4096`));
  assert.deepEqual(interrupts(ran).map(({ rip, rcx }) => [rip, rcx]), [[at(ran, 'again'), 200n]]);
});

test('EFLAGS.RF stays set to the last iteration of what is resumed with it, and no longer', () => {
  const ran = ended(runEveryWay(`
main:   cli
${DEADLINES}        mov   byte [rel area], 1
        mov   r12d, 1
next:   mov   rdi, rsp
        mov   eax, ss                   ; a frame for IRET, with RF and IF set
        push  rax
        push  rdi
        pushfq
        or    qword [rsp], 0x10200
        mov   eax, cs
        push  rax
        lea   rax, [rel again]
        push  rax
        rdtsc                           ; reads T, and has retired at T + 1
        shl   rdx, 32
        or    rax, rdx
        lea   rax, [rax + r12 + 12]
        mov   rdx, rax
        shr   rdx, 32
        mov   ecx, IA32_TSC_DEADLINE
        wrmsr                           ; T + 8
        lea   rdi, [rel area]
        mov   ecx, 20
        xor   eax, eax
        iretq                           ; T + 12
again:  rep stosb                       ; an iteration a cycle, and one to end
behind: nop
after:  cli
        inc   r12d
        cmp   r12d, 22
        jbe   next
        xor   eax, eax
        ret
${RECORDING}
        align 4096
area:   resb  4096`));
  const seen = interrupts(ran).map(({ rip, rcx, rflags }) => [rip, rcx, (rflags >> 16n) & 1n]);
  const within = Array.from({ length: 19 }, (_, i) => [at(ran, 'again'), 19n - BigInt(i), 1n]);
  assert.deepEqual(seen, [...within, [at(ran, 'behind'), 0n, 0n], [at(ran, 'behind'), 0n, 0n], [at(ran, 'after'), 0n, 0n]]);
});
