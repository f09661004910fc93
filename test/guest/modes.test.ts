/** Modes other than 64-bit mode, as programs see them: where they start, and how they get from one to another. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { protectedProgram, type Ran, runImageEveryWay } from './program.ts';

/** Writes the string at ESI, with a newline; CS, DS and SS are flat. */
const PUTS = `
puts:   mov   dx, 0x3f8
        cld
puts_next:
        lodsb
        test  al, al
        jz    puts_end
        out   dx, al
        jmp   puts_next
puts_end:
        mov   al, 10
        out   dx, al
        ret
finish: mov   dx, 0xf4
        xor   eax, eax
        out   dx, eax
        hlt
        align 8
gdt:    dq    0, 0x00cf_9b00_0000_ffff, 0x00cf_9300_0000_ffff, 0x00af_9b00_0000_ffff
gdtr:   dw    31
        dd    gdt
`;

/** Page tables that map the first 2 MiB to themselves, and all but the last step to IA-32e mode. */
const PREPARE_LONG = `
        mov   dword [0x8000], 0xa003
        mov   dword [0xa000], 0x83
        mov   eax, 0x20
        mov   cr4, eax
        mov   eax, 0x8000
        mov   cr3, eax
        mov   ecx, 0xc000_0080
        mov   eax, 0x100
        xor   edx, edx
        wrmsr
`;

const run = (source: string): Ran => runImageEveryWay(protectedProgram(source + PUTS));

test('a multiboot image starts in 32-bit protected mode, and finds its boot information', () => {
  // Multiboot Specification, "Machine state" and "Boot information format": the magic number, and 639 KiB of lower memory on a PC.
  const { report, code } = run(`
start:  mov   esp, 0x7000
        cmp   eax, 0x2bad_b002
        jne   finish
        test  dword [ebx], 1
        jz    finish
        cmp   dword [ebx + 4], 639
        jne   finish
        cmp   dword [ebx + 8], 1024             ; 2 MiB less the first
        jne   finish
        mov   eax, cr0
        and   eax, 0x8000_0001
        dec   eax
        jnz   finish
        mov   esi, said
        call  puts
        jmp   finish
said:   db    "as the specification says", 0
`);
  assert.deepEqual([report.console, code], ['as the specification says\n', 0]);
});

test('protected mode, 64-bit mode and compatibility mode lead to each other', () => {
  const { report, code } = run(`
start:  mov   esp, 0x7000
        lgdt  [gdtr]
        jmp   8:flat
flat:   mov   eax, 0x10
        mov   ds, eax
        mov   es, eax
        mov   ss, eax
        mov   esi, protected
        call  puts
        ${PREPARE_LONG}
        mov   eax, cr0
        or    eax, 0x8000_0000
        mov   cr0, eax
        mov   esi, compatibility
        call  puts
        jmp   0x18:long
        bits  64
long:   mov   rax, 1 << 63
        lea   rsi, [rel wide]
        mov   rcx, puts
        call  rcx
        push  qword 8
        lea   rax, [rel back]
        push  rax
        o64 retf
        bits  32
back:   mov   eax, cr0
        and   eax, 0x7fff_ffff
        mov   cr0, eax
        mov   ecx, 0xc000_0080
        rdmsr
        mov   esi, again
        test  eax, 0x400                        ; LMA is clear without paging
        jnz   finish
        call  puts
        jmp   finish
protected: db "protected", 0
compatibility: db "compatibility", 0
wide:   db    "64-bit", 0
again:  db    "protected again", 0
`);
  assert.deepEqual([report.console, code], ['protected\ncompatibility\n64-bit\nprotected again\n', 0]);
});
