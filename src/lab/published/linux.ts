/** Figures that an unmodified Linux guest with the real perf finds again. Its runs take minutes, so what they read was recorded. */
import type { MachineName } from '../cost/cost.ts';
import type { Figure } from './figure.ts';
import { LINUX_RECORDING } from './linux-recording.ts';

const COVERS = 'the mediated vPMU for x86, covers of v3, v4 and v6, 2024 to 2025; Linux here too';
const MAIL = 'Wei Wang, KVM/x86/vPMU: Guest PMI Optimization v1, 12 Oct 2018; Linux here too';
const { kernel, perf, ...READINGS } = LINUX_RECORDING;

const OTHERS = 'which ten events is not published; with 250 ticks a second they take turns four times less often than with 1000';

type Reading = keyof typeof READINGS;

function figure(
  name: string, unit: string, published: number, source: string, machine: MachineName, reading: Reading, why?: string,
): Figure {
  return {
    name: `${name}, Linux`, unit, published, source, kind: 'recorded', machine, experiment: `perf ${perf} in a guest with Linux ${kernel}`,
    recorded: READINGS[reading], ...(why === undefined ? {} : { why }),
  };
}

export const LINUX_FIGURES: readonly Figure[] = [
  figure('guest PMI handling, before the patch', 'ns', 4_500_000, MAIL, 'broadwell-2018', 'handlerBefore'),
  figure('guest PMI handling, with the patch', 'ns', 9000, MAIL, 'broadwell-2018', 'handlerPatched'),
  figure('maximum sampling rate of the guest, before the patch', 'Hz', 250, MAIL, 'broadwell-2018', 'rateBefore'),
  figure('maximum sampling rate of the guest, with the patch', 'Hz', 100_000, MAIL, 'broadwell-2018', 'ratePatched'),
  figure('overhead of perf record -F 1000 with 6 events, emulated', '%', 33.62, COVERS, 'sapphire-rapids-2025', 'emulated6'),
  figure('overhead of perf record -F 1000 with 10 events, emulated', '%', 79.32, COVERS, 'sapphire-rapids-2025', 'emulated10', OTHERS),
  figure('overhead of perf record -F 1000 with 6 events, mediated', '%', 6.21, COVERS, 'sapphire-rapids-2025', 'mediated6'),
  figure('overhead of perf record -F 1000 with 10 events, mediated', '%', 10.45, COVERS, 'sapphire-rapids-2025', 'mediated10', OTHERS),
];
