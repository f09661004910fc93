/*
 * Code as compilers make it, for the decoders to read: sorting, hashing, strings, formatting, bit tricks, arithmetic of
 * every width, tables of jumps and of functions, atomics. It is compiled with several flags (record.ts) and never run.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* Sorting. */

typedef int (*compare_fn)(const void *, const void *);

void *memory_copy(void *to, const void *from, size_t size) {
  uint8_t *d = to;
  const uint8_t *s = from;
  while (size--) *d++ = *s++;
  return to;
}

void *memory_set(void *to, int value, size_t size) {
  uint8_t *d = to;
  while (size--) *d++ = (uint8_t)value;
  return to;
}

static void swap_bytes(uint8_t *a, uint8_t *b, size_t size) {
  while (size--) {
    uint8_t t = *a;
    *a++ = *b;
    *b++ = t;
  }
}

void insertion_sort(int64_t *values, long count) {
  for (long i = 1; i < count; i++) {
    int64_t value = values[i];
    long j = i;
    for (; j > 0 && values[j - 1] > value; j--) values[j] = values[j - 1];
    values[j] = value;
  }
}

void heap_sort(uint32_t *values, unsigned count) {
  for (unsigned end = count, start = count / 2; end > 1;) {
    if (start) start--;
    else {
      uint32_t t = values[--end];
      values[end] = values[0];
      values[0] = t;
    }
    for (unsigned root = start, child; (child = 2 * root + 1) < end; root = child) {
      if (child + 1 < end && values[child] < values[child + 1]) child++;
      if (values[root] >= values[child]) break;
      uint32_t t = values[root];
      values[root] = values[child];
      values[child] = t;
    }
  }
}

void quick_sort(void *base, size_t count, size_t size, compare_fn compare) {
  uint8_t *first = base;
  while (count > 1) {
    uint8_t *last = first + (count - 1) * size, *pivot = first + (count / 2) * size, *store = first;
    swap_bytes(pivot, last, size);
    for (uint8_t *at = first; at < last; at += size) {
      if (compare(at, last) < 0) {
        swap_bytes(at, store, size);
        store += size;
      }
    }
    swap_bytes(store, last, size);
    size_t left = (size_t)(store - first) / size;
    quick_sort(first, left, size, compare);
    first = store + size;
    count -= left + 1;
  }
}

int16_t merge_sort(int16_t *values, int16_t *space, int count) {
  if (count < 2) return count ? values[0] : -1;
  int half = count >> 1, i = 0, j = half, k = 0;
  merge_sort(values, space, half);
  merge_sort(values + half, space + half, count - half);
  while (i < half && j < count) space[k++] = values[i] <= values[j] ? values[i++] : values[j++];
  while (i < half) space[k++] = values[i++];
  while (j < count) space[k++] = values[j++];
  for (i = 0; i < count; i++) values[i] = space[i];
  return values[half];
}

/* Hashing and checksums. */

uint64_t fnv(const char *text) {
  uint64_t hash = 0xcbf29ce484222325ull;
  for (; *text; text++) hash = (hash ^ (uint8_t)*text) * 0x100000001b3ull;
  return hash;
}

static inline uint32_t rotate_left(uint32_t value, int by) { return (value << by) | (value >> (32 - by)); }
static inline uint64_t rotate_right(uint64_t value, int by) { return (value >> by) | (value << (64 - by)); }

uint32_t murmur(const uint8_t *key, int length, uint32_t seed) {
  uint32_t hash = seed, k = 0;
  for (int i = length / 4; i; i--, key += 4) {
    k = (uint32_t)key[0] | (uint32_t)key[1] << 8 | (uint32_t)key[2] << 16 | (uint32_t)key[3] << 24;
    hash = rotate_left(hash ^ (rotate_left(k * 0xcc9e2d51u, 15) * 0x1b873593u), 13) * 5 + 0xe6546b64u;
  }
  k = 0;
  switch (length & 3) {
    case 3: k ^= (uint32_t)key[2] << 16; /* fall through */
    case 2: k ^= (uint32_t)key[1] << 8;  /* fall through */
    case 1: hash ^= rotate_left((k ^ key[0]) * 0xcc9e2d51u, 15) * 0x1b873593u;
  }
  hash ^= (uint32_t)length;
  hash = (hash ^ (hash >> 16)) * 0x85ebca6bu;
  hash = (hash ^ (hash >> 13)) * 0xc2b2ae35u;
  return hash ^ (hash >> 16);
}

uint32_t crc32(const uint8_t *bytes, size_t size) {
  uint32_t crc = ~0u;
  while (size--) {
    crc ^= *bytes++;
    for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0xedb88320u & -(crc & 1));
  }
  return ~crc;
}

uint16_t internet_checksum(const uint16_t *words, int count) {
  uint32_t sum = 0;
  while (count-- > 0) sum += __builtin_bswap16(*words++);
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return (uint16_t)~sum;
}

uint64_t sip_round(uint64_t v[4], uint64_t message) {
  v[3] ^= message;
  for (int round = 0; round < 4; round++) {
    v[0] += v[1]; v[2] += v[3];
    v[1] = rotate_right(v[1], 51) ^ v[0]; v[3] = rotate_right(v[3], 48) ^ v[2];
    v[0] = rotate_right(v[0], 32);
    v[2] += v[1]; v[0] += v[3];
    v[1] = rotate_right(v[1], 47) ^ v[2]; v[3] = rotate_right(v[3], 43) ^ v[0];
    v[2] = rotate_right(v[2], 32);
  }
  return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/* Strings. */

size_t string_length(const char *text) {
  const char *end = text;
  while (*end) end++;
  return (size_t)(end - text);
}

int string_compare(const char *a, const char *b, size_t most) {
  for (; most && *a && *a == *b; a++, b++) most--;
  return most ? (unsigned char)*a - (unsigned char)*b : 0;
}

char *string_find(char *text, const char *what) {
  size_t length = string_length(what);
  for (; *text; text++) if (string_compare(text, what, length) == 0) return text;
  return length ? NULL : text;
}

void to_upper(char *text) {
  for (; *text; text++) if (*text >= 'a' && *text <= 'z') *text = (char)(*text - 32);
}

/* Code points of UTF-8, or -1. */
int32_t utf8_next(const uint8_t **at) {
  const uint8_t *s = *at;
  int32_t code = *s++;
  int more = code < 0x80 ? 0 : code < 0xc0 ? -1 : code < 0xe0 ? 1 : code < 0xf0 ? 2 : code < 0xf8 ? 3 : -1;
  if (more < 0) return -1;
  if (more) code &= 0x3f >> more;
  while (more--) {
    if ((*s & 0xc0) != 0x80) return -1;
    code = code << 6 | (*s++ & 0x3f);
  }
  *at = s;
  return code;
}

long parse_integer(const char *text, int base, _Bool *good) {
  long value = 0;
  _Bool negative = *text == '-';
  if (negative || *text == '+') text++;
  for (*good = *text != 0; *text; text++) {
    int digit = *text >= '0' && *text <= '9' ? *text - '0' : (*text | 32) >= 'a' && (*text | 32) <= 'z' ? (*text | 32) - 'a' + 10 : 99;
    if (digit >= base || __builtin_mul_overflow(value, (long)base, &value) || __builtin_add_overflow(value, (long)digit, &value)) {
      *good = 0;
      return 0;
    }
  }
  return negative ? -value : value;
}

/* Formatting. */

struct sink { char *at, *end; size_t wanted; };

static void put(struct sink *sink, char c) {
  if (sink->at < sink->end) *sink->at++ = c;
  sink->wanted++;
}

static void put_number(struct sink *sink, uint64_t value, unsigned base, int width, char fill, _Bool upper) {
  char digits[65];
  int n = 0;
  do digits[n++] = "0123456789abcdef"[value % base]; while (value /= base);
  for (int i = n; i < width; i++) put(sink, fill);
  while (n--) put(sink, upper && digits[n] >= 'a' ? (char)(digits[n] & ~32) : digits[n]);
}

size_t format_list(char *to, size_t size, const char *format, va_list list) {
  struct sink sink = {to, size ? to + size - 1 : to, 0};
  for (; *format; format++) {
    if (*format != '%') {
      put(&sink, *format);
      continue;
    }
    char fill = ' ';
    int width = 0, longs = 0;
    for (format++; *format == '0' || *format == '-'; format++) fill = '0';
    for (; *format >= '0' && *format <= '9'; format++) width = width * 10 + (*format - '0');
    for (; *format == 'l'; format++) longs++;
    switch (*format) {
      case 'd': case 'i': {
        int64_t value = longs ? va_arg(list, long) : va_arg(list, int);
        if (value < 0) put(&sink, '-');
        put_number(&sink, value < 0 ? -(uint64_t)value : (uint64_t)value, 10, width, fill, 0);
        break;
      }
      case 'u': put_number(&sink, longs ? va_arg(list, unsigned long) : va_arg(list, unsigned), 10, width, fill, 0); break;
      case 'x': case 'X':
        put_number(&sink, longs ? va_arg(list, unsigned long) : va_arg(list, unsigned), 16, width, fill, *format == 'X');
        break;
      case 'o': put_number(&sink, longs ? va_arg(list, unsigned long) : va_arg(list, unsigned), 8, width, fill, 0); break;
      case 'b': put_number(&sink, va_arg(list, unsigned), 2, width, fill, 0); break;
      case 'p': put_number(&sink, (uintptr_t)va_arg(list, void *), 16, 16, '0', 0); break;
      case 'c': put(&sink, (char)va_arg(list, int)); break;
      case 's': {
        const char *text = va_arg(list, const char *);
        for (int pad = width - (int)string_length(text ? text : "(null)"); pad > 0; pad--) put(&sink, ' ');
        for (text = text ? text : "(null)"; *text; text++) put(&sink, *text);
        break;
      }
      case '%': put(&sink, '%'); break;
      default: put(&sink, '%'); put(&sink, *format); break;
    }
  }
  if (size) *sink.at = 0;
  return sink.wanted;
}

__attribute__((noinline)) size_t format_text(char *to, size_t size, const char *format, ...) {
  va_list list;
  va_start(list, format);
  size_t wanted = format_list(to, size, format, list);
  va_end(list);
  return wanted;
}

/* Bits. */

int bit_tricks(uint64_t a, uint32_t b, uint16_t c, uint8_t d) {
  int n = __builtin_popcountll(a) + __builtin_popcount(b) + __builtin_parityll(a);
  if (a) n += __builtin_ctzll(a) - __builtin_clzll(a);
  if (b) n += __builtin_ctz(b) ^ __builtin_clz(b);
  a &= a - 1;
  a |= a >> 1; a |= a >> 2; a |= a >> 4; a |= a >> 8; a |= a >> 16; a |= a >> 32;
  b = (b & 0x55555555u) << 1 | ((b >> 1) & 0x55555555u);
  c = (uint16_t)(c << 3 | c >> 13);
  d = (uint8_t)(d >> 5 | d << 3);
  return n + (int)__builtin_bswap64(a) + (int)__builtin_bswap32(b) + c + d + __builtin_ffsll((long long)a);
}

_Bool bit_set(uint32_t *set, unsigned n, _Bool value) {
  _Bool was = set[n / 32] >> (n % 32) & 1;
  if (value) set[n / 32] |= 1u << (n % 32);
  else set[n / 32] &= ~(1u << (n % 32));
  return was;
}

uint64_t morton(uint32_t x, uint32_t y) {
  uint64_t result = 0;
  for (int i = 0; i < 32; i++) result |= (uint64_t)(x >> i & 1) << (2 * i) | (uint64_t)(y >> i & 1) << (2 * i + 1);
  return result;
}

struct fields { unsigned a : 3, b : 7, c : 1, d : 13; int e : 8; uint64_t f : 40; int64_t g : 24; };

int64_t bit_fields(struct fields *f, int by) {
  f->a += (unsigned)by; f->b ^= f->d; f->c = !f->c; f->d = f->b * 3u; f->e -= by; f->f <<= f->a; f->g = -f->g;
  return (int64_t)(f->f + f->d) + f->e + f->g;
}

/* Arithmetic of every width, signed and unsigned: each macro use is a function. */

#define ARITHMETIC(name, type) \
  type name(type a, type b, type c, type *out) { \
    out[0] = (type)(a + b); out[1] = (type)(a - b - c); out[2] = (type)(a * b); out[3] = (type)(a & ~c); out[4] = (type)(a | b); \
    out[5] = (type)(a ^ b); out[6] = b ? (type)(a / b) : a; out[7] = c ? (type)(a % c) : b; out[8] = (type)(a << 3); \
    out[9] = (type)(a >> 2); out[10] = (type)(a / 10); out[11] = (type)(a % 7); out[12] = (type)(a * 100 + 1); out[13] = (type)-a; \
    out[14] = (type)(a << (b & 7)); out[15] = (type)(a >> (c & 7)); out[16] = (type)~b; out[17] = a < b ? a : b; \
    out[18]++; --out[19]; out[20] += a; out[21] -= 3; out[22] *= b; out[23] <<= 1; out[24] >>= 4; \
    type sum = 0; \
    for (type i = 0; i < 100; i++) sum = (type)(sum + (i ^ out[(unsigned)i % 8])); \
    return (type)((a > c) + (a <= b) - (b == c) + (a != 0 && b > 1) + sum); \
  }
ARITHMETIC(arithmetic_s8, int8_t)
ARITHMETIC(arithmetic_u8, uint8_t)
ARITHMETIC(arithmetic_s16, int16_t)
ARITHMETIC(arithmetic_u16, uint16_t)
ARITHMETIC(arithmetic_s32, int32_t)
ARITHMETIC(arithmetic_u32, uint32_t)
ARITHMETIC(arithmetic_s64, int64_t)
ARITHMETIC(arithmetic_u64, uint64_t)

unsigned __int128 wide(unsigned __int128 a, __int128 b, uint64_t c) {
  unsigned __int128 product = (unsigned __int128)(uint64_t)a * c + (unsigned __int128)b;
  return (product << 17 | product >> 111) - (a >> (c & 127)) + (unsigned __int128)((b < 0) ? -b : b);
}

int64_t widening(int8_t a, uint8_t b, int16_t c, uint16_t d, int32_t e, uint32_t f) {
  return (int64_t)a * e + (int64_t)b * f + (int64_t)c * d + (uint64_t)f * d - (int32_t)(int8_t)e + (int16_t)f + (uint8_t)c + (int64_t)(uint32_t)e;
}

uint64_t greatest_common_divisor(uint64_t a, uint64_t b) {
  while (b) {
    uint64_t t = a % b;
    a = b;
    b = t;
  }
  return a;
}

uint32_t square_root(uint64_t value) {
  uint64_t root = 0;
  for (uint64_t bit = 1ull << 62; bit; bit >>= 2) {
    if (value >= root + bit) {
      value -= root + bit;
      root = root / 2 + bit;
    } else root /= 2;
  }
  return (uint32_t)root;
}

/* Jumps: a dense switch, a sparse one, and a small interpreter. */

int dense(int n, int a, int b) {
  switch (n) {
    case 0: return a + b;
    case 1: return a - b;
    case 2: return a * b;
    case 3: return b ? a / b : 0;
    case 4: return a & b;
    case 5: return a | b;
    case 6: return a ^ b;
    case 7: return a << (b & 31);
    case 8: return a >> (b & 31);
    case 9: return a < b;
    case 12: return -a;
    case 13: return ~a;
    case 14: return a * 9;
    case 15: return (int)dense(a & 15, b, n);
    default: return n < 0 ? -1 : 1;
  }
}

const char *sparse(unsigned code) {
  switch (code) {
    case 200: return "OK";
    case 301: case 302: case 307: return "elsewhere";
    case 404: return "nowhere";
    case 500: return "ours";
    case 0x10000: case 0x12345: return "large";
    default: return code < 100 ? "small" : "unknown";
  }
}

enum { PUSH, ADD, MULTIPLY, DUPLICATE, SWAP, JUMP_IF, LOAD, STORE, CALL, HALT };

int64_t interpret(const int16_t *code, int64_t *stack, int64_t *memory, int64_t (*const functions[])(int64_t)) {
  int64_t *top = stack;
  for (const int16_t *at = code;;) {
    switch (*at++) {
      case PUSH: *top++ = *at++; break;
      case ADD: top--; top[-1] += *top; break;
      case MULTIPLY: top--; top[-1] *= *top; break;
      case DUPLICATE: *top = top[-1]; top++; break;
      case SWAP: { int64_t t = top[-1]; top[-1] = top[-2]; top[-2] = t; break; }
      case JUMP_IF: if (*--top) at += *at; else at++; break;
      case LOAD: *top++ = memory[(uint8_t)*at++]; break;
      case STORE: memory[(uint8_t)*at++] = *--top; break;
      case CALL: top[-1] = functions[*at++ & 3](top[-1]); break;
      default: return top > stack ? top[-1] : 0;
    }
  }
}

/* Structures, pointers to functions, many arguments, recursion, a large frame. */

struct node { struct node *left, *right; int32_t key; uint16_t count; uint8_t depth; _Bool red; };

struct node *tree_insert(struct node *root, struct node *fresh) {
  if (!root) return fresh;
  struct node **at = fresh->key < root->key ? &root->left : &root->right;
  if (fresh->key == root->key) root->count++;
  else *at = tree_insert(*at, fresh);
  uint8_t left = root->left ? root->left->depth : 0, right = root->right ? root->right->depth : 0;
  root->depth = (uint8_t)((left > right ? left : right) + 1);
  return root;
}

long many(long a, int b, short c, char d, unsigned long e, unsigned f, long g, short h, char i, struct fields j) {
  long local[200];
  for (int n = 0; n < 200; n++) local[n] = a * n + b - c;
  return local[(b & 127) + (d & 31)] + (long)e + f + g + h + i + j.a + j.e;
}

struct large { uint64_t words[24]; };
struct large by_value(struct large in, unsigned n) {
  in.words[n % 24] ^= ~(uint64_t)n;
  return in;
}

static volatile uint32_t ticks;
static uint8_t table[256];
static int64_t counters[16];
_Thread_local int64_t per_thread[4];

int64_t globals(unsigned n, int64_t by) {
  ticks += n;
  table[n & 255] = (uint8_t)(table[(n + 1) & 255] + 1);
  counters[n & 15] += by;
  per_thread[n & 3] -= by;
  return counters[(n >> 4) & 15] + table[0] + ticks + per_thread[1];
}

int64_t atomics(int64_t *a, int32_t *b, uint8_t *c, int16_t *d) {
  int64_t expected = 5;
  __atomic_fetch_add(a, 3, __ATOMIC_SEQ_CST);
  __atomic_fetch_or(b, 0x80, __ATOMIC_SEQ_CST);
  __atomic_fetch_xor(d, 0x1234, __ATOMIC_SEQ_CST);
  __atomic_store_n(c, 1, __ATOMIC_SEQ_CST);
  _Bool done = __atomic_compare_exchange_n(a, &expected, 7, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
  return __atomic_exchange_n(b, 9, __ATOMIC_SEQ_CST) + __atomic_sub_fetch(c, 1, __ATOMIC_SEQ_CST) + done + expected;
}

/* What compilers write only when they are asked: strings, flags, and the instructions of an operating system. */

uint64_t by_hand(void *to, const void *from, uint64_t count, uint32_t port) {
  uint64_t a = count, low, high;
  uint8_t flag;
  __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(count)::"memory");
  __asm__ volatile("rep stosq" : "+D"(to), "+c"(count) : "a"(0ull) : "memory");
  __asm__ volatile("repne scasb" : "+D"(to), "+c"(count) : "a"(0) : "memory", "cc");
  __asm__ volatile("bsf %1, %0\n\tsetz %2" : "=r"(low), "+r"(a), "=q"(flag)::"cc");
  __asm__ volatile("shld $7, %1, %0\n\tshrd %%cl, %0, %1" : "+r"(low), "+r"(a) : "c"(count) : "cc");
  __asm__ volatile("bts %1, %0\n\trcl $1, %0\n\tadc $0, %0\n\tsbb %1, %0" : "+r"(a) : "r"(low) : "cc");
  __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
  __asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(0x38f));
  __asm__ volatile("wrmsr" ::"a"(low), "d"(high), "c"(0x38f));
  __asm__ volatile("rdpmc" : "=a"(low), "=d"(high) : "c"(0x40000001));
  __asm__ volatile("inl %w1, %k0\n\toutb %b0, %w1" : "=a"(low) : "d"(port), "0"(0));
  __asm__ volatile("pushfq\n\tcli\n\tpopfq\n\tpause" ::: "memory", "cc");
  __asm__ volatile("mov %%cr3, %0\n\tmov %0, %%cr3\n\tinvlpg (%0)\n\tlidt (%0)\n\tmov %%ds, %k0" : "+r"(a)::"memory");
  __asm__ volatile("swapgs\n\tmov %%gs:8, %0\n\tsti\n\thlt\n\tclflush (%0)\n\tlfence" : "=r"(a)::"memory");
  return a + flag + low + (high << 32);
}
