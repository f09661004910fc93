/** Where QEMU deviates from the manual: breakpoints of the debug registers. */
import type { Deviation } from './deviation.ts';

export const BREAKPOINTS_DIFFER: readonly Deviation[] = [
  {
    program: 'breakpoints', cases: /^two of them at once$/, answer: (outcome) => outcome.replace('dr6=ffff0ff2', 'dr6=ffff0ff6'),
    reason: 'SDM, "Debug Registers": each of B0 to B3 tells of its own condition. QEMU 7.2 tells of one.',
  },
  {
    program: 'breakpoints', cases: /^a write and a single step$/,
    reason: 'SDM, "Single-Step Exception Condition", "Data Memory and I/O Breakpoint Exception Conditions": both are traps behind the '
      + 'instruction, and one exception tells of both. QEMU 7.2 makes two of them, and a wrong instruction pointer.',
    answer: () => ' [1 ip=+10 fl=146 dr6=ffff4ff1] [1 ip=+11 fl=146 dr6=ffff4ff0] 80 ip=+13 cs=8 ss=10 sp=K-0 fl=146 at=K-28',
  },
  {
    program: 'breakpoints', cases: /^a load of SS holds it off$/, answer: (outcome) => outcome.replace('ip=+7', 'ip=+8'),
    reason: 'SDM, "Masking Exceptions and Interrupts When Switching Stacks": a data breakpoint that MOV SS meets is reported behind the '
      + 'next instruction. QEMU 7.2 reports it at once.',
  },
  {
    program: 'breakpoints', cases: /^a port without CR4.DE$/, answer: (outcome) => outcome.replace(/ \[.*?\]/, ''),
    reason: 'SDM, "Debug Registers": without CR4.DE there is no condition for ports. QEMU 7.2 does not ask.',
  },
];
