/**
 * An assembler for the project's own programs: Intel syntax as NASM reads it, two kinds of statement more than the
 * instructions themselves (labels and data), and constants by the names that the manual gives them.
 *
 *     start:  mov   ecx, IA32_PERF_GLOBAL_CTRL
 *             mov   [rel saved], rax
 *             loop  start
 *     saved:  dq    0, start, 1 << 32
 *             align 16
 *             bits 32            ; what follows is not for 64-bit mode
 *
 * A mistake in a program is an `AssemblyError` with the line it is in.
 */
import { assert } from '../../base/assert.ts';
import { gprByName } from '../registers.ts';
import { BITS, type Bits } from './decode.ts';
import { AssemblyError, type Lookup, parseExpression } from './expression.ts';
import { type Emit, parseInstruction, splitOperands } from './statement.ts';

export { AssemblyError };

export interface Assembled {
  readonly bytes: Uint8Array;
  readonly labels: ReadonlyMap<string, bigint>;
  /** The address of each instruction, in order, with its line of the source. */
  readonly listing: readonly { readonly address: bigint; readonly length: number; readonly source: string }[];
}

/** What one line puts into the program. `emit` may be asked several times, while label addresses still move. */
interface Statement {
  readonly line: number;
  readonly source: string;
  readonly isInstruction: boolean;
  readonly emit: Emit;
}

interface Label { readonly label: string }
/** Values by name: constants, or labels. */
type Names = ReadonlyMap<string, bigint>;

/** Assembles at `origin`. `constants` are names besides the labels. */
export function assemble(source: string, origin: bigint, constants: ReadonlyMap<string, bigint> = new Map()): Assembled {
  const names = new Map(constants);
  const defined = new Set<string>();
  const define = (name: string): void => {
    if (gprByName(name.toUpperCase()) !== undefined) throw new AssemblyError(`${name} is a register`);
    if (defined.has(name)) throw new AssemblyError(`there are two of the name ${name}`);
    defined.add(name);
  };
  let bits: Bits = 64;
  const setBits = (to: Bits): void => {
    bits = to;
  };
  const statements = source.split('\n').flatMap((text, i) => at(i + 1, text, () =>
    parseLine(text, { line: i + 1, names, define, bits, setBits })));
  return layOut(statements, origin, names);
}

/** Runs `body`, and says where in the source it failed. */
function at<T>(line: number, text: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof AssemblyError)) throw error;
    throw new AssemblyError(`line ${line}: ${error.message}: ${text.trim()}`);
  }
}

/**
 * Places the statements until no length changes. An instruction never shrinks again, so this ends. What cannot be encoded
 * yet may be possible once the labels have their addresses: whoever fails then, fails in `emitAll`.
 */
function layOut(statements: readonly (Statement | Label)[], origin: bigint, names: Names): Assembled {
  const labels = new Map<string, bigint>();
  const lengths = new Array<number>(statements.length).fill(0);
  for (let round = 0, moved = true; moved; round += 1) {
    assert(round <= 3 + 30 * statements.length, 'each round but the last lengthens an instruction, or moves what is behind one');
    moved = false;
    let address = origin;
    for (const [i, statement] of statements.entries()) {
      if ('label' in statement) {
        if (labels.get(statement.label) !== address) moved = true;
        labels.set(statement.label, address);
        continue;
      }
      const lookup: Lookup = (name) => lookUp(name, names, labels, round === 0 ? address : undefined, address);
      const length = lengthOf(statement, address, lookup, lengths[i]!);
      // Padding follows from where it is, and may shrink.
      if (length > lengths[i]! || (length < lengths[i]! && !statement.isInstruction)) {
        lengths[i] = length;
        moved = true;
      }
      address += BigInt(lengths[i]!);
    }
  }
  return emitAll(statements, origin, names, labels, lengths);
}

function lengthOf({ emit }: Statement, address: bigint, lookup: Lookup, atLeast: number): number {
  try {
    return emit(address, lookup, atLeast).length;
  } catch (error) {
    if (!(error instanceof AssemblyError)) throw error;
    return atLeast;
  }
}

function emitAll(
  statements: readonly (Statement | Label)[], origin: bigint, names: Names, labels: Names, lengths: readonly number[],
): Assembled {
  const bytes = new Uint8Array(lengths.reduce((total, length) => total + length, 0));
  const listing: Assembled['listing'][number][] = [];
  let offset = 0;
  for (const [i, statement] of statements.entries()) {
    if ('label' in statement) continue;
    const address = origin + BigInt(offset);
    const lookup: Lookup = (name) => lookUp(name, names, labels, undefined, address);
    const emitted = at(statement.line, statement.source, () => statement.emit(address, lookup, lengths[i]!));
    // An instruction that became long while labels moved, and has no such length any more, is filled up with NOPs.
    bytes.fill(0x90, offset, offset + lengths[i]!);
    bytes.set(emitted, offset);
    if (statement.isInstruction) listing.push({ address, length: emitted.length, source: statement.source });
    offset += lengths[i]!;
  }
  return { bytes, labels, listing };
}

/** `unknown` is what a label is taken for that has no address yet. */
function lookUp(name: string, names: Names, labels: Names, unknown: bigint | undefined, here: bigint): bigint {
  const value = name === '$' ? here : (names.get(name) ?? labels.get(name) ?? unknown);
  if (value === undefined) throw new AssemblyError(`there is no label or constant ${name}`);
  return value;
}

const NO_LABELS: Lookup = (name) => {
  throw new AssemblyError(`${name} is not known here`);
};

/** Strips the comment, which begins with a semicolon outside quotes. */
function uncommented(text: string): string {
  const [before] = /^(?:[^;"']|"[^"]*"|'[^']*')*/.exec(text)!;
  if (before.length < text.length && text[before.length] !== ';') throw new AssemblyError('a quote is not closed');
  return before.trim();
}

/** Where a line stands, and what it may define for those that follow. */
interface Context {
  readonly line: number;
  readonly names: Map<string, bigint>;
  readonly bits: Bits;
  readonly define: (name: string) => void;
  readonly setBits: (bits: Bits) => void;
}

function parseLine(text: string, { line, names, bits, define, setBits }: Context): (Statement | Label)[] {
  let rest = uncommented(text);
  const statements: (Statement | Label)[] = [];
  const constant = /^([A-Za-z_.][\w.]*)\s+equ\s+(.+)$/i.exec(rest);
  if (constant) {
    define(constant[1]!);
    names.set(constant[1]!, parseExpression(constant[2]!)((name) => names.get(name) ?? NO_LABELS(name)));
    return [];
  }
  const mode = /^bits\s+(.+)$/i.exec(rest);
  if (mode) {
    const value = BITS.find((each) => each.toString() === mode[1]);
    if (value === undefined) throw new AssemblyError(`code is of 16, 32 or 64 bits, not of ${mode[1]}`);
    setBits(value);
    return [];
  }
  const label = /^([A-Za-z_.][\w.]*):/.exec(rest);
  if (label) {
    define(label[1]!);
    if (names.has(label[1]!)) throw new AssemblyError(`${label[1]} is a constant`);
    statements.push({ label: label[1]! });
    rest = rest.slice(label[0].length).trim();
  }
  if (rest !== '') statements.push(parseStatement(rest, line, bits, (name) => names.get(name) ?? NO_LABELS(name)));
  return statements;
}

const DATA_SIZES: Readonly<Record<string, number>> = { db: 1, dw: 2, dd: 4, dq: 8 };
const LARGEST_ALIGNMENT = 1n << 20n;
const LARGEST_GAP = 1n << 30n;

/** `known` looks up what was defined before: sizes must not depend on labels. */
function parseStatement(text: string, line: number, bits: Bits, known: Lookup): Statement {
  const [, word = '', rest = ''] = /^(\S+)\s*(.*)$/.exec(text)!;
  const directive = word.toLowerCase();
  const base = { line, source: text, isInstruction: false };
  const size = DATA_SIZES[directive];
  if (size !== undefined) {
    const items = splitOperands(rest).map(parseDatum);
    if (items.length === 0) throw new AssemblyError(`${directive} of nothing`);
    return { ...base, emit: (_address, lookup) => Uint8Array.from(items.flatMap((item) => item(lookup, size))) };
  }
  if (directive === 'align') {
    const to = parseExpression(rest)(known);
    if (to < 1n || to > LARGEST_ALIGNMENT || (to & (to - 1n)) !== 0n) {
      throw new AssemblyError(`${to} is no power of two up to ${LARGEST_ALIGNMENT}`);
    }
    return { ...base, emit: (address) => new Uint8Array(Number((to - (address % to)) % to)).fill(0x90) };
  }
  if (directive === 'resb') {
    const bytes = parseExpression(rest)(known);
    if (bytes < 0n || bytes > LARGEST_GAP) throw new AssemblyError(`${bytes} is no number of bytes up to ${LARGEST_GAP}`);
    return { ...base, emit: () => new Uint8Array(Number(bytes)) };
  }
  return { ...base, isInstruction: true, emit: parseInstruction(text, bits) };
}

type Datum = (lookup: Lookup, size: number) => number[];

/** A string, filled up with zeros to a whole number of elements; or a number. */
function parseDatum(text: string): Datum {
  const [, double, single] = /^(?:"([^"]*)"|'([^']*)')$/.exec(text) ?? [];
  const string = double ?? single;
  if (string !== undefined) {
    const codes = [...string].map((character) => character.charCodeAt(0));
    if (codes.some((code) => code > 0x7f)) throw new AssemblyError('a string is of ASCII characters');
    return (_lookup, size) => [...codes, ...new Array<number>((size - (codes.length % size)) % size).fill(0)];
  }
  const expression = parseExpression(text);
  return (lookup, size) => {
    const value = expression(lookup), bits = 8 * size;
    if (BigInt.asIntN(bits, value) !== value && BigInt.asUintN(bits, value) !== value) {
      throw new AssemblyError(`${value} does not fit in ${size === 1 ? 'a byte' : `${size} bytes`}`);
    }
    return Array.from({ length: size }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
  };
}
