/** Where QEMU deviates from the manual: instructions of the system. */
import type { Deviation } from './deviation.ts';

/** The instruction is a #GP(0), and has changed nothing. */
const refused = (outcome: string): string => {
  const logged = outcome.replace(/.* at=K-28/, '').replace(/(fs|gs)base=\w+/, '$1base=0').replace(/cr0=\w+/, 'cr0=80010031');
  return ` d:0 ip=+0 cs=8 ss=10 sp=K-0 fl=46 at=K-30${logged}`;
};

export const INSTRUCTIONS_DIFFER: readonly Deviation[] = [
  {
    program: 'segments', cases: /^look at type [1345] /,
    answer: (outcome) => outcome.replace(/rcx=.*/, 'rcx=1111 rdx=0 rbx=2222 rsi=0 rdi=0'),
    reason: 'SDM, LAR and LSL, tables of segment and gate types: those of 16 bits, and task gates, are not valid in IA-32e mode.',
  },
  {
    program: 'segments', cases: /^MOV SS of selector [123], supervisor$/, answer: () => ' d:0 ip=+0 cs=8 ss=10 sp=K-0 fl=46 at=K-30',
    reason: 'SDM, MOV: a null selector into SS is #GP(0) when its RPL is not CPL.',
  },
  {
    program: 'segments', cases: /^LTR of type 1( not present)?$/,
    answer: (outcome) => ` d:38 ip=+0 cs=8 ss=10 sp=K-0 fl=46 at=K-30 tr=28${outcome.replace(/.* m=/, ' m=').replace('c083', 'c081')}`,
    reason: 'SDM, "System Descriptor Types": in IA-32e mode 1 is reserved; LTR wants an available 64-bit TSS.',
  },
  {
    program: 'segments', cases: /^LTR of selector [03]$/, answer: () => ' d:0 ip=+0 cs=8 ss=10 sp=K-0 fl=46 at=K-30 tr=28',
    reason: 'SDM, LTR: #GP(0) when the selector is null.',
  },
  {
    program: 'segments', cases: /^L(LDT|TR) of a base that is not canonical$/,
    answer: (outcome) => ` d:38 ip=+0 cs=8 ss=10 sp=K-0 fl=46 at=K-30 ${outcome.includes('ldtr') ? 'ldtr=0' : 'tr=28'}`,
    reason: 'SDM, "Canonical Addressing": the base of a system segment has to be; the emulator does not ask.',
  },
  {
    program: 'registers', cases: /^CR0 bit ([6-9]|1[0-57]|19|2[0-8]) changed$/,
    answer: (outcome) => outcome.replace(/cr0=.*/, 'cr0=80010031'),
    reason: 'SDM, "Control Registers": reserved bits of CR0 remain clear after any load; attempts to set them have no impact.',
  },
  {
    program: 'registers', answer: refused, cases: /^CR0 bit (29 changed|32|63)$|^CR8 = (10|10{8}|80{15})$/,
    reason: 'SDM, MOV to control registers: #GP(0) for NW without CD, and for reserved bits of CR0 63:32 and CR8.',
  },
  {
    program: 'registers', cases: /^DR(6 all ones|7 reserved)/,
    answer: (outcome) => outcome.replace('ffffffff', 'ffffefff').replace('d400', '400'),
    reason: 'SDM, "Debug Registers": bit 12 of DR6, and bits 12, 14 and 15 of DR7, are always 0.',
  },
  {
    program: 'registers', cases: /^DR7.GD/,
    answer: () => ' [1 ip=+0 fl=46 dr6=ffff2ff0] 80 ip=+5 cs=8 ss=10 sp=K-0 fl=46 at=K-28 dr7=400',
    reason: 'SDM, "Debug Registers": GD makes a MOV to or from a debug register a #DB before it, with DR6.BD. The emulator has no GD.',
  },
  {
    program: 'registers', answer: refused,
    cases: /^IA32_\w+ (not canonical|of more than|type [28]|bit)|^wr[fg]sbase, not canonical|^(RD|WR)MSR of no register/,
    reason: 'SDM, WRMSR, RDMSR and WRFSBASE: #GP(0) for an address that is not canonical, for reserved bits and memory types, and for '
      + 'registers that do not exist. The emulator takes everything.',
  },
  {
    program: 'transfers', cases: /^CALL through (a gate of DPL 3 by RPL [03]|a gate to conforming code), user$/,
    answer: (outcome) => outcome.replace('cs=58', 'cs=5b'),
    reason: 'SDM, CALL: the RPL of CS becomes CPL, which a call of conforming code leaves.',
  },
  {
    program: 'transfers', cases: /^CALL through a gate to code DPL [12], user$/, answer: (outcome) => outcome.replace(/at=[QR]/, 'at=P'),
    reason: 'SDM, INT n: from levels 1 and 2 to level 0 the stack is that of RSP0. The emulator takes CPL from the null SS that its call '
      + 'through a gate has left: it is at level 0 already.',
  },
  {
    program: 'transfers', cases: /^(CALL|JMP) through a gate to a bad address, /,
    answer: (outcome) => outcome.replace(/ip=\w+/, outcome.includes('rdx') ? 'ip=u+15' : 'ip=u+1b').replace(/sp=(u?)(.)-10/, 'sp=$1$2-0')
      .replace(/cs=5[8b] ss=1b/, 'cs=23 ss=1b').replace(/ip=u(.*) cs=58 ss=10/, 'ip=$1 cs=8 ss=10').replace('at=K-40', 'at=K-30'),
    reason: 'SDM, CALL and JMP: an offset in the gate that is not canonical is #GP(0). The emulator goes there, and faults then.',
  },
  {
    program: 'transfers',
    cases: /^IRET to (KERNEL_CODE with stack of selector [123]|CODE1 with stack of selector [023]|CODE2 with stack of selector [013])$/,
    answer: () => ' d:0 ip=+11 cs=8 ss=10 sp=K-28 fl=46 at=K-60',
    reason: 'SDM, IRET: #GP(0) when the RPL of a null SS is not the level that is returned to.',
  },
  {
    program: 'transfers', cases: /^(IRET|RETF) to .* with stack of data (DPL 3 )?not present$/,
    answer: (outcome) => outcome.replace(' b:38', ' c:38'),
    reason: 'SDM, IRET and RET: #SS(selector) when the stack segment is not present. The emulator has #NP.',
  },
  {
    program: 'transfers', cases: /^IRET to a bad address/, answer: () => ' d:0 ip=+5 cs=8 ss=10 sp=K-28 fl=46 at=K-60',
    reason: 'SDM, IRET: #GP(0) when the return address is not canonical. The emulator goes there, and faults then.',
  },
  {
    program: 'transfers', cases: /^SYSRET to a bad address$/, answer: () => ' d:0 ip=+0 cs=8 ss=10 sp=K-0 fl=46 at=K-30',
    reason: 'SDM, SYSRET: #GP(0) when RCX is not canonical. The emulator goes there, and faults then.',
  },
  {
    program: 'transfers', cases: /^(IRET|RETF|far CALL|far JMP) to code with L and D, supervisor$/,
    answer: (outcome) => (outcome.includes('u+15') ? ' d:38 ip=+11 cs=8 ss=10 sp=K-28 fl=46 at=K-60'
      : outcome.includes('u+14') ? ' d:38 ip=+10 cs=8 ss=10 sp=K-20 fl=46 at=K-50' : ' d:38 ip=+19 cs=8 ss=10 sp=K-0 fl=46 at=K-30'),
    reason: 'SDM, IRET, RET, CALL and JMP: #GP(selector) when both L and D of the code segment are set.',
  },
  {
    program: 'transfers', cases: /^SYSCALL(,| forces| to)/, answer: (outcome) => outcome.replace('fl=2 ', 'fl=46 '),
    reason: 'SDM, SYSCALL: of RFLAGS only the bits of IA32_FMASK and RF are cleared. The emulator clears the status flags too.',
  },
  {
    program: 'transfers', cases: /^SYSCALL with flags$/, answer: (outcome) => outcome.replace('fl=200002', 'fl=2008d7'),
    reason: 'SDM, SYSCALL: 243ED7H, without the 47700H of IA32_FMASK, is 2008D7H. The emulator clears the status flags too.',
  },
];
