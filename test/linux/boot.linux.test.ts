import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MODEL_NAMES } from '../../src/hw/models.ts';
import { succeeded } from '../../src/lab/report.ts';
import { built, inQemu } from './guest.ts';
import { KERNELS } from './kernels.ts';
import { inMachine } from './machine.ts';

// Unmodified kernels of the distribution, booted to a shell. Their logs may complain of nothing that they do not complain of in QEMU, on
// a board with the same devices.

const HOSTS = [undefined, 'mediated', 'reuse', 'general'] as const;

/** Messages of level "warning" and worse. */
const WARNINGS = 'dmesg -r | grep "^<[0-4]>"';
/** Without times, addresses and other numbers, in which machines differ. */
const complaints = (output: string): ReadonlySet<string> =>
  new Set(output.split('\n').filter((line) => line.startsWith('<'))
    .map((line) => line.replace(/^<.>\[ *[\d.]+\] /, '').replaceAll(/\b(0x)?[0-9a-f]+\b/g, 'N')));

for (const name of KERNELS) {
  test(`${name} boots on one processor and two, bare and as a guest, and complains of nothing`, async (t) => {
    const guest = built(name);
    const known = complaints((await inQemu(guest, WARNINGS)).output);
    for (const on of HOSTS) for (const cpus of [1, 2]) {
      await t.test(`${cpus} on ${on ?? 'bare metal'}`, () => {
        const { output, log, status, report } = inMachine(guest, `nproc; uname -r; ${WARNINGS}; exit 3`, { machine: { cpus }, on });
        assert.deepEqual([report.outcome, succeeded(report), status], [{ kind: 'power off' }, true, 3], log);
        const [processors, release] = output.split('\n');
        assert.deepEqual([processors, release], [`${cpus}`, guest.guest.kernel.release]);
        assert.deepEqual([...complaints(output)].filter((line) => !known.has(line)), []);
      });
    }
  });
}

const stable = built(KERNELS[0]);

test('two runs are the same, to the last bit of the machine', () => {
  const [one, two] = [1, 2].map(() => inMachine(stable, 'sha256sum /bin/busybox; dmesg', { machine: { cpus: 2 } }));
  assert.deepEqual([one!.report.hash, one!.output], [two!.report.hash, two!.output]);
});

// What arch/x86/events prints for each processor, in one order or another.
const DRIVERS: Readonly<Record<(typeof MODEL_NAMES)[number], string>> = {
  'x86-64-v2': 'generic architected perfmon, full-width counters, Intel PMU driver.',
  broadwell: 'Broadwell events, 16-deep LBR, full-width counters, Intel PMU driver.',
  skylake: 'Skylake events, 32-deep LBR, full-width counters, Intel PMU driver.',
  'sapphire-rapids': 'AnyThread deprecated, Sapphire Rapids events, full-width counters, Intel PMU driver.',
  zen4: 'Fam17h+ core perfctr, AMD PMU driver.',
};

for (const cpu of MODEL_NAMES) {
  test(`a ${cpu} has its PMU's driver, and the kernel complains of nothing`, async () => {
    const known = complaints((await inQemu(stable, WARNINGS)).output);
    const { output } = inMachine(stable, `dmesg | grep "Performance Events"; ${WARNINGS}`, { machine: { cpu } });
    const parts = (line = ''): string[] => line.split(', ').sort();
    assert.deepEqual(parts(/Performance Events: +(.*)/.exec(output)?.[1]), parts(DRIVERS[cpu]));
    assert.deepEqual([...complaints(output)].filter((line) => !known.has(line)), []);
  });
}

test('without a PMU there are software events only', () => {
  const { output } = inMachine(stable, 'dmesg | grep "Performance Events"', { machine: { perfmon: { version: 0 } } });
  assert.match(output, /no PMU driver, software events only\./);
});

test('the kernel is entered by PVH as well', () => {
  const { output, status } = inMachine(stable, 'uname -r', { protocol: 'pvh' });
  assert.deepEqual([output, status], [`${stable.guest.kernel.release}\n`, 0]);
});

test('a panic resets the machine', () => {
  const { report } = inMachine(stable, 'echo c > /proc/sysrq-trigger');
  assert.deepEqual([report.outcome, succeeded(report)], [{ kind: 'reset' }, false]);
});
