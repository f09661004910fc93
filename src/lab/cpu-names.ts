/** The names of processors that a scenario may ask for, which the command line tells without loading any machine. */
import { MODEL_NAMES } from '../hw/models.ts';

/** Nobody's in particular, or one of those that exist. */
export const CPU_NAMES = ['generic', ...MODEL_NAMES] as const;
