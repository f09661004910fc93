/**
 * What every test image begins with: the way from the loader to 64-bit mode, a handler of all vectors, the serial port, and the end
 * by the exit port. The conventions are those of kvm-unit-tests: a multiboot header without addresses, 64-bit code in a 32-bit ELF
 * file at 4 MiB, a polled serial port, other processors by INIT and SIPI with their first code at address 0.
 *
 * An image defines `main`, which returns the code to end with in EAX. It may set `hook`, which is called with the vector in RDI, and
 * `ap_main`, where other processors go.
 */

/** Pages for tables, and stacks of a page that end here, the bootstrap processor's first. */
const PLACES = `
PML4            equ 0x50_0000
PDPT            equ 0x50_1000
DIRECTORIES     equ 0x50_2000
IDT             equ 0x50_6000
STACK           equ 0x51_1000
STACK_SIZE      equ 0x1000
APIC            equ 0xfee0_0000
LSR             equ 0x3fd
COM             equ 0x3f8
`;

const HEADER = `
        bits  32
        dd    0x1bad_b002, 0, 0xe452_4ffe
start:  cli
        cld
        mov   esp, STACK
        mov   [info], ebx
        cmp   eax, 0x2bad_b002
        jne   $
        mov   edi, PML4
        xor   eax, eax
        mov   ecx, 0x1800
        rep stosd
        mov   dword [PML4], PDPT + 7
        mov   eax, DIRECTORIES + 7
        mov   edi, PDPT
        mov   ecx, 4
start_pdpt:
        mov   [edi], eax
        add   eax, 0x1000
        add   edi, 8
        loop  start_pdpt
        mov   eax, 0x87
        mov   edi, DIRECTORIES
        mov   ecx, 2048
start_pages:
        mov   [edi], eax
        add   eax, 0x20_0000
        add   edi, 8
        loop  start_pages
        call  to_long
        jmp   8:wide

; To IA-32e mode; the caller jumps to its code segment.
to_long:
        lgdt  [gdtr]
        mov   eax, 0x20
        mov   cr4, eax
        mov   eax, PML4
        mov   cr3, eax
        mov   ecx, 0xc000_0080
        rdmsr
        or    eax, 0x100
        wrmsr
        mov   eax, cr0
        or    eax, 0x8000_0001
        mov   cr0, eax
        ret

; Another processor: at address 0, in real-address mode.
        bits  16
ap:     cli
        mov   ax, cs
        mov   ds, ax
        o32 lgdt [ap_gdtr - ap]
        mov   eax, cr0
        or    al, 1
        mov   cr0, eax
        jmp   dword 0x18:ap_flat
ap_gdtr: dw   31
        dd    gdt
ap_end:
        bits  32
ap_flat:
        mov   eax, 0x10
        mov   ds, ax
        mov   ss, ax
        mov   eax, STACK_SIZE
        lock xadd [ap_stack], eax
        mov   esp, eax
        call  to_long
        jmp   8:ap_wide
        bits  64
ap_wide:
        call  segments
        jmp   qword [rel ap_main]

segments:
        mov   eax, 0x10
        mov   ds, ax
        mov   es, ax
        mov   ss, ax
        lidt  [rel idtr]
        ret

wide:   mov   esp, STACK
        mov   rdi, IDT
        lea   rax, [rel stubs]
        mov   ecx, 256
wide_gate:
        mov   rdx, rax
        and   edx, 0xffff
        or    edx, 0x8_0000
        mov   [rdi], edx
        mov   rdx, rax
        and   edx, 0xffff_0000
        or    edx, 0x8e00
        mov   [rdi + 4], edx
        mov   qword [rdi + 8], 0
        add   rdi, 16
        add   rax, 16
        loop  wide_gate
        call  segments
        mov   eax, APIC
        mov   dword [rax + 0xf0], 0x1ff
        call  main
; Ends with the code in EAX.
finish: mov   edx, 0xf4
        out   dx, eax
finish_wait:
        hlt
        jmp   finish_wait

; A letter, in AL.
putc:   push  rdx
        push  rax
        mov   edx, LSR
putc_wait:
        in    al, dx
        test  al, 0x20
        jz    putc_wait
        pop   rax
        mov   edx, COM
        out   dx, al
        pop   rdx
        ret

; A string, at RSI.
puts:   lodsb
        test  al, al
        jz    puts_end
        call  putc
        jmp   puts
puts_end:
        ret

newline:
        mov   al, 10
        jmp   putc

; A blank and so many digits (ECX) of RAX.
hex:    push  rax
        mov   al, 32
        call  putc
        pop   rax
digits: push  rcx
        shl   ecx, 2
        neg   ecx
        add   ecx, 64
        shl   rax, cl
        pop   rcx
hex_digit:
        rol   rax, 4
        push  rax
        and   eax, 15
        cmp   al, 10
        jb    hex_number
        add   al, 39
hex_number:
        add   al, 48
        call  putc
        pop   rax
        loop  hex_digit
        ret

hex2:   mov   ecx, 2
        jmp   hex

; What every vector does. An exception that nobody expects ends the run.
handler:
        push  rax
        push  rcx
        push  rdx
        push  rsi
        push  rdi
        mov   rdi, [rsp + 40]
        cmp   edi, 2
        je    handler_hooked
        cmp   edi, 32
        jae   handler_hooked
        cmp   qword [rel trap_to], 0
        jne   handler_tried
        lea   rsi, [rel trap_text]
        call  puts
        mov   eax, edi
        call  hex2
        call  newline
        mov   eax, 0x7f
        jmp   finish
; An instruction that was tried: it goes on where that says, with EDI not 0.
handler_tried:
        mov   rsp, [rel trap_rsp]
        jmp   qword [rel trap_to]
handler_hooked:
        call  qword [rel hook]
        pop   rdi
        pop   rsi
        pop   rdx
        pop   rcx
        pop   rax
        add   rsp, 8
        iretq

        align 8
hook:   dq    ignore
ap_main: dq   finish_wait
ignore: ret
trap_text: db " trap", 0
        align 8
trap_to: dq   0
trap_rsp: dq  0
        align 8
gdt:    dq    0, 0x00af_9b00_0000_ffff, 0x00cf_9300_0000_ffff, 0x00cf_9b00_0000_ffff
gdtr:   dw    31
        dd    gdt
idtr:   dw    0xfff
        dq    IDT
        align 4
info:   dd    0, 0
ap_stack: dd  STACK + STACK_SIZE
`;

/** A stub for each vector, of 16 bytes. */
const STUBS = ['        align 16', 'stubs:', ...Array.from({ length: 256 }, (_, vector) =>
  `        push  ${vector > 127 ? vector - 256 : vector}\n        jmp   handler\n        align 16`)].join('\n');

export const KERNEL = [PLACES, HEADER, STUBS].join('\n');
