/**
 * The guest that every system test runs in: page tables, descriptor tables and stacks of its own, and a loop over the cases.
 * It brings the processor into the same state before each case, and enters the case with IRETQ. What comes of it, the
 * handler of all vectors writes down; see `handler.ts`.
 */
import { HANDLER, LOGGABLE } from './handler.ts';

/** How a case looks to the kernel: quadwords and a name. */
const ROW = `
ROW_PREPARE       equ 0
ROW_CODE          equ 8
ROW_WATCH         equ 16
ROW_REGISTERS     equ 24          ; RAX, RCX, RDX, RBX, RSI, RDI
ROW_FLAGS         equ 72
ROW_LOG           equ 80
ROW_NAME          equ 88
ROW_USER          equ 1
ROW_QUIET         equ 2
`;

const PLACES = `
ALIAS             equ 0x4000_0000 ; all memory once more, for the user
PML4              equ 0x20_0000
PDPT              equ 0x20_1000
DIRECTORY         equ 0x20_2000
DIRECTORY_ALIAS   equ 0x20_3000
DIRECTORY_APIC    equ 0x20_4000
TEST_PDPT         equ 0x20_5000   ; of linear addresses from TEST_BASE on: for the cases to change
TEST_DIRECTORY    equ 0x20_6000
TEST_TABLE        equ 0x20_7000
GDT               equ 0x20_8000
LDT               equ 0x20_9000
IDT               equ 0x20_a000
TSS               equ 0x20_b000
TSS_END           equ 0x20_e000
STACKS            equ 0x22_0000   ; 2000H each, in the order of their letters
K_TOP             equ 0x22_2000
P_TOP             equ 0x22_4000
Q_TOP             equ 0x22_6000
R_TOP             equ 0x22_8000
IST_TOP           equ 0x22_a000   ; of interrupt stack 1; the others follow
U_TOP             equ 0x23_8000
STACKS_SIZE       equ 0x1_8000
MAIN_TOP          equ 0x24_0000
HANDLER_TOP       equ 0x24_2000
SCRATCH           equ 0x25_0000   ; memory for the cases
TEST_BASE         equ 0x80_0000_0000
TEST_PAGE         equ 0x80_0040_0000
TEST_PHYSICAL     equ 0x40_0000
APIC              equ 0xfee0_0000
CR0_DEFAULT       equ 0x8001_0031
CR4_DEFAULT       equ 0x20
EFER_DEFAULT      equ 0xd01
RF                equ 0x1_0000

KERNEL_CODE       equ 0x08
KERNEL_DATA       equ 0x10
USER_DATA         equ 0x1b
USER_CODE         equ 0x23
TSS_SELECTOR      equ 0x28
SLOT              equ 0x38        ; two slots of 16 bytes, for the cases to fill
SLOT2             equ 0x48
CONFORMING        equ 0x58
LDT_SELECTOR      equ 0x68
CODE1             equ 0x79        ; code and data of the levels between
DATA1             equ 0x81
CODE2             equ 0x8a
DATA2             equ 0x92
CONFORMING3       equ 0x98
GDT_LIMIT         equ 0xff
`;

const START = `
start:  cli
        mov   rsp, MAIN_TOP
        cld
        mov   rdi, PML4
        xor   eax, eax
        mov   ecx, 0x1_0000
        rep stosq
        mov   qword [PML4], PDPT + 7
        mov   qword [PML4 + 8], TEST_PDPT + 7
        mov   qword [PDPT], DIRECTORY + 7
        mov   qword [PDPT + 8], DIRECTORY_ALIAS + 7
        mov   qword [PDPT + 24], DIRECTORY_APIC + 7
        mov   eax, 0x83
        xor   ecx, ecx
start_directory:
        mov   [DIRECTORY + rcx * 8], rax
        lea   rdx, [rax + 4]
        mov   [DIRECTORY_ALIAS + rcx * 8], rdx
        add   rax, 0x20_0000
        inc   ecx
        cmp   ecx, 32
        jb    start_directory
        mov   eax, APIC + 0x9b
        mov   [DIRECTORY_APIC + 0x1f7 * 8], rax
        lea   rax, [rel rows]
        mov   [rel row], rax

next_case:
        mov   rsp, MAIN_TOP
        call  reset
        mov   rbx, [rel row]
        mov   rax, [rbx + ROW_CODE]
        test  rax, rax
        jz    finish
        mov   [rel code], rax
        lea   rsi, [rbx + ROW_NAME]
        call  puts
        inc   rsi
        mov   [rel row], rsi
        mov   [rel this], rbx
        mov   al, ':'
        call  putc
        ; what it is entered with
        lea   rdi, [rel entry_registers]
        xor   eax, eax
        mov   ecx, 16
        rep stosq
        lea   rdi, [rel entry_registers]
        mov   rax, [rbx + ROW_REGISTERS]
        mov   [rdi], rax
        mov   rax, [rbx + ROW_REGISTERS + 8]
        mov   [rdi + 8], rax
        mov   rax, [rbx + ROW_REGISTERS + 16]
        mov   [rdi + 16], rax
        mov   rax, [rbx + ROW_REGISTERS + 24]
        mov   [rdi + 24], rax
        mov   rax, [rbx + ROW_REGISTERS + 32]
        mov   [rdi + 48], rax
        mov   rax, [rbx + ROW_REGISTERS + 40]
        mov   [rdi + 56], rax
        mov   qword [rel entry_flags], 0x46
        mov   rax, [rel code]
        test  dword [rbx + ROW_FLAGS], ROW_USER
        jnz   next_user
        mov   [rel entry_rip], rax
        mov   qword [rel entry_cs], KERNEL_CODE
        mov   qword [rel entry_rsp], K_TOP
        mov   qword [rel entry_ss], KERNEL_DATA
        jmp   next_prepare
next_user:
        add   rax, ALIAS
        mov   [rel entry_rip], rax
        mov   qword [rel entry_cs], USER_CODE
        mov   qword [rel entry_rsp], ALIAS + U_TOP
        mov   qword [rel entry_ss], USER_DATA
next_prepare:
        mov   rbp, [rbx + ROW_PREPARE]
        test  rbp, rbp
        jz    enter_case
        lea   rax, [rel entry_registers]
        mov   rcx, [rax + 8]
        mov   rdx, [rax + 16]
        mov   rbx, [rax + 24]
        mov   rsi, [rax + 48]
        mov   rdi, [rax + 56]
        mov   rax, [rax]
        call  rbp
enter_case:
        mov   rsp, MAIN_TOP
        push  qword [rel entry_ss]
        push  qword [rel entry_rsp]
        push  qword [rel entry_flags]
        push  qword [rel entry_cs]
        push  qword [rel entry_rip]
        lea   rax, [rel entry_registers]
        mov   rcx, [rax + 8]
        mov   rdx, [rax + 16]
        mov   rbx, [rax + 24]
        mov   rbp, [rax + 40]
        mov   rsi, [rax + 48]
        mov   rdi, [rax + 56]
        mov   r8, [rax + 64]
        mov   r9, [rax + 72]
        mov   r10, [rax + 80]
        mov   r11, [rax + 88]
        mov   r12, [rax + 96]
        mov   r13, [rax + 104]
        mov   r14, [rax + 112]
        mov   r15, [rax + 120]
        mov   rax, [rax]
        iretq

finish: xor   eax, eax
        mov   edx, 0xf4
        out   dx, eax
        cli
        hlt

; The same state before each case.
reset:  mov   rax, CR0_DEFAULT
        mov   cr0, rax
        mov   rax, CR4_DEFAULT
        mov   cr4, rax
        mov   rax, PML4
        mov   cr3, rax
        mov   ecx, IA32_EFER
        mov   eax, EFER_DEFAULT
        xor   edx, edx
        wrmsr
        lidt  [rel idtr]
        cld
        lea   rsi, [rel gdt]
        mov   rdi, GDT
        mov   ecx, 32
        rep movsq
        mov   rdi, LDT
        xor   eax, eax
        mov   ecx, 32
        rep stosq
        mov   rdi, IDT
        mov   rax, [rel gate]
        mov   ecx, 256
reset_gate:
        mov   [rdi], rax
        mov   qword [rdi + 8], 0
        add   rdi, 16
        add   rax, 16
        loop  reset_gate
        ; vectors 80H and 81H are the user's to call
        or    byte [IDT + 0x80 * 16 + 5], 0x60
        or    byte [IDT + 0x81 * 16 + 5], 0x60
        mov   rdi, TSS
        xor   eax, eax
        mov   ecx, 13
        rep stosq
        mov   qword [TSS + 4], P_TOP
        mov   qword [TSS + 12], Q_TOP
        mov   qword [TSS + 20], R_TOP
        mov   rax, IST_TOP
        lea   rdi, [TSS + 36]
        mov   ecx, 7
reset_ist:
        mov   [rdi], rax
        add   rdi, 8
        add   rax, 0x2000
        loop  reset_ist
        mov   word [TSS + 102], 0x3000
        lgdt  [rel gdtr]
        lldt  cx
        mov   ds, ecx
        mov   es, ecx
        mov   fs, ecx
        mov   gs, ecx
        mov   eax, KERNEL_DATA
        mov   ss, eax
        mov   eax, TSS_SELECTOR
        ltr   ax
        xor   eax, eax
        xor   edx, edx
        mov   cr8, rax
        mov   edi, APIC
        mov   [rdi + 0xb0], eax           ; the end of an interrupt that the last case was left with
        mov   ecx, IA32_FS_BASE
        wrmsr
        mov   ecx, IA32_GS_BASE
        wrmsr
        mov   ecx, IA32_KERNEL_GS_BASE
        wrmsr
        mov   dr0, rax
        mov   dr1, rax
        mov   dr2, rax
        mov   dr3, rax
        mov   eax, 0x400
        mov   dr7, rax
        mov   eax, 0xffff_0ff0
        mov   dr6, rax
        xor   eax, eax
        mov   cr2, rax
        mov   [rel hook], rax
        mov   [rel probe], rax
        mov   [rel depth], eax
        mov   dword [rel events], 20
        mov   dword [rel acknowledges], 1
        ret
`;

const DATA = `
        align 16
gdt:    dq    0, 0x00af_9b00_0000_ffff, 0x00cf_9300_0000_ffff, 0x00cf_f300_0000_ffff, 0x00af_fb00_0000_ffff
        dq    (TSS & 0xff_ffff) << 16 | 0x8900_0000_2fff, 0              ; 28H: TSS, with an I/O permission bitmap
        dq    0, 0, 0, 0                                                ; 38H, 48H
        dq    0x00af_9e00_0000_ffff, 0                                  ; 58H: conforming code
        dq    (LDT & 0xff_ffff) << 16 | 0x8200_0000_00ff, 0              ; 68H: LDT
        dq    0x00af_bb00_0000_ffff, 0x00cf_b300_0000_ffff              ; 78H, 80H
        dq    0x00af_db00_0000_ffff, 0x00cf_d300_0000_ffff              ; 88H, 90H
        dq    0x00af_fe00_0000_ffff                                     ; 98H: conforming code of level 3
        resb  96
; The interrupt gate of vector 0.
gate:   dq    (stubs & 0xffff) | KERNEL_CODE << 16 | 0x8e00 << 32 | (stubs >> 16) << 48
gdtr:   dw    GDT_LIMIT
        dq    GDT
idtr:   dw    0xfff
        dq    IDT
        align 8
row:    dq    0
this:   dq    0
code:   dq    0
at:     dq    0
saved_rax: dq 0
saved_rbx: dq 0
resume_rsp: dq 0
handler_flags: dq 0
hook:   dq    0                           ; called for each event, with its registers at RBP; EAX is 1 when it is to be resumed
probe:  dq    0                           ; where to go on after an access that was tried
probe_rsp: dq 0
probe_rip: dq 0
probe_address: dq 0
probe_ok: dd  0
depth:  dd    0
events: dd    0
acknowledges: dd 0
        align 8
entry_registers: resb 128
entry_rip: dq 0
entry_cs: dq  0
entry_flags: dq 0
entry_rsp: dq 0
entry_ss: dq  0
stack_letters: db "KPQR1234567U"
text_open: db " [", 0
text_ok: db   "ok", 0
text_endless: db " and so on", 0
text_ip: db   " ip=", 0
text_cs: db   " cs=", 0
text_ss: db   " ss=", 0
text_sp: db   " sp=", 0
text_flags: db " fl=", 0
text_at: db   " at=", 0
text_cr2: db  " cr2=", 0
text_dr6: db  " dr6=", 0
text_memory: db " m=", 0
${LOGGABLE.map((name) => `log_${name}: db " ${name}=", 0`).join('\n')}
        align 16
`;

export const KERNEL = [ROW, PLACES, START, HANDLER, DATA].join('\n');
