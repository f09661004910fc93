/**
 * The handler of all 256 vectors. It writes down each event of a case, until vector 80H, or an exception that nobody
 * resumes, ends the case:
 *
 *     name: [01 ip=+2 fl=146 dr6=ffff4ff0] d:28 ip=+5 cs=8 ss=10 sp=K-0 fl=46 at=K-30 rax=1
 *           an event that is resumed       the one that ends the case: vector, error code, frame, and what the case wants
 *
 * The flags are those of the frame without RF, which an emulator may not keep: a case that wants it logs it for itself.
 * Addresses are written as distances: +5 from the start of the case, u+5 at its address for the user, K-30 below the top of
 * a stack: K the kernel's, P that of RSP0, Q and R those of RSP1 and RSP2, 1 to 7 the interrupt stacks, U the user's.
 */

const EVENT = `
; All vectors end here, with RAX saved and the vector in AL.
handler:
        mov   [rel saved_rbx], rbx
        mov   rbx, rsp
        pushfq
        pop   qword [rel handler_flags]
        cmp   dword [rel depth], 0
        jne   handler_nested
        mov   rsp, HANDLER_TOP
handler_nested:
        inc   dword [rel depth]
        push  r15
        push  r14
        push  r13
        push  r12
        push  r11
        push  r10
        push  r9
        push  r8
        push  rdi
        push  rsi
        push  rbp
        push  rbx
        push  qword [rel saved_rbx]
        push  rdx
        push  rcx
        push  qword [rel saved_rax]
        mov   rbp, rsp                    ; the registers, in order
        mov   [rel at], rbx
        mov   r12, rbx                    ; the frame, from RIP on
        movzx r13d, al                    ; the vector
        mov   r14, -1                     ; the error code
        cld
        ; the frame is aligned, so that its end tells whether there is an error code
        test  bl, 8
        jnz   handler_frame
        mov   r14, [r12]
        add   r12, 8
handler_frame:
        mov   rax, [r12 + 24]
        mov   [rbp + 32], rax
        cmp   qword [rel probe], 0
        jne   probed
        dec   dword [rel events]
        js    endless
        cmp   r13d, 0x80
        je    last
        mov   rax, [rel hook]
        test  rax, rax
        jz    handler_unhooked
        call  rax
        test  eax, eax
        jnz   resumed
handler_unhooked:
        cmp   r13d, 1
        je    resumed
        cmp   r13d, 2
        je    resumed
        cmp   r13d, 0x20
        jb    last
        cmp   r13d, 0x7f
        ja    last
resumed:
        lea   rsi, [rel text_open]
        call  puts
        call  put_event
        lea   rsi, [rel text_ip]
        mov   rax, [r12]
        call  put_field
        lea   rsi, [rel text_flags]
        mov   rax, [r12 + 16]
        and   eax, ~RF
        call  put_field
        cmp   r13d, 1
        jne   resumed_apic
        lea   rsi, [rel text_dr6]
        mov   rax, dr6
        call  put_field
        mov   eax, 0xffff_0ff0
        mov   dr6, rax
resumed_apic:
        cmp   r13d, 0x20
        jb    resumed_close
        cmp   dword [rel acknowledges], 0
        je    resumed_close
        mov   eax, APIC
        mov   dword [rax + 0xb0], 0
resumed_close:
        mov   al, ']'
        call  putc
        dec   dword [rel depth]
        mov   [rel resume_rsp], r12
        pop   rax
        pop   rcx
        pop   rdx
        pop   rbx
        pop   rbp
        pop   rbp
        pop   rsi
        pop   rdi
        pop   r8
        pop   r9
        pop   r10
        pop   r11
        pop   r12
        pop   r13
        pop   r14
        pop   r15
        mov   rsp, [rel resume_rsp]
        iretq

endless:
        lea   rsi, [rel text_endless]
        call  puts
        jmp   line_end
last:   mov   rbx, [rel this]
        cmp   r13d, 0x80
        jne   last_put
        test  dword [rbx + ROW_FLAGS], ROW_QUIET
        jnz   last_log
last_put:
        mov   al, ' '
        call  putc
        call  put_event
        lea   rsi, [rel text_ip]
        mov   rax, [r12]
        call  put_field
        lea   rsi, [rel text_cs]
        mov   rax, [r12 + 8]
        call  put_field
        lea   rsi, [rel text_ss]
        mov   rax, [r12 + 32]
        call  put_field
        lea   rsi, [rel text_sp]
        mov   rax, [r12 + 24]
        call  put_field
        lea   rsi, [rel text_flags]
        mov   rax, [r12 + 16]
        and   eax, ~RF
        call  put_field
        lea   rsi, [rel text_at]
        mov   rax, [rel at]
        call  put_field
        cmp   r13d, 14
        jne   last_log
        lea   rsi, [rel text_cr2]
        mov   rax, cr2
        call  put_field
last_log:
        call  put_logged
        mov   rbx, [rel this]
        mov   rbx, [rbx + ROW_WATCH]
        test  rbx, rbx
        jz    line_end
        lea   rsi, [rel text_memory]
        mov   rax, [rbx]
        call  put_field
line_end:
        mov   al, 10
        call  putc
        jmp   next_case

; An access that was tried: only whether it worked, and what is not as expected.
probed: cmp   r13d, 0x81
        jne   probed_fault
        lea   rsi, [rel text_ok]
        call  puts
        mov   dword [rel probe_ok], 1
        jmp   probed_end
probed_fault:
        mov   dword [rel probe_ok], 0
        call  put_event
        mov   rax, [r12]
        cmp   rax, [rel probe_rip]
        je    probed_address
        lea   rsi, [rel text_ip]
        call  put_field
probed_address:
        cmp   r13d, 14
        jne   probed_end
        mov   rax, cr2
        cmp   rax, [rel probe_address]
        je    probed_end
        lea   rsi, [rel text_cr2]
        call  put_field
probed_end:
        xor   eax, eax
        mov   [rel depth], eax
        mov   rbx, [rel probe]
        mov   [rel probe], rax
        mov   rsp, [rel probe_rsp]
        jmp   rbx
`;

/** What a case can have logged at its end, after the general registers: bit 16 and up of its mask. */
export const LOGGED = [
  'dr6', 'dr7', 'cr0', 'cr4', 'cr8', 'efer', 'ds', 'es', 'fs', 'gs', 'fsbase', 'gsbase', 'kernelgsbase', 'ldtr', 'tr', 'rf', 'hf',
] as const;

const LOGGED_CODE: Readonly<Record<(typeof LOGGED)[number], string>> = {
  dr6: 'mov rax, dr6', dr7: 'mov rax, dr7', cr0: 'mov rax, cr0', cr4: 'mov rax, cr4', cr8: 'mov rax, cr8', efer: msr('IA32_EFER'),
  ds: selector('mov eax, ds'), es: selector('mov eax, es'), fs: selector('mov eax, fs'), gs: selector('mov eax, gs'),
  fsbase: msr('IA32_FS_BASE'), gsbase: msr('IA32_GS_BASE'), kernelgsbase: msr('IA32_KERNEL_GS_BASE'), ldtr: selector('sldt eax'),
  tr: selector('str eax'),
  hf: 'mov rax, [rel handler_flags]', rf: 'mov eax, [r12 + 16]\n shr eax, 16\n and eax, 1',
};

function msr(name: string): string {
  return `mov ecx, ${name}\n rdmsr\n shl rdx, 32\n or rax, rdx`;
}

function selector(instruction: string): string {
  return `xor eax, eax\n ${instruction}\n movzx eax, ax`;
}

const GPRS = ['rax', 'rcx', 'rdx', 'rbx', 'rsp', 'rbp', 'rsi', 'rdi', 'r8', 'r9', 'r10', 'r11', 'r12', 'r13', 'r14', 'r15'] as const;
/** Everything that a case can name to have it logged, in the order of the bits. */
export const LOGGABLE = [...GPRS, ...LOGGED] as const;

const PUT = `
; Vector R13, and error code R14 unless it is -1.
put_event:
        mov   rax, r13
        call  put_hex
        cmp   r14, -1
        je    put_event_end
        mov   al, ':'
        call  putc
        mov   rax, r14
        call  put_hex
put_event_end:
        ret

; The name at RSI, and RAX as address or number.
put_field:
        push  rax
        call  puts
        pop   rax
put_symbolic:
        mov   rcx, rax
        sub   rcx, [rel code]
        cmp   rcx, 0x400
        jb    put_distance
        sub   rcx, ALIAS
        cmp   rcx, 0x400
        jb    put_alias_distance
        lea   rcx, [rax - STACKS - 1]
        cmp   rcx, STACKS_SIZE
        jb    put_stack
        sub   rcx, ALIAS
        cmp   rcx, STACKS_SIZE
        jae   put_hex
        mov   al, 'u'
        call  putc
put_stack:
        mov   rdx, rcx
        shr   rdx, 13
        lea   rax, [rel stack_letters]
        mov   al, [rax + rdx]
        call  putc
        mov   al, '-'
        call  putc
        mov   rax, rcx
        not   rax
        and   eax, 0x1fff
        jmp   put_hex
put_alias_distance:
        mov   al, 'u'
        call  putc
put_distance:
        mov   al, '+'
        call  putc
        mov   rax, rcx

; RAX without leading zeros.
put_hex:
        push  rbx
        push  rcx
        mov   rbx, rax
        mov   ecx, 64
put_hex_skip:
        sub   ecx, 4
        jz    put_hex_digit
        mov   rax, rbx
        shr   rax, cl
        test  rax, rax
        jz    put_hex_skip
put_hex_digit:
        mov   rax, rbx
        shr   rax, cl
        and   eax, 15
        cmp   al, 10
        jb    put_hex_decimal
        add   al, 39
put_hex_decimal:
        add   al, '0'
        call  putc
        sub   ecx, 4
        jns   put_hex_digit
        pop   rcx
        pop   rbx
        ret

; The string at RSI; leaves RSI at its end.
puts:   lodsb
        test  al, al
        jz    puts_end
        call  putc
        jmp   puts
puts_end:
        dec   rsi
        ret

putc:   push  rdx
        mov   edx, COM1
        out   dx, al
        pop   rdx
        ret
`;

/** Logs by the mask of the case: the general registers that were saved at RBP, then what is read now. */
const PUT_LOGGED = `
put_logged:
        mov   rbx, [rel this]
        mov   rbx, [rbx + ROW_LOG]
${GPRS.map((name, bit) => `
        bt    rbx, ${bit}
        jnc   no_${name}
        lea   rsi, [rel log_${name}]
        mov   rax, [rbp + ${8 * bit}]
        call  put_field
no_${name}:`).join('')}
${LOGGED.map((name, i) => `
        bt    rbx, ${16 + i}
        jnc   no_${name}
        ${LOGGED_CODE[name]}
        lea   rsi, [rel log_${name}]
        call  put_field
no_${name}:`).join('')}
        ret
`;

const STUBS = `
        align 16
stubs:
${Array.from({ length: 256 }, (_, vector) => `
        mov   [rel saved_rax], rax
        mov   al, ${vector}
        jmp   handler
        align 16`).join('')}
`;

export const HANDLER = [EVENT, PUT, PUT_LOGGED, STUBS].join('\n');
