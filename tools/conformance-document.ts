/** docs/CONFORMANCE.md: which instructions there are, what each counts, and what a real processor had to say about it. */
import { assert } from '../src/base/assert.ts';
import { ALL_FEATURES, Decoder } from '../src/x86/isa/decode.ts';
import type { Instruction, UndefinedFlags } from '../src/x86/isa/define.ts';
import { mnemonicOf, sizesOf } from '../src/x86/isa/encode.ts';
import type { Form } from '../src/x86/isa/notation.ts';
import { INSTRUCTIONS } from '../src/x86/isa/table.ts';
import { Variants } from '../src/x86/isa/variant.ts';
import { readVectors } from '../test/vectors/files.ts';
import { COMPLETED } from '../test/vectors/format.ts';
import { notRecorded } from '../test/vectors/not-recorded.ts';
import { column, type Encoding, encodings, inOrder } from './instruction-set.ts';

/** How many vectors there are of something, and how many of them end in an exception. */
interface Recorded { vectors: number; faults: number }

/** The recorded vectors, by form and operand size. */
class Coverage {
  readonly all: Recorded = { vectors: 0, faults: 0 };
  readonly undecoded: Recorded = { vectors: 0, faults: 0 };
  private readonly byForm = new Map<Form, Map<number, Recorded>>();

  constructor() {
    const decoder = new Decoder(ALL_FEATURES);
    for (const { given, outcome } of readVectors()) {
      const decoded = decoder.decode(given.code, 0, given.code.length);
      const counted = typeof decoded === 'string' ? this.undecoded : this.entry(decoded.form, decoded.operandSize);
      for (const sum of [this.all, counted]) {
        sum.vectors += 1;
        if (outcome.vector !== COMPLETED) sum.faults += 1;
      }
    }
  }

  of(encodings: readonly Pick<Encoding, 'form' | 'sizes'>[]): Recorded {
    const found = encodings.flatMap(({ form, sizes }) => sizes.map((size) => this.entry(form, size)));
    return {
      vectors: found.reduce((sum, { vectors }) => sum + vectors, 0),
      faults: found.reduce((sum, { faults }) => sum + faults, 0),
    };
  }

  private entry(form: Form, size: number): Recorded {
    const sizes = this.byForm.get(form) ?? new Map<number, Recorded>();
    this.byForm.set(form, sizes);
    const recorded = sizes.get(size) ?? { vectors: 0, faults: 0 };
    sizes.set(size, recorded);
    return recorded;
  }
}

const number = (value: number): string => value.toLocaleString('en-US');
const code = (text: string): string => (text === '' ? '' : `\`${text}\``);

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `|${cells.map((cell) => ` ${cell} |`.replace('  ', ' ')).join('')}`;
  // A column of numbers is set to the right.
  const rule = head.map((_, i) => (rows.every((row) => /^[\d,]*$/.test(row[i]!)) ? '--:' : '---'));
  return [line(head), line(rule), ...rows.map(line)];
}

/** The whole document. */
export function conformance(): string {
  const coverage = new Coverage();
  const all = encodings();
  const without = all.filter((encoding) => coverage.of([encoding]).vectors === 0);
  return [
    ...INTRODUCTION, '', ...summary(coverage, all, all.length - without.length), '',
    '## Instructions', '', ...LEGEND, '', ...instructions(coverage), '',
    '## Encodings', '', ...ENCODINGS, '',
    ...tableOf(['Opcode', 'Instruction', 'Prefixes', 'Counts', 'Vectors', 'of them faults'], all.map((encoding) => {
      const { vectors: count, faults } = coverage.of([encoding]);
      const { opcode, text, prefixes, counts } = encoding;
      return [code(opcode), code(text), prefixes, counts, number(count), number(faults)];
    })), '',
    '## Not recorded', '', 'These encodings have no vectors, for these reasons.', '',
    ...tableOf(['Opcode', 'Instruction', 'Why'], without.map((encoding) => [code(encoding.opcode), code(encoding.text), reason(encoding)])),
  ].join('\n').concat('\n');
}

const INTRODUCTION = [
  '# Conformance', '',
  'Which instructions the machine has, what each counts as, and how far it was compared with a real processor. This page is made',
  'from the instruction table and the recorded vectors by `npm run conformance`; a test holds it to them.',
];

const LEGEND = [
  '*Semantics*: micro-ops, from which both interpreters are made, or a routine of the processor\'s. *Cost*: the class that a timing',
  'model gives cycles to. *Undefined flags*: those that the SDM leaves undefined; they are not compared. *Feature*: the bit of CPUID',
  'without which the instruction is undefined (#UD). *Vectors*: how often one was run on a real processor, at CPL 3, and compared.',
];

const ENCODINGS = [
  'Opcodes and operands as in the SDM\'s instruction pages. *Counts*: the events besides cycles and instructions; `(m)`: for an',
  'operand in memory only. Branches can be mispredicted, loads and stores can miss the cache, and are counted as that too.',
  'The vectors of a privileged instruction are the #GP that it is at CPL 3; what it does at CPL 0 is compared with an emulator.',
];

function summary(coverage: Coverage, all: readonly Encoding[], covered: number): string[] {
  const { all: { vectors, faults }, undecoded } = coverage;
  return tableOf(['', ''], [
    ['Instructions, by mnemonic', number(new Set(all.map(({ mnemonic }) => mnemonic)).size)],
    ['Rows of the table', number(INSTRUCTIONS.reduce((sum, { forms }) => sum + forms.length, 0))],
    ['Encodings, at each operand size', number(all.length)],
    ['of them with recorded vectors', number(covered)],
    ['Variants that micro-ops make', number(new Variants().complete().all.length)],
    ['Encodings done by a routine', number(all.filter(({ instruction }) => instruction.semantics === undefined).length)],
    ['Vectors', number(vectors)],
    ['of them that end in an exception', number(faults)],
    ['of them of bytes that are no instruction', number(undecoded.vectors)],
  ]);
}

function instructions(coverage: Coverage): string[] {
  const rows = inOrder(INSTRUCTIONS).map((instruction) => {
    const whole = instruction.forms.map((form) => ({ form, sizes: sizesOf(form) }));
    const { vectors } = coverage.of(whole);
    return [
      names(instruction), instruction.semantics === undefined ? 'routine' : 'micro-ops', instruction.cost,
      flags(instruction.undefinedFlags), instruction.feature ?? '', number(vectors),
      vectors > 0 ? '' : reason({ instruction, ...whole[0]! }),
    ];
  });
  return tableOf(['Instruction', 'Semantics', 'Cost', 'Undefined flags', 'Feature', 'Vectors', 'Not recorded, because'], rows);
}

/** The mnemonics; where several instructions of the table share one, with the operands that tell them apart. */
function names(instruction: Instruction): string {
  const all = instruction.forms.flatMap((form) => sizesOf(form).map((operandSize) => mnemonicOf({ instruction, operandSize })));
  const shared = INSTRUCTIONS.some((other) => other !== instruction && other.mnemonic === instruction.mnemonic);
  const operands = shared ? ` ${column(instruction.forms[0]!, 1)}` : '';
  return [...new Set(all)].map((name) => code(name + operands)).join(', ');
}

function flags({ always, unlessCountIsOne, beyondWidth }: UndefinedFlags): string {
  const list = (letters: string): string => [...letters].map((letter) => `${letter}F`).join(' ');
  return [
    always === undefined ? '' : list(always),
    unlessCountIsOne === undefined ? '' : `${list(unlessCountIsOne)} unless the count is 1`,
    beyondWidth === undefined ? '' : `${list(beyondWidth)} if the count reaches the width`,
  ].filter((part) => part !== '').join('; ');
}

function reason({ instruction, form, sizes }: Pick<Encoding, 'instruction' | 'form' | 'sizes'>): string {
  const why = notRecorded(instruction, form, sizes.at(-1)!);
  return why ?? assert(false, `${form.row} is to be recorded, and is not: npm run vectors`) as never;
}
