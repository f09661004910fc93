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

/** To 64-bit mode with a TSS, and to a program of 32 bits at level 3; `kernel` is what the ways into the kernel lead to. */
const withProgram = (program: string, kernel: string): string => `
start:  mov   esp, 0x7000
        lgdt  [user_gdtr]
        ${PREPARE_LONG}
        or    dword [0x8000], 4
        or    dword [0xa000], 4
        mov   eax, cr0
        or    eax, 0x8000_0000
        mov   cr0, eax
        jmp   0x08:long
        bits  64
long:   mov   eax, 0x10
        mov   ds, eax
        mov   es, eax
        mov   ss, eax
        mov   eax, 0x38
        ltr   ax
        mov   eax, kernel
        mov   [gate], ax
        lidt  [rel idtr]
        mov   ecx, 0x174                        ; IA32_SYSENTER_CS, ESP, EIP
        mov   eax, 0x08
        xor   edx, edx
        wrmsr
        inc   ecx
        mov   eax, 0x6000
        wrmsr
        inc   ecx
        mov   eax, fast
        wrmsr
        mov   ecx, 0xc000_0081                  ; IA32_STAR, LSTAR, CSTAR, FMASK
        mov   edx, 0x0018_0008
        xor   eax, eax
        wrmsr
        mov   ecx, 0xc000_0083
        xor   edx, edx
        mov   eax, fast
        wrmsr
        mov   ecx, 0xc000_0080
        rdmsr
        or    eax, 1
        wrmsr
        push  qword 0x23
        push  qword 0x5000
        push  qword 0x3002
        push  qword 0x1b
        mov   eax, program
        push  rax
        mov   eax, 0x23
        mov   ds, eax
        mov   es, eax
        iretq
        bits  32
program: ${program}
        jmp   $
        bits  64
${kernel}
        align 16
tss:    dd    0
        dq    0x7000
        resb  92
        align 16
idt:    resb  0x800
gate:   dw    0, 0x08, 0xee00, 0x10
        dq    0
idtr:   dw    0x80f
        dq    idt
user_gdt: dq  0, 0x00af_9b00_0000_ffff, 0x00cf_9300_0000_ffff, 0x00cf_fb00_0000_ffff, 0x00cf_f300_0000_ffff, 0x00af_fb00_0000_ffff, 0
        dq    (tss & 0xff_ffff) << 16 | 0x8900_0000_0067, 0
user_gdtr: dw 71
        dd    user_gdt
        bits  32
`;

test('a program of 32 bits calls its 64-bit kernel by INT 80H, which returns to it', () => {
  const { report, code } = run(withProgram(`
        mov   esp, 0x5000
        mov   eax, 0xffff_ffff
        inc   eax
        int   0x80
        mov   esi, said
        call  puts
        jmp   finish
said:   db    "back in 32 bits", 0
`, `
kernel: cmp   qword [rsp + 8], 0x1b             ; the frame is of 64 bits: CS, and the stack that it left
        jne   kernel
        cmp   qword [rsp + 24], 0x5000
        jne   kernel
        iretq
fast:   jmp   fast
`));
  assert.deepEqual([report.console, code], ['back in 32 bits\n', 0]);
});

test('SYSENTER enters 64-bit mode from compatibility mode, and SYSEXIT returns to either', () => {
  const { report, code } = run(withProgram(`
        mov   esp, 0x5000
        sysenter
back:   mov   esi, said
        call  puts
        jmp   finish
said:   db    "back by SYSEXIT", 0
`, `
kernel: jmp   kernel
fast:   mov   rax, 1 << 40                      ; which only 64-bit mode can say
        cmp   rsp, 0x6000
        jne   fast
        mov   edx, back
        mov   ecx, 0x5000
        sysexit
`));
  assert.deepEqual([report.console, code], ['back by SYSEXIT\n', 0]);
});

test('SYSCALL in compatibility mode is AMD\'s', () => {
  const source = withProgram(`
        mov   esp, 0x5000
        syscall
        mov   esi, said
        call  puts
        jmp   finish
said:   db    "back by SYSRET", 0
`, `
kernel: jmp   kernel
fast:   mov   rax, 1 << 40
        o32 sysret
`);
  const amd = runImageEveryWay(protectedProgram(source + PUTS), { machine: { vendor: 'amd' } });
  assert.deepEqual([amd.report.console, amd.code], ['back by SYSRET\n', 0]);
  // SDM, "SYSCALL": #UD outside 64-bit mode; there is no gate for it.
  assert.equal(run(source).report.outcome.kind, 'triple fault');
});

test('INIT and SIPI start another processor in real-address mode, from where it goes its way', () => {
  // SDM, "MP Initialization Protocol Algorithm for MP Systems": the vector is the number of the page; CS is a hundred times it.
  const { report, code } = runImageEveryWay(protectedProgram(`
start:  mov   esp, 0x7000
        mov   esi, trampoline
        mov   edi, 0x8000
        mov   ecx, trampoline_end - trampoline
        cld
        rep movsb
        mov   dword [0xfee0_0310], 0x0100_0000
        mov   dword [0xfee0_0300], 0x4500       ; INIT to APIC 1
        mov   dword [0xfee0_0310], 0x0100_0000
        mov   dword [0xfee0_0300], 0x4608       ; SIPI: page 8
wait:   cmp   dword [0x9800], 0x0800_0001
        jne   wait
        mov   esi, said
        call  puts
        jmp   finish
said:   db    "it is there", 0
        bits  16
trampoline:
        mov   ax, cs
        mov   ds, ax
        o32 lgdt [trampoline_gdtr - trampoline]
        shl   eax, 16
        mov   edx, cr0
        or    dl, 1
        mov   cr0, edx
        jmp   dword 8:awake
trampoline_gdtr:
        dw    31
        dd    gdt
trampoline_end:
        bits  32
awake:  mov   ecx, 0x10
        mov   ds, ecx
        mov   al, 1
        mov   [0x9800], eax
asleep: hlt
        jmp   asleep
${PUTS}`), { machine: { cpus: 2 } });
  assert.deepEqual([report.console, code], ['it is there\n', 0]);
});
