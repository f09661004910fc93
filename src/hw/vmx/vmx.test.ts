import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load, save } from '../../base/pack.ts';
import type { Cycles } from '../../base/units.ts';
import { type Operation, SmallGuest } from '../../lab/small/operation.ts';
import { SmallProcessor } from '../../lab/small/processor.ts';
import { NO_TRACE } from '../../trace/trace.ts';
import { type CounterSet, counterSet } from '../../x86/counter-set.ts';
import { MSRS } from '../../x86/msr.ts';
import { newMsrValue, type PerfmonCaps } from '../../x86/perfmon.ts';
import { Lapic } from '../lapic/lapic.ts';
import { Devices } from '../memory/memory.ts';
import { MsrList, RootMode, type VirtualHardware, Vmcs } from './vmx.ts';

const CAPS: PerfmonCaps = {
  version: 4, generalCounters: 2, generalWidth: 48, fixedCounters: 1, fixedWidth: 48, fullWidthWrites: true, unavailableEvents: 0,
  anyThreadDeprecated: true, tsx: false,
};
const { IA32_PERF_GLOBAL_CTRL: CTRL, IA32_PERFEVTSEL0: SELECTOR, IA32_A_PMC0: COUNTER } = MSRS;
const RESET = MSRS.IA32_PERF_GLOBAL_STATUS_RESET, STATUS = MSRS.IA32_PERF_GLOBAL_STATUS;
/** Instructions, and cycles, at all levels, with an interrupt. */
const INSTRUCTIONS = 0x5300c0, CYCLES = 0x53003c;
const FOREVER = 1e9 as Cycles;

const lapicOf = (): Lapic => {
  const lapic = new Lapic({ id: 0, bootstrap: true, masksPmi: true, timerTicks: 1 }, {
    now: () => 0, send: () => {}, endOfInterrupt: () => {}, timerFired: () => {},
  });
  lapic.setApicBase(0xfee0_0d00);
  lapic.writeMsr(0x80f, 0x1ff, 0);
  return lapic;
};

/** A processor in root mode, with a guest loaded, and what its handlers have seen: whether an NMI came back to back. */
function rigOf(main: readonly Operation[] = [], skid = 0) {
  const core = new SmallProcessor(0, { caps: CAPS, skid, masksPmi: true }, NO_TRACE);
  core.lapic.setApicBase(0xfee0_0d00);
  core.lapic.writeMsr(0x80f, 0x1ff, 0);
  core.lapic.writeMsr(0x834, 0x400, 0);
  const root = new RootMode(core, NO_TRACE);
  const nmis: boolean[] = [], interrupts: number[] = [];
  const handlers = {
    nmi: (backToBack: boolean): void => void nmis.push(backToBack), interrupt: (vector: number): void => void interrupts.push(vector),
  };
  root.attach(handlers);
  root.wrmsr(CTRL, 0, 0);
  const lapic = lapicOf();
  const virtual: VirtualHardware = {
    lapic, cpuid: () => ({ eax: 0, ebx: 0, ecx: 0, edx: 0 }), bus: new Devices().busOf(0), memory: { start: 0, size: 0 },
  };
  const guest = new SmallGuest({ main, handler: [] });
  core.load(guest, virtual);
  const read = (msr: number): number => {
    const out = newMsrValue();
    root.rdmsr(msr, out);
    return out.high * 2 ** 32 + out.low;
  };
  return { core, root, guest, nmis, interrupts, handlers, read, lapic, regs: core.pmu.regs };
}

test('an instruction is counted in the state in which it began', () => {
  const { root, regs } = rigOf();
  root.wrmsr(SELECTOR, INSTRUCTIONS, 0);
  // Enables: not counted. Three more, the last of which disables: counted.
  root.wrmsr(CTRL, 1, 0);
  root.rdmsr(CTRL, newMsrValue());
  root.work(1);
  root.wrmsr(CTRL, 0, 0);
  assert.equal(regs.counters[0], 3);
});

test('a register is read as it was before the read itself retires', () => {
  const { root, read } = rigOf();
  root.wrmsr(SELECTOR, INSTRUCTIONS, 0);
  root.wrmsr(CTRL, 1, 0);
  assert.deepEqual([read(COUNTER), read(COUNTER)], [0, 1]);
});

test('a WRMSR that makes a counter wrap cannot clear what it has set', () => {
  const { root, regs, nmis } = rigOf();
  root.wrmsr(SELECTOR, INSTRUCTIONS, 0);
  root.wrmsr(CTRL, 1, 0);
  regs.counters[0] = 2 ** 48 - 1;
  root.wrmsr(RESET, 1, 0);
  assert.equal(regs.globalStatus, 1);
  assert.deepEqual(nmis, [false]);
});

test('an NMI is taken behind a write, and before a read', () => {
  const { root, core, handlers, regs } = rigOf();
  const seen: number[] = [];
  handlers.nmi = () => seen.push(regs.counters[0]!);
  core.lapic.accept(4, 2);
  root.wrmsr(COUNTER, 77, 0);
  assert.deepEqual(seen, [77]);
  handlers.nmi = () => void (regs.counters[0] = 88);
  core.lapic.accept(4, 2);
  const out = newMsrValue();
  root.rdpmc(0, out);
  assert.equal(out.low, 88);
});

test('an NMI comes in the middle of work, at the cycle of the wrap', () => {
  const { root, core, handlers, regs } = rigOf();
  root.wrmsr(SELECTOR, CYCLES, 0);
  regs.counters[0] = 2 ** 48 - 500;
  root.wrmsr(CTRL, 1, 0);
  const start = core.clock;
  let at = 0;
  handlers.nmi = () => {
    at = core.clock;
  };
  root.work(2000);
  // The delivery of the NMI takes a cycle.
  assert.equal(at, start + 500 + 1);
});

test('NMIs wait for the end of the handler, and the next is back to back', () => {
  const { root, core, nmis, handlers } = rigOf();
  let depth = 0;
  handlers.nmi = (backToBack) => {
    assert.equal(depth, 0);
    depth += 1;
    if (nmis.push(backToBack) < 3) core.lapic.accept(4, 2);
    root.work(10);
    depth -= 1;
  };
  core.lapic.accept(4, 2);
  root.work(1);
  assert.deepEqual(nmis, [false, true, true]);
});

test('interrupts wait while they are off; NMIs do not', () => {
  const { root, core, nmis, interrupts } = rigOf();
  const before = root.interrupts(false);
  assert.equal(before, true);
  core.lapic.accept(0, 0x80);
  core.lapic.accept(4, 2);
  root.work(5);
  assert.deepEqual([nmis.length, interrupts], [1, []]);
  root.interrupts(true);
  assert.deepEqual(interrupts, [0x80]);
});

test('an access that would be #GP is counted, and does not retire', () => {
  const { root, regs } = rigOf();
  root.wrmsr(SELECTOR, INSTRUCTIONS, 0);
  root.wrmsr(CTRL, 1, 0);
  root.wrmsr(CTRL, 0xff, 0);
  root.rdmsr(0x30f, newMsrValue());
  root.rdpmc(9, newMsrValue());
  assert.deepEqual([root.faults, regs.counters[0]], [3, 0]);
});

test('entry loads the global control of the guest, exit saves it and loads the host\'s', () => {
  const { root, regs } = rigOf([{ op: 'run', n: 10 }, { op: 'hlt' }]);
  const vmcs = new Vmcs();
  root.wrmsr(SELECTOR, 0x5300c4, 0);
  root.wrmsr(CTRL, 2, 0);
  Object.assign(vmcs, {
    entryLoadsGlobalCtrl: true, guestGlobalCtrl: 1, exitLoadsGlobalCtrl: true, hostGlobalCtrl: 2, exitSavesGlobalCtrl: true,
  });
  assert.equal(root.enter(vmcs), undefined);
  assert.equal(regs.globalCtrl, 1);
  regs.globalCtrl = counterSet(3, 1);
  assert.equal(root.run(vmcs, FOREVER)?.reason, 'HLT');
  assert.deepEqual([regs.globalCtrl, vmcs.guestGlobalCtrl], [2, counterSet(3, 1)]);
});

test('without these controls the global control stays as it is', () => {
  const { root, regs } = rigOf([{ op: 'hlt' }]);
  const vmcs = new Vmcs();
  root.wrmsr(CTRL, 2, 0);
  vmcs.guestGlobalCtrl = 1 as CounterSet;
  root.enter(vmcs);
  root.run(vmcs, FOREVER);
  assert.deepEqual([regs.globalCtrl, vmcs.guestGlobalCtrl], [2, 1]);
});

test('lists of MSRs: loaded at entry, stored and loaded at exit', () => {
  const { root, read, regs } = rigOf([{ op: 'hlt' }]);
  const vmcs = new Vmcs();
  vmcs.entryLoads.put(COUNTER, 5, 0);
  vmcs.exitStores.put(COUNTER, 0, 0);
  vmcs.exitLoads.put(COUNTER, 6, 0);
  root.enter(vmcs);
  assert.equal(regs.counters[0], 5);
  regs.counters[0] = 9;
  root.run(vmcs, FOREVER);
  assert.deepEqual([vmcs.exitStores.low(0), read(COUNTER)], [9, 6]);
});

test('a list gives an entry another value, and has an end', () => {
  const list = new MsrList();
  for (const value of [1, 2]) list.put(CTRL, value, 0);
  assert.deepEqual([list.length, list.msr(0), list.low(0)], [1, CTRL, 2]);
  for (const msr of [1, 2, 3]) list.put(msr, 0, 0);
  assert.throws(() => list.put(4, 0, 0), /has room/);
});

test('the bitmap: everything exits but what is passed, and the guest\'s own', () => {
  const vmcs = new Vmcs();
  vmcs.pass(CTRL, true, false);
  vmcs.pass(MSRS.PERF_CTR0 + 2, true, true);
  const exits = (msr: number): [boolean, boolean] => [vmcs.exitsOnRead(msr), vmcs.exitsOnWrite(msr)];
  assert.deepEqual(exits(CTRL), [false, true]);
  assert.deepEqual(exits(MSRS.PERF_CTR0 + 2), [false, false]);
  assert.deepEqual(exits(STATUS), [true, true]);
  assert.deepEqual(exits(MSRS.IA32_TIME_STAMP_COUNTER), [false, false]);
  assert.deepEqual(exits(MSRS.IA32_X2APIC_LVT_PMI), [true, true]);
  vmcs.interceptAll();
  assert.deepEqual(exits(CTRL), [true, true]);
});

test('an exit by an NMI blocks the next until its handler has returned', () => {
  const { root, core, nmis } = rigOf([{ op: 'run', n: 1000 }]);
  const vmcs = new Vmcs();
  root.enter(vmcs);
  core.lapic.accept(4, 2);
  assert.equal(root.run(vmcs, FOREVER)?.reason, 'EXCEPTION_NMI');
  core.lapic.accept(4, 2);
  root.work(10);
  assert.deepEqual(nmis, []);
  root.takeNmi();
  // The one that has waited comes at the same instruction.
  assert.deepEqual(nmis, [false, true]);
  // At the next exit it is the same instruction again; an NMI in between ends that.
  root.enter(vmcs);
  core.lapic.accept(4, 2);
  root.run(vmcs, FOREVER);
  root.takeNmi();
  core.lapic.accept(4, 2);
  root.work(1);
  assert.deepEqual(nmis.slice(2), [true, false]);
});

test('an interrupt is acknowledged by the exit, and its vector told', () => {
  const { root, core, interrupts } = rigOf([{ op: 'run', n: 1000 }]);
  const vmcs = new Vmcs();
  root.enter(vmcs);
  core.lapic.accept(0, 0x91);
  const exit = root.run(vmcs, FOREVER);
  assert.deepEqual([exit?.reason, exit?.qualification], ['EXTERNAL_INTERRUPT', 0x91]);
  assert.deepEqual(interrupts, []);
  root.takeInterrupt(0x91);
  assert.deepEqual(interrupts, [0x91]);
});

test('entry delivers what it injects, once', () => {
  const { root, guest } = rigOf([{ op: 'run', n: 1000 }]);
  const vmcs = new Vmcs();
  vmcs.inject('nmi', 2);
  root.enter(vmcs);
  assert.deepEqual([guest.inHandler, guest.nmiBlocked, vmcs.injects], [true, true, false]);
  assert.deepEqual(guest.sights, [{ kind: 'pmi', at: 0, vector: 2 }]);
});

test('windows: an NMI window opens with IRET, an interrupt window with STI', () => {
  const { root, guest } = rigOf([{ op: 'cli' }, { op: 'run', n: 3 }, { op: 'sti' }, { op: 'run', n: 3 }]);
  const vmcs = new Vmcs();
  vmcs.interruptWindowExiting = true;
  guest.interruptsOn = false;
  root.enter(vmcs);
  assert.equal(root.run(vmcs, FOREVER)?.reason, 'INTERRUPT_WINDOW');
  assert.deepEqual([guest.interruptsOn, guest.retired], [true, 3]);
  const handler = rigOf([{ op: 'run', n: 9 }]);
  const other = new Vmcs();
  other.inject('nmi', 2);
  other.nmiWindowExiting = true;
  handler.root.enter(other);
  assert.equal(handler.root.run(other, FOREVER)?.reason, 'NMI_WINDOW');
  assert.equal(handler.guest.inHandler, false);
});

test('what is saved is loaded', () => {
  const vmcs = new Vmcs(), copy = new Vmcs();
  vmcs.pass(CTRL, true, true);
  vmcs.inject('exception', 13, 8);
  vmcs.exitStores.put(CTRL, 1, 2);
  Object.assign(vmcs, { tprThreshold: 5, preemptionDeadline: 12, exitSavesGlobalCtrl: true, guestGlobalCtrl: 3 });
  load(copy, save(vmcs));
  assert.deepEqual(save(copy), save(vmcs));
  assert.deepEqual(copy.injection, { kind: 'exception', vector: 13, code: 8 });
});
