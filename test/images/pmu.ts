/** The image that asks what `pmu-checks.ts` lists, and writes PASS, FAIL or SKIP for each; it ends with 1 if something has failed. */
import { FIXED, GENERAL, MSR, PERIOD, PMU_CHECKS, read, VECTOR, write } from './pmu-checks.ts';

const ROUTINES = `
wrmsr64:
        mov   rdx, rax
        shr   rdx, 32
        wrmsr
        ret
rdmsr64:
        rdmsr
        shl   rdx, 32
        or    rax, rdx
        ret
; EDI is 1 if it is #GP, else 0.
try_wrmsr:
        lea   rdi, [rel try_fault]
        mov   [rel trap_rsp], rsp
        mov   [rel trap_to], rdi
        call  wrmsr64
        jmp   try_good
try_rdmsr:
        lea   rdi, [rel try_fault]
        mov   [rel trap_rsp], rsp
        mov   [rel trap_to], rdi
        call  rdmsr64
        jmp   try_good
try_rdpmc:
        lea   rdi, [rel try_fault]
        mov   [rel trap_rsp], rsp
        mov   [rel trap_to], rdi
        rdpmc
        shl   rdx, 32
        or    rax, rdx
try_good:
        xor   edi, edi
        mov   [rel trap_to], rdi
        ret
try_fault:
        xor   edi, edi
        mov   [rel trap_to], rdi
        inc   edi
        ret

; A PMI: counted, and LVTPC opened again.
pmi:    inc   dword [rel pmis]
        mov   edx, APIC
        mov   eax, [rdx + 0x340]
        shr   eax, 16
        and   eax, 1
        mov   [rel masked], eax
        mov   dword [rdx + 0x340], ${VECTOR}
        mov   dword [rdx + 0xb0], 0
        ret
; A sample: all counters stop, the next period is set, and they go on.
sample: xor   eax, eax
        mov   ecx, ${MSR.globalCtrl}
        call  wrmsr64
        call  pmi
        mov   eax, 1
        mov   ecx, ${MSR.overflowCtrl}
        call  wrmsr64
        mov   eax, ${-PERIOD}
        mov   ecx, ${MSR.legacyCounter}
        call  wrmsr64
        mov   ecx, ${MSR.globalCtrl}
        mov   eax, 1
        xor   edx, edx
        wrmsr
        ret

; Nothing counts, nothing is left over.
reset:  ${[
  ...write(MSR.globalCtrl, 0), ...write(MSR.fixedCtrl, 0),
  ...GENERAL.flatMap((i) => [...write(MSR.select + i, 0), ...write(MSR.legacyCounter + i, 0)]),
  ...FIXED.flatMap((j) => write(MSR.fixed + j, 0)), ...read(MSR.status), `mov   ecx, ${MSR.overflowCtrl}`, 'call  wrmsr64',
].join('\n        ')}
        xor   eax, eax
        mov   [rel pmis], eax
        mov   [rel masked], eax
        lea   rax, [rel pmi]
        mov   [rel hook], rax
        mov   edx, APIC
        mov   dword [rdx + 0x340], ${VECTOR}
        ret

; RAX against its bounds, RBX and RBP; the name is at RSI.
judge:  cmp   rax, rbx
        jb    judge_fail
        cmp   rax, rbp
        ja    judge_fail
        push  rsi
        lea   rsi, [rel text_pass]
        call  puts
        pop   rsi
        call  puts
        jmp   newline
judge_fail:
        push  rax
        inc   dword [rel failures]
        push  rsi
        lea   rsi, [rel text_fail]
        call  puts
        pop   rsi
        call  puts
        mov   al, 58
        call  putc
        pop   rax
        mov   ecx, 16
        call  hex
        jmp   newline

skip:   push  rsi
        lea   rsi, [rel text_skip]
        call  puts
        pop   rsi
        call  puts
        jmp   newline

text_skip: db "SKIP: ", 0
text_pass: db "PASS: ", 0
text_fail: db "FAIL: ", 0
text_none: db "SKIP: there is no PMU", 10, 0
        align 8
power_on: dq  0
pmis:   dd    0
masked: dd    0
failures: dd  0
capabilities: dd 0
full:   dd    0
`;

const bodies = PMU_CHECKS.map(({ name, code, least, most, needs }, i) => `
        ${needs === undefined ? '' : `mov   eax, [rel ${needs}]
        lea   rsi, [rel name_${i}]
        test  eax, eax
        jz    skip_${i}`}
        call  reset
        ${code.join('\n        ')}
        lea   rsi, [rel name_${i}]
        mov   rbx, ${BigInt(least)}
        mov   rbp, ${BigInt(most)}
        call  judge
        jmp   check_${i}
skip_${i}: call skip
        jmp   check_${i}
name_${i}: db "${name}", 0
check_${i}:`).join('\n');

export const PMU = `
main:   mov   eax, 10
        xor   ecx, ecx
        cpuid
        test  al, al
        jnz   main_pmu
        lea   rsi, [rel text_none]
        call  puts
        xor   eax, eax
        ret
main_pmu:
        mov   ecx, ${MSR.globalCtrl}
        call  rdmsr64
        mov   [rel power_on], rax
        mov   eax, 1
        cpuid
        and   ecx, 0x8000                       ; PDCM
        jz    main_checks
        inc   dword [rel capabilities]
        mov   ecx, ${MSR.perfCapabilities}
        call  rdmsr64
        and   eax, 0x2000
        mov   [rel full], eax
main_checks:
        ${bodies}
        xor   eax, eax
        cmp   dword [rel failures], 0
        setne al
        ret
${ROUTINES}
`;
