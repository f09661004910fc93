/** Workloads whose counts can be read off the listing. Each takes its number of iterations in RCX and ends with RET. */

/** Per iteration 4 instructions, of them 1 conditional branch. In all: 4 x N, and the RET. */
export const ALU = `
workload:
        add   rax, rcx
        lea   rbx, [rax + rcx * 2]
        dec   rcx
        jnz   workload
        ret
`;

/**
 * Per iteration 8 instructions: 2 loads (MOV, ADD to memory), 2 stores (ADD to memory, MOV), 2 conditional branches, of
 * which one is taken every second time; and a call of a routine of 2 instructions: the CALL stores, the RET loads.
 * Instructions 8 + 2, branches 2 + CALL + RET = 4, conditional 2, calls 1, loads 2 + 1, stores 2 + 1.
 */
export const MIXED = `
workload:
        lea   rsi, [rel cells]
mixed:  mov   rax, [rsi]
        add   [rsi + 8], rax
        test  cl, 1
        jz    mixed_even
mixed_even:
        call  mixed_leaf
        mov   [rsi + 16], rax
        dec   rcx
        jnz   mixed
        ret
mixed_leaf:
        add   rax, rcx
        ret
        align 64
cells:  dq    1, 2, 3, 4
`;

/** Three hot spots of 10, 30 and 60 instructions of every 100: what a profile of it must show. */
export const HOT_SPOTS = `
workload:
        call  cold
        call  warm
        call  hot
        dec   rcx
        jnz   workload
        ret
cold:
${'        inc   rax\n'.repeat(9)}        ret
warm:
${'        inc   rbx\n'.repeat(29)}        ret
hot:
${'        inc   rdx\n'.repeat(54)}        ret
`;
