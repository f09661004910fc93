/**
 * An instruction of the assembler, from its text to what is to be encoded: prefixes, the spellings that people use besides
 * the table's, and operands. What an operand is worth is known only when labels have addresses.
 */
import { CONDITION_ALIASES, CONDITIONS } from '../flags.ts';
import { FS, type Gpr, gprByName, RSP, SREG, type Width } from '../registers.ts';
import { type Bits, type Memory, RIP } from './decode.ts';
import { encode, isMnemonic, type Wanted, type WantedOperand } from './encode.ts';
import { AssemblyError, type Expression, evaluate, type Lookup, parseExpression, parseTree, type Tree } from './expression.ts';
import type { OperandWidth } from './notation.ts';

/** The bytes of an instruction at an address, at least so many where there is an encoding of that length. */
export type Emit = (address: bigint, lookup: Lookup, atLeast: number) => Uint8Array;

/** What a line says in front of its mnemonic. */
interface Prefixes {
  lock: boolean;
  repeat: 0 | 0xf2 | 0xf3;
  segment: number | undefined;
  addressSize: Width | undefined;
  operandSize: Width | undefined;
}

const REPEATS: Readonly<Record<string, 0xf2 | 0xf3>> = { rep: 0xf3, repe: 0xf3, repz: 0xf3, repne: 0xf2, repnz: 0xf2 };
const segmentByName = (name: string): number => (SREG as readonly string[]).indexOf(name.toUpperCase());
const ADDRESS_SIZES: Readonly<Record<string, Width>> = { a16: 2, a32: 4 };
const OPERAND_SIZES: Readonly<Record<string, Width>> = { o16: 2, o32: 4, o64: 8 };
const PREFIX = /^(lock|rep|repe|repz|repne|repnz|[c-gs]s|a16|a32|o16|o32|o64)\s+/i;

const LONGEST = 15;

/** Names of two instructions: a WAIT, and one of the x87 FPU that does not wait itself. */
const WAITS = /^F(INIT|CLEX|STCW|STSW|STENV|SAVE)$/i;
const WAIT = 0x9b;

export function parseInstruction(text: string, bits: Bits = 64): Emit {
  const { prefixes, rest } = parsePrefixes(text);
  const [, word = '', operandText = ''] = /^(\S+)\s*(.*)$/.exec(rest) ?? [];
  const waits = WAITS.test(word);
  const { mnemonic, operandSize } = canonical(waits ? `FN${word.slice(1)}` : word, prefixes.operandSize, bits);
  if (word.endsWith(':')) throw new AssemblyError(`${word} is no label, whose name has letters, digits, _ and .`);
  if (!isMnemonic(mnemonic)) throw new AssemblyError(`there is no instruction ${word}`);
  const far = /^far\s+/i.exec(operandText);
  const operands = splitOperands(far ? operandText.slice(far[0].length) : operandText)
    .map((operand) => parseOperand(operand, { mnemonic, far: far !== null, bits, operandSize }));
  if (bits === 64 && operands.some((operand) => operand.segment !== undefined && operand.segment < FS)) {
    throw new AssemblyError('in 64-bit mode only fs and gs choose another segment');
  }
  if (far && operands.some((operand) => !operand.isMemory)) throw new AssemblyError('far is for a pointer in memory');
  // IMUL by a constant, in place.
  if (mnemonic === 'IMUL' && operands.length === 2 && operands[1]!.isConstant) operands.unshift(operands[0]!);
  const size = operandSize ?? operands.find((operand) => operand.operandSize !== undefined)?.operandSize;
  const segment = prefixes.segment ?? operands.find((operand) => operand.segment !== undefined)?.segment;
  const addressSize = prefixes.addressSize ?? operands.find((operand) => operand.addressSize !== undefined)?.addressSize;
  const wantedAt = (lookup: Lookup, next: bigint): Wanted => ({
    mnemonic, bits, operands: operands.map((operand) => operand.late(lookup, next)), lock: prefixes.lock, repeat: prefixes.repeat,
    ...(segment === undefined ? {} : { segment }), ...(addressSize === undefined ? {} : { addressSize }),
    ...(size === undefined ? {} : { operandSize: size }),
  });
  return (address, lookup, atLeast) => {
    // A relative operand depends on the length: encode for each guess, and keep the first that is right.
    const fitting = (first: number): Uint8Array | undefined => {
      for (let length = first; length <= LONGEST; length += 1) {
        const own = waits ? length - 1 : length;
        const bytes = encoded(wantedAt(lookup, address + BigInt(length))).find((encoding) => encoding.length === own);
        if (bytes !== undefined) return waits ? Uint8Array.of(WAIT, ...bytes) : bytes;
      }
      return undefined;
    };
    return fitting(atLeast) ?? fitting(1) ?? complain(wantedAt(lookup, address));
  };
}

function parsePrefixes(text: string): { readonly prefixes: Prefixes; readonly rest: string } {
  const prefixes: Prefixes = { lock: false, repeat: 0, segment: undefined, addressSize: undefined, operandSize: undefined };
  let rest = text;
  for (let match = PREFIX.exec(rest); match !== null; match = PREFIX.exec(rest)) {
    const name = match[1]!.toLowerCase();
    if (name === 'lock') prefixes.lock = true;
    else if (name in ADDRESS_SIZES) prefixes.addressSize = ADDRESS_SIZES[name];
    else if (name in REPEATS) prefixes.repeat = REPEATS[name]!;
    else if (segmentByName(name) !== -1) prefixes.segment = segmentByName(name);
    else prefixes.operandSize = OPERAND_SIZES[name];
    rest = rest.slice(match[0].length);
  }
  return { prefixes, rest };
}

const SYNONYMS: Readonly<Record<string, string>> = {
  SAL: 'SHL', LOOPZ: 'LOOPE', LOOPNZ: 'LOOPNE', XLAT: 'XLATB', RETN: 'RET', ICEBP: 'INT1',
  FWAIT: 'WAIT',
};
/** Names that say the operand size where the table's does not, or where it means 16 bits and people mean the usual size. */
const SIZED_NAMES: Readonly<Record<string, readonly [mnemonic: string, operandSize: Width]>> = {
  PUSHFW: ['PUSHF', 2], POPFW: ['POPF', 2], IRETW: ['IRET', 2], RETFW: ['RETF', 2], RETFD: ['RETF', 4], RETFQ: ['RETF', 8],
  PUSHF: ['PUSHFQ', 8], POPF: ['POPFQ', 8], IRET: ['IRETD', 4],
};
/** Outside 64-bit mode they mean the usual size, whose name has a D where it is 32 bits. */
const USUAL_SIZE = /^(PUSHF|POPF|IRET|PUSHA|POPA)$/;
const NARROW_NAMES: Readonly<Record<string, string>> = { PUSHFW: 'PUSHF', POPFW: 'POPF', IRETW: 'IRET', PUSHAW: 'PUSHA', POPAW: 'POPA' };

/** The spelling that the table uses. */
function canonical(
  word: string, operandSize: Width | undefined, bits: Bits,
): { readonly mnemonic: string; readonly operandSize: Width | undefined } {
  const upper = word.toUpperCase();
  if (bits !== 64 && operandSize === undefined) {
    if (USUAL_SIZE.test(upper)) return { mnemonic: bits === 32 ? `${upper}D` : upper, operandSize: undefined };
    if (upper in NARROW_NAMES) return { mnemonic: NARROW_NAMES[upper]!, operandSize: undefined };
  }
  const sized = operandSize === undefined ? SIZED_NAMES[upper] : undefined;
  if (sized !== undefined) return { mnemonic: sized[0], operandSize: sized[1] };
  const [, family = '', suffix = ''] = /^(J|SET|CMOV)(\w+)$/.exec(upper) ?? [];
  const condition = CONDITION_ALIASES[suffix];
  const mnemonic = !isMnemonic(upper) && condition && CONDITIONS.includes(condition) ? family + condition : (SYNONYMS[upper] ?? upper);
  return { mnemonic, operandSize };
}

/** All encodings, of either order where the order says nothing. */
function encoded(wanted: Wanted): Uint8Array[] {
  const { mnemonic, operands } = wanted;
  const encodings = encode(wanted);
  if (/^(XCHG|TEST)$/.test(mnemonic) && operands.length === 2) encodings.push(...encode({ ...wanted, operands: operands.toReversed() }));
  const memory = operands.find((operand) => operand.kind === 'memory');
  if (memory !== undefined && memory.width === undefined && new Set(encodings.map(({ memoryWidth }) => memoryWidth)).size > 1) {
    throw new AssemblyError('byte, word, dword, qword or tword must say how much memory it is');
  }
  return encodings.map(({ bytes }) => bytes);
}

/** Says what is wrong with operands that have no encoding: the first change that would mend it. */
function complain(wanted: Wanted): never {
  const fits = (change: Partial<Wanted>): boolean => encoded({ ...wanted, ...change }).length > 0;
  const changed = (kind: WantedOperand['kind'], change: (operand: never) => WantedOperand): Partial<Wanted> =>
    ({ operands: wanted.operands.map((operand) => (operand.kind === kind ? change(operand as never) : operand)) });
  const { operandSize, ...unsized } = wanted;
  const constant = wanted.operands.find((operand) => operand.kind === 'immediate');
  let why = 'no encoding takes these operands';
  if (wanted.lock && fits({ lock: false })) why = 'LOCK is for instructions that change an operand in memory';
  else if (wanted.repeat && fits({ repeat: 0 })) why = 'REP is for string instructions';
  else if (operandSize && encoded(unsized).length > 0) why = `it has no operand size of ${8 * operandSize} bits`;
  else if (fits(changed('relative', () => ({ kind: 'relative', value: 0n })))) why = 'the target is too far away';
  else if (fits(changed('immediate', () => ({ kind: 'immediate', value: 0n })))) why = `the constant ${constant?.value} is too large`;
  else if (fits(changed('memory', (operand: Extract<WantedOperand, { kind: 'memory' }>) => (
    { ...operand, memory: { ...operand.memory, displacement: 0n } })))) why = 'the displacement is too large';
  throw new AssemblyError(why);
}

// Operands.

/** Splits at commas outside brackets and quotes. */
export function splitOperands(text: string): string[] {
  if (text.trim() === '') return [];
  const parts = text.match(/(?:[^,"'[]|"[^"]*"|'[^']*'|\[[^\]]*\])+|,|./g) ?? [];
  const operands = [''];
  for (const part of parts) {
    if (part === ',') operands.push('');
    else if (part === '[') throw new AssemblyError('a bracket is not closed');
    else operands[operands.length - 1] += part;
  }
  if (operands.some((operand) => operand.trim() === '')) throw new AssemblyError('an operand is missing');
  return operands.map((operand) => operand.trim());
}

interface ParsedOperand {
  /** The operand, once the address of the next instruction is known. */
  readonly late: (lookup: Lookup, next: bigint) => WantedOperand;
  readonly isConstant?: boolean;
  readonly isMemory?: boolean;
  readonly segment?: number | undefined;
  readonly addressSize?: Width | undefined;
  readonly operandSize?: Width;
}

const SIZES: Readonly<Record<string, Width | 16 | 'tword'>> = { BYTE: 1, WORD: 2, DWORD: 4, QWORD: 8, TWORD: 'tword', OWORD: 16 };

/** What is known of the instruction whose operand it is. */
interface Surroundings {
  readonly mnemonic: string;
  readonly far: boolean;
  readonly bits: Bits;
  readonly operandSize: Width | undefined;
}

function parseOperand(text: string, { mnemonic, far, bits, operandSize }: Surroundings): ParsedOperand {
  const upper = text.toUpperCase();
  const gpr = gprByName(upper);
  if (gpr) return { late: () => ({ kind: 'register', ...gpr }) };
  const segment = (SREG as readonly string[]).indexOf(upper);
  if (segment !== -1) return { late: () => ({ kind: 'segment', reg: segment }) };
  const special = /^(CR|DR)(1?\d)$/.exec(upper);
  if (special) return { late: () => ({ kind: special[1] === 'CR' ? 'control' : 'debug', reg: Number(special[2]) }) };
  const stack = /^ST([0-7])$/.exec(upper);
  if (stack) return { late: () => ({ kind: 'st', reg: Number(stack[1]) }) };
  const vector = /^XMM(\d|1[0-5])$/.exec(upper);
  if (vector) return { late: () => ({ kind: 'xmm', reg: Number(vector[1]) }) };
  const mmx = /^MM([0-7])$/.exec(upper);
  if (mmx) return { late: () => ({ kind: 'mm', reg: Number(mmx[1]) }) };
  const [, sizeText, rest = ''] = /^(?:(byte|word|dword|qword|tword|oword)\b\s*)?(.*)$/i.exec(text)!;
  const size = sizeText === undefined ? undefined : SIZES[sizeText.toUpperCase()]!;
  const memory = /^\[(.*)\]$/.exec(rest);
  if (memory) return parseMemory(memory[1]!, size, far, bits);
  const pointer = /^([^:]+):([^:]+)$/.exec(rest);
  if (pointer && /^(JMP|CALL)$/.test(mnemonic)) return parsePointer(pointer[1]!, pointer[2]!, (size ?? bits / 8) as Width);
  const expression = parseExpression(rest);
  // Only branches take relative operands, and they take no other constants.
  if (/^(J|CALL|LOOP)/.test(mnemonic) && size === undefined) {
    // Outside 64-bit mode the instruction pointer is as wide as the operand size.
    const width = bits === 64 ? 64 : 8 * (operandSize ?? bits / 8);
    return { late: (lookup, next) => ({ kind: 'relative', value: BigInt.asIntN(width, expression(lookup) - next) }) };
  }
  if (size === 'tword' || size === 16 || (size !== undefined && mnemonic !== 'PUSH')) {
    throw new AssemblyError('a size is for memory, and for a constant that is pushed');
  }
  return {
    late: (lookup) => ({ kind: 'immediate', value: expression(lookup) }), isConstant: true,
    ...(size === undefined ? {} : { operandSize: size }),
  };
}

/** A selector and an offset. */
function parsePointer(selectorText: string, offsetText: string, width: Width): ParsedOperand {
  const [selector, offset] = [parseExpression(selectorText), parseExpression(offsetText)];
  return { late: (lookup) => ({ kind: 'pointer', selector: Number(selector(lookup)), offset: offset(lookup), width }) };
}

function parseMemory(text: string, width: OperandWidth | undefined, far: boolean, bits: Bits): ParsedOperand {
  let inner = text.trim();
  const override = /^(cs|ds|es|ss|fs|gs)\s*:/i.exec(inner);
  const segment = override === null ? undefined : segmentByName(override[1]!);
  if (override !== null) inner = inner.slice(override[0].length).trim();
  const relative = /^rel\s+(.+)$/i.exec(inner);
  if (relative) {
    const expression = parseExpression(relative[1]!);
    return {
      late: (lookup, next) => ({
        kind: 'memory', width, far, memory: { base: RIP, index: -1, scale: 1, displacement: BigInt.asIntN(64, expression(lookup) - next) },
      }),
      isMemory: true, segment,
    };
  }
  const { base, index, scale, addressSize, displacement } = addressOf(inner, bits);
  return {
    late: (lookup) => {
      const memory: Memory = { base, index, scale, displacement: displacement(lookup) };
      return { kind: 'memory', width, far, memory };
    },
    isMemory: true, segment, addressSize,
  };
}

interface Address {
  readonly base: number;
  readonly index: number;
  readonly scale: number;
  /** That of the registers, where there are any. */
  readonly addressSize: Width | undefined;
  readonly displacement: Expression;
}

/** A register of an address, and its scale if it has one. */
interface Scaled extends Gpr { readonly scale: number | undefined }

/** base + index * scale + displacement, in any order. */
function addressOf(text: string, bits: Bits): Address {
  const registers: Scaled[] = [];
  const constants: { readonly tree: Tree; readonly negative: boolean }[] = [];
  const collect = (tree: Tree, negative: boolean): void => {
    const { kind, text: operator, operands } = tree;
    if (kind === 'binary' && (operator === '+' || operator === '-')) {
      collect(operands[0]!, negative);
      collect(operands[1]!, negative !== (operator === '-'));
      return;
    }
    const register = scaledRegister(tree);
    if (register === undefined) constants.push({ tree, negative });
    else if (negative) throw new AssemblyError('a register cannot be subtracted');
    else registers.push(register);
  };
  collect(parseTree(text), false);
  if (registers.length > 2) throw new AssemblyError('an address has at most two registers');
  const [width, ...others] = new Set(registers.map((register) => register.width));
  const widths = bits === 64 ? [8, 4] : [4, 2];
  if (others.length > 0 || (width !== undefined && !widths.includes(width))) {
    throw new AssemblyError(`the registers of an address are all of ${8 * widths[0]!} bits, or all of ${8 * widths[1]!}`);
  }
  return {
    ...baseAndIndex(registers), addressSize: width,
    displacement: (lookup) => constants.reduce((sum, { tree, negative }) => {
      const value = evaluate(tree, lookup);
      return negative ? sum - value : sum + value;
    }, 0n),
  };
}

/** A register, or a product of one; undefined for anything else. */
function scaledRegister({ kind, text, operands }: Tree): Scaled | undefined {
  const gpr = kind === 'name' ? gprByName(text.toUpperCase()) : undefined;
  if (gpr !== undefined) return { ...gpr, scale: undefined };
  if (kind !== 'binary' || text !== '*') return undefined;
  const [left, right] = operands.map(scaledRegister);
  const register = left ?? right;
  if (register === undefined) return undefined;
  const factor = operands[left === undefined ? 0 : 1]!;
  const scale = factor.kind === 'number' && register.scale === undefined ? Number(factor.text) : 0;
  if (![1, 2, 4, 8].includes(scale)) throw new AssemblyError('a scale is 1, 2, 4 or 8');
  return { ...register, scale };
}

/** A register without a scale is the base if it can be; RSP can be nothing else. */
function baseAndIndex(registers: readonly Scaled[]): Pick<Address, 'base' | 'index' | 'scale'> {
  const plain = registers.filter(({ scale }) => scale === undefined);
  const alone = registers.length === 2 ? registers.find(({ scale }) => scale === 1) : undefined;
  const base = plain.find(({ reg }) => reg === RSP) ?? plain[0] ?? alone;
  if (registers.length === 2 && base === undefined) throw new AssemblyError('only one register of an address is scaled');
  const index = registers.find((register) => register !== base);
  if (index?.reg === RSP) throw new AssemblyError('rsp cannot be an index');
  return { base: base?.reg ?? -1, index: index?.reg ?? -1, scale: index?.scale ?? 1 };
}
