/*
 * What a recorder must get right: two threads that race, signals that come in the middle of loops, a time-stamp counter, random numbers.
 * What it prints is another thing each time, but for when it is replayed.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/random.h>
#include <sys/time.h>
#include <x86intrin.h>

static volatile unsigned long counter;
static volatile unsigned long seen[8];
static volatile int signals;

static void on_alarm(int number) {
  (void)number;
  if (signals < 8) seen[signals++] = counter;
}

static void *race(void *step) {
  for (int i = 0; i < 300000; i++) counter = counter * 3 + *(unsigned long *)step + (i & 1);
  return 0;
}

int main(void) {
  struct itimerval every = { { 0, 2000 }, { 0, 2000 } };
  unsigned long one = 1, seven = 7, number;
  pthread_t threads[2];
  signal(SIGALRM, on_alarm);
  setitimer(ITIMER_REAL, &every, 0);
  pthread_create(&threads[0], 0, race, &one);
  pthread_create(&threads[1], 0, race, &seven);
  pthread_join(threads[0], 0);
  pthread_join(threads[1], 0);
  while (signals < 4) counter += signals + 1;
  if (getrandom(&number, sizeof number, 0) != sizeof number) return 1;
  for (int i = 0; i < 4; i++) printf("signal %d at %lx\n", i, seen[i]);
  printf("counter %lx tsc %llx random %lx\n", counter, (unsigned long long)__rdtsc(), number);
  return 3;
}
