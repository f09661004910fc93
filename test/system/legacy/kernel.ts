/**
 * The guest that tests of protected mode run in: flat segments, tables and stacks of its own, and a loop over the cases, which are
 * entered at level 0. A handler of all vectors writes down what ends a case: vector 80H when it comes to its end, or an exception.
 *
 *     name: d:28 ip=+5 cs=8 fl=46           vector, error code, and the frame: with ss and sp where it came from another level
 *     name: 80 ip=+5 cs=8 fl=46 eax=1 ebx=0 ecx=0 edx=0 m=0
 */

const PLACES = `
        bits  32
REAL_CODE         equ 0x8000      ; below 1 MiB: for code of 16 bits
REAL_STACK        equ 0x7c00
GDT               equ 0x20_0000
IDT               equ 0x20_1000
TSS               equ 0x20_2000
LDT               equ 0x20_3000
TSS_END           equ 0x20_5000
TABLES            equ 0x21_0000   ; 10000H for page tables
SCRATCH           equ 0x23_0000
K_TOP             equ 0x24_0000
P_TOP             equ 0x24_1000   ; of level 0, from the TSS
Q_TOP             equ 0x24_2000   ; of level 1
U_TOP             equ 0x24_3000
HANDLER_TOP       equ 0x24_4000
IVT               equ 0
CODE              equ 0x08
DATA              equ 0x10
USER_CODE         equ 0x1b
USER_DATA         equ 0x23
CODE16            equ 0x28
DATA16            equ 0x30
TSS_SELECTOR      equ 0x38
SLOT              equ 0x40        ; for the cases to fill
SLOT2             equ 0x48
CODE1             equ 0x51
DATA1             equ 0x59
CODE16_LOW        equ 0x60        ; of base REAL_CODE
LDT_SELECTOR      equ 0x68
CONFORMING        equ 0x70
GDT_LIMIT         equ 0x7f
`;

const START = `
start:  cli
        cld
        mov   esp, K_TOP
        lgdt  [first_gdtr]
        jmp   CODE:start_flat
start_flat:
        mov   eax, DATA
        mov   ds, eax
        mov   es, eax
        mov   ss, eax
        mov   dword [row], rows
        mov   al, 0xff                    ; both interrupt controllers
        out   0x21, al
        out   0xa1, al
next_case:
        mov   esp, HANDLER_TOP
        call  reset
        mov   ebx, [row]
        mov   eax, [ebx]
        test  eax, eax
        jz    finish
        mov   [code], eax
        lea   esi, [ebx + 4]
        call  puts
        inc   esi
        mov   [row], esi
        mov   al, ':'
        call  putc
        mov   esp, K_TOP
        xor   eax, eax
        xor   ebx, ebx
        xor   ecx, ecx
        xor   edx, edx
        xor   esi, esi
        xor   edi, edi
        xor   ebp, ebp
        push  dword 0x46
        popfd
        jmp   dword [code]
finish: xor   eax, eax
        mov   edx, 0xf4
        out   dx, eax
        cli
        hlt

; The same state before each case.
reset:  mov   eax, 0x31
        mov   cr0, eax
        xor   eax, eax
        mov   cr4, eax
        mov   cr3, eax
        xor   edx, edx
        mov   ecx, 0xc000_0080             ; IA32_EFER
        wrmsr
        xor   eax, eax
        mov   edi, TSS
        mov   ecx, 0x40
        rep stosd
        mov   edi, LDT
        mov   ecx, 0x40
        rep stosd
        mov   edi, SCRATCH
        mov   ecx, 0x40
        rep stosd
        mov   esi, gdt
        mov   edi, GDT
        mov   ecx, 32
        rep movsd
        mov   edi, IDT
        mov   eax, stubs
        mov   ecx, 0x82
reset_gate:
        mov   edx, eax
        and   edx, 0xffff
        or    edx, CODE << 16
        mov   [edi], edx
        mov   edx, eax
        and   edx, 0xffff_0000
        or    edx, 0x8e00
        mov   [edi + 4], edx
        add   edi, 8
        add   eax, 16
        loop  reset_gate
        or    byte [IDT + 0x80 * 8 + 5], 0x60
        mov   dword [TSS + 4], P_TOP
        mov   dword [TSS + 8], DATA
        mov   dword [TSS + 12], Q_TOP
        mov   dword [TSS + 16], DATA1
        mov   word [TSS + 102], 0x68
        lgdt  [gdtr]
        lidt  [idtr]
        mov   eax, DATA
        mov   ds, eax
        mov   es, eax
        mov   ss, eax
        xor   eax, eax
        mov   fs, eax
        mov   gs, eax
        lldt  ax
        mov   eax, TSS_SELECTOR
        ltr   ax
        ret
`;

const HANDLER = `
; All vectors end here: the vector and an error code, or 0, lie above the frame.
handler:
        cld
        pushad
        mov   eax, DATA
        mov   ds, eax
        mov   es, eax
        mov   ebp, esp
        mov   al, ' '
        call  putc
        mov   eax, [ebp + 32]
        call  puthex
        cmp   dword [ebp + 32], 0x20
        jae   handler_frame
        mov   ecx, [ebp + 32]
        mov   eax, 0x27d00
        bt    eax, ecx
        jnc   handler_frame
        mov   al, ':'
        call  putc
        mov   eax, [ebp + 36]
        call  puthex
handler_frame:
        mov   esi, text_ip
        mov   eax, [ebp + 40]
        mov   ecx, eax
        sub   ecx, [code]
        cmp   ecx, 0x800
        jae   handler_far
        mov   esi, text_near
        mov   eax, ecx
handler_far:
        call  field
        mov   esi, text_cs
        movzx eax, word [ebp + 44]
        call  field
        mov   esi, text_flags
        mov   eax, [ebp + 48]
        and   eax, 0xfffe_ffff            ; without RF, which an emulator may not keep
        call  field
        test  dword [ebp + 48], 0x2_0000
        jnz   handler_outer
        test  byte [ebp + 44], 3
        jz    handler_registers
handler_outer:
        mov   esi, text_ss
        movzx eax, word [ebp + 56]
        call  field
        mov   esi, text_sp
        mov   eax, [ebp + 52]
        call  field
        test  dword [ebp + 48], 0x2_0000
        jz    handler_registers
        mov   esi, text_es
        movzx eax, word [ebp + 60]
        call  field
        mov   esi, text_gs
        movzx eax, word [ebp + 72]
        call  field
handler_registers:
        cmp   dword [ebp + 32], 14
        jne   handler_end
        mov   esi, text_cr2
        mov   eax, cr2
        call  field
handler_end:
        cmp   dword [ebp + 32], 0x80
        jne   handler_line
        mov   esi, text_eax
        mov   eax, [ebp + 28]
        call  field
        mov   esi, text_ebx
        mov   eax, [ebp + 16]
        call  field
        mov   esi, text_ecx
        mov   eax, [ebp + 24]
        call  field
        mov   esi, text_edx
        mov   eax, [ebp + 20]
        call  field
        mov   esi, text_memory
        mov   eax, [SCRATCH]
        call  field
handler_line:
        mov   al, 10
        call  putc
        jmp   next_case

field:  push  eax
        call  puts
        pop   eax
puthex: push  ecx
        push  edx
        mov   ecx, 8
        xor   edx, edx
puthex_next:
        rol   eax, 4
        push  eax
        and   eax, 15
        or    edx, eax
        jnz   puthex_digit
        cmp   ecx, 1
        jne   puthex_skip
puthex_digit:
        or    edx, 0x100
        mov   al, [digits + eax]
        call  putc
puthex_skip:
        pop   eax
        loop  puthex_next
        pop   edx
        pop   ecx
        ret
puts:   lodsb
        test  al, al
        jz    puts_end
        call  putc
        jmp   puts
puts_end:
        dec   esi
        ret
putc:   push  edx
        push  eax
        mov   edx, 0x3fd
putc_wait:
        in    al, dx
        test  al, 0x20
        jz    putc_wait
        pop   eax
        mov   edx, 0x3f8
        out   dx, al
        pop   edx
        ret
digits: db    "0123456789abcdef"
text_ip: db   " ip=", 0
text_near: db " ip=+", 0
text_cs: db   " cs=", 0
text_ss: db   " ss=", 0
text_sp: db   " sp=", 0
text_es: db   " es=", 0
text_gs: db   " gs=", 0
text_flags: db " fl=", 0
text_cr2: db  " cr2=", 0
text_eax: db  " eax=", 0
text_ebx: db  " ebx=", 0
text_ecx: db  " ecx=", 0
text_edx: db  " edx=", 0
text_memory: db " m=", 0
        align 16
gdt:    dq    0, 0x00cf_9b00_0000_ffff, 0x00cf_9300_0000_ffff, 0x00cf_fb00_0000_ffff, 0x00cf_f300_0000_ffff
        dq    0x000f_9b00_0000_ffff, 0x000f_9300_0000_ffff               ; 28H, 30H: 16 bits
        dq    (TSS & 0xff_ffff) << 16 | 0x8900_0000_20ff                 ; 38H: TSS, with an I/O permission bitmap
        dq    0, 0
        dq    0x00cf_bb00_0000_ffff, 0x00cf_b300_0000_ffff               ; 50H, 58H: level 1
        dq    (REAL_CODE & 0xff_ffff) << 16 | 0x9b00_0000_ffff           ; 60H
        dq    (LDT & 0xff_ffff) << 16 | 0x8200_0000_00ff                 ; 68H
        dq    0x00cf_9e00_0000_ffff, 0                                   ; 70H: conforming
gdtr:   dw    GDT_LIMIT
        dd    GDT
first_gdtr: dw GDT_LIMIT
        dd    gdt
idtr:   dw    0x7ff
        dd    IDT
        align 4
row:    dd    0
code:   dd    0
`;

/** Vectors that push an error code. */
const WITH_CODE = [8, 10, 11, 12, 13, 14, 17];
const STUBS = ['        align 16', 'stubs:', ...Array.from({ length: 256 }, (_, vector) => [
  '        align 16', ...(WITH_CODE.includes(vector) ? [] : ['        push  dword 0']), `        push  dword ${vector}`,
  '        jmp   handler',
]).flat()].join('\n');

export const LEGACY_KERNEL = [PLACES, START, HANDLER, STUBS].join('\n');
