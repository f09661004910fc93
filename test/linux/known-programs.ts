/** Programs for Linux guests to count and to sample. What each retires in user mode is a sum over its listing. */
import { staticProgram } from './elf-file.ts';

/** Three instructions; SYSCALL is a branch too. */
const EXIT = `        xor   edi, edi
        mov   eax, 60
        syscall`;

/** Prints RAX, sixteen hexadecimal digits and an end of line, and ends. */
export const PRINT = `        lea   rsi, [rsp - 17]
        mov   rdi, rsi
        mov   ecx, 16
digit:  rol   rax, 4
        mov   edx, eax
        and   edx, 15
        add   edx, 48
        cmp   edx, 57
        jbe   write
        add   edx, 39
write:  mov   [rdi], dl
        inc   rdi
        dec   ecx
        jnz   digit
        mov   dl, 10
        mov   [rdi], dl
        mov   eax, 1
        mov   edi, eax
        mov   edx, 17
        syscall
${EXIT}`;

const ROUNDS = 1_000_000;
const CALLS = { rounds: 2500, outer: 1000, inner: 3000 };
const SYSTEM_CALLS = 10_000, CPUIDS = 1000;
const LONG = 50_000_000;

interface Known {
  readonly file: Uint8Array;
  readonly instructions: number;
  readonly branches: number;
}

export const PROGRAMS = {
  /** MOV, and DEC and JNZ in each round. */
  known: {
    file: staticProgram({ known: `        mov   ecx, ${ROUNDS}
again:  dec   ecx
        jnz   again
${EXIT}` }),
    instructions: 1 + 2 * ROUNDS + 3, branches: ROUNDS + 1,
  },
  /** The same for longer: it runs 40 ms, which is ten of the kernel's ticks. */
  long: {
    file: staticProgram({ long: `        mov   ecx, ${LONG}
again:  dec   ecx
        jnz   again
${EXIT}` }),
    instructions: 1 + 2 * LONG + 3, branches: LONG + 1,
  },
  /** main calls outer calls inner, with frame pointers; three quarters of the time are inner's. */
  tree: {
    file: staticProgram({
      main: `        mov   r12d, ${CALLS.rounds}
round:  call  outer
        dec   r12d
        jnz   round
${EXIT}`,
      outer: `        push  rbp
        mov   rbp, rsp
        call  inner
        mov   ecx, ${CALLS.outer}
few:    dec   ecx
        jnz   few
        pop   rbp
        ret`,
      inner: `        push  rbp
        mov   rbp, rsp
        mov   ecx, ${CALLS.inner}
many:   dec   ecx
        jnz   many
        pop   rbp
        ret`,
    }),
    // In each round three of main's, six of outer's and its loop, five of inner's and its loop; CALL, RET and JNZ are branches.
    instructions: 1 + CALLS.rounds * (3 + 6 + 2 * CALLS.outer + 5 + 2 * CALLS.inner) + 3,
    branches: CALLS.rounds * (2 + 2 + CALLS.outer + 1 + CALLS.inner) + 1,
  },
  /** getppid over and over: MOV, SYSCALL, DEC and JNZ. */
  calls: {
    file: staticProgram({ calls: `        mov   ebx, ${SYSTEM_CALLS}
again:  mov   eax, 110
        syscall
        dec   ebx
        jnz   again
${EXIT}` }),
    instructions: 1 + 4 * SYSTEM_CALLS + 3, branches: 2 * SYSTEM_CALLS + 1,
  },
  /** CPUID, which a hypervisor completes: XOR twice, CPUID, DEC and JNZ. */
  cpuids: {
    file: staticProgram({ cpuids: `        mov   ebp, ${CPUIDS}
again:  xor   eax, eax
        xor   ecx, ecx
        cpuid
        dec   ebp
        jnz   again
${EXIT}` }),
    instructions: 1 + 5 * CPUIDS + 3, branches: CPUIDS + 1,
  },
} as const satisfies Readonly<Record<string, Known>>;

/** Samples of its own instructions that it asks for. */
export const OWN_PERIOD = 100_000;

/** perf_event_open for its own instructions at user level, sampled; then what `known` does; then read, and print the count. */
export const OWN_COUNT = {
  file: staticProgram({
    start: `        mov   eax, 298
        lea   rdi, [rel attr]
        xor   esi, esi
        mov   rdx, -1
        mov   r10, -1
        xor   r8d, r8d
        syscall
        mov   ebx, eax
        mov   ecx, ${ROUNDS}
again:  dec   ecx
        jnz   again
        xor   eax, eax
        mov   edi, ebx
        lea   rsi, [rsp - 64]
        mov   edx, 8
        syscall
        mov   rax, [rsp - 64]
${PRINT}`,
    // Type and size, config 1 for instructions, the period, nothing in samples and reads, and the kernel and hypervisors left out.
    attr: `        dd    0, 64
        dq    1, ${OWN_PERIOD}, 0, 0, 0x60, 0, 0`,
  }),
  // MOV, MOV, the loop, XOR, MOV, LEA, MOV, SYSCALL.
  instructions: 2 + 2 * ROUNDS + 5,
} as const;

/** Each as a file of the guest's, in the folder in which commands begin. */
export const PROGRAM_FILES = Object.entries({ ...PROGRAMS, 'own-count': OWN_COUNT }).map(([name, { file }]) =>
  ({ path: `/root/${name}`, bytes: file, executable: true }));
