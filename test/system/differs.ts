/**
 * Where QEMU deviates from the manual: which cases, why, and what comes of them by the manual. Every other difference
 * between a recorded line and ours is a mistake of ours.
 */

export interface Deviation {
  readonly program: string;
  /** The names of the cases. */
  readonly cases: RegExp;
  /** What the manual says, and what the emulator does. */
  readonly reason: string;
  /** The manual's outcome, from the emulator's: what follows the name of the case. */
  readonly answer: (outcome: string) => string;
}

const number = (text: string): number => Number.parseInt(text, 16);

/** P beside RSVD in the error codes of page faults. */
const withPresent = (outcome: string): string =>
  outcome.replaceAll(/\be:([\da-f]+)/g, (_, code) => `e:${(number(code) & 8 ? number(code) | 1 : number(code)).toString(16)}`);
const RESERVED = 'SDM, "Page-Fault Exception (#PF)": RSVD is set only together with P; the emulator leaves P out.';

/** Gates of the IDT in error codes: QEMU 7.2 has 16 times the vector. */
const withIndex = (outcome: string): string =>
  outcome.replace(/\b([bd]):([\da-f]+2)\b/, (_, vector, code) => `${vector}:${((number(code) >> 4 << 3) + 2).toString(16)}`);
const INDEX = 'SDM, "Error Code": bits 15:3 are the index of the gate; the emulator gives its offset in the table.';

const withExt = (outcome: string): string =>
  outcome.replace(/\b([abcd]):([\da-f]+)/, (_, vector, code) => `${vector}:${(number(code) | 1).toString(16)}`);
const EXT = 'SDM, "Error Code": EXT is set while an interrupt or an earlier exception is delivered; the emulator never sets it.';

/** A page fault of a read, as that of a write. */
const asWrite = (outcome: string): string => outcome.replace(' e:0 ', ' e:2 ');
const asStackFault = (outcome: string): string => outcome.replace(' d:0 ', ' c:0 ');
const atBranch = (from: string, to: string, stack: string) => (outcome: string): string =>
  outcome.replace(`ip=${from}`, `ip=${to}`).replace(/sp=K-\d/g, `sp=${stack}`);
const BRANCH = 'SDM, JMP, CALL and RET: a target that is not canonical is a #GP of the branch. The emulator branches, and faults there.';

export const QEMU_DIFFERS: readonly Deviation[] = [
  { program: 'paging', cases: /^(?!.*absent).* bit(7|13|20|29|46|51)\b| nx.* nonx$/, reason: RESERVED, answer: withPresent },
  { program: 'translation', cases: /reserved bit/, reason: RESERVED, answer: withPresent },
  {
    program: 'addresses', cases: /^across pages: (update|exchange|compare), (no first|no second|neither)$/, answer: asWrite,
    reason: 'An instruction that reads in order to write faults as a write, as the vectors of a real processor have it. '
      + 'The emulator reads first, but for a page that is only read-only.',
  },
  {
    program: 'addresses', answer: asStackFault,
    cases: /^not canonical: (read through R[BS]P|write through RBP|PUSH$|PUSH below|POP$|.* with a bad stack|LEAVE|ENTER|PUSHF)/,
    reason: 'SDM, "Canonical Addressing": through the stack segment, which RSP and RBP imply, such an address is #SS(0). The emulator '
      + 'has #GP(0) for all segments.',
  },
  { program: 'addresses', cases: /^not canonical: JMP$/, reason: BRANCH, answer: atBranch('800000000000', '+0', 'K-0') },
  { program: 'addresses', cases: /^not canonical: CALL$/, reason: BRANCH, answer: atBranch('800000000000', '+0', 'K-0') },
  {
    program: 'addresses', cases: /^not canonical: (RET|JMP through memory)$/, reason: BRANCH,
    answer: atBranch('800000000000', '+1', 'K-8'),
  },
  {
    program: 'addresses', cases: /^not canonical: CLFLUSH$/, answer: () => ' d:0 ip=+0 cs=8 ss=10 sp=K-0 fl=46 at=3-30 rsp=K-0 rbp=0',
    reason: 'SDM, CLFLUSH: #GP(0) when the address is not canonical. The emulator does nothing.',
  },
  {
    program: 'addresses', cases: /^a descriptor on a user page, with SMAP and AC$/,
    answer: () => ' e:1 ip=+0 cs=8 ss=10 sp=K-0 fl=40046 at=K-30 cr2=8000401000',
    reason: 'SDM, "Determination of Access Rights": EFLAGS.AC allows explicit accesses only. The emulator takes it for all.',
  },
  { program: 'gates', cases: /^(gate type|IDT limit|INT3 of|INT 3 of|INT FF)/, reason: INDEX, answer: withIndex },
  {
    program: 'gates', cases: /^INT1/,
    reason: 'SDM, INT n: INT1 is a #DB without bits in DR6, whatever the DPL of the gate is. QEMU 7.2 has #UD.',
    answer: (outcome) => (outcome.includes('cs=23') ? ' [1 ip=u+1 fl=46 dr6=ffff0ff0] 80 ip=u+3 cs=23 ss=1b sp=uU-0 fl=46 at=P-28'
      : ' [1 ip=+1 fl=46 dr6=ffff0ff0] 80 ip=+3 cs=8 ss=10 sp=K-0 fl=46 at=K-28'),
  },
  {
    program: 'gates', cases: /^gate to (code not accessed|execute-only code|conforming code, supervisor)/,
    reason: 'SDM, "Code- and Data-Segment Descriptor Types": loading a segment register sets the accessed bit. The emulator does not '
      + 'when it delivers an event.',
    answer: (outcome) => outcome.replace(/m=(\w+)/, (_, value) => `m=${(BigInt(`0x${value}`) | (1n << 40n)).toString(16)}`),
  },
  {
    program: 'gates', cases: /^a gate to an address that is not canonical/,
    reason: 'SDM, INT n: an instruction pointer in the gate that is not canonical is #GP(EXT), before the handler is entered.',
    answer: (outcome) => (outcome.includes('ss=0') ? ' d:0 ip=u+0 cs=23 ss=1b sp=uU-0 fl=46 at=P-30'
      : ' d:0 ip=+0 cs=8 ss=10 sp=K-0 fl=46 at=K-30'),
  },
  {
    program: 'gates', cases: /^RF of a (page )?fault$/, answer: (outcome) => outcome.replace('rf=0', 'rf=1'),
    reason: 'SDM, "Instruction-Breakpoint Exception Condition": the RF that a fault pushes is 1. The emulator pushes what it was.',
  },
  {
    program: 'gates', cases: /^RF of INT, with RF set$/, answer: (outcome) => outcome.replace('rf=1', 'rf=0'),
    reason: 'SDM, "Instruction-Breakpoint Exception Condition": the RF that INT n pushes is 0, for it was cleared at its start.',
  },
  { program: 'delivery', cases: /then (absent gate|gate of another type)$/, reason: INDEX, answer: withIndex },
  {
    program: 'delivery', reason: EXT, answer: withExt,
    cases: /^(#DB of a single step|#UD|an NMI|an interrupt), then (absent gate|gate of|absent code|bad stack)/,
  },
  { program: 'delivery', cases: /^TSS limit within interrupt stack 1, fault$/, reason: EXT, answer: withExt },
  {
    program: 'delivery', cases: /^stack is not canonical, (fault|INT)$/,
    reason: 'SDM, INT n: a stack address that is not canonical is #SS(EXT). The emulator has #GP for the present stack, which has no '
      + 'stack either.',
    answer: (outcome) => outcome.replace('8:0', 'c:0').replace('at=2', 'at=3'),
  },
  { program: 'delivery', cases: /^stack is not canonical, fault$/, reason: EXT, answer: withExt },
];

/** What should follow the name of a case, by what was recorded. */
export const corrected = (program: string, name: string, outcome: string, deviations = QEMU_DIFFERS): string =>
  deviations.filter((each) => each.program === program && each.cases.test(name)).reduce((text, { answer }) => answer(text), outcome);
