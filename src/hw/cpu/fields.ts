/** Where the system registers lie in a processor's block that micro-ops name. */
import { FIELDS, type Field } from '../../x86/isa/micro.ts';
import { MSRS, type MsrIndex } from '../../x86/msr.ts';
import { GS } from '../../x86/registers.ts';
import { CPU, debugOffset, READY, segmentBase } from './layout.ts';
import { STORED_MSRS } from './registers.ts';

const storedMsr = (msr: MsrIndex): number => CPU.msrs + 8 * STORED_MSRS.indexOf(msr);

const OFFSETS: Readonly<Record<Field, number>> = {
  CR4: CPU.cr4, DR7: debugOffset(7), 'GS base': segmentBase(GS), IA32_KERNEL_GS_BASE: storedMsr(MSRS.IA32_KERNEL_GS_BASE),
  IA32_TSC_AUX: storedMsr(MSRS.IA32_TSC_AUX),
  'ready MSR': CPU.readyStatus + READY.name, 'value of ready MSR': CPU.readyStatus + READY.value,
  'reads of ready MSR': CPU.readyStatus + READY.reads,
  'ready counter': CPU.readyCounter + READY.name, 'value of ready counter': CPU.readyCounter + READY.value,
  'reads of ready counter': CPU.readyCounter + READY.reads,
};

/** By position in FIELDS. */
export const FIELD_OFFSETS = FIELDS.map((field) => OFFSETS[field]);
