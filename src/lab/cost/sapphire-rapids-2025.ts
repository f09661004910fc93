/** Sapphire Rapids, on which SPECint ran in guests that profile themselves, emulated and mediated. */
import { CASCADE_LAKE_2019 } from './cascade-lake-2019.ts';
import { EMERALD_RAPIDS_2025 } from './emerald-rapids-2025.ts';
import { type CostModel, inTime } from './kernel.ts';

const HZ = 2_000_000_000;

export const SAPPHIRE_RAPIDS_2025: CostModel = {
  ...EMERALD_RAPIDS_2025,
  title: 'Sapphire Rapids, one socket without hyper-threading, 2024 to 2025',
  source: 'the mediated vPMU for x86, covers of v3, v4 and v6, 2024 to 2025',
  // 56 cores, and the nominal clock of a processor that has so many.
  hz: HZ,
  cpus: 56,
  // Fitted on the 33.62 % that six emulated events take away.
  unit: 1236,
  create: inTime(CASCADE_LAKE_2019, 'create', HZ),
};
