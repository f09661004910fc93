import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dump } from '../../base/dump.ts';
import { load, save } from '../../base/pack.ts';
import { type Ipi, Lapic, type LapicOptions, LVT, type LvtEntry } from './lapic.ts';

// Offsets of registers in the page, as the manual's address map has them; the MSR is 800H + offset / 16.
const ID = 0x20, VERSION = 0x30, TPR = 0x80, PPR = 0xa0, EOI = 0xb0, LDR = 0xd0, DFR = 0xe0, SVR = 0xf0;
const ISR = 0x100, TMR = 0x180, IRR = 0x200;
const ESR = 0x280, ICR = 0x300, ICR_HIGH = 0x310, INITIAL = 0x380, CURRENT = 0x390, DIVIDE = 0x3e0, SELF_IPI = 0x3f0;
const MASKED = 0x1_0000, NMI = 0x400;
const ENABLED = 0xfee0_0900, EXTENDED = 0xfee0_0d00, DISABLED = 0xfee0_0100;

class Bench {
  readonly lapic: Lapic;
  readonly sent: Ipi[] = [];
  readonly ended: (readonly [number, boolean])[] = [];

  constructor(options: Partial<LapicOptions> = {}, softwareEnabled = true) {
    this.lapic = new Lapic({ id: 3, bootstrap: true, masksPmi: true, timerTicks: 1, ...options }, {
      now: () => 0, send: (ipi) => this.sent.push(ipi), timerFired: () => {},
      endOfInterrupt: (vector, level) => this.ended.push([vector, level]),
    });
    if (softwareEnabled) this.lapic.write(SVR, 0x1ff);
  }

  read(offset: number): number {
    return this.lapic.read(offset) >>> 0;
  }

  /** The error status: written first, as the manual demands. */
  get errors(): number {
    this.lapic.write(ESR, 0);
    return this.read(ESR);
  }

  /** Every vector that is set in one of the three arrays of 256 bits. */
  vectors(array: number): number[] {
    return Array.from({ length: 256 }, (_, v) => v).filter((v) => ((this.read(array + 16 * (v >> 5)) >>> (v & 31)) & 1) === 1);
  }
}

const msrOf = (offset: number): number => 0x800 + offset / 16;
const x2apic = (options: Partial<LapicOptions> = {}): Bench => {
  const bench = new Bench(options);
  assert.ok(bench.lapic.setApicBase(EXTENDED));
  return bench;
};

test('after power-up: xAPIC mode, software-disabled, all entries masked, all else as the manual says', () => {
  const bench = new Bench({}, false);
  assert.equal(bench.lapic.apicBase, ENABLED);
  assert.equal(new Bench({ bootstrap: false }, false).lapic.apicBase, 0xfee0_0800);
  // The version register: version 15H, seven entries in the table.
  const expected = new Map([[ID, 0x0300_0000], [VERSION, 0x0006_0015], [DFR, 0xffff_ffff], [SVR, 0xff]]);
  for (const offset of Object.values(LVT)) expected.set(offset, MASKED);
  const registers = [
    ID, VERSION, TPR, PPR, LDR, DFR, SVR, ESR, ICR, ICR_HIGH, INITIAL, CURRENT, DIVIDE, ...Object.values(LVT),
    ...[ISR, TMR, IRR].flatMap((first) => [0, 1, 2, 3, 4, 5, 6, 7].map((i) => first + 16 * i)),
  ];
  for (const offset of registers) assert.equal(bench.read(offset), expected.get(offset) ?? 0, `offset ${offset.toString(16)}`);
  assert.equal(bench.errors, 0);
});

test('each entry of the local vector table has the bits of the manual', () => {
  const bits: Record<LvtEntry, number> = {
    cmci: 0x1_07ff, timer: 0x7_00ff, thermal: 0x1_07ff, perfmon: 0x1_07ff, lint0: 0x1_a7ff, lint1: 0x1_a7ff, error: 0x1_00ff,
  };
  assert.deepEqual(LVT, { cmci: 0x2f0, timer: 0x320, thermal: 0x330, perfmon: 0x340, lint0: 0x350, lint1: 0x360, error: 0x370 });
  for (const [entry, offset] of Object.entries(LVT)) {
    const bench = new Bench();
    bench.lapic.write(offset, 0xffff_ffff);
    assert.equal(bench.read(offset), bits[entry as LvtEntry], entry);
    bench.lapic.write(offset, 0);
    assert.equal(bench.read(offset), 0);
  }
});

test('a masked entry delivers nothing and remembers nothing', () => {
  const bench = new Bench();
  bench.lapic.write(LVT.thermal, MASKED | 0x50);
  assert.equal(bench.lapic.signal('thermal'), false);
  bench.lapic.write(LVT.thermal, 0x50);
  assert.deepEqual(bench.vectors(IRR), []);
  assert.equal(bench.lapic.signal('thermal'), true);
  assert.deepEqual([bench.vectors(IRR), bench.vectors(TMR), bench.lapic.pending()], [[0x50], [], 0x50]);
  // No entry but that of the counters is masked by delivery.
  assert.equal(bench.read(LVT.thermal), 0x50);
});

test('delivery of a PMI masks no other entry', () => {
  const bench = new Bench();
  bench.lapic.write(LVT.thermal, 0x50);
  bench.lapic.write(LVT.perfmon, NMI);
  assert.equal(bench.lapic.signal('perfmon'), true);
  assert.deepEqual([bench.read(LVT.thermal), bench.lapic.signal('thermal')], [0x50, true]);
});

test('delivery of a PMI masks its entry on Intel and not on AMD, as an interrupt and as an NMI', () => {
  for (const masksPmi of [true, false]) {
    for (const value of [0x81, NMI, NMI | 0x33]) {
      const bench = new Bench({ masksPmi });
      bench.lapic.write(LVT.perfmon, value);
      assert.equal(bench.lapic.signal('perfmon'), true);
      assert.equal(bench.read(LVT.perfmon), masksPmi ? value | MASKED : value);
      assert.equal(bench.lapic.nmiPending, value !== 0x81);
      assert.deepEqual(bench.vectors(IRR), value === 0x81 ? [0x81] : []);
      // The next one is lost, until software has unmasked the entry.
      bench.lapic.nmiPending = false;
      assert.equal(bench.lapic.signal('perfmon'), !masksPmi);
      assert.equal(bench.lapic.nmiPending, value !== 0x81 && !masksPmi);
      bench.lapic.write(LVT.perfmon, value);
      assert.equal(bench.lapic.signal('perfmon'), true);
    }
  }
});

test('delivery modes: NMI and INIT are latched, SMI and ExtINT have no one to take them', () => {
  const bench = new Bench();
  for (const mode of [2, 7]) {
    bench.lapic.write(LVT.lint0, (mode << 8) | 0x50);
    assert.equal(bench.lapic.signal('lint0'), true);
  }
  assert.deepEqual([bench.vectors(IRR), bench.lapic.nmiPending, bench.lapic.initPending], [[], false, false]);
  bench.lapic.write(LVT.lint1, 0x500);
  bench.lapic.signal('lint1');
  assert.equal(bench.lapic.initPending, true);
  bench.lapic.accept(6, 0x9a);
  assert.equal(bench.lapic.startupVector, 0x9a);
});

test('of the requested interrupts the highest comes first, if its class is above the priority', () => {
  const bench = new Bench();
  const { lapic } = bench;
  for (const vector of [0x31, 0x82, 0x45, 0xf3]) lapic.accept(0, vector);
  assert.deepEqual(bench.vectors(IRR), [0x31, 0x45, 0x82, 0xf3]);
  assert.equal(lapic.acknowledge(), 0xf3);
  assert.deepEqual([bench.vectors(IRR), bench.vectors(ISR), bench.read(PPR)], [[0x31, 0x45, 0x82], [0xf3], 0xf0]);
  // Nothing is above class 15.
  assert.equal(lapic.pending(), -1);
  lapic.write(EOI, 0);
  assert.equal(lapic.acknowledge(), 0x82);
  // 85H is of the class in service: it must wait. 91H need not.
  lapic.accept(0, 0x85);
  assert.equal(lapic.pending(), -1);
  lapic.accept(0, 0x91);
  assert.equal(lapic.acknowledge(), 0x91);
  assert.deepEqual(bench.vectors(ISR), [0x82, 0x91]);
  // An EOI ends the highest, then the next.
  lapic.write(EOI, 0);
  assert.deepEqual([bench.vectors(ISR), bench.read(PPR), lapic.pending()], [[0x82], 0x80, -1]);
  lapic.write(EOI, 0);
  assert.deepEqual([bench.vectors(ISR), bench.read(PPR), lapic.pending()], [[], 0, 0x85]);
  assert.deepEqual(bench.ended, [[0xf3, false], [0x91, false], [0x82, false]]);
  // An EOI with nothing in service does nothing.
  lapic.write(EOI, 0);
  assert.equal(bench.ended.length, 3);
});

test('an interrupt that is requested twice comes once, and once more when it is requested in service', () => {
  const bench = new Bench();
  bench.lapic.accept(0, 0x60);
  bench.lapic.accept(0, 0x60);
  assert.equal(bench.lapic.acknowledge(), 0x60);
  assert.deepEqual([bench.vectors(IRR), bench.vectors(ISR)], [[], [0x60]]);
  bench.lapic.accept(0, 0x60);
  assert.deepEqual([bench.vectors(IRR), bench.vectors(ISR), bench.lapic.pending()], [[0x60], [0x60], -1]);
  bench.lapic.write(EOI, 0);
  assert.equal(bench.lapic.acknowledge(), 0x60);
  bench.lapic.write(EOI, 0);
  assert.deepEqual([bench.vectors(IRR), bench.vectors(ISR), bench.lapic.pending()], [[], [], -1]);
});

test('the processor priority is the higher class of the task priority and the interrupt in service', () => {
  // Task priority, vector in service (0 for none), processor priority. SDM: "Task and Processor Priorities".
  const rows = [[0, 0, 0], [0x27, 0, 0x27], [0x27, 0x35, 0x30], [0x37, 0x35, 0x37], [0x47, 0x35, 0x47], [0, 0x35, 0x30]] as const;
  for (const [tpr, vector, ppr] of rows) {
    const bench = new Bench();
    if (vector !== 0) {
      bench.lapic.accept(0, vector);
      bench.lapic.acknowledge();
    }
    bench.lapic.write(TPR, tpr);
    assert.equal(bench.read(PPR), ppr, `${tpr} ${vector}`);
  }
  const bench = new Bench();
  bench.lapic.accept(0, 0x35);
  bench.lapic.write(TPR, 0x30);
  assert.equal(bench.lapic.pending(), -1);
  bench.lapic.write(TPR, 0x2f);
  assert.equal(bench.lapic.pending(), 0x35);
  // CR8 is the class.
  bench.lapic.tpr = 0x70;
  assert.equal(bench.read(TPR), 0x70);
});

test('a level-triggered interrupt is in TMR, and its EOI says so', () => {
  const bench = new Bench();
  bench.lapic.accept(0, 0x44, true);
  bench.lapic.accept(0, 0x43);
  assert.deepEqual(bench.vectors(TMR), [0x44]);
  for (const vector of [0x44, 0x43]) {
    assert.equal(bench.lapic.acknowledge(), vector);
    bench.lapic.write(EOI, 0);
  }
  assert.deepEqual(bench.ended, [[0x44, true], [0x43, false]]);
  // Requested as an edge, it is one.
  bench.lapic.accept(0, 0x44);
  assert.deepEqual(bench.vectors(TMR), []);
});

test('software-disabled: entries are masked and stay so; what was requested is kept; NMI, INIT and SIPI still come', () => {
  const bench = new Bench();
  const { lapic } = bench;
  lapic.write(LVT.perfmon, NMI);
  lapic.accept(0, 0x66);
  lapic.write(SVR, 0xff);
  for (const offset of Object.values(LVT)) assert.equal(bench.read(offset) & MASKED, MASKED);
  assert.equal(bench.read(LVT.perfmon), MASKED | NMI);
  lapic.write(LVT.perfmon, NMI);
  assert.equal(bench.read(LVT.perfmon), MASKED | NMI);
  assert.equal(lapic.signal('perfmon'), false);
  lapic.accept(0, 0x77);
  assert.deepEqual([bench.vectors(IRR), lapic.pending()], [[0x66], 0x66]);
  lapic.accept(4, 0);
  lapic.accept(5, 0);
  lapic.accept(6, 0x12);
  assert.deepEqual([lapic.nmiPending, lapic.initPending, lapic.startupVector], [true, true, 0x12]);
  // Enabling it again unmasks nothing by itself.
  lapic.write(SVR, 0x1ff);
  assert.equal(bench.read(LVT.perfmon), MASKED | NMI);
  // Vector and enable bit, no others: there is no suppression of EOI broadcasts.
  lapic.write(SVR, 0xffff_ffff);
  assert.equal(bench.read(SVR), 0x1ff);
});

test('switched off it takes nothing, and comes back as after power-up', () => {
  const bench = new Bench();
  const { lapic } = bench;
  lapic.write(LVT.perfmon, NMI);
  lapic.write(TPR, 0x20);
  lapic.accept(0, 0x66);
  assert.ok(lapic.setApicBase(DISABLED));
  lapic.accept(4, 0);
  lapic.accept(0, 0x67);
  assert.deepEqual([lapic.enabled, lapic.pending(), lapic.signal('perfmon'), lapic.nmiPending], [false, -1, false, false]);
  assert.ok(lapic.setApicBase(ENABLED));
  assert.deepEqual(dump(lapic), dump(new Bench({}, false).lapic));
});

test('errors gather until the status register is written; each new one is an interrupt', () => {
  const bench = new Bench();
  const { lapic } = bench;
  lapic.write(LVT.error, 0x3e);
  lapic.accept(0, 0x0f);
  assert.equal(bench.read(ESR), 0);
  assert.equal(lapic.acknowledge(), 0x3e);
  lapic.write(EOI, 0);
  // The same again is nothing new.
  lapic.accept(0, 0x05);
  assert.equal(lapic.pending(), -1);
  bench.read(0x40);
  assert.equal(lapic.pending(), 0x3e);
  // Received illegal vector, and illegal register address. Back-to-back writes clear.
  assert.equal(bench.errors, 0xc0);
  assert.equal(bench.read(ESR), 0xc0);
  assert.equal(bench.errors, 0);
  assert.deepEqual(bench.vectors(IRR), [0x3e]);
});

test('the interrupt of the error entry may itself be illegal', () => {
  const bench = new Bench();
  bench.lapic.write(LVT.error, 0x03);
  bench.lapic.write(0x40, 0);
  assert.equal(bench.errors, 0xc0);
  assert.deepEqual(bench.vectors(IRR), []);
});

test('reserved offsets are an error for reads and writes; registers that can only be read ignore writes', () => {
  const isError = (access: (lapic: Lapic) => void): boolean => {
    const bench = new Bench();
    access(bench.lapic);
    return bench.errors === 0x80;
  };
  for (const offset of [0x00, 0x10, 0x40, 0x70, 0x290, 0x2e0, 0x3a0, 0x3d0, 0x3f0, 0x400, 0xff0]) {
    assert.ok(isError((lapic) => lapic.read(offset)), `read ${offset.toString(16)}`);
    assert.ok(isError((lapic) => lapic.write(offset, 1)), `write ${offset.toString(16)}`);
  }
  for (const offset of [ID, VERSION, PPR, ISR, ISR + 0x70, TMR, IRR + 0x10, CURRENT]) {
    const bench = new Bench();
    const before = dump(bench.lapic);
    bench.lapic.write(offset, 0xffff_ffff);
    assert.deepEqual(dump(bench.lapic), before, offset.toString(16));
  }
});

test('logical destination registers of xAPIC mode keep the bits that they have', () => {
  const bench = new Bench();
  bench.lapic.write(LDR, 0x1234_5678);
  bench.lapic.write(DFR, 0x0000_0000);
  assert.deepEqual([bench.read(LDR), bench.read(DFR)], [0x1200_0000, 0x0fff_ffff]);
});

/** Registers of x2APIC mode by MSR: bits that may be written, undefined for read-only ones; then whether they can be read. */
const X2APIC = new Map<number, readonly [writable: number | undefined, readable: boolean]>([
  [0x802, [undefined, true]], [0x803, [undefined, true]], [0x808, [0xff, true]], [0x80a, [undefined, true]], [0x80b, [0, false]],
  [0x80d, [undefined, true]], [0x80f, [0x1ff, true]], [0x828, [0, true]],
  // Bit 12, delivery status, and bit 14 of the pins, remote IRR, are read-only and not reserved. The command register has vector,
  // mode, destination mode, level, trigger and shorthand.
  [0x82f, [0x1_17ff, true]], [0x830, [0xc_dfff, true]], [0x832, [0x7_10ff, true]], [0x833, [0x1_17ff, true]], [0x834, [0x1_17ff, true]],
  [0x835, [0x1_f7ff, true]], [0x836, [0x1_f7ff, true]], [0x837, [0x1_10ff, true]], [0x838, [0xffff_ffff, true]], [0x839, [undefined, true]],
  [0x83e, [0xb, true]], [0x83f, [0xff, false]],
  ...Array.from({ length: 24 }, (_, i) => [0x810 + i, [undefined, true]] as const),
]);

test('every MSR of x2APIC mode takes the bits of the manual, and the others are #GP', () => {
  for (let msr = 0x800; msr < 0x900; msr += 1) {
    const [writable, readable] = X2APIC.get(msr) ?? [undefined, false];
    assert.equal(x2apic().lapic.readMsr(msr) !== undefined, readable, msr.toString(16));
    assert.equal(x2apic().lapic.writeMsr(msr, 0, 0), writable !== undefined, msr.toString(16));
    for (let bit = 0; bit < 32; bit += 1) {
      const expected = writable !== undefined && ((writable >>> bit) & 1) === 1;
      assert.equal(x2apic().lapic.writeMsr(msr, (1 << bit) >>> 0, 0), expected, `${msr.toString(16)} bit ${bit}`);
      // Only the command register is 64 bits wide.
      assert.equal(x2apic().lapic.writeMsr(msr, 0, (1 << bit) >>> 0), msr === 0x830, `${msr.toString(16)} bit ${32 + bit}`);
    }
  }
});

test('what x2APIC mode reads', () => {
  const { lapic } = x2apic({ id: 0x25 });
  // The logical ID: cluster 2, and bit 5 of it.
  for (const [msr, low] of [[0x802, 0x25], [0x80d, 0x0002_0020], [0x803, 0x0006_0015], [0x80f, 0x1ff], [0x834, MASKED]] as const) {
    assert.deepEqual(lapic.readMsr(msr), { low, high: 0 });
  }
  lapic.writeMsr(0x830, 0x4_4055, 0xfeed_beef);
  assert.deepEqual(lapic.readMsr(0x830), { low: 0x4_4055, high: 0xfeed_beef });
});

test('a self-IPI requests its vector; an illegal one is an error of the sender and of the receiver', () => {
  const { lapic } = x2apic();
  assert.ok(lapic.writeMsr(msrOf(SELF_IPI), 0x71, 0));
  assert.equal(lapic.acknowledge(), 0x71);
  assert.ok(lapic.writeMsr(msrOf(SELF_IPI), 0x0f, 0));
  lapic.writeMsr(msrOf(ESR), 0, 0);
  assert.deepEqual([lapic.readMsr(msrOf(ESR)), lapic.pending()], [{ low: 0x60, high: 0 }, -1]);
});

test('IA32_APIC_BASE: the transitions that exist, and those that are #GP', () => {
  // From disabled, xAPIC and x2APIC mode to each, and to the mode that does not exist.
  const bits = { disabled: DISABLED, xapic: ENABLED, x2apic: EXTENDED, invalid: 0xfee0_0500 };
  const allowed = { disabled: ['disabled', 'xapic'], xapic: ['disabled', 'xapic', 'x2apic'], x2apic: ['disabled', 'x2apic'] };
  const ways = { disabled: [bits.disabled], xapic: [], x2apic: [bits.x2apic] };
  for (const [from, way] of Object.entries(ways)) {
    for (const [to, value] of Object.entries(bits)) {
      const { lapic } = new Bench();
      for (const step of way) assert.ok(lapic.setApicBase(step));
      const before = dump(lapic);
      const taken = lapic.setApicBase(value);
      assert.equal(taken, allowed[from as keyof typeof allowed].includes(to), `${from} to ${to}`);
      if (taken) assert.equal(lapic.apicBase, value);
      else assert.deepEqual(dump(lapic), before);
    }
  }
  // Reserved bits; the address is fixed here.
  for (const value of [0xfee0_0901, 0xfee0_0980, 0xfee0_0b00, 0xfee0_1900, 0x0000_0900]) {
    assert.equal(new Bench().lapic.setApicBase(value), false, value.toString(16));
  }
});

test('registers answer in their mode only: MSRs in x2APIC mode', () => {
  const { lapic } = new Bench();
  assert.deepEqual([lapic.readMsr(0x802), lapic.writeMsr(0x808, 0, 0)], [undefined, false]);
  assert.ok(lapic.setApicBase(EXTENDED));
  assert.deepEqual([lapic.readMsr(0x802), lapic.writeMsr(0x808, 0, 0)], [{ low: 3, high: 0 }, true]);
});

test('what is saved is loaded', () => {
  const bench = x2apic();
  const { lapic } = bench;
  const writes = [[0x832, 0x2_0031], [0x834, NMI], [0x838, 500], [0x83e, 0xb], [0x808, 0x10], [0x83f, 0x05]] as const;
  for (const [msr, value] of writes) lapic.writeMsr(msr, value, 0);
  lapic.accept(0, 0x91, true);
  lapic.accept(0, 0x92);
  lapic.acknowledge();
  lapic.accept(4, 0);
  lapic.accept(6, 0x77);
  const copy = new Bench({}, false);
  load(copy.lapic, save(lapic));
  assert.deepEqual(dump(copy.lapic), dump(lapic));
  assert.equal(copy.lapic.pending(), -1);
  copy.lapic.writeMsr(0x80b, 0, 0);
  assert.equal(copy.lapic.pending(), 0x91);
});
