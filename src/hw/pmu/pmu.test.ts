import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dump } from '../../base/dump.ts';
import { load, save } from '../../base/pack.ts';
import { bigFromWords } from '../../base/u64.ts';
import { EVENT, EVENTS, type EventName, newEventCounts } from '../../x86/event.ts';
import { newMsrValue, type PerfmonCaps } from '../../x86/perfmon.ts';
import { Pmu } from './pmu.ts';

const CAPS: PerfmonCaps = {
  version: 4, generalCounters: 4, generalWidth: 48, fixedCounters: 4, fixedWidth: 48, fullWidthWrites: true, unavailableEvents: 0,
  anyThreadDeprecated: false, tsx: true,
};
// Indices and bits as the manual gives them.
const PMC = 0x4c1, SELECTOR = 0x186, FIXED = 0x309, FIXED_CTRL = 0x38d, DEBUGCTL = 0x1d9;
const STATUS = 0x38e, CTRL = 0x38f, RESET = 0x390, SET = 0x391;
const USR = 0x1_0000n, OS = 0x2_0000n, EDGE = 0x4_0000n, INT = 0x10_0000n, EN = 0x40_0000n, INV = 0x80_0000n;
const CMASK = (n: bigint): bigint => n << 24n;
const IN_TX = 1n << 32n, IN_TXCP = 1n << 33n, LBR_FRZ = 1n << 58n, CTR_FRZ = 1n << 59n;
const INSTRUCTIONS = 0xc0n, BRANCHES = 0xc4n, CYCLES = 0x3cn, SLOTS = 0x1a4n, REFERENCES = 0x4f2en;
const COUNTING = USR | OS | EN;
const TOP = 1n << 48n;
/** IA32_DEBUGCTL. */
const LBR = 1n, FREEZE_LBRS = 1n << 11n, FREEZE_PERFMON = 1n << 12n;

/** What one instruction does, besides retiring. It takes a cycle, of reference and core clock, unless it says otherwise. */
interface Instruction extends Partial<Record<EventName, number>> { readonly cycles?: number; readonly user?: boolean }

class Bench {
  readonly pmu: Pmu;
  overflows: number[] = [];
  pmis = 0;

  constructor(caps: Partial<PerfmonCaps> = {}, skid = 0) {
    this.pmu = new Pmu({ caps: { ...CAPS, ...caps }, skid }, {
      overflow: (counter) => this.overflows.push(counter),
      pmi: () => {
        this.pmis += 1;
      },
    });
    this.write(CTRL, 0xf_0000_000fn & ((1n << BigInt(32 + this.pmu.caps.fixedCounters)) - 1n), true);
  }

  write(msr: number, value: bigint, optional = false): void {
    const low = Number(value & 0xffff_ffffn), high = Number(value >> 32n);
    const taken = this.pmu.accepts(msr, low, high);
    assert.ok(taken || optional, `${msr.toString(16)} takes ${value.toString(16)}`);
    if (taken) this.pmu.wrmsr(msr, low, high);
  }

  read(msr: number): bigint {
    const out = newMsrValue();
    assert.ok(this.pmu.rdmsr(msr, out), `${msr.toString(16)} can be read`);
    return bigFromWords(out.low, out.high);
  }

  /** Programs general counter i, which starts at `value`. */
  program(i: number, selector: bigint, value = 0n): void {
    this.write(PMC + i, value);
    this.write(SELECTOR + i, selector);
  }

  /** One instruction after the other. */
  retire(...instructions: readonly Instruction[]): void {
    for (const { cycles = 1, user = false, ...others } of instructions) {
      const events = newEventCounts();
      events[EVENT['instructions retired']] = 1;
      events[EVENT['core cycles']] = cycles;
      events[EVENT['reference cycles']] = cycles;
      events[EVENT['topdown slots']] = 4 * cycles;
      for (const [name, count] of Object.entries(others)) events[EVENT[name as EventName]] = count!;
      this.pmu.count(events, user);
    }
  }

  repeat(times: number, instruction: Instruction = {}): void {
    for (let i = 0; i < times; i += 1) this.retire(instruction);
  }

  get generals(): bigint[] {
    return [0, 1, 2, 3].map((i) => this.read(PMC + i));
  }
}

test('a counter counts at the privilege levels that its bits name', () => {
  const bench = new Bench();
  for (const [i, rings] of [0n, USR, OS, USR | OS].entries()) bench.program(i, INSTRUCTIONS | EN | rings);
  // Fixed counter j by nibble: nothing, OS, USR, both.
  bench.write(FIXED_CTRL, 0x3210n);
  bench.repeat(3);
  bench.repeat(5, { user: true, cycles: 2 });
  // 3 in the kernel, 5 of the user, 8 in all.
  assert.deepEqual(bench.generals, [0n, 5n, 3n, 8n]);
  // Fixed 1: cycles of the kernel, 3 x 1; fixed 2: reference cycles of the user, 5 x 2; fixed 3: slots of both, 4 x (3 + 10).
  assert.deepEqual([0, 1, 2, 3].map((j) => bench.read(FIXED + j)), [0n, 3n, 10n, 52n]);
});

test('a counter needs its own enable bit and, from version 2 on, the global one', () => {
  for (const version of [1, 2, 3, 4, 5]) {
    const bench = new Bench({ version });
    bench.write(CTRL, 0x6n, true);
    for (const [i, enable] of [EN, EN, 0n, 0n].entries()) bench.program(i, INSTRUCTIONS | USR | OS | enable);
    bench.repeat(7);
    // Locally enabled are 0 and 1, globally 1 and 2.
    assert.deepEqual(bench.generals, version === 1 ? [7n, 7n, 0n, 0n] : [0n, 7n, 0n, 0n], `version ${version}`);
  }
  const none = new Bench({ version: 0 });
  none.repeat(7);
  assert.equal(none.pmu.counting, false);
});

test('each event is counted by its code, and by no other', () => {
  for (const [event, { name, codes }] of EVENTS.entries()) {
    const counts = EVENTS.map((_, i) => 3 + i);
    for (const [code, umask] of codes) {
      const bench = new Bench();
      bench.program(1, BigInt(code | (umask << 8)) | COUNTING);
      bench.pmu.count(Float64Array.from(counts), false);
      assert.equal(bench.read(PMC + 1), BigInt(counts[event]!), name);
    }
  }
  const bench = new Bench();
  for (const [i, code] of [0x0000n, 0x013dn, 0x02c0n, 0xffffn].entries()) bench.program(i, code | COUNTING);
  bench.repeat(9);
  assert.deepEqual(bench.generals, [0n, 0n, 0n, 0n]);
  assert.equal(bench.pmu.counting, false);
});

test('an architectural event that the leaf says is not available does not count', () => {
  for (const [bit, code] of [0x3cn, 0xc0n, 0x13cn, 0x4f2en, 0x412en, 0xc4n, 0xc5n, 0x1a4n].entries()) {
    const bench = new Bench({ unavailableEvents: 1 << bit });
    bench.program(0, code | COUNTING);
    // The neighbour in the list is there.
    bench.program(1, (bit === 0 ? INSTRUCTIONS : CYCLES) | COUNTING);
    bench.pmu.count(newEventCounts().fill(1), false);
    assert.deepEqual(bench.generals, [0n, 1n, 0n, 0n], `bit ${bit}`);
  }
});

test('outside transactions IN_TX counts nothing, and IN_TXCP everything', () => {
  const bench = new Bench();
  bench.program(0, INSTRUCTIONS | COUNTING | IN_TX);
  bench.program(2, INSTRUCTIONS | COUNTING | IN_TXCP);
  bench.repeat(4);
  assert.deepEqual(bench.generals, [0n, 0n, 4n, 0n]);
});

test('all counters count at once', () => {
  const bench = new Bench();
  for (const [i, event] of [INSTRUCTIONS, BRANCHES, CYCLES, REFERENCES].entries()) bench.program(i, event | COUNTING, BigInt(100 * i));
  bench.write(FIXED_CTRL, 0x3333n);
  bench.retire({ 'branch instructions retired': 1 }, { cycles: 3, 'LLC references': 2 }, { user: true });
  // Cycles: 1 + 3 + 1.
  assert.deepEqual(bench.generals, [3n, 101n, 205n, 302n]);
  assert.deepEqual([0, 1, 2, 3].map((j) => bench.read(FIXED + j)), [3n, 5n, 5n, 20n]);
});

test('a counter overflows when it goes from all ones to 0, not before', () => {
  const bench = new Bench();
  bench.program(0, INSTRUCTIONS | COUNTING, TOP - 3n);
  bench.write(FIXED, TOP - 2n);
  bench.write(FIXED_CTRL, 3n);
  bench.retire({});
  assert.deepEqual([bench.read(STATUS), bench.overflows], [0n, []]);
  bench.retire({});
  // Fixed counter 0 is the fifth counter.
  assert.deepEqual([bench.read(STATUS), bench.overflows, bench.read(FIXED)], [1n << 32n, [4], 0n]);
  assert.equal(bench.read(PMC), TOP - 1n);
  bench.retire({});
  assert.deepEqual([bench.read(STATUS), bench.overflows, bench.read(PMC)], [(1n << 32n) | 1n, [4, 0], 0n]);
  // The bit stays until it is cleared, and the counter goes on.
  bench.repeat(5);
  assert.deepEqual([bench.read(STATUS), bench.read(PMC), bench.read(FIXED)], [(1n << 32n) | 1n, 5n, 6n]);
  bench.write(RESET, 1n);
  assert.equal(bench.read(STATUS), 1n << 32n);
  assert.equal(bench.pmis, 0);
});

test('a counter preset to 1 - n is 1 after n events, and has overflowed', () => {
  for (const n of [2, 3, 10, 1000]) {
    const bench = new Bench();
    bench.program(3, INSTRUCTIONS | COUNTING, BigInt.asUintN(48, 1n - BigInt(n)));
    bench.repeat(n);
    assert.deepEqual([bench.read(PMC + 3), bench.read(STATUS)], [1n, 8n]);
  }
});

test('several events of one instruction may carry a counter past 0', () => {
  const bench = new Bench();
  bench.program(0, CYCLES | COUNTING | INT, TOP - 5n);
  bench.retire({ cycles: 12 });
  // 2^48 - 5 + 12 = 2^48 + 7
  assert.deepEqual([bench.read(PMC), bench.read(STATUS), bench.pmis], [7n, 1n, 1]);
});

test('an overflow is a PMI only where the counter asks for one', () => {
  const bench = new Bench();
  // Odd counters ask. Each overflows at an instruction of its own.
  for (const i of [0, 1, 2, 3]) bench.program(i, INSTRUCTIONS | COUNTING | (i % 2 === 1 ? INT : 0n), TOP - 1n - BigInt(i));
  bench.write(FIXED, TOP - 5n);
  bench.write(FIXED + 1, TOP - 6n);
  // Fixed 0 asks: bit 3 of its nibble.
  bench.write(FIXED_CTRL, 0x3bn);
  const pmis: number[] = [];
  for (let i = 0; i < 6; i += 1) {
    bench.retire({});
    pmis.push(bench.pmis);
  }
  assert.deepEqual(pmis, [0, 1, 1, 2, 3, 3]);
  assert.deepEqual(bench.overflows, [0, 1, 2, 3, 4, 5]);
  assert.equal(bench.read(STATUS), 0x3_0000_000fn);
});

test('overflows at the same instruction are one PMI; at two instructions they are two', () => {
  const bench = new Bench();
  bench.program(0, INSTRUCTIONS | COUNTING | INT, TOP - 4n);
  bench.program(1, INSTRUCTIONS | COUNTING | INT, TOP - 4n);
  bench.program(2, INSTRUCTIONS | COUNTING | INT, TOP - 5n);
  bench.write(FIXED, TOP - 4n);
  // It asks for none; the others do.
  bench.write(FIXED_CTRL, 0x3n);
  bench.repeat(3);
  assert.equal(bench.pmis, 0);
  bench.retire({});
  assert.deepEqual([bench.pmis, bench.read(STATUS), bench.overflows], [1, 0x1_0000_0003n, [0, 1, 4]]);
  bench.retire({});
  assert.deepEqual([bench.pmis, bench.read(STATUS)], [2, 0x1_0000_0007n]);
  bench.repeat(50);
  assert.equal(bench.pmis, 2);
});

test('in versions 2 and 3 a PMI that freezes clears the global enables and the LBR bit', () => {
  for (const version of [2, 3]) {
    const bench = new Bench({ version });
    bench.write(DEBUGCTL, LBR | FREEZE_LBRS | FREEZE_PERFMON);
    bench.program(0, INSTRUCTIONS | COUNTING | INT, TOP - 2n);
    bench.program(1, CYCLES | COUNTING);
    bench.write(FIXED_CTRL, 3n);
    bench.retire({ cycles: 2 }, { cycles: 3 }, { cycles: 5 }, { cycles: 7 });
    // The instruction that overflows still counts everywhere: 2 + 3 cycles, 2 instructions.
    assert.deepEqual([...bench.generals.slice(0, 2), bench.read(FIXED)], [0n, 5n, 2n]);
    assert.deepEqual([bench.read(CTRL), bench.read(STATUS), bench.pmis], [0n, 1n, 1]);
    assert.equal(bench.read(DEBUGCTL), FREEZE_LBRS | FREEZE_PERFMON);
    // Clearing the status does not start them; writing the enables does.
    bench.write(RESET, 1n);
    bench.retire({});
    assert.equal(bench.read(PMC), 0n);
    bench.write(CTRL, 3n);
    bench.retire({});
    assert.deepEqual([...bench.generals.slice(0, 2), bench.read(FIXED)], [1n, 6n, 2n]);
  }
});

test('from version 4 on it sets CTR_FRZ and LBR_FRZ, leaves the enables alone, and clearing CTR_FRZ lets the counters go on', () => {
  for (const version of [4, 5]) {
    const bench = new Bench({ version });
    bench.write(CTRL, 0x1_0000_0003n);
    bench.write(DEBUGCTL, LBR | FREEZE_LBRS | FREEZE_PERFMON);
    bench.program(0, INSTRUCTIONS | COUNTING | INT, TOP - 2n);
    bench.program(1, CYCLES | COUNTING);
    bench.write(FIXED_CTRL, 3n);
    bench.retire({ cycles: 2 }, { cycles: 3 }, { cycles: 5 });
    assert.deepEqual([...bench.generals.slice(0, 2), bench.read(FIXED)], [0n, 5n, 2n]);
    assert.deepEqual([bench.read(CTRL), bench.read(STATUS), bench.pmis], [0x1_0000_0003n, LBR_FRZ | CTR_FRZ | 1n, 1]);
    assert.equal(bench.read(DEBUGCTL), LBR | FREEZE_LBRS | FREEZE_PERFMON);
    assert.equal(bench.pmu.counting, false);
    // The overflow bit is not what freezes, nor is LBR_FRZ.
    bench.write(RESET, LBR_FRZ | 1n);
    bench.retire({});
    assert.deepEqual([bench.read(STATUS), bench.read(PMC)], [CTR_FRZ, 0n]);
    bench.write(RESET, CTR_FRZ);
    bench.retire({});
    assert.deepEqual([...bench.generals.slice(0, 2), bench.read(FIXED)], [1n, 6n, 3n]);
    // Software may freeze too.
    bench.write(SET, CTR_FRZ);
    bench.retire({});
    assert.deepEqual([bench.read(STATUS), bench.read(PMC)], [CTR_FRZ, 1n]);
  }
});

test('each freeze has its own bit, and an overflow without a PMI freezes nothing', () => {
  const frozenBy = (debugCtl: bigint, int: bigint): bigint => {
    const bench = new Bench();
    bench.write(DEBUGCTL, debugCtl);
    bench.program(0, INSTRUCTIONS | COUNTING | int, TOP - 1n);
    bench.repeat(3);
    return bench.read(STATUS);
  };
  assert.deepEqual(
    [frozenBy(0n, INT), frozenBy(FREEZE_LBRS, INT), frozenBy(FREEZE_PERFMON, INT), frozenBy(FREEZE_LBRS | FREEZE_PERFMON, 0n)],
    [1n, LBR_FRZ | 1n, CTR_FRZ | 1n, 1n],
  );
});

// Four instructions of 1, 3, 1 and 2 cycles: each does what it does in its last cycle. Cycle by cycle, with the second and
// the fourth a branch:    instructions  1 | 0 0 1 | 1 | 0 1      branches  0 | 0 0 1 | 0 | 0 1      slots  4 in each of the 7
const FOUR: readonly Instruction[] = [
  {}, { cycles: 3, 'branch instructions retired': 1 }, {}, { cycles: 2, 'branch instructions retired': 1, 'LLC references': 2 },
];
const counted = (selector: bigint): bigint => {
  const bench = new Bench();
  bench.program(0, selector | COUNTING);
  bench.retire(...FOUR);
  return bench.read(PMC);
};

test('CMASK counts the cycles with so many events or more, INV those with fewer', () => {
  assert.equal(counted(INSTRUCTIONS), 4n);
  assert.equal(counted(INSTRUCTIONS | CMASK(1n)), 4n);
  assert.equal(counted(INSTRUCTIONS | CMASK(2n)), 0n);
  assert.equal(counted(INSTRUCTIONS | CMASK(1n) | INV), 3n); // 7 - 4
  assert.equal(counted(INSTRUCTIONS | CMASK(2n) | INV), 7n);
  assert.equal(counted(INSTRUCTIONS | INV), 4n); // without CMASK there is nothing to invert
  assert.equal(counted(BRANCHES | CMASK(1n)), 2n);
  assert.equal(counted(BRANCHES | CMASK(1n) | INV), 5n);
  assert.equal(counted(CYCLES | CMASK(1n)), 7n);
  assert.equal(counted(CYCLES | CMASK(2n)), 0n);
  assert.equal(counted(SLOTS), 28n);
  assert.equal(counted(SLOTS | CMASK(4n)), 7n);
  assert.equal(counted(SLOTS | CMASK(5n)), 0n);
  assert.equal(counted(SLOTS | CMASK(5n) | INV), 7n);
  // Two references, both in the last cycle.
  assert.equal(counted(REFERENCES), 2n);
  assert.equal(counted(REFERENCES | CMASK(1n)), 1n);
  assert.equal(counted(REFERENCES | CMASK(2n)), 1n);
  assert.equal(counted(REFERENCES | CMASK(3n)), 0n);
  assert.equal(counted(REFERENCES | CMASK(2n) | INV), 6n);
});

test('EDGE counts how often the condition begins to hold', () => {
  assert.equal(counted(INSTRUCTIONS | EDGE), 3n); // at cycles 1, 4 and 7; at 5 it still holds
  assert.equal(counted(INSTRUCTIONS | EDGE | CMASK(1n)), 3n);
  assert.equal(counted(INSTRUCTIONS | EDGE | CMASK(1n) | INV), 2n); // 0 | 1 1 0 | 0 | 1 0
  assert.equal(counted(BRANCHES | EDGE), 2n);
  assert.equal(counted(BRANCHES | EDGE | CMASK(1n) | INV), 2n); // 1 | 1 1 0 | 1 | 1 0: at cycles 1 and 5
  assert.equal(counted(CYCLES | EDGE), 1n);
  assert.equal(counted(SLOTS | EDGE | CMASK(4n)), 1n);
  assert.equal(counted(SLOTS | EDGE | CMASK(5n)), 0n);
  assert.equal(counted(REFERENCES | EDGE | CMASK(2n)), 1n);
  assert.equal(counted(REFERENCES | EDGE | CMASK(3n)), 0n);
});

test('a PMI skids so many instructions; the overflow does not, and what freezes is the PMI', () => {
  for (const skid of [0, 1, 2, 5]) {
    const bench = new Bench({}, skid);
    bench.write(DEBUGCTL, FREEZE_PERFMON);
    bench.program(0, INSTRUCTIONS | COUNTING | INT, TOP - 3n);
    // Overflows while the first PMI is on its way: no PMI of its own.
    bench.program(1, INSTRUCTIONS | COUNTING | INT, TOP - 4n);
    for (let i = 1; i <= 12; i += 1) {
      bench.retire({});
      assert.equal(bench.read(STATUS) & 1n, i >= 3 ? 1n : 0n);
      assert.equal(bench.pmis, i >= 3 + skid ? 1 : 0, `after ${i} instructions, skid ${skid}`);
      assert.equal(bench.read(STATUS) & CTR_FRZ, i >= 3 + skid ? CTR_FRZ : 0n);
    }
    // Frozen at the PMI: the overflow at 3 and the skid have counted.
    assert.equal(bench.read(PMC), BigInt(skid));
    assert.equal(bench.read(STATUS) & 2n, skid > 0 ? 2n : 0n);
  }
});

test('a narrow counter wraps as often as it must', () => {
  const bench = new Bench({ generalWidth: 4, fixedWidth: 4 });
  bench.program(0, INSTRUCTIONS | COUNTING | INT, 0xfn);
  bench.write(FIXED_CTRL, 3n);
  bench.repeat(50);
  // 15 + 50 = 4 x 16 + 1; fixed: 50 = 3 x 16 + 2.
  assert.deepEqual([bench.read(PMC), bench.pmis, bench.read(FIXED)], [1n, 4, 2n]);
  assert.deepEqual(bench.overflows, [0, 4, 0, 4, 0, 4, 0]);
  // 1 + 40 cycles at once pass 0 twice: one status bit, one PMI. 41 = 2 x 16 + 9.
  bench.program(0, CYCLES | COUNTING | INT, 1n);
  bench.write(RESET, 1n);
  bench.retire({ cycles: 40 });
  assert.deepEqual([bench.read(PMC), bench.pmis, bench.read(STATUS) & 1n], [9n, 5, 1n]);
});

test('what is saved in the middle goes on the same in another unit', () => {
  const skid = 3;
  const set = (bench: Bench): void => {
    bench.write(DEBUGCTL, FREEZE_PERFMON);
    bench.program(0, INSTRUCTIONS | COUNTING | INT, TOP - 4n);
    bench.program(1, INSTRUCTIONS | COUNTING | EDGE);
    bench.program(2, CYCLES | USR | EN);
    bench.write(FIXED_CTRL, 0xbbbn);
  };
  for (let before = 0; before < 12; before += 1) {
    const whole = new Bench({}, skid), first = new Bench({}, skid), second = new Bench({}, skid);
    const program = Array.from({ length: 12 }, (_, i): Instruction => ({ cycles: 1 + (i % 3), user: i % 4 === 0 }));
    set(whole);
    whole.retire(...program);
    set(first);
    first.retire(...program.slice(0, before));
    load(second.pmu, save(first.pmu));
    second.retire(...program.slice(before));
    assert.deepEqual(dump(second.pmu), dump(whole.pmu));
    assert.equal(first.pmis + second.pmis, whole.pmis);
    assert.equal(whole.pmis, 1);
  }
});
