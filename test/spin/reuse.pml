/*
 * KVM's emulated virtual PMU of today ("reuse") with one counter, one virtual CPU and a guest that does what Linux does: a second
 * opinion, in Promela, about what src/verify finds in the running code.
 *
 * It is written from what is documented and not from the TypeScript: the SDM's chapter on performance monitoring, what Linux'
 * perf core does with an event (update, set_period), and what KVM does (pause, period, resume; lazy release; the reprogram bit).
 * So where both agree, two readings agree; where they do not, one of them is wrong.
 *
 *     spin -a -DMACHINE=LAWFUL reuse.pml     preempted, read and ticked at any point
 *     spin -a -DMACHINE=FILTER reuse.pml     an event filter is set by another thread while the guest runs
 *     ... -DB8                               planted: of the ways to go on only a new event clears the reprogram bit
 *     ... -DROUNDS=n                         beside it a count of preemptions, modulo n: n times the states, to measure the rate
 *
 * Each alternative is a d_step, so that SPIN stores states between two steps and no others. What nothing depends on is 0, so that
 * states with the same future are one state. With -DPRINTF the verifier prints each transition, for test/spin/spin.debian.test.ts.
 */

#define LAWFUL 1
#define FILTER 2

/* The counter has 4 bits. */
#define MODULUS 16
/* The host's core arms half of the range at most, one less than the sign bit; and at least 1, which leaves one hole out of sight. */
#define MOST 7
#define LEAST 1

/* Events from a write of the counter to its wrap. */
#define FIRST_PERIOD 3
#define SHORT_PERIOD 2
#define LONG_PERIOD 5

/* Where the guest is: it sets its counter up, runs, stops and starts it at a context switch, and handles PMIs. */
#define SET_UP 0
#define RUNNING 10
#define STOPPED 20
#define HANDLER 30
byte place = SET_UP;

/* What was found, a bit each. Nothing comes after it, and all in which the same was found is one state. */
#define NOTHING 0
#define PMI_LOST 1
#define PMI_WITHOUT_CAUSE 2
#define MISCOUNT 4
#define WRONG_STATUS 8
#define BOOKS_WRONG 16
#define REQUEST_LEFT 32
/* The model says nothing about what has happened. */
#define OUTSIDE 64
byte finding = NOTHING;

/* Bare metal, as the guest would have it: the counter, IA32_PERF_GLOBAL_CTRL, the selector's EN and INT (the guest always writes
   them together), the status, LVTPC's mask bit, and an NMI that is due. At reset every general counter is globally enabled. */
byte bCount;
bit bCtrl = 1, bEnable, bStatus, bMask, bDue;

/* What KVM keeps for the guest: the same registers; its counter lacks what the host event has counted since it went on. */
byte vBase;
bit vCtrl = 1, vEnable, vStatus, vMask;
/* pmc_in_use: the counter's registers were written in this time slice. The reprogram bit, and KVM_REQ_PMU. */
bit inUse, marked, request;

/* The host event behind the counter, and the hardware counter it is on while it runs. */
#define NONE 0
#define PAUSED 1
#define RUNS 2
byte event = NONE;
byte count, prev, period, raw;
short left;

#ifdef ROUNDS
short round;
#endif

/* Within a step only: 0 between two. */
bit pmi, slice, elapsed, taken;
byte delta, shown;
short armed;

inline state() {
  printf(" %d %d %d", place, finding, bCount); printf(" %d %d %d %d %d", bCtrl, bEnable, bStatus, bMask, bDue);
  printf(" %d %d %d %d %d", vBase, vCtrl, vEnable, vStatus, vMask); printf(" %d %d %d", inUse, marked, request);
  printf(" %d %d %d %d %d %d", event, count, prev, left, period, raw)
}

/* ---- The host's perf core. ---- */

/* x86_perf_event_update. */
inline fold() {
  delta = (raw + MODULUS - prev) % MODULUS;
  count = (count + delta) % MODULUS;
  left = left - delta;
  prev = raw
}

/* x86_perf_event_set_period: what is still missing, or another period when one has elapsed; and the counter is armed with it. */
inline arm() {
  if
  :: left <= -period -> left = period; elapsed = 1
  :: left > -period && left <= 0 -> left = left + period; elapsed = 1
  :: else -> elapsed = 0
  fi;
  armed = left;
  if :: armed < LEAST -> armed = LEAST :: armed > MOST -> armed = MOST :: else fi;
  prev = (MODULUS - armed) % MODULUS;
  raw = prev
}

inline forget() { count = 0; prev = 0; left = 0; period = 0; raw = 0 }

/* ---- KVM. ---- */

/* Events to the wrap, 2^width for 0. */
inline set_period() { period = MODULUS - vBase; left = 0; arm() }

/* perf_event_pause, which resets the count. */
inline pause() {
  if
  :: event == RUNS -> fold(); vBase = (vBase + count) % MODULUS; forget(); event = PAUSED
  :: else
  fi
}

inline reprogram() {
  pause();
  if
  :: vCtrl && vEnable ->
#ifdef B8
    if :: event == NONE -> marked = 0 :: else fi;
#endif
    /* Its selector is the only one that the guest ever writes, so what there is goes on. A new event begins with no count. */
    event = RUNS;
    set_period()
  :: else
  fi
}

/* KVM_REQ_PMU: the bits are taken first, and then looked at. */
inline handle() {
  if
  :: marked ->
#ifndef B8
    marked = 0;
#endif
    reprogram()
  :: else
  fi;
  /* kvm_pmu_cleanup: not written in a whole slice, and not enabled by its own register. */
  if
  :: slice ->
    if :: event == PAUSED && !inUse && !vEnable -> event = NONE :: else fi;
    inUse = 0; slice = 0
  :: else
  fi
}

/* By LVTPC, which delivery masks. In its handler the guest takes no NMI; it does not count there either, so none comes. */
inline deliver() {
  if
  :: !vMask ->
    vMask = 1;
    if :: bDue -> bDue = 0 :: else -> finding = finding | PMI_WITHOUT_CAUSE fi;
    if :: place >= HANDLER -> finding = finding | OUTSIDE :: else fi;
    taken = 1
  :: else
  fi
}

/* VM entry: requests first, KVM_REQ_PMU before KVM_REQ_PMI. */
inline entry() {
  if :: request -> request = 0; handle() :: else fi;
  if :: pmi -> pmi = 0; deliver() :: else fi
}

/* The host's NMI handler: folds, arms again, and if a period has elapsed tells KVM, who ignores it while the bit is set. */
inline nmi() {
  fold();
  arm();
  if
  :: elapsed && !marked -> marked = 1; vStatus = 1; request = 1; pmi = 1
  :: else
  fi
}

inline enables_changed() { marked = 1; request = 1 }

/* ---- Instructions of the guest. Each is done on bare metal beside. ---- */

/* Bare metal would have interrupted before this one. */
inline retires() { if :: bDue && place < HANDLER -> finding = finding | PMI_LOST :: else fi }

/* A branch: the only thing that counts, and no exit but the NMI's. */
inline branch() {
  retires();
  if
  :: bCtrl && bEnable ->
    bCount = (bCount + 1) % MODULUS;
    if :: bCount == 0 -> bStatus = 1; if :: !bMask -> bMask = 1; bDue = 1 :: else fi :: else fi
  :: else
  fi;
  if
  :: event == RUNS ->
    raw = (raw + 1) % MODULUS;
    if :: raw == 0 -> nmi(); entry() :: else fi
  :: else
  fi
}

/* What the guest sees; the host event folds. */
inline look() {
  if :: event == RUNS -> fold() :: else fi;
  shown = (vBase + count) % MODULUS
}

inline rdpmc() {
  retires();
  look();
  if :: shown != bCount -> finding = finding | MISCOUNT :: else fi;
  entry()
}

/* Only changes are looked at. */
inline global_ctrl(value) {
  retires();
  bCtrl = value;
  if :: vCtrl != value -> vCtrl = value; enables_changed() :: else fi;
  entry()
}

inline selector(value) {
  retires();
  bEnable = value;
  if :: vEnable != value -> vEnable = value; inUse = 1; enables_changed() :: else fi;
  entry()
}

inline counter(events) {
  retires();
  bCount = MODULUS - events;
  inUse = 1;
  look();
  vBase = (vBase + bCount + MODULUS - shown) % MODULUS;
  if :: event == RUNS -> set_period() :: else fi;
  entry()
}

inline status() {
  retires();
  if :: vStatus != bStatus -> finding = finding | WRONG_STATUS :: else fi;
  entry()
}

inline acknowledge() { retires(); bStatus = 0; vStatus = 0; entry() }
inline lvtpc() { retires(); bMask = 0; vMask = 0; entry() }

/* ---- The host's moves. ---- */

/* Another task runs: the event leaves its counter, and is armed with what is left when it comes back. Loading the virtual CPU asks
   for a cleanup if there is an event. */
inline preempt() {
  if :: event == RUNS -> fold(); arm() :: else fi;
  if :: event != NONE -> slice = 1; request = 1 :: else fi;
  entry();
#ifdef ROUNDS
  round = (round + 1) % ROUNDS
#endif
}

/* ---- Steps. ---- */

/* Between two steps the books of the event agree with its counter: armed with no more than is missing, and not written since. */
inline check() {
  if
  :: event == RUNS && left > 0 && MODULUS - prev > left && MODULUS - prev > LEAST -> finding = finding | BOOKS_WRONG
  :: event == RUNS && raw < prev -> finding = finding | BOOKS_WRONG
  :: else
  fi;
#if MACHINE == LAWFUL
  if :: request -> finding = finding | REQUEST_LEFT :: else fi
#endif
}

inline clear() {
  place = 0; bCount = 0; bCtrl = 0; bEnable = 0; bStatus = 0; bMask = 0; bDue = 0;
  vBase = 0; vCtrl = 0; vEnable = 0; vStatus = 0; vMask = 0; inUse = 0; marked = 0; request = 0;
  event = NONE; forget()
}

/* The guest goes on there, unless it has taken a PMI. */
inline then(next) {
  if :: taken -> taken = 0; place = HANDLER :: else -> place = next fi;
  check();
  if :: finding != NOTHING -> clear() :: else fi;
  elapsed = 0; delta = 0; shown = 0; armed = 0;
  state(); printf("\n");
  assert(finding == NOTHING)
}

/* What may happen is asked for at the place where the guest is, and only while nothing was found. */
#define AT(where) finding == NOTHING && place == where

active proctype world() {
end:
  do
  /* It sets its counter up. */
  :: d_step { AT(SET_UP) -> printf("ctrl 0"); state(); global_ctrl(0); then(SET_UP + 1) }
  :: d_step { AT(SET_UP + 1) -> printf("select"); state(); selector(1); then(SET_UP + 2) }
  :: d_step { AT(SET_UP + 2) -> printf("arm 3"); state(); counter(FIRST_PERIOD); then(SET_UP + 3) }
  :: d_step { AT(SET_UP + 3) -> printf("ctrl 1"); state(); global_ctrl(1); then(RUNNING) }
  /* It runs. */
  :: d_step { AT(RUNNING) -> printf("run"); state(); branch(); then(RUNNING) }
  :: d_step { AT(RUNNING) -> printf("rdpmc"); state(); rdpmc(); then(RUNNING) }
  :: d_step { AT(RUNNING) -> printf("ctrl 0"); state(); global_ctrl(0); then(STOPPED) }
  /* A context switch: it reads, and comes back as it was, or with another period. */
  :: d_step { AT(STOPPED) -> printf("rdpmc"); state(); rdpmc(); then(STOPPED + 1) }
  :: d_step { AT(STOPPED + 1) -> printf("run"); state(); branch(); then(STOPPED + 1) }
  :: d_step { AT(STOPPED + 1) -> printf("ctrl 1"); state(); global_ctrl(1); then(RUNNING) }
  :: d_step { AT(STOPPED + 1) -> printf("select 0"); state(); selector(0); then(STOPPED + 2) }
  :: d_step { AT(STOPPED + 2) -> printf("arm 2"); state(); counter(SHORT_PERIOD); then(STOPPED + 3) }
  :: d_step { AT(STOPPED + 2) -> printf("arm 5"); state(); counter(LONG_PERIOD); then(STOPPED + 3) }
  :: d_step { AT(STOPPED + 3) -> printf("select"); state(); selector(1); then(STOPPED + 4) }
  :: d_step { AT(STOPPED + 4) -> printf("ctrl 1"); state(); global_ctrl(1); then(RUNNING) }
  /* The handler of a PMI, as Linux has it for architecture versions 2 and 3. */
  :: d_step { AT(HANDLER) -> printf("ctrl 0"); state(); global_ctrl(0); then(HANDLER + 1) }
  :: d_step { AT(HANDLER + 1) -> printf("status"); state(); status(); then(HANDLER + 2) }
  :: d_step { AT(HANDLER + 2) -> printf("acknowledge"); state(); acknowledge(); then(HANDLER + 3) }
  :: d_step { AT(HANDLER + 3) -> printf("rdpmc"); state(); rdpmc(); then(HANDLER + 4) }
  :: d_step { AT(HANDLER + 4) -> printf("arm 2"); state(); counter(SHORT_PERIOD); then(HANDLER + 5) }
  :: d_step { AT(HANDLER + 4) -> printf("arm 5"); state(); counter(LONG_PERIOD); then(HANDLER + 5) }
  :: d_step { AT(HANDLER + 5) -> printf("status"); state(); status(); then(HANDLER + 6) }
  :: d_step { AT(HANDLER + 6) -> printf("ctrl 1"); state(); global_ctrl(1); then(HANDLER + 7) }
  :: d_step { AT(HANDLER + 7) -> printf("lvtpc"); state(); lvtpc(); then(HANDLER + 8) }
  /* No exit: what waits for one goes on waiting. */
  :: d_step { AT(HANDLER + 8) -> printf("iret"); state(); retires(); then(RUNNING) }
#if MACHINE == LAWFUL
  :: d_step { finding == NOTHING -> printf("preempt"); state(); preempt(); then(place) }
  /* Every read of the host's folds. */
  :: d_step { finding == NOTHING -> printf("read"); state(); look(); entry(); then(place) }
  /* With no limit of samples in a tick there is nothing to do. */
  :: d_step { finding == NOTHING -> printf("tick"); state(); entry(); then(place) }
#else
  /* KVM_SET_PMU_EVENT_FILTER, by another thread while the guest runs: all counters are to be looked at. The kick that follows may
     come late, so nothing exits here. */
  :: d_step { finding == NOTHING -> printf("filter"); state(); enables_changed(); then(place) }
#endif
  od
}
