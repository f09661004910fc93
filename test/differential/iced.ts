/**
 * Our decoder beside iced-x86, an independent one. `compare` decodes the same bytes with both and says in a word where
 * they differ; what iced knows and this machine does not offer (AVX and the like) is no difference.
 */
import * as iced from 'iced-x86';
import { CONDITION_ALIASES } from '../../src/x86/flags.ts';
import {
  type Bits, type Bound, type Decoded, type Decoder, MAX_LENGTH, type Memory, type NotDecoded, RIP } from '../../src/x86/isa/decode.ts';
import { mnemonicOf } from '../../src/x86/isa/encode.ts';
import { gprName, SREG, type Width } from '../../src/x86/registers.ts';

/** A TypeScript enum of iced as numbers to names in capitals. */
const names = (values: Record<string, string | number>): Map<number, string> =>
  new Map(Object.entries(values).filter((entry): entry is [string, number] => typeof entry[1] === 'number')
    .map(([name, value]) => [value, name.toUpperCase()]));

const MNEMONICS = names(iced.Mnemonic as never);
const REGISTERS = names(iced.Register as never);
const FEATURES = names(iced.CpuidFeature as never);

/** iced's spelling of a register: R8L is ours R8B. */
const registerName = (register: number): string => REGISTERS.get(register)!.replace(/^(R\d+)L$/, '$1B');

/** Features of iced whose instructions this machine has, or gives #UD for. */
const OURS = new Set([
  'INTEL8086', 'INTEL186', 'INTEL286', 'INTEL386', 'INTEL486', 'X64', 'CPUID', 'MSR', 'TSC', 'SYSCALL', 'CX8', 'CMPXCHG16B',
  'CMOV', 'FSGSBASE', 'MOVBE', 'POPCNT', 'SMAP', 'CLFSH', 'SEP', 'MULTIBYTENOP', 'PAUSE', 'RDPMC', 'RDTSCP', 'RDRAND', 'RDSEED',
  'PREFETCHW', 'FPU', 'FPU287', 'FPU387', 'MMX', 'SSE', 'SSE2', 'SSE3', 'SSSE3', 'SSE4_1', 'SSE4_2',
  'XSAVE', 'XSAVEC', 'XSAVEOPT', 'CET_IBT', 'PREFETCHITI',
]);
/** The same instruction under another name, ours first. */
const SYNONYMS = new Map([['SHL', 'SAL'], ['BSF', 'TZCNT'], ['BSR', 'LZCNT'], ['WBINVD', 'WBNOINVD'], ['FSETPM', 'FNSETPM'],
  ['PCMPESTRI', 'PCMPESTRI64'], ['PCMPESTRM', 'PCMPESTRM64'],
]);

/** With a register of the stack; the manual leaves ST(0) unsaid there. */
const IMPLIED_ST0 = /^(FU?COMP?|FXCH)$/;

const { ForceReservedNop, NoMPFX_0FBC, NoMPFX_0FBD, NoWbnoinvd } = iced.DecoderOptions;
/** Without LZCNT, TZCNT and WBNOINVD, as the processor that we are. */
const OPTIONS = ForceReservedNop | NoMPFX_0FBC | NoMPFX_0FBD | NoWbnoinvd;

export type Outcome = 'same' | 'both refuse' | 'not ours' | string;

/** One instruction, at the beginning of `bytes`. */
export function compare(decoder: Decoder, bytes: Uint8Array, bits: Bits = 64): Outcome {
  const theirs = new iced.Decoder(bits, bytes, OPTIONS);
  const instruction = theirs.decode();
  const outcome = judge(decoder.decode(bytes, 0, bytes.length, bits), instruction);
  instruction.free();
  theirs.free();
  return outcome;
}

/** So much is handed to iced at once, which copies it. */
const CHUNK = 1 << 16;

/**
 * All instructions of a text one after the other, by iced's lengths, and how often each outcome was met, with the bytes of
 * its first time.
 */
export function sweep(decoder: Decoder, text: Uint8Array): Map<Outcome, { count: number; readonly example: string }> {
  const outcomes = new Map<Outcome, { count: number; readonly example: string }>();
  const instruction = new iced.Instruction();
  for (let start = 0; start < text.length;) {
    const chunk = text.subarray(start, start + CHUNK + MAX_LENGTH);
    const theirs = new iced.Decoder(64, chunk, OPTIONS);
    let at = 0;
    while (at < Math.min(CHUNK, chunk.length)) {
      // Every instruction as if it stood at 0, so that relative operands are what they are.
      theirs.ip = 0n;
      theirs.decodeOut(instruction);
      const outcome = judge(decoder.decode(chunk, at, chunk.length), instruction);
      const known = outcomes.get(outcome);
      const bytes = chunk.subarray(at, at + MAX_LENGTH);
      if (known === undefined) outcomes.set(outcome, { count: 1, example: Buffer.from(bytes).toString('hex') });
      else known.count += 1;
      at = theirs.position;
    }
    theirs.free();
    start += at;
  }
  instruction.free();
  return outcomes;
}

function judge(ours: Decoded | NotDecoded, theirs: iced.Instruction): Outcome {
  if (theirs.code === iced.Code.INVALID) return typeof ours === 'string' ? 'both refuse' : `we take ${ours.form.row}`;
  const name = MNEMONICS.get(theirs.mnemonic)!;
  if (typeof ours !== 'string') return difference(ours, theirs, name) ?? 'same';
  const feature = FEATURES.get(theirs.cpuidFeatures()[0]!)!;
  return OURS.has(feature) && isOurs(theirs) ? `we refuse ${name} of ${feature}: ${ours}` : 'not ours';
}

/** Of the x87 FPU, no register among the operands: some encodings that the manual does not list do what others do. */
function isOurs(instruction: iced.Instruction): boolean {
  for (let i = 0; i < instruction.opCount; i += 1) {
    if (instruction.opKind(i) === iced.OpKind.Register && REGISTERS.get(instruction.opRegister(i))!.startsWith('ST')) return false;
  }
  return instruction.encoding === iced.EncodingKind.Legacy;
}

function difference(ours: Decoded, theirs: iced.Instruction, name: string): string | undefined {
  const mnemonic = mnemonicOf(ours);
  // Asked to name the reserved NOPs so, iced names those that have become something so too.
  if (name === 'RESERVEDNOP' && /^(NOP|PREFETCH|ENDBR)/.test(mnemonic)) return undefined;
  if (mnemonic !== name && SYNONYMS.get(mnemonic) !== name && CONDITION_ALIASES[name] === undefined) return `${mnemonic} is ${name}`;
  if (ours.length !== theirs.length) return `${mnemonic} has ${ours.length} bytes or ${theirs.length}`;
  if (ours.lock !== theirs.hasLockPrefix) return `${mnemonic}: lock`;
  // iced lists operands that an encoding implies and ours leaves unsaid.
  if (ours.instruction.sized !== undefined || /^(XLATB|ENDBR|MASKMOV)/.test(mnemonic)) return undefined;
  if (ours.form.operands.length === 0) return undefined;
  const implied = IMPLIED_ST0.test(mnemonic) && theirs.opCount === 2 ? 1 : 0;
  if (ours.operands.length + implied !== theirs.opCount) return `${mnemonic} has ${ours.operands.length} operands or ${theirs.opCount}`;
  // In 32-bit code iced takes the registers of ARPL for wide ones.
  if (mnemonic === 'ARPL') return undefined;
  for (const [i, operand] of ours.operands.entries()) {
    const ourText = describe(operand, ours);
    const theirText = describeTheirs(theirs, i + implied, ours, operand);
    if (ourText !== theirText) return `${mnemonic} operand ${i}: ${ourText} or ${theirText}`;
    if (operand.kind !== 'memory' || typeof operand.width !== 'number') continue;
    // Of a far pointer ours says how wide the offset is; the selector comes after it.
    const size = operand.width + (ours.form.operands[i]!.kind === 'far' ? 2 : 0), theirSize = iced.MemorySizeExt.size(theirs.memorySize);
    if (size !== theirSize) return `${mnemonic}: ${size} or ${theirSize} bytes of memory`;
  }
  return undefined;
}

const hexOf = (value: bigint): string => `0x${BigInt.asUintN(64, value).toString(16)}`;

function describe(operand: Bound, decoded: Decoded): string {
  switch (operand.kind) {
    case 'register': return gprName(operand.reg, operand.width);
    case 'segment': return SREG[operand.reg]!;
    case 'xmm': case 'mm': return `${operand.kind.toUpperCase()}${operand.reg}`;
    case 'control': return `CR${operand.reg}`;
    case 'debug': return `DR${operand.reg}`;
    case 'st': return `ST${operand.reg}`;
    case 'immediate': return hexOf(operand.value);
    case 'pointer': return `${operand.selector}:${hexOf(operand.offset)}`;
    case 'relative': return hexOf(operand.value + BigInt(decoded.length));
    case 'memory': return memory(operand.memory, decoded);
  }
}

function memory({ base, index, scale, displacement }: Memory, { addressSize, length, segment }: Decoded): string {
  const register = (n: number): string => (n === -1 ? 'NONE' : n === RIP ? (addressSize === 4 ? 'EIP' : 'RIP') : gprName(n, addressSize));
  // iced gives a RIP-relative operand its target.
  const offset = base === RIP ? displacement + BigInt(length) : displacement;
  const override = segment === -1 ? '' : `${SREG[segment]}:`;
  return address(override, register(base), register(index), index === -1 ? 1 : scale, offset, addressSize);
}

function address(segment: string, base: string, index: string, scale: number, offset: bigint, size: Width): string {
  return `[${segment}${base}+${index}*${scale}+${hexOf(BigInt.asUintN(8 * size, offset))}]`;
}

/** A target as far away as ours is, if the two are alike in as many bits as the operand size has. */
function cut(target: bigint, operand: Bound, { length, operandSize }: Decoded): bigint {
  const ours = operand.kind === 'relative' ? operand.value + BigInt(length) : 0n;
  return BigInt.asUintN(8 * operandSize, ours) === target ? ours : target;
}

function describeTheirs(theirs: iced.Instruction, i: number, ours: Decoded, ourOperand: Bound): string {
  const { OpKind } = iced;
  switch (theirs.opKind(i)) {
    case OpKind.Register: return registerName(theirs.opRegister(i));
    case OpKind.NearBranch64: return hexOf(theirs.nearBranch64);
    // Outside 64-bit mode iced cuts a target to the operand size.
    case OpKind.NearBranch32: return hexOf(cut(BigInt(theirs.nearBranch32), ourOperand, ours));
    case OpKind.NearBranch16: return hexOf(cut(BigInt(theirs.nearBranch16), ourOperand, ours));
    case OpKind.FarBranch32: return `${theirs.farBranchSelector}:${hexOf(BigInt(theirs.farBranch32))}`;
    case OpKind.FarBranch16: return `${theirs.farBranchSelector}:${hexOf(BigInt(theirs.farBranch16))}`;
    case OpKind.Memory: {
      const segment = theirs.segmentPrefix === iced.Register.None ? '' : `${REGISTERS.get(theirs.segmentPrefix)}:`;
      const relevant = ours.bits !== 64 || segment === 'FS:' || segment === 'GS:' ? segment : '';
      const scale = theirs.memoryIndex === iced.Register.None ? 1 : theirs.memoryIndexScale;
      const base = registerName(theirs.memoryBase), index = registerName(theirs.memoryIndex);
      return address(relevant, base, index, scale, theirs.memoryDisplacement, ours.addressSize);
    }
    default: {
      const width = ourOperand.kind === 'immediate' ? ourOperand.width : 8;
      const value = theirs.immediate(i);
      return hexOf(BigInt.asIntN(8 * width, value));
    }
  }
}
