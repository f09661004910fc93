import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attrOf, Rig } from '../../../test/host/rig.ts';
import { DEBUGCTL, STATUS_HIGH } from '../../x86/perfmon.ts';

// Which registers the handler of a PMI touches, and in which order, is what a hypervisor sees of a guest's.

const ALL_ON = 'W IA32_PERF_GLOBAL_CTRL 70000000f';
const OFF = 'W IA32_PERF_GLOBAL_CTRL 0';
const STATUS = 'R IA32_PERF_GLOBAL_STATUS';
const LVTPC = 'W IA32_X2APIC_LVT_PMI 400';
/** Counter 0 is read, and armed with the period that is left: 1000 less one event after the wrap. */
const HANDLED = ['RDPMC 0', 'W IA32_A_PMC0 fffffffffc19'];

/** Counter 0 has wrapped, and counted one event since. The event is one that has no fixed counter. */
function overflowed(options: ConstructorParameters<typeof Rig>[0], rest = {}): Rig {
  const rig = new Rig(options);
  const event = rig.create(attrOf({ config: 0xc4, ...rest }));
  assert.equal(event.counter, 0);
  rig.processors[0]!.pmu.regs.globalStatus = rig.hardware.bitOf(0);
  rig.setCounter(0, 1);
  rig.take();
  return rig;
}

for (const [ack, expected] of [
  ['early', [LVTPC, OFF, STATUS, 'W IA32_PERF_GLOBAL_STATUS_RESET 1', ...HANDLED, STATUS, ALL_ON]],
  ['mid', [OFF, STATUS, 'W IA32_PERF_GLOBAL_STATUS_RESET 1', ...HANDLED, STATUS, LVTPC, ALL_ON]],
  ['late', [OFF, STATUS, 'W IA32_PERF_GLOBAL_STATUS_RESET 1', ...HANDLED, STATUS, ALL_ON, LVTPC]],
] as const) {
  test(`classic, ${ack} acknowledgement: eight accesses for one overflow`, () => {
    const rig = overflowed({ ack });
    assert.equal(rig.perf.nmi(rig.cpu), 1);
    assert.deepEqual(rig.take(), expected);
    assert.equal(rig.told.length, 1);
  });
}

test('classic: without a status bit it was somebody else\'s', () => {
  const rig = overflowed({});
  rig.processors[0]!.pmu.regs.globalStatus = 0 as never;
  assert.equal(rig.perf.nmi(rig.cpu), 0);
  assert.deepEqual(rig.take(), [OFF, STATUS, ALL_ON, LVTPC]);
});

test('classic: a PMI that comes while perf has the unit disabled leaves it so', () => {
  const rig = overflowed({});
  rig.hardware.disable();
  rig.take();
  rig.perf.nmi(rig.cpu);
  assert.deepEqual(rig.take(), [OFF, STATUS, 'W IA32_PERF_GLOBAL_STATUS_RESET 1', ...HANDLED, STATUS, LVTPC]);
});

test('a period that has not elapsed tells nobody', () => {
  const rig = overflowed({}, { samplePeriod: 5000 });
  const [event] = rig.perf.pool;
  event!.periodLeft = 2 ** 48;
  assert.equal(rig.perf.nmi(rig.cpu), 1);
  assert.equal(rig.told.length, 0);
});

test('freeze: no global control, LVTPC before the status that lets the counters go on', () => {
  const rig = overflowed({ handler: 'freeze' });
  const { regs } = rig.processors[0]!.pmu;
  regs.debugCtl = DEBUGCTL.FREEZE_PERFMON_ON_PMI;
  regs.statusFlags = STATUS_HIGH.CTR_FRZ;
  assert.equal(rig.perf.nmi(rig.cpu), 1);
  assert.deepEqual(rig.take(), [STATUS, ...HANDLED, LVTPC, 'W IA32_PERF_GLOBAL_STATUS_RESET 800000000000001']);
  assert.equal(regs.frozen, false);
});

test('freeze: a status that is clear is looked at once more', () => {
  const rig = overflowed({ handler: 'freeze' });
  rig.processors[0]!.pmu.regs.globalStatus = 0 as never;
  assert.equal(rig.perf.nmi(rig.cpu), 0);
  assert.deepEqual(rig.take(), [STATUS, LVTPC, STATUS]);
});

test('AMD\'s: the status is acknowledged behind the events, and LVTPC is not touched', () => {
  const rig = new Rig({ amd: true });
  rig.create(attrOf({ config: 0xc2 }));
  rig.processors[0]!.pmu.regs.globalStatus = rig.hardware.bitOf(0);
  rig.setCounter(0, 1);
  rig.take();
  assert.equal(rig.perf.nmi(rig.cpu), 1);
  assert.deepEqual(rig.take(), [
    'W PerfCntrGlobalCtl 0', 'R PerfCntrGlobalStatus', 'RDPMC 0', 'W PERF_CTR0 fffffffffc19', 'W PerfCntrGlobalStatusClr 1',
    'W PerfCntrGlobalCtl 3f',
  ]);
});

test('before PerfMonV2: LVTPC first, and a counter that has become positive has overflowed; nothing is stopped', () => {
  const rig = new Rig({ amd: true, caps: { version: 1 } });
  rig.create(attrOf({ config: 0xc2 }));
  rig.create(attrOf({ config: 0xc3 }));
  rig.setCounter(1, 1);
  rig.take();
  assert.equal(rig.perf.nmi(rig.cpu), 1);
  assert.deepEqual(rig.take(), ['W IA32_X2APIC_LVT_PMI 400', 'RDPMC 0', 'RDPMC 1', 'RDPMC 1', 'W PERF_CTR1 fffffffffc19']);
});

test('AMD\'s: for a tenth of a second an NMI without an overflow is taken for one of the last', () => {
  const rig = new Rig({ amd: true });
  rig.create(attrOf({ config: 0xc2 }));
  assert.equal(rig.perf.nmi(rig.cpu), 0);
  rig.processors[0]!.pmu.regs.globalStatus = rig.hardware.bitOf(0);
  assert.equal(rig.perf.nmi(rig.cpu), 1);
  assert.equal(rig.perf.nmi(rig.cpu), 1);
  rig.cpu.root.work(0.1e9);
  assert.equal(rig.perf.nmi(rig.cpu), 0);
});

test('nobody has events: the NMI is not perf\'s, and no register is touched', () => {
  const rig = new Rig();
  assert.equal(rig.perf.nmi(rig.cpu), 0);
  assert.deepEqual(rig.take(), []);
});

test('a guest\'s LVTPC is loaded: neither', () => {
  const rig = overflowed({}, { excludeGuest: true });
  rig.perf.loadGuestLvtpc(rig.cpu, 0xf5);
  rig.take();
  assert.equal(rig.perf.nmi(rig.cpu), 0);
  assert.deepEqual(rig.take(), []);
  rig.perf.putGuestLvtpc(rig.cpu);
  assert.equal(rig.perf.nmi(rig.cpu), 1);
});
