/** RFLAGS and the condition codes. SDM: "EFLAGS Register". */

export const CF = 1 << 0;
/** Bit 1 is always 1. */
export const FIXED_FLAG = 1 << 1;
export const PF = 1 << 2;
export const AF = 1 << 4;
export const ZF = 1 << 6;
export const SF = 1 << 7;
export const TF = 1 << 8;
export const IF = 1 << 9;
export const DF = 1 << 10;
export const OF = 1 << 11;
export const IOPL = 3 << 12;
export const NT = 1 << 14;
export const RF = 1 << 16;
export const VM = 1 << 17;
export const AC = 1 << 18;
export const VIF = 1 << 19;
export const VIP = 1 << 20;
export const ID = 1 << 21;

/** The six that arithmetic sets. */
export const STATUS_FLAGS = CF | PF | AF | ZF | SF | OF;
/** The others that exist. */
export const SYSTEM_FLAGS = TF | IF | DF | IOPL | NT | RF | VM | AC | VIF | VIP | ID;

/** A status flag by the letter that tables of instructions use for it. */
const STATUS_LETTERS = { O: OF, S: SF, Z: ZF, A: AF, P: PF, C: CF } as const;
type StatusLetter = keyof typeof STATUS_LETTERS;

/** The mask that a string of letters names. */
export const flagMask = (letters: string): number =>
  [...letters].reduce((mask, letter) => mask | STATUS_LETTERS[letter as StatusLetter], 0);

/** Suffixes of Jcc, SETcc and CMOVcc, by the four condition bits of the opcode. */
export const CONDITIONS = [
  'O', 'NO', 'B', 'AE', 'E', 'NE', 'BE', 'A', 'S', 'NS', 'P', 'NP', 'L', 'GE', 'LE', 'G',
] as const;

/** Other spellings that the SDM allows and people write. */
export const CONDITION_ALIASES: Readonly<Record<string, (typeof CONDITIONS)[number]>> = {
  C: 'B', NAE: 'B', NB: 'AE', NC: 'AE', Z: 'E', NZ: 'NE', NA: 'BE', NBE: 'A', PE: 'P', PO: 'NP', NGE: 'L', NL: 'GE',
  NG: 'LE', NLE: 'G',
};
