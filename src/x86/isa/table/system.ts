/** What changes more than registers and memory: most are routines of the processor's, of the same name. */
import { UD } from '../../fault.ts';
import { CR4_TSD } from '../../paging.ts';
import { RAX, RCX, RDX } from '../../registers.ts';
import { define, type Instruction, microcoded } from '../define.ts';
import type { Lift, Semantics } from '../lift.ts';

const undefinedOpcode: Semantics = (u) => u.fault(UD);

const readTimestamp = (u: Lift): void => {
  u.faultIf(u.both(u.not(u.isZero(u.cpl())), u.not(u.isZero(u.and(u.field('CR4'), CR4_TSD)))));
  const now = u.timestamp();
  u.setGpr(RAX, now, 4);
  u.setGpr(RDX, u.shr(now, 32), 4);
};

/** The register that ECX names, if the processor has it ready. */
const readReady = (kind: 'MSR' | 'counter'): Semantics => (u) => {
  u.microcodeIf(u.either(u.not(u.isZero(u.cpl())), u.not(u.equal(u.gpr(RCX, 4), u.field(`ready ${kind}`)))));
  const value = u.field(`value of ready ${kind}`);
  u.setField(`reads of ready ${kind}`, u.plus(u.field(`reads of ready ${kind}`), 1));
  u.setGpr(RAX, value, 4);
  u.setGpr(RDX, u.shr(value, 32), 4);
};

export const SYSTEM: readonly Instruction[] = [
  // Interrupts and system calls.
  microcoded('INT3', ['CC'], 'interrupt', { counted: ['branch'] }),
  microcoded('INT', ['CD ib | imm8'], 'interrupt', { counted: ['branch'] }),
  microcoded('INT1', ['F1'], 'interrupt', { counted: ['branch'] }),
  microcoded('INTO', ['CE | | i64'], 'interrupt', { counted: ['branch'] }),
  microcoded('IRET', ['CF'], 'interrupt', { counted: ['branch'], sized: ['IRET', 'IRETD', 'IRETQ'] }),
  microcoded('SYSCALL', ['0F 05'], 'system call', { counted: ['branch'] }),
  microcoded('SYSRET', ['0F 07'], 'system call', { counted: ['branch'], sized: ['SYSRET', 'SYSRET', 'SYSRETQ'] }),
  microcoded('SYSENTER', ['0F 34'], 'system call', { counted: ['branch'], feature: 'SEP' }),
  microcoded('SYSEXIT', ['0F 35'], 'system call', { counted: ['branch'], feature: 'SEP', sized: ['SYSEXIT', 'SYSEXIT', 'SYSEXITQ'] }),
  define('SWAPGS', ['0F 01 /7 r/m=0 | | o64'], (u) => {
    u.faultIf(u.not(u.isZero(u.cpl())));
    const [base, kernel] = [u.field('GS base'), u.field('IA32_KERNEL_GS_BASE')];
    u.setField('GS base', kernel);
    u.setField('IA32_KERNEL_GS_BASE', base);
  }, { cost: 'system call' }),
  microcoded('HLT', ['F4'], 'simple'),
  define('UD2', ['0F 0B'], undefinedOpcode),
  define('UD1', ['0F B9 /r | r, r/m'], undefinedOpcode),
  define('UD0', ['0F FF /r | r, r/m'], undefinedOpcode),
  // Processor state.
  define('RDMSR', ['0F 32'], readReady('MSR'), { cost: 'msr' }),
  microcoded('WRMSR', ['0F 30'], 'msr'),
  define('RDPMC', ['0F 33'], readReady('counter'), { cost: 'rdpmc' }),
  define('RDTSC', ['0F 31'], readTimestamp, { cost: 'timestamp' }),
  define('RDTSCP', ['0F 01 /7 r/m=1'], (u) => {
    readTimestamp(u);
    u.setGpr(RCX, u.field('IA32_TSC_AUX'), 4);
  }, { cost: 'timestamp', feature: 'RDTSCP' }),
  microcoded('CPUID', ['0F A2'], 'cpuid'),
  microcoded('RDRAND', ['NFx 0F C7 /6 | rm:r'], 'random', { feature: 'RDRAND' }),
  microcoded('RDSEED', ['NFx 0F C7 /7 | rm:r'], 'random', { feature: 'RDSEED' }),
  microcoded('RDFSBASE', ['F3 0F AE /0 | rm:r | no16 o64'], 'simple', { feature: 'FSGSBASE' }),
  microcoded('RDGSBASE', ['F3 0F AE /1 | rm:r | no16 o64'], 'simple', { feature: 'FSGSBASE' }),
  microcoded('WRFSBASE', ['F3 0F AE /2 | rm:r | no16 o64'], 'simple', { feature: 'FSGSBASE' }),
  microcoded('WRGSBASE', ['F3 0F AE /3 | rm:r | no16 o64'], 'simple', { feature: 'FSGSBASE' }),
  microcoded('SMSW', ['0F 01 /4 | r/m16v'], 'control register', { counted: ['store'] }),
  microcoded('LMSW', ['0F 01 /6 | r/m16v'], 'control register', { counted: ['load'] }),
  microcoded('CLTS', ['0F 06'], 'control register'),
  // Descriptor tables.
  microcoded('SGDT', ['0F 01 /0 | m | f64'], 'descriptor', { counted: ['store'] }),
  microcoded('SIDT', ['0F 01 /1 | m | f64'], 'descriptor', { counted: ['store'] }),
  microcoded('LGDT', ['0F 01 /2 | m16&64 | f64'], 'descriptor', { counted: ['load'] }),
  microcoded('LIDT', ['0F 01 /3 | m16&64 | f64'], 'descriptor', { counted: ['load'] }),
  microcoded('SLDT', ['0F 00 /0 | r/m16v'], 'descriptor', { counted: ['store'] }),
  microcoded('STR', ['0F 00 /1 | r/m16v'], 'descriptor', { counted: ['store'] }),
  microcoded('LLDT', ['0F 00 /2 | r/m16v'], 'descriptor', { counted: ['load'] }),
  microcoded('LTR', ['0F 00 /3 | r/m16v'], 'descriptor', { counted: ['load'] }),
  microcoded('VERR', ['0F 00 /4 | r/m16v'], 'descriptor', { counted: ['load'] }),
  microcoded('VERW', ['0F 00 /5 | r/m16v'], 'descriptor', { counted: ['load'] }),
  microcoded('LAR', ['0F 02 /r | r, r/m16v'], 'descriptor', { counted: ['load'] }),
  microcoded('LSL', ['0F 03 /r | r, r/m16v'], 'descriptor', { counted: ['load'] }),
  microcoded('ARPL', ['63 /r | r/m16, r16 | i64'], 'descriptor', { counted: ['load', 'store'] }),
  // Caches and translations.
  microcoded('INVLPG', ['0F 01 /7 | m'], 'control register'),
  microcoded('INVD', ['0F 08'], 'cache'),
  microcoded('WBINVD', ['0F 09'], 'cache'),
  microcoded('CLFLUSH', ['NP 0F AE /7 | m8'], 'cache', { feature: 'CLFSH' }),
  // Ports.
  microcoded('IN', ['E4 ib | AL, imm8', 'E5 ib | rAX, imm8 | io', 'EC | AL, DX', 'ED | rAX, DX | io'], 'port'),
  microcoded('OUT', ['E6 ib | imm8, AL', 'E7 ib | imm8, rAX | io', 'EE | DX, AL', 'EF | DX, rAX | io'], 'port'),
];
