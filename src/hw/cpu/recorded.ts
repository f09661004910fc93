/** What the record of an instruction, and the block that it is in, take from how it was decoded. */
import type { Decoded, NotDecoded } from '../../x86/isa/decode.ts';

/** Immediates are sign-extended to the operand size; a 16-bit one that stands alone is a count of bytes. */
export function immediateOf(value: bigint, width: number, { form, operandSize }: Decoded): bigint {
  const alone = width === 2 && form.immediates[0] === 2 && form.operands.every((operand) => operand.kind === 'imm');
  return BigInt.asUintN(alone ? 16 : 8 * Math.max(operandSize, width), value);
}

/** A repeated string instruction spends its budget itself, so nothing of its block may be unpaid when it runs. */
export const beginsBlock = (decoded: Decoded | NotDecoded): boolean =>
  typeof decoded !== 'string' && decoded.repeat !== 0 && (decoded.form.attributes.has('rep') || decoded.form.attributes.has('repe'));
