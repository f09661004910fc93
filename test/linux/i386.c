/*
 * A program of 32 bits, without a library: what only such programs have (decimal arithmetic, PUSHA, XLAT, segment registers, ENTER), the
 * x87 FPU, and system calls both by INT 80H and by the kernel's own entry, which is SYSENTER or SYSCALL.
 */
typedef unsigned int u32;
typedef unsigned long long u64;

u32 entry; /* of the kernel, from the auxiliary vector */

static int call(int by_interrupt, int number, int a, const void *b, int c) {
  int result;
  if (by_interrupt) __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a), "c"(b), "d"(c) : "memory");
  else __asm__ volatile("call *entry" : "=a"(result) : "a"(number), "b"(a), "c"(b), "d"(c) : "memory");
  return result;
}

static void show(const char *name, u32 value) {
  static int by_interrupt;
  char line[40];
  int n = 0;
  while (*name) line[n++] = *name++;
  line[n++] = ' ';
  for (int shift = 28; shift >= 0; shift -= 4) line[n++] = "0123456789abcdef"[(value >> shift) & 15];
  line[n++] = '\n';
  by_interrupt = !by_interrupt;
  call(by_interrupt, 4, 1, line, n);
}

/* From AL and the flags in AH: AL, and the flags that are defined. */
#define DECIMAL(name, ax) do {                                                                \
    u32 value = ax, flags;                                                                    \
    __asm__ volatile("sahf; " name "; pushf; pop %1" : "+a"(value), "=r"(flags) : : "cc");    \
    show(name, (value & 0xff) | (flags & 0xd5) << 16);                                        \
  } while (0)

static u32 pushed(void) {
  u32 sum;
  __asm__ volatile(
    "mov $1, %%ecx; mov $2, %%edx; pusha; mov 24(%%esp), %%eax; shl $4, %%eax; add 20(%%esp), %%eax; mov %%eax, 28(%%esp); popa"
    : "=a"(sum) : : "ecx", "edx", "cc");
  return sum;
}

static u32 framed(u32 a) {
  u32 result;
  __asm__ volatile("push %1; enter $32, $1; mov %1, -32(%%ebp); mov -32(%%ebp), %%eax; leave; pop %%ecx; add %%ecx, %%eax"
    : "=a"(result) : "d"(a) : "ecx", "memory", "cc");
  return result;
}

static u32 selectors(void) {
  u32 cs, ds, ss, es;
  __asm__ volatile("mov %%cs, %0; mov %%ds, %1; mov %%ss, %2; push %%ds; pop %%es; mov %%es, %3" : "=r"(cs), "=r"(ds), "=r"(ss), "=r"(es));
  return (cs & 0xff) << 24 | (ds & 0xff) << 16 | (ss & 0xff) << 8 | (es & 0xff);
}

static u32 far_call(void) {
  u32 result;
  __asm__ volatile(
    "push %%cs; push $1f; lret; 1: mov %%cs, %%eax; push %%eax; push $2f; mov $5, %%eax; jmp 3f; 2: add $7, %%eax; jmp 4f; 3: lret; 4:"
    : "=a"(result) : : "memory", "cc");
  return result;
}

static void run(void) {
  static const unsigned char table[4] = { 9, 7, 5, 3 };
  u32 value;
  DECIMAL("daa", 0x009b);
  DECIMAL("daa", 0x1142);
  DECIMAL("das", 0x011f);
  DECIMAL("das", 0x1003);
  for (u32 i = 0; i < 4; i++) {
    __asm__ volatile("xlatb" : "=a"(value) : "a"(i), "b"(table));
    show("xlat", value);
  }
  __asm__ volatile("aam" : "=a"(value) : "a"(79));
  show("aam", value);
  __asm__ volatile("aad" : "=a"(value) : "a"(0x709));
  show("aad", value);
  show("pusha", pushed());
  show("enter", framed(0x1234));
  show("selectors", selectors());
  show("far", far_call());
  u64 product = 1;
  for (u32 i = 1; i < 20; i++) product *= i;
  show("high", (u32)(product >> 32));
  show("low", (u32)product);
  volatile double x = 2;
  for (int i = 0; i < 10; i++) x = x / 3 + 1.25;
  union { double d; u32 words[2]; } bits = { x };
  show("x87", bits.words[1]);
  show("x87", bits.words[0]);
  u32 crc = ~0u;
  for (u32 i = 0; i < 200000; i++) {
    crc ^= i & 0xff;
    for (int k = 0; k < 8; k++) crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
  }
  show("crc", crc);
  show("getpid", call(1, 20, 0, 0, 0) == call(0, 20, 0, 0, 0));
  call(1, 1, 42, 0, 0);
}

/* The stack holds argc, argv and a zero, the environment and a zero, and pairs of the auxiliary vector. */
__attribute__((used)) static void begin(u32 *stack) {
  u32 *at = stack + 1 + stack[0] + 1;
  while (*at++) ;
  for (; at[0]; at += 2) if (at[0] == 32) entry = at[1];
  run();
}

__asm__(".globl _start; _start: mov %esp, %eax; and $-16, %esp; sub $12, %esp; push %eax; call begin");
