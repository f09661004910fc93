/**
 * What a test of a PMU asks, in the spirit of kvm-unit-tests' own: that each counter counts what it is told to, overflows where it must,
 * interrupts if it should, and takes and refuses what the manual says. Every count is a sum over the listing of the region that is
 * counted, which the enabling WRMSR is no part of, and the disabling one is.
 */
const N = 1000;
const WIDTH = 48;
/** Of the machine that a test image runs on. */
const COUNTERS = { general: 4, fixed: 3 } as const;
const MASK = 2n ** BigInt(WIDTH) - 1n;

export const MSR = {
  apicBase: 0x1b, perfCapabilities: 0x345, legacyCounter: 0xc1, counter: 0x4c1, select: 0x186, fixed: 0x309, fixedCtrl: 0x38d,
  status: 0x38e, globalCtrl: 0x38f, overflowCtrl: 0x390, lastBranchTop: 0x1c9, lastBranchFrom: 0x680, pebsEnable: 0x3f1,
} as const;
const EVENT = { cycles: 0x3c, instructions: 0xc0, reference: 0x13c, branches: 0xc4 } as const;
const SELECT = { user: 1 << 16, kernel: 1 << 17, interrupt: 1 << 20, enable: 1 << 22, twoAtATime: 2 << 24 } as const;
export const VECTOR = 0x81;
const TEST_MEMORY = 0xff00_0000;

/** A value, and the bounds that it must keep. */
export interface PmuCheck {
  readonly name: string;
  /** Leaves a value in RAX. */
  readonly code: readonly string[];
  readonly least: bigint | number;
  readonly most: bigint | number;
  /** It is skipped where there is none: IA32_PERF_CAPABILITIES, or its bit that says that counters can be written in full. */
  readonly needs?: 'capabilities' | 'full';
}

const exactly = (value: bigint | number): Pick<PmuCheck, 'least' | 'most'> => ({ least: value, most: value });

export const write = (msr: number, value: bigint | number): string[] =>
  [`mov   ecx, ${msr}`, `mov   rax, ${BigInt(value)}`, 'call  wrmsr64'];
export const read = (msr: number): string[] => [`mov   ecx, ${msr}`, 'call  rdmsr64'];
const select = (i: number, event: number, more = 0): string[] =>
  write(MSR.select + i, event | SELECT.kernel | SELECT.enable | more);
/** 1 if it is #GP, else 0. */
const faults = (...code: readonly string[]): string[] => [...code, 'mov   eax, edi'];
const tryWrite = (msr: number, value: bigint): string[] => [`mov   ecx, ${msr}`, `mov   rax, ${value}`, 'call  try_wrmsr'];
const tryRead = (msr: number): string[] => [`mov   ecx, ${msr}`, 'call  try_rdmsr'];
const tryRdpmc = (index: number): string[] => [`mov   ecx, ${index}`, 'call  try_rdpmc'];

/** Code of the region that is counted, and how many instructions of it retire. */
interface Body { readonly lines: readonly string[]; readonly instructions: number }

let loops = 0;
/** N times ten instructions, of which one is a branch, and the one before. */
function loop(): Body {
  const label = `counted_${loops++}`;
  return { lines: [`mov   ecx, ${N}`, `${label}:`, ...Array.from({ length: 9 }, () => 'nop'), `loop  ${label}`], instructions: 10 * N + 1 };
}
const many = (count: number, ...lines: readonly string[]): Body =>
  ({ lines: Array.from({ length: count }, () => lines).flat(), instructions: count * lines.length });
/** MOV, XOR, XOR, and the WRMSR that disables. */
const DISABLING = 4;
const counted = ({ instructions }: Body): number => instructions + DISABLING;
const region = (globalCtrl: bigint, { lines }: Body): string[] => [
  ...write(MSR.globalCtrl, globalCtrl).slice(0, 2), 'mov   rdx, rax', 'shr   rdx, 32', 'wrmsr', ...lines, `mov   ecx, ${MSR.globalCtrl}`,
  'xor   eax, eax', 'xor   edx, edx', 'wrmsr',
];

const general = (i: number): bigint => 1n << BigInt(i);
const fixed = (j: number): bigint => 1n << BigInt(32 + j);
const list = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);
export const GENERAL = list(COUNTERS.general), FIXED = list(COUNTERS.fixed);
const ALL = GENERAL.reduce((bits, i) => bits | general(i), 0n) | FIXED.reduce((bits, j) => bits | fixed(j), 0n);
/** In the kernel. */
const FIXED_KERNEL = 1, ALL_FIXED = 0x111;

/** What a general counter makes of an event in the loop. */
function counting(i: number, what: string, event: number, bounds: Pick<PmuCheck, 'least' | 'most'>): PmuCheck {
  return {
    name: `general counter ${i} counts ${what}`, ...bounds,
    code: [...select(i, event), ...region(general(i), loop()), ...read(MSR.legacyCounter + i)],
  };
}

const INSTRUCTIONS = 10 * N + 1 + DISABLING;
/** Reference cycles are no more than cycles, and may be far fewer. */
const CYCLES = { least: N, most: 50 * N }, REFERENCE = { least: N / 10, most: 30 * N };

const counts: readonly PmuCheck[] = [
  ...GENERAL.flatMap((i) => [
    counting(i, 'instructions', EVENT.instructions, exactly(INSTRUCTIONS)), counting(i, 'branches', EVENT.branches, exactly(N)),
    counting(i, 'cycles', EVENT.cycles, CYCLES), counting(i, 'reference cycles', EVENT.reference, REFERENCE),
  ]),
  ...FIXED.map((j): PmuCheck => ({
    name: `fixed counter ${j} counts`, ...[exactly(INSTRUCTIONS), CYCLES, REFERENCE][j]!,
    code: [...write(MSR.fixedCtrl, ALL_FIXED), ...region(fixed(j), loop()), ...read(MSR.fixed + j)],
  })),
  ...[...GENERAL.map((i) => [`general counter ${i}`, MSR.legacyCounter + i] as const), ['fixed counter 0', MSR.fixed] as const].map(
    ([name, msr]): PmuCheck => ({
      name: `${name} counts beside all others`, ...exactly(INSTRUCTIONS),
      code: [
        ...GENERAL.flatMap((i) => select(i, EVENT.instructions)), ...write(MSR.fixedCtrl, ALL_FIXED), ...region(ALL, loop()), ...read(msr),
      ],
    })),
  {
    name: 'what only the user is counted for does not count', ...exactly(0),
    code: [...write(MSR.select, EVENT.instructions | SELECT.user | SELECT.enable), ...region(1n, loop()), ...read(MSR.legacyCounter)],
  },
  {
    name: 'a counter whose global bit is clear does not count', ...exactly(0),
    code: [...select(0, EVENT.instructions), ...region(general(1), loop()), ...read(MSR.legacyCounter)],
  },
  {
    name: 'CMASK counts cycles, not instructions', least: 0, most: 10 * N - 1,
    code: [...select(0, EVENT.instructions, SELECT.twoAtATime), ...region(1n, loop()), ...read(MSR.legacyCounter)],
  },
];

/** Instructions that a hypervisor traps and completes: to whoever counts, they are instructions. */
const trapped = ([
  ['CPUID', many(5, 'xor   eax, eax', 'cpuid')], ['port reads', many(5, 'in    al, 0xe0')],
  ['reads of a device in memory', many(5, 'mov   eax, [rsi]')], ['RDMSR', many(5, `mov   ecx, ${MSR.apicBase}`, 'rdmsr')],
  ['RDPMC', many(5, 'xor   ecx, ecx', 'rdpmc')], ['MOV to CR4', many(5, 'mov   rax, cr4', 'mov   cr4, rax')],
] as const).map(([what, body]): PmuCheck => ({
  name: `instructions among ${what}`, ...exactly(counted(body)),
  code: [`mov   esi, ${TEST_MEMORY}`, ...select(0, EVENT.instructions), ...region(1n, body), ...read(MSR.legacyCounter)],
}));

/** So that the last instruction but one of the region overflows, and the last one counts 1. */
const PRESET = BigInt(1 - INSTRUCTIONS);
const overflow = (i: number, interrupt: number): string[] => [
  ...write(MSR.legacyCounter + i, BigInt.asUintN(32, PRESET)), ...select(i, EVENT.instructions, interrupt), 'sti',
  ...region(general(i), loop()), 'nop', 'cli',
];
const fixedOverflow = (interrupt: number): string[] => [
  ...write(MSR.fixed, PRESET & MASK), ...write(MSR.fixedCtrl, FIXED_KERNEL | interrupt), 'sti', ...region(fixed(0), loop()), 'nop', 'cli',
];
const INT = SELECT.interrupt, FIXED_INT = 8;
export const PERIOD = 1000;
/** Of a sample's handler these instructions are counted, behind its enabling WRMSR: RET, 5 POP, ADD, IRETQ. */
const SAMPLE_TAIL = 8;

const overflows: readonly PmuCheck[] = [
  ...GENERAL.flatMap((i): PmuCheck[] => [
    { name: `general counter ${i} goes on from 0`, ...exactly(1), code: [...overflow(i, 0), ...read(MSR.legacyCounter + i)] },
    { name: `general counter ${i} sets its status bit`, ...exactly(general(i)), code: [...overflow(i, 0), ...read(MSR.status)] },
    { name: `general counter ${i} interrupts if it should`, ...exactly(1), code: [...overflow(i, INT), 'mov   eax, [rel pmis]'] },
    { name: `general counter ${i} does not interrupt otherwise`, ...exactly(0), code: [...overflow(i, 0), 'mov   eax, [rel pmis]'] },
  ]),
  { name: 'fixed counter 0 goes on from 0', ...exactly(1), code: [...fixedOverflow(0), ...read(MSR.fixed)] },
  { name: 'fixed counter 0 sets its status bit', ...exactly(fixed(0)), code: [...fixedOverflow(0), ...read(MSR.status)] },
  { name: 'fixed counter 0 interrupts if it should', ...exactly(1), code: [...fixedOverflow(FIXED_INT), 'mov   eax, [rel pmis]'] },
  {
    name: 'a status bit is cleared by the register for it', ...exactly(0),
    code: [...overflow(0, 0), ...write(MSR.overflowCtrl, 1), ...read(MSR.status)],
  },
  {
    name: 'the register that clears status bits reads as 0', ...exactly(0),
    code: [...overflow(0, 0), ...write(MSR.overflowCtrl, 1), ...read(MSR.overflowCtrl)],
  },
  { name: 'a PMI masks LVTPC', ...exactly(1), code: [...overflow(0, INT), 'mov   eax, [rel masked]'] },
  {
    name: 'a PMI that meets a masked LVTPC is lost', ...exactly(0),
    code: ['mov   edx, APIC', `mov   dword [rdx + 0x340], ${0x1_0000 | VECTOR}`, ...overflow(0, INT), 'mov   eax, [rel pmis]'],
  },
  {
    name: 'a counter that is written while it runs counts from there', least: 1, most: 10 * N,
    code: [
      ...select(0, EVENT.instructions),
      ...region(1n, { lines: [...loop().lines, ...write(MSR.legacyCounter, 0), 'nop'], instructions: 0 }), ...read(MSR.legacyCounter),
    ],
  },
  {
    name: 'a counter that is written while it runs overflows from there', ...exactly(1),
    code: [
      ...select(0, EVENT.instructions),
      ...region(1n, { lines: [...write(MSR.legacyCounter, 0xffff_ffff), 'nop', 'nop'], instructions: 0 }), ...read(MSR.status),
    ],
  },
  {
    name: 'a sample in every period', ...exactly(1 + Math.floor((INSTRUCTIONS - PERIOD) / (PERIOD - SAMPLE_TAIL))),
    code: [
      'lea   rax, [rel sample]', 'mov   [rel hook], rax', ...write(MSR.legacyCounter, BigInt.asUintN(32, BigInt(-PERIOD))),
      ...select(0, EVENT.instructions, INT), 'sti', ...region(1n, loop()), 'nop', 'cli', 'mov   eax, [rel pmis]',
    ],
  },
];

const VALUE = 0xff01_2345_6789n, SHORT = 0x7123_4567n;
const registers: readonly PmuCheck[] = [
  {
    name: 'the low window of a counter extends bit 31', ...exactly(0xffff_9876_5432n),
    code: [...write(MSR.legacyCounter, 0x12_9876_5432n), ...read(MSR.legacyCounter)],
  },
  {
    name: 'the full window takes all bits', ...exactly(VALUE), needs: 'full',
    code: [...write(MSR.counter, VALUE), ...read(MSR.legacyCounter)],
  },
  {
    name: 'the full window takes no more bits than there are', ...exactly(1), needs: 'full',
    code: faults(...tryWrite(MSR.counter, 1n << BigInt(WIDTH))),
  },
  { name: 'RDPMC reads a general counter', ...exactly(SHORT), code: [...write(MSR.legacyCounter + 1, SHORT), ...tryRdpmc(1)] },
  {
    name: 'a fixed counter takes all bits, and RDPMC reads them', ...exactly(VALUE),
    code: [...write(MSR.fixed + 1, VALUE), ...tryRdpmc(0x4000_0001)],
  },
  { name: 'RDPMC with bit 31 set is #GP', ...exactly(1), code: faults(...tryRdpmc(0x8000_0000)) },
  { name: 'RDPMC of no counter is #GP', ...exactly(1), code: faults(...tryRdpmc(64)) },
  { name: 'RDPMC of the general counter behind the last is #GP', ...exactly(1), code: faults(...tryRdpmc(COUNTERS.general)) },
  { name: 'RDPMC of the fixed counter behind the last is #GP', ...exactly(1), code: faults(...tryRdpmc(0x4000_0000 + COUNTERS.fixed)) },
  { name: 'a general counter behind the last is #GP', ...exactly(1), code: faults(...tryRead(MSR.legacyCounter + COUNTERS.general)) },
  { name: 'the selector behind the last is #GP', ...exactly(1), code: faults(...tryRead(MSR.select + COUNTERS.general)) },
  { name: 'a fixed counter behind the last is #GP', ...exactly(1), code: faults(...tryRead(MSR.fixed + COUNTERS.fixed)) },
  { name: 'a reserved bit of a selector is #GP', ...exactly(1), code: faults(...tryWrite(MSR.select, 1n << 40n)) },
  { name: 'the global bit of no counter is #GP', ...exactly(1), code: faults(...tryWrite(MSR.globalCtrl, general(COUNTERS.general))) },
  {
    name: 'the control of no fixed counter is #GP', ...exactly(1),
    code: faults(...tryWrite(MSR.fixedCtrl, 0xfn << BigInt(4 * COUNTERS.fixed))),
  },
  { name: 'a write of the status is #GP', ...exactly(1), code: faults(...tryWrite(MSR.status, 0n)) },
  { name: 'a write of the capabilities is #GP', ...exactly(1), code: faults(...tryWrite(MSR.perfCapabilities, 0n)) },
  {
    name: 'there is no format of last branches', ...exactly(0), needs: 'capabilities',
    code: [...read(MSR.perfCapabilities), 'and   eax, 0x3f'],
  },
  { name: 'there is no top of last branches', ...exactly(1), code: faults(...tryRead(MSR.lastBranchTop)) },
  { name: 'there is no last branch', ...exactly(1), code: faults(...tryRead(MSR.lastBranchFrom)) },
  { name: 'there is no PEBS', ...exactly(1), code: faults(...tryRead(MSR.pebsEnable)) },
];

/** Before anything else: what power-on leaves. SDM: all general counters are enabled in IA32_PERF_GLOBAL_CTRL. */
const first: readonly PmuCheck[] = [
  {
    name: 'general counters are enabled at power-on', ...exactly((1n << BigInt(COUNTERS.general)) - 1n),
    code: ['mov   rax, [rel power_on]'],
  },
];

export const PMU_CHECKS: readonly PmuCheck[] = [...first, ...counts, ...trapped, ...overflows, ...registers];
