/*
 * Records what the processor under our feet does with single instructions, at CPL 3.
 *
 * Reads cases from standard input, writes results to standard output; formats are in format.ts. Each case is one
 * instruction and the registers to run it with. The instruction is single-stepped: a signal handler loads all registers
 * of a case with TF set and returns to it, and the processor comes back after one instruction, by the trap or by the
 * exception that the instruction raised. A repeated string instruction traps after each iteration and is gone on with
 * until it is done. The floating-point registers travel as FXSAVE has them, in the signal's frame.
 *
 * Build: gcc -O2 -static -fno-pie -no-pie -fno-stack-protector -o recorder recorder.c
 */
#define _GNU_SOURCE
#include <asm/ldt.h>
#include <asm/prctl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

/* The places of format.ts. */
#define DATA 0x10000000ul
#define READ_ONLY 0x10003000ul
#define CODE 0x20000000ul
#define CODE_AT (CODE + 0x100)
#define GS_BASE 0x08000000ul
#define FS_BASE 0x0c000000ul
#define WINDOW (DATA + 0xf80)
#define WINDOW_SIZE 0x100
#define END_WINDOW (DATA + 0x1fc0)
#define END_SIZE 0x40
#define MEMORY (WINDOW_SIZE + END_SIZE)
/* The FXSAVE area up to the last XMM register; and in it, MXCSR_MASK, which is the processor's. */
#define FLOATING 416
#define MXCSR_MASK 28
/* Behind the area, in the XSAVE header: which components are not in their initial state. */
#define XSTATE_BV 512

struct input {
  uint8_t code[15];
  uint8_t length;
  uint64_t registers[16];
  uint32_t flags;
  uint8_t memory[MEMORY];
  uint8_t floating[FLOATING];
} __attribute__((packed));

struct output {
  uint8_t vector; /* 0xff: it completed */
  uint32_t error;
  uint64_t rip;
  uint64_t cr2;
  uint64_t registers[16];
  uint32_t flags;
  uint8_t memory[MEMORY];
  uint8_t floating[FLOATING];
} __attribute__((packed));

static const int order[16] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                              REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};

/* Where the cases run; see environment.ts. Selectors are those of ES, CS, SS, DS, FS, GS; CS 0 is 64-bit mode. */
static struct environment {
  uint16_t selectors[6];
  uint32_t start;
  uint32_t entries;
} __attribute__((packed)) environment;

static struct input *cases;
static struct output *results;
static long count, current = -1;
static ucontext_t start;
static uint64_t saved_fs;

static long raw_syscall2(long number, long a, long b) {
  long result;
  __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b) : "rcx", "r11", "memory");
  return result;
}

/* Neither may use thread-local storage: FS is the instruction's while cases run. */
static void copy(void *to, const void *from, unsigned long bytes) {
  volatile uint8_t *t = to;
  const volatile uint8_t *f = from;
  while (bytes--) *t++ = *f++;
}

static void load_case(ucontext_t *context) {
  struct input *in = &cases[current];
  for (int i = 0; i < 32; i++) ((volatile uint8_t *)CODE_AT)[i] = i < in->length ? in->code[i] : 0x90;
  for (int i = 0; i < 0x2000 / 8; i++) ((volatile uint64_t *)DATA)[i] = 0;
  copy((void *)WINDOW, in->memory, WINDOW_SIZE);
  copy((void *)END_WINDOW, in->memory + WINDOW_SIZE, END_SIZE);
  for (int i = 0; i < 16; i++) context->uc_mcontext.gregs[order[i]] = in->registers[i];
  context->uc_mcontext.gregs[REG_RIP] = environment.start;
  context->uc_mcontext.gregs[REG_EFL] = in->flags | 0x100;
  uint8_t *area = (uint8_t *)context->uc_mcontext.fpregs;
  copy(area, in->floating, MXCSR_MASK);
  copy(area + MXCSR_MASK + 4, in->floating + MXCSR_MASK + 4, FLOATING - MXCSR_MASK - 4);
  area[XSTATE_BV] |= 3; /* x87 and SSE */
  context->uc_mcontext.gregs[REG_CSGSFS] = start.uc_mcontext.gregs[REG_CSGSFS];
  raw_syscall2(SYS_arch_prctl, ARCH_SET_GS, GS_BASE);
  raw_syscall2(SYS_arch_prctl, ARCH_SET_FS, FS_BASE);
  if (environment.selectors[1] == 0) return;
  struct environment e = environment;
  context->uc_mcontext.gregs[REG_CSGSFS] = e.selectors[1] | (uint64_t)e.selectors[2] << 48;
  __asm__ volatile("movw %0, %%es; movw %1, %%ds; movw %2, %%fs; movw %3, %%gs" ::"r"(e.selectors[0]), "r"(e.selectors[3]),
                   "r"(e.selectors[4]), "r"(e.selectors[5]));
}

static void handler(int signal, siginfo_t *info, void *raw) {
  /* What follows is not aligned, so AC must go; and a return from a signal leaves ID and NT as they are here. */
  __asm__ volatile("pushfq; andl $~0x244000, (%%rsp); popfq" ::: "cc", "memory");
  (void)signal;
  (void)info;
  ucontext_t *context = raw;
  greg_t *r = context->uc_mcontext.gregs;
  if (current >= 0) {
    struct output *out = &results[current];
    int completed = r[REG_TRAPNO] == 1;
    /* One iteration of a string instruction is done, and more are to come. */
    int again = completed && (uint64_t)r[REG_RIP] == environment.start && cases[current].length > 1 && r[REG_RCX] != 0 &&
                (cases[current].code[0] == 0xf2 || cases[current].code[0] == 0xf3 || cases[current].code[1] == 0xf2 ||
                 cases[current].code[1] == 0xf3);
    if (again) {
      r[REG_EFL] |= 0x100;
      return;
    }
    out->vector = completed ? 0xff : r[REG_TRAPNO];
    out->error = completed ? 0 : r[REG_ERR];
    out->rip = r[REG_RIP];
    out->cr2 = !completed && r[REG_TRAPNO] == 14 ? r[REG_CR2] : 0;
    for (int i = 0; i < 16; i++) out->registers[i] = r[order[i]];
    out->flags = r[REG_EFL] & ~0x10100u; /* without TF and RF */
    copy(out->memory, (void *)WINDOW, WINDOW_SIZE);
    copy(out->memory + WINDOW_SIZE, (void *)END_WINDOW, END_SIZE);
    copy(out->floating, context->uc_mcontext.fpregs, MXCSR_MASK);
    copy(out->floating + MXCSR_MASK + 4, (uint8_t *)context->uc_mcontext.fpregs + MXCSR_MASK + 4, FLOATING - MXCSR_MASK - 4);
  } else {
    copy(&start, context, sizeof start);
  }
  current++;
  if (current < count) {
    load_case(context);
    return;
  }
  raw_syscall2(SYS_arch_prctl, ARCH_SET_FS, saved_fs);
  copy(context, &start, sizeof start);
  context->uc_mcontext.gregs[REG_RIP] += 2; /* past the UD2 that began it */
  context->uc_mcontext.gregs[REG_EFL] &= ~0x100ul;
}

static void map(uint64_t at, uint64_t size, int protection) {
  if (mmap((void *)at, size, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED) {
    perror("mmap");
    exit(1);
  }
}

int main(void) {
  map(DATA, 0x2000, PROT_READ | PROT_WRITE);
  map(READ_ONLY, 0x1000, PROT_READ);
  map(CODE, 0x1000, PROT_READ | PROT_WRITE | PROT_EXEC);
  /* A page that nobody has touched is not there, and faults in another way. */
  (void)*(volatile uint8_t *)READ_ONLY;
  if (fread(&environment, sizeof environment, 1, stdin) != 1) return 1;
  for (uint32_t i = 0; i < environment.entries; i++) {
    struct user_desc entry;
    if (fread(&entry, sizeof entry, 1, stdin) != 1 || syscall(SYS_modify_ldt, 1, &entry, sizeof entry) != 0) return 1;
  }
  uint64_t number;
  if (fread(&number, sizeof number, 1, stdin) != 1) return 1;
  count = number;
  cases = malloc(count * sizeof *cases);
  results = calloc(count, sizeof *results);
  if (fread(cases, sizeof *cases, count, stdin) != (size_t)count) return 1;
  raw_syscall2(SYS_arch_prctl, ARCH_GET_FS, (long)&saved_fs);
  stack_t stack = {.ss_sp = mmap(0, 1 << 16, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), .ss_size = 1 << 16};
  sigaltstack(&stack, 0);
  struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  int signals[] = {SIGTRAP, SIGSEGV, SIGILL, SIGFPE, SIGBUS};
  for (int i = 0; i < 5; i++) sigaction(signals[i], &action, 0);
  if (count > 0) __asm__ volatile("ud2" ::: "memory", "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15");
  if (fwrite(results, sizeof *results, count, stdout) != (size_t)count) return 1;
  return 0;
}
