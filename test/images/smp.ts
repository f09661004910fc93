/**
 * What a test image learns of its machine: its command line and modules, what the firmware configuration says, and as many other
 * processors as that says, which are started by INIT and SIPI and then interrupted one by one.
 */
export const SMP = `
main:   mov   ebx, [rel info]
        lea   rsi, [rel text_line]
        call  puts
        mov   esi, [rbx + 16]
        call  after_name
        call  puts
        call  newline
        ; each module: its words, and what is in it
        mov   ebp, [rbx + 20]
        mov   r12d, [rbx + 24]
modules:
        test  ebp, ebp
        jz    modules_end
        lea   rsi, [rel text_module]
        call  puts
        mov   esi, [r12 + 8]
        call  after_name
        call  puts
        mov   al, 58
        call  putc
        mov   esi, [r12]
        mov   ecx, [r12 + 4]
        sub   ecx, esi
        test  esi, 0xfff
        jnz   modules_next
modules_byte:
        lodsb
        call  putc
        loop  modules_byte
modules_next:
        call  newline
        add   r12, 16
        dec   ebp
        jmp   modules
modules_end:
        lea   rsi, [rel text_memory]
        call  puts
        mov   edi, 3
        mov   ecx, 8
        call  fw_cfg
        mov   ecx, 16
        call  hex
        call  newline
        mov   edi, 5
        mov   ecx, 2
        call  fw_cfg
        mov   [rel cpus], eax
        lea   rsi, [rel text_cpus]
        call  puts
        mov   eax, [rel cpus]
        call  hex2
        call  newline

        lea   rsi, [rel ap]
        xor   edi, edi
        mov   ecx, ap_end - ap
        rep movsb
        lea   rax, [rel interrupted]
        mov   [rel hook], rax
        lea   rax, [rel other]
        mov   [rel ap_main], rax
        mov   ebx, APIC
        mov   dword [rbx + 0x300], 0xc_4500     ; INIT to all but itself
        mov   dword [rbx + 0x300], 0xc_4600     ; SIPI, page 0
online_wait:
        pause
        mov   eax, [rel online]
        cmp   eax, [rel cpus]
        jne   online_wait

        ; one by one, by APIC ID
        mov   ebp, 1
interrupt_next:
        cmp   ebp, [rel cpus]
        jae   interrupt_end
        mov   eax, ebp
        shl   eax, 24
        mov   [rbx + 0x310], eax
        mov   dword [rbx + 0x300], 0x4040
interrupt_wait:
        pause
        cmp   [rel taken], ebp
        jne   interrupt_wait
        lea   rsi, [rel text_taken]
        call  puts
        mov   eax, [rel taker]
        call  hex2
        call  newline
        inc   ebp
        jmp   interrupt_next
interrupt_end:
        xor   eax, eax
        ret

other:  mov   eax, APIC
        mov   dword [rax + 0xf0], 0x1ff
        sti
        lock inc dword [rel online]
ap_wait:
        hlt
        jmp   ap_wait

; Who was interrupted, before how many were.
interrupted:
        mov   edx, APIC
        mov   eax, [rdx + 0x20]
        shr   eax, 24
        mov   [rel taker], eax
        mov   dword [rdx + 0xb0], 0
        lock inc dword [rel taken]
        ret

; So many bytes (ECX) of item EDI, in RAX.
fw_cfg: mov   edx, 0x510
        mov   eax, edi
        out   dx, ax
        inc   edx
        mov   edi, ecx
        xor   esi, esi
        xor   ecx, ecx
fw_cfg_byte:
        xor   eax, eax
        in    al, dx
        shl   rax, cl
        or    rsi, rax
        add   ecx, 8
        dec   edi
        jnz   fw_cfg_byte
        mov   rax, rsi
        ret

; Where the words begin behind the first one, at RSI: that is a path, and everybody's own.
after_name:
        cmp   byte [rsi], 32
        jbe   after_name_end
        inc   rsi
        jmp   after_name
after_name_end:
        ret

text_line: db "arguments", 0
text_module: db "module", 0
text_memory: db "memory", 0
text_cpus: db "processors", 0
text_taken: db "interrupted", 0
        align 4
cpus:   dd    0
online: dd    1
taken:  dd    0
taker:  dd    0
`;
