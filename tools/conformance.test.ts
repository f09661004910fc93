import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as iced from 'iced-x86';
import { encodeForm } from '../src/x86/isa/encode.ts';
import { exampleOperands, kindsOf } from '../test/differential/examples.ts';
import { conformance } from './conformance-document.ts';
import { type Encoding, encodings } from './instruction-set.ts';

test('docs/CONFORMANCE.md is what the table and the vectors give', () => {
  assert.equal(readFileSync('docs/CONFORMANCE.md', 'utf8'), conformance(), 'npm run conformance writes it anew');
});

/** The opcode and the instruction of the manual's pages for some bytes, as iced knows them. */
function icedNotation(bytes: Uint8Array, reservedNop: boolean): { opcode: string; text: string } {
  const { ForceReservedNop, NoMPFX_0FBC, NoMPFX_0FBD } = iced.DecoderOptions;
  const decoder = new iced.Decoder(64, bytes, (reservedNop ? ForceReservedNop : 0) | NoMPFX_0FBC | NoMPFX_0FBD);
  const instruction = decoder.decode();
  const info = iced.CodeExt.opCode(instruction.code);
  const notation = {
    // o16, o32, o64 and a32 are its words for prefixes; mo is a displacement that the manual leaves out.
    opcode: info.opCodeString.replace(/\b(a\d\d|o\d\d) /g, '').replace(/ mo$/, ''),
    text: info.instructionString.replace(/\bcr\b/, 'CR0-CR8').replace(/\bdr\b/, 'DR0-DR7'),
  };
  // A vector register that is alone the manual sometimes numbers.
  if (notation.text.split('xmm').length === 2) notation.text = notation.text.replace(/xmm[12]/, 'xmm');
  for (const object of [info, instruction, decoder]) object.free();
  return notation;
}

/** Encodings that the manual leaves unnamed, or names otherwise: iced takes AMD's words for them. */
const SYNONYMS: readonly (readonly [ours: RegExp, theirs: string])[] = [
  [/ FSETPM/, 'FNSETPM'], [/^REX\.W \+ 66 .* PCMPESTRI/, 'PCMPESTRI64'], [/^REX\.W \+ 66 .* PCMPESTRM/, 'PCMPESTRM64'],
  [/ \/6(?: ib)? SHL/, 'SAL'], [/^0F 0D \/2 PREFETCH/, 'PREFETCHWT1'], [/^0F 0D \/3 PREFETCH/, 'PREFETCHW'],
];

function difference({ instruction, form, sizes, opcode, text }: Encoding): string[] {
  return sizes.flatMap((size) => kindsOf(form).flatMap((memory) => {
    const wanted = { mnemonic: instruction.mnemonic, operands: exampleOperands(form, size, memory), operandSize: size };
    const bytes = encodeForm(instruction, form, size, wanted);
    if (bytes === undefined) return [`${opcode} ${text} ${size}: no encoding`];
    const theirs = icedNotation(bytes, instruction.mnemonic === 'RESERVEDNOP');
    const name = SYNONYMS.find(([ours]) => ours.test(`${opcode} ${text}`))?.[1];
    // MOVSD to memory is the one row in which the manual calls the r/m field's register the first.
    const turned = /^F2 0F 11/.test(opcode) ? text.replace(/xmm([12])/g, (_, n) => `xmm${3 - Number(n)}`) : text;
    const named = name === undefined ? turned : text.replace(/^\w+/, name);
    // Prefix 66 is the operand size's, unless the form asks for it.
    const bare = opcode.replace(form.mandatory === '66' ? /REX\.W (\+ )?/ : /REX\.W (\+ )?|^66 |^NFx /g, '');
    // Of MMX registers the manual numbers some and not others.
    const plain = (text: string): string => text.replace(/\bmm[12]/g, 'mm');
    return theirs.opcode === bare && plain(theirs.text) === plain(named) ? [] : [`${opcode} | ${text} | ${theirs.opcode} | ${theirs.text}`];
  }));
}

test('opcodes and operands are spelled as iced-x86 spells those of the manual', () => {
  assert.deepEqual(encodings().flatMap(difference), []);
});
