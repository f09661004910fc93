import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Example, encodings } from '../../../test/differential/encodings.ts';
import { assemble } from './assemble.ts';
import { ALL_FEATURES, BITS, type Bits, type Bound, type Decoded, Decoder, RIP } from './decode.ts';
import { disassemble } from './disassemble.ts';
import { mnemonicOf, sizesOf } from './encode.ts';
import { INSTRUCTIONS } from './table.ts';

const decoder = new Decoder(ALL_FEATURES);
/** Where the instructions stand. */
const AT = 0x4000_0000n;

function decode(bytes: Uint8Array, bits: Bits): Decoded {
  const decoded = decoder.decode(bytes, 0, bytes.length, bits);
  return typeof decoded === 'string' ? assert.fail(`${Buffer.from(bytes).toString('hex')}: ${decoded}`) : decoded;
}

/** What an instruction does, with its targets absolute; the widths of constants follow from the form. */
function meaning(decoded: Decoded): unknown {
  const next = BigInt(decoded.length);
  const place = (operand: Bound): unknown => {
    if (operand.kind === 'relative') return { target: operand.value + next };
    if (operand.kind === 'immediate') return operand.value;
    if (operand.kind !== 'memory') return operand;
    const wrapped = BigInt.asUintN(8 * decoded.addressSize, operand.memory.displacement);
    if (operand.memory.base !== RIP) return { ...operand, memory: { ...operand.memory, displacement: wrapped } };
    return { ...operand, memory: { ...operand.memory, displacement: operand.memory.displacement + next } };
  };
  const operands = decoded.operands.map(place);
  const { lock, repeat, segment, addressSize } = decoded;
  const inMemory = decoded.operands.some(({ kind }) => kind === 'memory') || /^(rep|fs|gs|a32)/.test(disassemble(decoded, AT));
  // REPNE does to MOVS and its kin what REP does; a segment or an address size matters where there is memory.
  return {
    mnemonic: mnemonicOf(decoded), lock, repeat: decoded.form.attributes.has('rep') ? repeat !== 0 : repeat,
    ...(inMemory ? { segment, addressSize } : {}),
    // Of an exchange and of a test the order makes no difference.
    operands: /^(XCHG|TEST)$/.test(mnemonicOf(decoded)) ? operands.map((operand) => JSON.stringify(operand, bigText)).sort() : operands,
  };
}

const bigText = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}` : value);

/**
 * Encodings that the assembler takes in place of others, because they are shorter or come first among equals. Each is a
 * pattern of the two opcodes.
 */
const EQUIVALENTS: Readonly<Record<string, RegExp>> = {
  'a sign-extended byte': /^([0-3][5D] iz|81 \/\d iz) -> 83 \/\d ib$|^69 \/r iz -> 6B \/r ib$|^68 iz -> 6A ib$/,
  'a sign-extended doubleword': /^B8 \+r iv -> C7 \/0 iz$/,
  'the accumulator': /^80 \/\d ib -> [0-3][4C] ib$|^8[13] \/\d i[zb] -> [0-3][5D] iz$/,
  'the accumulator of a test or an exchange': /^F6 \/[01] ib -> A8 ib$|^F7 \/[01] iz -> A9 iz$|^87 \/r -> 90 \+r$/,
  'two registers, the other way round': /^([0-3])[2A] \/r -> \1[08] \/r$|^([0-3])[3B] \/r -> \2[19] \/r$|^8([AB]) \/r -> 8[89] \/r$/,
  'two vector registers, the other way round': /^(NP|66|F[23]) 0F (29|11|7F) \/r -> \1 0F (28|10|6F) \/r$|^66 0F D6 \/r -> F3 0F 7E \/r$/,
  'a quadword of memory without REX.W': /^(66|NP) REX\.W \+ 0F [67]E \/r -> (F3 0F 7E|66 0F D6|NP 0F [67]F) \/r$/,
  'a word of a vector register': /^66 0F 3A 15 \/r ib -> 66 0F C5 \/r ib$/,
  'a shift by one': /^C0 (\/\d) ib -> D0 \1$|^C1 (\/\d) ib -> D1 \2$|^C([01]) \/6 ib -> D\3 \/4$/,
  'the other number of a shift or test': /^(D[0-3]|C[01]) \/6( ib)? -> \1 \/4\2$|^(F[67]) \/1 (i.) -> \3 \/0 \4$/,
  'a hint': /^0F (0D \/r mod=reg|1[8-F] \/r) -> 0F (18 \/[0-3]|19 \/r|1F \/0)$|^0F 0D \/[2-7] -> 0F 0D \/0$/,
  'a register in the opcode': /^C6 \/0 ib -> B0 \+r ib$|^C7 \/0 iz -> B8 \+r iv$|^FF \/6 -> 50 \+r$|^8F \/0 -> 58 \+r$/,
  'an absolute address of 32 bits': /^A[01] -> 8[AB] \/r$|^A[23] -> 8[89] \/r$/,
  'a short branch': /^E9 cz -> EB cb$|^0F 8(.) cz -> 7\1 cb$/,
  'one byte that does nothing': /^(90 \+r|87 \/r) -> 90$/,
  'the top of the stack with itself': /^DC [C-F][08]\+i -> D8 [C-F][08]\+i$/,
  'without a prefix, or REX.W, that does nothing': /^(.*) -> \1$/,
};

/** The same for what exists outside 64-bit mode only. */
const LEGACY_EQUIVALENTS: Readonly<Record<string, RegExp>> = {
  'another opcode': /^82 (\/\d) ib -> 80 \1 ib$|^82 \/\d ib -> [0-3][4C] ib$/,
  'the accumulator and an address alone': /^8[AB] \/r -> A[01]$|^8[89] \/r -> A[23]$/,
  'a register in the opcode': /^FF \/0 -> 40 \+r$|^FF \/1 -> 48 \+r$/,
};

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const opcode = ({ form }: Pick<Decoded, 'form'>): string => form.row.split('|')[0]!.trim();

/** Decodes, disassembles and assembles again. Says under which name the bytes are others, or nothing if they are the same. */
function roundTrip({ form, bytes }: Example, bits: Bits): string | undefined {
  const decoded = decode(bytes, bits);
  assert.equal(decoded.length, bytes.length, form.row);
  const text = disassemble(decoded, AT);
  const again = assemble(`bits ${bits}\n${text}`, AT).bytes;
  if (hex(again) === hex(bytes)) return undefined;
  const other = decode(again, bits);
  const what = `${hex(bytes)} ${text} ${hex(again)}`;
  const pair = `${form.row.split('|')[0]!.trim()} -> ${opcode(other)}`;
  const known = [...Object.entries(EQUIVALENTS), ...(bits === 64 ? [] : Object.entries(LEGACY_EQUIVALENTS))];
  const [name] = known.find(([, pattern]) => pattern.test(pair)) ?? assert.fail(`${pair}: ${what}`);
  assert.ok(again.length <= bytes.length && other.length === again.length, what);
  // Instructions that do nothing do so under several names.
  if (name !== 'a hint' && name !== 'one byte that does nothing') assert.deepEqual(meaning(other), meaning(decoded), what);
  return name;
}

for (const bits of BITS) {
  test(`every form comes back from its text as it was, or as a listed equivalent that is no longer, as code of ${bits} bits`, () => {
    const forms = new Set<unknown>(), met = new Set<string | undefined>();
    let count = 0, same = 0;
    for (const example of encodings(24, bits)) {
      const name = roundTrip(example, bits);
      forms.add(example.form);
      met.add(name);
      count += 1;
      if (name === undefined) same += 1;
    }
    const all = INSTRUCTIONS.flatMap((instruction) => instruction.forms).filter((form) => sizesOf(form, bits).length > 0);
    assert.equal(forms.size, all.length);
    if (bits === 64) assert.deepEqual([...met].filter((name) => name !== undefined).sort(), Object.keys(EQUIVALENTS).sort());
    assert.ok(count > 15_000 && same > 0.8 * count, `${same} of ${count} the same`);
  });
}
