/** What is not recorded, and why: what cannot be at CPL 3 on the recording machine, or is not the same on every processor. */
import type { Instruction } from '../../src/x86/isa/define.ts';
import { sizesOf } from '../../src/x86/isa/encode.ts';
import type { Form } from '../../src/x86/isa/notation.ts';
import type { Width } from '../../src/x86/registers.ts';

const UMIP = 'emulated by the kernel where UMIP is on';
/** Mnemonics that are not recorded. */
const NOT_RECORDED: Readonly<Record<string, string>> = {
  CPUID: 'its answer is the recording processor\'s', XGETBV: 'its answer is the recording processor\'s',
  RDTSC: 'its answer is the time', RDTSCP: 'its answer is the time',
  RDRAND: 'its answer is random', RDSEED: 'its answer is random',
  SYSCALL: 'it calls the kernel of the recording machine',
  SYSENTER: 'undefined in long mode on AMD, defined on Intel', SYSEXIT: 'undefined in long mode on AMD, defined on Intel',
  SGDT: UMIP, SIDT: UMIP, SLDT: UMIP, STR: UMIP, SMSW: UMIP,
  UD0: 'AMD takes it without the ModRM byte',
  INT1: 'the recorder cannot tell its trap from the single step\'s',
};

/** Why a form is not recorded at an operand size; undefined when it is. */
export function notRecorded({ mnemonic }: Instruction, form: Form, size: Width): string | undefined {
  if (sizesOf(form).length === 0) return 'it is none in 64-bit mode, in which all is recorded';
  const whole = NOT_RECORDED[mnemonic];
  if (whole !== undefined) return whole;
  if (form.row.startsWith('0F 0D /r')) return 'AMD has no NOP there';
  if (form.operands.some(({ kind }) => kind === 'far') && size === 8) return 'AMD ignores REX.W in front of a far pointer';
  if (mnemonic === 'MOVSXD' && size === 2) return 'AMD reads four bytes of memory there, Intel two';
  return mnemonic === 'SYSRET' && size !== 8 ? 'outside 64-bit mode it is AMD\'s alone' : undefined;
}
