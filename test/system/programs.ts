/** All system tests. */
import { DELIVERY } from './cases/delivery.ts';
import { PAGING } from './cases/paging.ts';
import { TRANSLATION } from './cases/translation.ts';
import type { Program } from './program.ts';

export const PROGRAMS: readonly Program[] = [PAGING, TRANSLATION, DELIVERY];
