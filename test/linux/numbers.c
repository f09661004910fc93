/*
 * Floating-point arithmetic whose every result is exact or rounded as IEEE 754 says, so that each bit is the same on every processor:
 * compiled once for SSE2 and once for the x87 FPU, whose intermediate results are wider.
 */
#include <fenv.h>
#include <stdio.h>
#include <string.h>

#define N 24

static unsigned seed = 1;

static double next(void) {
  seed = seed * 1103515245u + 12345u;
  return (double)(int)seed / 65536.0;
}

static void show(const char *what, double value) {
  unsigned long long bits;
  memcpy(&bits, &value, sizeof bits);
  printf("%s %016llx %.17g\n", what, bits, value);
}

/* Gaussian elimination with pivoting. */
static double determinant(void) {
  static double a[N][N];
  double det = 1;
  for (int i = 0; i < N; i++) for (int j = 0; j < N; j++) a[i][j] = next() / 32768;
  for (int k = 0; k < N; k++) {
    int pivot = k;
    for (int i = k + 1; i < N; i++) if (__builtin_fabs(a[i][k]) > __builtin_fabs(a[pivot][k])) pivot = i;
    if (pivot != k) {
      for (int j = 0; j < N; j++) { double t = a[k][j]; a[k][j] = a[pivot][j]; a[pivot][j] = t; }
      det = -det;
    }
    det *= a[k][k];
    for (int i = k + 1; i < N; i++) {
      double factor = a[i][k] / a[k][k];
      for (int j = k; j < N; j++) a[i][j] -= factor * a[k][j];
    }
  }
  return det;
}

/* Five bodies that attract each other. */
static double bodies(int steps) {
  double x[5][3], v[5][3], m[5], energy = 0;
  for (int i = 0; i < 5; i++) {
    m[i] = 1 + next() / 65536;
    for (int k = 0; k < 3; k++) { x[i][k] = next() / 1024; v[i][k] = next() / 32768; }
  }
  for (int s = 0; s < steps; s++) {
    for (int i = 0; i < 5; i++) for (int j = 0; j < i; j++) {
      double d[3], r2 = 0.01;
      for (int k = 0; k < 3; k++) { d[k] = x[i][k] - x[j][k]; r2 += d[k] * d[k]; }
      double pull = 0.001 / (r2 * __builtin_sqrt(r2));
      for (int k = 0; k < 3; k++) { v[i][k] -= d[k] * m[j] * pull; v[j][k] += d[k] * m[i] * pull; }
    }
    for (int i = 0; i < 5; i++) for (int k = 0; k < 3; k++) x[i][k] += 0.001 * v[i][k];
  }
  for (int i = 0; i < 5; i++) for (int k = 0; k < 3; k++) energy += 0.5 * m[i] * v[i][k] * v[i][k];
  return energy;
}

static void rounded(int mode, const char *name) {
  volatile double one = 1, three = 3, tiny = 0x1p-1074, big = 1e308;
  volatile float f;
  fesetround(mode);
  feclearexcept(FE_ALL_EXCEPT);
  show(name, one / three);
  show(name, -one / three);
  show(name, tiny / 2);
  show(name, big * 10);
  f = (float)(one / three);
  show(name, f);
  printf("%s %ld %ld %x\n", name, __builtin_lrint(2.5 * one), __builtin_lrint(-3.7 * one), fetestexcept(FE_ALL_EXCEPT));
  fesetround(FE_TONEAREST);
}

int main(void) {
  show("determinant", determinant());
  show("energy", bodies(2000));
  double harmonic = 0;
  for (int i = 1; i < 20000; i++) harmonic += 1.0 / i;
  show("harmonic", harmonic);
  long double wide = 1, sum = 0;
  for (int i = 1; i < 60; i++) { wide /= i; sum += wide; }
  printf("e %.21Lg %La\n", sum, sum);
  float narrow = 0;
  for (int i = 1; i < 20000; i++) narrow += 1.0f / (float)(i * i % 1009 + 1);
  show("narrow", narrow);
  for (double value = 1e-320; value < 1e300; value *= 1e31) {
    show("root", __builtin_sqrt(value));
    printf("as %lld %d %.0f\n", (long long)(value < 9e18 ? value : 9e18), (int)(value < 2e9 ? value : 2e9), value);
  }
  rounded(FE_TONEAREST, "nearest");
  rounded(FE_DOWNWARD, "down");
  rounded(FE_UPWARD, "up");
  rounded(FE_TOWARDZERO, "zero");
  return 0;
}
