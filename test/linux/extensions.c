/*
 * What a program of x86-64-v2 does with its instructions, and what the C library does with them where CPUID offers them: strings,
 * rounding, checksums, shuffles and sums of products. It prints a hash of everything.
 */
#include <math.h>
#include <nmmintrin.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static uint64_t hash = 1469598103934665603u;
static uint32_t seed = 1;

static void mix(uint64_t value) { hash = (hash ^ value) * 1099511628211u; }

static uint32_t next(void) { return seed = seed * 1664525 + 1013904223; }

static void strings(const char *a, const char *b) {
  mix(strspn(a, "abc"));
  mix(strcspn(b, "jA"));
  mix(strpbrk(a, "hi") ? strpbrk(a, "hi") - a : -1);
  mix(strstr(a, "ab") ? strstr(a, "ab") - a : -1);
  mix(strcasecmp(a, b) > 0);
  mix(strncasecmp(a, b, 17) < 0);
  mix(strcmp(a, b) > 0);
  mix(strlen(a));
}

static void numbers(double x) {
  float y = x * 3;
  mix((int64_t)floor(x) ^ (int64_t)ceil(x) ^ (int64_t)rint(x) ^ (int64_t)trunc(x));
  mix((int64_t)floorf(y) ^ (int64_t)ceilf(y) ^ (int64_t)rintf(y));
}

static void vectors(const char *a, const char *b, int length) {
  __m128i v = _mm_loadu_si128((const void *)a), w = _mm_loadu_si128((const void *)b);
  uint32_t sum = 0;
  for (int i = 0; i < length; i++) sum = _mm_crc32_u8(sum, a[i]);
  mix(_mm_crc32_u64(sum, seed) + _mm_popcnt_u64(hash));
  mix(_mm_cmpistri(v, w, _SIDD_CMP_EQUAL_ORDERED));
  mix(_mm_cmpestri(v, 5, w, 16, _SIDD_CMP_RANGES));
  mix(_mm_extract_epi64(_mm_shuffle_epi8(v, w), 0));
  mix(_mm_extract_epi64(_mm_mullo_epi32(v, w), 1));
  mix(_mm_extract_epi64(_mm_minpos_epu16(v), 0));
  mix(_mm_cvtss_f32(_mm_dp_ps(_mm_cvtepi32_ps(_mm_cvtepi8_epi32(v)), _mm_cvtepi32_ps(_mm_cvtepu8_epi32(w)), 0xf1)));
}

int main(void) {
  char a[256] = {0}, b[256] = {0};
  for (int round = 0; round < 3000; round++) {
    int length = 16 + next() % 180, offset = (next() >> 20) % 40;
    for (int i = 0; i < length; i++) a[i] = "abcdefghijAB"[(next() >> 24) % 12];
    a[length] = 0;
    memmove(b + offset, a, length + 1);
    b[offset + (next() >> 8) % length] ^= round & 3 ? 0 : 32;
    strings(a, b + offset);
    numbers((int32_t)next() / 65536.0 / (round + 1));
    vectors(a, b + offset, length);
  }
  printf("%016llx\n", (unsigned long long)hash);
  return 0;
}
