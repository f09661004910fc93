/** What the manual leaves open of an instruction's outcome. */
import { AC_FAULT, GP, PAGE, STACK } from '../../src/x86/fault.ts';
import { flagMask } from '../../src/x86/flags.ts';
import type { Decoded, NotDecoded } from '../../src/x86/isa/decode.ts';
import { RCX } from '../../src/x86/registers.ts';
import type { Input, Outcome } from './format.ts';

/** The count of a shift or rotate, masked as the instruction masks it. */
function shiftCount(decoded: Decoded, input: Pick<Input, 'registers'>): number {
  const count = decoded.operands.at(-1)!;
  const value = count.kind === 'immediate' ? count.value : input.registers[RCX]!;
  return Number(BigInt.asUintN(8, value)) & (decoded.operandSize === 8 && widthOf(decoded) === 64 ? 63 : 31);
}

const widthOf = (decoded: Decoded): number => {
  const [first] = decoded.operands;
  return first && 'width' in first && typeof first.width === 'number' ? 8 * first.width : 8 * decoded.operandSize;
};

/** The status flags that the manual leaves undefined for this instruction with these operands. */
export function undefinedFlags(decoded: Decoded, input: Pick<Input, 'registers'>): number {
  const { always = '', unlessCountIsOne = '', beyondWidth = '' } = decoded.instruction.undefinedFlags;
  if (unlessCountIsOne === '' && beyondWidth === '') return flagMask(always);
  const count = shiftCount(decoded, input);
  if (count === 0) return 0;
  return flagMask(always) | (count === 1 ? 0 : flagMask(unlessCountIsOne)) | (count >= widthOf(decoded) ? flagMask(beyondWidth) : 0);
}

/** SHLD and SHRD of 16 bits by more than 16: the result is undefined too. */
export const undefinedResult = (decoded: Decoded, input: Input): boolean =>
  /^SH[LR]D$/.test(decoded.instruction.mnemonic) && shiftCount(decoded, input) > widthOf(decoded);

/**
 * A near call to a bad address from a bad stack: the SDM checks the target first, this AMD processor pushes first. A far
 * return, or IRET, to a bad selector with more stack that cannot be read: likewise. And of an area of XSAVE it asks whether it is aligned
 * before it asks whether it lies in the stack segment.
 */
export function faultsTwice(decoded: Decoded | NotDecoded, wanted: Outcome, got: Outcome): boolean {
  if (typeof decoded === 'string') return false;
  const { mnemonic } = decoded.instruction;
  if (/^X(SAVE|RSTOR)/.test(mnemonic)) return wanted.vector === GP && got.vector === STACK;
  return /^(CALL|RETF|IRET)$/.test(mnemonic) && got.vector === GP && [PAGE, STACK, AC_FAULT].includes(wanted.vector as never);
}
