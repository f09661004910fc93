/** Where QEMU deviates from the manual: translation, and the addresses of accesses and branches. */
import { type Deviation, hexOf } from './deviation.ts';

/** P beside RSVD in the error codes of page faults. */
const withPresent = (outcome: string): string =>
  outcome.replaceAll(/\be:([\da-f]+)/g, (_, code) => `e:${(hexOf(code) & 8 ? hexOf(code) | 1 : hexOf(code)).toString(16)}`);
const RESERVED = 'SDM, "Page-Fault Exception (#PF)": RSVD is set only together with P; the emulator leaves P out.';

/** A page fault of a read, as that of a write. */
const asWrite = (outcome: string): string => outcome.replace(' e:0 ', ' e:2 ');
const asStackFault = (outcome: string): string => outcome.replace(' d:0 ', ' c:0 ');
const atBranch = (from: string, to: string, stack: string) => (outcome: string): string =>
  outcome.replace(`ip=${from}`, `ip=${to}`).replace(/sp=K-\d/g, `sp=${stack}`);
const BRANCH = 'SDM, JMP, CALL and RET: a target that is not canonical is a #GP of the branch. The emulator branches, and faults there.';

export const ADDRESSES_DIFFER: readonly Deviation[] = [
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
];
