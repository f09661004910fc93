/** Instructions as text, in Intel syntax as NASM reads it. What it prints, the assembler takes back. */
import { gprName, SREG } from '../registers.ts';
import { type Bound, type Decoded, type Memory, RIP } from './decode.ts';
import type { Instruction } from './define.ts';
import { mnemonicOf, showsSize, sizeMatters, sizesOf } from './encode.ts';
import type { OperandWidth } from './notation.ts';

const SIZE_NAMES: Readonly<Record<string, string>> = {
  1: 'byte ', 2: 'word ', 4: 'dword ', 8: 'qword ', 16: 'oword ', tword: 'tword ', none: '', pair: '',
};

/** A value as listings print it: small ones in decimal, others in hexadecimal, with a sign. */
const number = (value: bigint): string => {
  const size = value < 0n ? -value : value;
  const text = size < 10n ? size.toString() : `0x${size.toString(16)}`;
  return value < 0n ? `-${text}` : text;
};

/** `address` is where the instruction stands; relative targets are printed absolute. `symbol` names an address. */
export function disassemble(decoded: Decoded, address: bigint, symbol?: (address: bigint) => string | undefined): string {
  const next = BigInt.asUintN(64, address + BigInt(decoded.length));
  const absolute = (value: bigint): string => {
    const to = BigInt.asUintN(decoded.bits === 64 ? 64 : 8 * decoded.operandSize, next + value);
    return symbol?.(to) ?? `0x${to.toString(16)}`;
  };
  const operands = decoded.operands.map((operand, i) => operandText(operand, i, decoded, absolute));
  const far = isFar(decoded) ? 'far ' : '';
  const name = `${prefixText(decoded)}${mnemonicOf(decoded).toLowerCase()}`;
  return operands.length === 0 ? name : `${name} ${far}${operands.join(', ')}`;
}

/** A jump or call through a pointer with a selector in it. */
const isFar = ({ form: { operands } }: Decoded): boolean => operands.length === 1 && operands[0]!.kind === 'far';

/** Mnemonics that mean 16 bits in the manual, and the usual size to NASM. */
const NARROW = /^(PUSHF|POPF|IRET|PUSHA|POPA)$/;
/** Instructions that address memory without saying so: those that may be repeated, and XLATB; and loops, which count in rCX. */
const IMPLICIT = /^(XLATB|LOOP(N?E)?)$/;
/** Of those, the ones whose place in memory is in another segment if a prefix says so. */
const OVERRIDABLE = /^(MOVS|CMPS|LODS|OUTS|XLATB)$/;

function prefixText(decoded: Decoded): string {
  const { lock, repeat, segment, form, instruction, operandSize, addressSize, bits } = decoded;
  const { attributes } = form;
  const { mnemonic } = instruction;
  const implicit = attributes.has('rep') || attributes.has('repe') || IMPLICIT.test(mnemonic);
  let text = lock ? 'lock ' : '';
  if (segment !== -1 && implicit && OVERRIDABLE.test(mnemonic)) text += `${SREG[segment]!.toLowerCase()} `;
  if (8 * addressSize !== bits && (implicit || addressIsConstant(decoded))) text += `a${8 * addressSize} `;
  // Outside 64-bit mode near branches have an operand size that nothing shows.
  const branches = bits !== 64 && attributes.has('f64') && !form.operands.some(({ kind }) => kind === 'rm');
  const hidden = branches || (sizeMatters(instruction, form) && !showsSize(instruction, form));
  const unusual = hidden && !isPush(decoded) && operandSize !== sizesOf(form, bits)[0];
  if ((NARROW.test(mnemonicOf(decoded)) && bits !== 16) || unusual) text += `o${8 * operandSize} `;
  if (repeat !== 0 && attributes.has('rep')) text += 'rep ';
  if (repeat !== 0 && attributes.has('repe')) text += repeat === 0xf3 ? 'repe ' : 'repne ';
  return text;
}

/** An operand in memory without a register that would tell the address size. */
const addressIsConstant = ({ operands }: Decoded): boolean => operands.some((operand) =>
  operand.kind === 'memory' && operand.memory.index === -1 && (operand.memory.base === -1 || operand.memory.base === RIP));

/** A push of a constant, whose size is told in front of the constant. */
const isPush = ({ instruction, operands }: Decoded): boolean => instruction.mnemonic === 'PUSH' && operands[0]!.kind === 'immediate';

/** Instructions whose constant is a number, a port or a count: it has no sign. */
const UNSIGNED = /^(INT|IN|OUT|ENTER|RETF?|RO[LR]|RC[LR]|SH[LR]D?|SAR|BT[SRC]?)$/;

/** Its constant is bits or a count. */
const isVector = ({ operands }: Decoded): boolean => operands.some(({ kind }) => kind === 'xmm' || kind === 'mm');

function operandText(operand: Bound, slot: number, decoded: Decoded, absolute: (value: bigint) => string): string {
  switch (operand.kind) {
    case 'register': return gprName(operand.reg, operand.width).toLowerCase();
    case 'immediate': {
      const { mnemonic } = decoded.instruction;
      const value = UNSIGNED.test(mnemonic) || isVector(decoded) ? BigInt.asUintN(8 * operand.width, operand.value) : operand.value;
      const unusual = isPush(decoded) && decoded.operandSize !== sizesOf(decoded.form, decoded.bits)[0];
      return `${unusual ? SIZE_NAMES[decoded.operandSize]! : ''}${number(value)}`;
    }
    case 'pointer': return `${SIZE_NAMES[operand.width]!}${number(BigInt(operand.selector))}:${number(operand.offset)}`;
    case 'xmm': case 'mm': return `${operand.kind}${operand.reg}`;
    case 'relative': return absolute(operand.value);
    case 'segment': return SREG[operand.reg]!.toLowerCase();
    case 'control': return `cr${operand.reg}`;
    case 'debug': return `dr${operand.reg}`;
    case 'st': return `st${operand.reg}`;
    case 'memory': return `${sizeText(operand.width, slot, decoded)}${memoryText(operand.memory, decoded, absolute)}`;
  }
}

/** Operands that are always in memory, of one size or another: numbers of the x87 FPU. */
const hasSeveralSizes = ({ forms }: Instruction): boolean =>
  new Set(forms.flatMap(({ operands }) => operands.flatMap((o) => (o.kind === 'rm' && o.only === 'mem' ? [o.width] : [])))).size > 1;

/** How much memory it is, where it could be another amount. */
function sizeText(width: OperandWidth, slot: number, decoded: Decoded): string {
  const operand = decoded.form.operands[slot]!;
  const inMemory = operand.kind === 'rm' && operand.only === 'mem' && !hasSeveralSizes(decoded.instruction);
  const alone = inMemory || (operand.kind === 'far' && !isFar(decoded));
  return alone ? '' : SIZE_NAMES[width]!;
}

function memoryText({ base, index, scale, displacement }: Memory, decoded: Decoded, absolute: (value: bigint) => string): string {
  const segment = decoded.segment === -1 ? '' : `${SREG[decoded.segment]!.toLowerCase()}:`;
  if (base === RIP) return `[${segment}rel ${absolute(displacement)}]`;
  const parts: string[] = [];
  if (base !== -1) parts.push(gprName(base, decoded.addressSize).toLowerCase());
  if (index !== -1) parts.push(`${gprName(index, decoded.addressSize).toLowerCase()}*${scale}`);
  if (parts.length === 0) return `[${segment}${number(BigInt.asUintN(8 * decoded.addressSize, displacement))}]`;
  const tail = displacement === 0n ? '' : displacement < 0n ? ` - ${number(-displacement)}` : ` + ${number(displacement)}`;
  return `[${segment}${parts.join(' + ')}${tail}]`;
}
