/**
 * The instruction table as a person reads it, in the notation of the SDM's instruction pages: a row of the table that
 * stands for three operand sizes becomes three. Prefix 66 is not shown, as there, unless nothing else tells the size.
 */
import type { Bound, Decoded } from '../src/x86/isa/decode.ts';
import type { Instruction } from '../src/x86/isa/define.ts';
import { mnemonicOf, showsSize, sizeMatters, sizesOf } from '../src/x86/isa/encode.ts';
import type { Form } from '../src/x86/isa/notation.ts';
import { INSTRUCTIONS } from '../src/x86/isa/table.ts';
import type { Counts } from '../src/x86/isa/traits.ts';
import { microcodeCounts, Variants } from '../src/x86/isa/variant.ts';
import type { Width } from '../src/x86/registers.ts';

/** One encoding at one operand size, or at several that are the same instruction. */
export interface Encoding {
  readonly instruction: Instruction;
  readonly form: Form;
  readonly sizes: readonly Width[];
  readonly mnemonic: string;
  /** As in the SDM's "Opcode" column. */
  readonly opcode: string;
  /** As in the SDM's "Instruction" column. */
  readonly text: string;
  /** Prefixes that mean something in front of it. */
  readonly prefixes: string;
  /** Events besides cycles and instructions; those of the operand in memory are marked. */
  readonly counts: string;
}

/** All encodings, by mnemonic. */
export function encodings(): Encoding[] {
  const variants = new Variants();
  return inOrder(INSTRUCTIONS.flatMap((instruction) => instruction.forms.flatMap((form) => encodingsOf(variants, instruction, form))));
}

/** By mnemonic; the encodings of one in the order of the table. */
export const inOrder = <T extends { readonly mnemonic: string }>(list: readonly T[]): T[] =>
  [...list].sort((a, b) => (a.mnemonic < b.mnemonic ? -1 : a.mnemonic > b.mnemonic ? 1 : 0));

function encodingsOf(variants: Variants, instruction: Instruction, form: Form): Encoding[] {
  const sizes = [...sizesOf(form)].sort((a, b) => a - b);
  // Some have no encoding in 64-bit mode, of which this page is.
  if (sizes.length === 0) return [];
  if (!sizeMatters(instruction, form)) return [{ ...encodingOf(variants, instruction, form, sizesOf(form)[0]!), sizes }];
  const byText = new Map<string, Encoding>();
  for (const size of sizes) {
    const encoding = encodingOf(variants, instruction, form, size);
    const known = byText.get(encoding.opcode + encoding.text);
    byText.set(encoding.opcode + encoding.text, known === undefined ? encoding : { ...known, sizes: [...known.sizes, size] });
  }
  return [...byText.values()];
}

function encodingOf(variants: Variants, instruction: Instruction, form: Form, size: Width): Encoding {
  const mnemonic = mnemonicOf({ instruction, operandSize: size });
  const operands = numbered(column(form, 1).split(/,\s*/).map((operand) => operandText(operand, form, size))).join(', ');
  return {
    instruction, form, sizes: [size], mnemonic, opcode: opcodeText(instruction, form, size),
    text: operands === '' ? mnemonic : `${mnemonic} ${operands}`,
    prefixes: prefixes(form), counts: eventsOf(variants, instruction, form, size),
  };
}

/** SDM: where there are two vector registers of a kind, that of the reg field is the first, and that of the r/m field the second. */
function numbered(operands: readonly string[]): readonly string[] {
  return (['xmm', 'mm'] as const).reduce((all, file) => {
    const two = all.filter((operand) => operand.startsWith(file)).length === 2;
    return all.map((operand) => operand.replace(new RegExp(`^${file}(:r|(?=/))`), `${file}${two ? '2' : ''}`)
      .replace(new RegExp(`^${file}$`), `${file}${two ? '1' : ''}`));
  }, operands);
}

/** A column of the form's row: the opcode, the operands, the attributes. */
export const column = (form: Form, n: number): string => form.row.split('|')[n]?.trim() ?? '';

function opcodeText(instruction: Instruction, form: Form, size: Width): string {
  const { attributes } = form;
  const implied = attributes.has('f64') || attributes.has('d64') || attributes.has('native');
  const wide = form.rexW || (size === 8 && sizeMatters(instruction, form) && !implied);
  const prefix = size === 2 && !showsSize(instruction, form) ? '66 ' : '';
  const letters = { 1: 'b', 2: 'w', 4: 'd', 8: 'o' } as const;
  const narrow = size === 8 ? 4 : size;
  return prefix + column(form, 0)
    .replace('REX.W + ', '')
    .replace(/^(F[23] |NFx |NP )?/, (mandatory) => (wide ? `${mandatory}REX.W ${mandatory.startsWith('F') ? '' : '+ '}` : mandatory))
    .replace(' +r', `+r${letters[form.operands.some((o) => o.kind === 'reg' && o.width === 1) ? 1 : size]}`)
    .replace(/\biz\b/, `i${letters[narrow]}`).replace(/\biv\b/, `i${letters[size]}`).replace(/\bcz\b/, `c${letters[narrow]}`)
    // A ModRM byte that is fixed is written as that byte.
    .replace(/\/([0-7]) (?:r\/m=([0-7])|mod=reg)$/, (_, digit: string, rm = '0') => hex(0xc0 + 8 * Number(digit) + Number(rm)))
    .replace(/ mod=(mem|reg)/, '');
}

const hex = (byte: number): string => byte.toString(16).toUpperCase();

function operandText(operand: string, { immediates }: Form, size: Width): string {
  const bits = 8 * size;
  switch (operand) {
    case 'r': case 'rm:r': return `r${bits}`;
    case 'r/m': return `r/m${bits}`;
    case 'r/m8v': return `r${bits}/m8`;
    case 'r/m16v': return size === 2 ? 'r/m16' : `r${bits}/m16`;
    case 'r/m32v': return size === 4 ? 'r/m32' : `r${bits}/m32`;
    case 'rm=r': return 'r64';
    case 'rAX': return { 1: 'AL', 2: 'AX', 4: 'EAX', 8: 'RAX' }[size];
    case 'mv': return `m${bits}`;
    case 'm:pair': return `m${2 * bits}`;
    case 'm16:v': return `m16:${bits}`;
    case 'moffs': return `moffs${bits}`;
    case 'imm': return `imm${Math.min(bits, 32)}`;
    case 'immv': return `imm${bits}`;
    case 'rel': return immediates[0] === 1 ? 'rel8' : 'rel32';
    case 'm14/28byte': return `m${7 * size}byte`;
    case 'm94/108byte': return `m${7 * size + 80}byte`;
    case 'CR': return 'CR0-CR8';
    case 'DR': return 'DR0-DR7';
    default: return operand;
  }
}

const prefixes = ({ attributes }: Form): string =>
  attributes.has('lock') ? 'LOCK' : attributes.has('rep') ? 'REP' : attributes.has('repe') ? 'REPE, REPNE' : '';

const EVENT_NAMES: readonly (readonly [keyof Counts, string])[] = [
  ['branches', 'branch'], ['conditional', 'conditional branch'], ['nearCalls', 'near call'], ['loads', 'load'], ['stores', 'store'],
];

/** What it counts with a register, and in brackets what it counts besides with its operand in memory. */
function eventsOf(variants: Variants, instruction: Instruction, form: Form, operandSize: Width): string {
  const [register, memory] = ([REGISTER, MEMORY] as const).map((operand) => {
    // A form of one kind only has no meaning with the other.
    if (form.mod !== undefined && (form.mod === 'mem') !== (operand.kind === 'memory')) return undefined;
    const decoded: Decoded = {
      instruction, form, bits: 64, operandSize, addressSize: 8, length: 1, lock: false, repeat: 0, segment: -1,
      operands: [operand], modrm: 0,
    };
    return variants.of(decoded)?.counts ?? (instruction.semantics === undefined ? microcodeCounts(decoded) : undefined);
  });
  const always = form.mod === 'mem' ? memory! : register ?? memory!;
  return EVENT_NAMES
    .filter(([key]) => always[key] === 1 || (memory ?? always)[key] === 1)
    .map(([key, name]) => (always[key] === 1 ? name : `${name} (m)`)).join(', ');
}

const REGISTER: Bound = { kind: 'register', reg: 0, width: 8 };
const MEMORY: Bound = { kind: 'memory', memory: { base: 0, index: -1, scale: 1, displacement: 0n }, width: 8 };
