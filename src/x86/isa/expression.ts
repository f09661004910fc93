/** Constant expressions of the assembler: integers, names, + - * << >> | & ~ and brackets, as in C. */

/** A mistake in the source of a program. */
export class AssemblyError extends Error {
  override readonly name = 'AssemblyError';
}

/** The value of a name, or a complaint that there is none. */
export type Lookup = (name: string) => bigint;
export type Expression = (lookup: Lookup) => bigint;

const TOKEN = /\s*(?:(0x[0-9a-f][0-9a-f_]*|0b[01][01_]*|\d[\d_]*)(?![\w.])|('[^']'|"[^"]")|([A-Za-z_.$][\w.$]*)|(<<|>>|[-+*|&~()]))/iy;

interface Token { readonly kind: 'number' | 'name' | 'sign'; readonly text: string }

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const start = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw new AssemblyError(`what is '${text.slice(start).trim()}'?`);
    const [, number, character, name, sign] = match;
    if (number !== undefined) tokens.push({ kind: 'number', text: number.replaceAll('_', '') });
    else if (character !== undefined) tokens.push({ kind: 'number', text: String(character.charCodeAt(1)) });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else tokens.push({ kind: 'sign', text: sign! });
  }
  return tokens;
}

/** An expression taken apart: an operator with its operands, or a number or name. */
export interface Tree { readonly kind: 'number' | 'name' | 'unary' | 'binary'; readonly text: string; readonly operands: readonly Tree[] }

const UNARY: Readonly<Record<string, (a: bigint) => bigint>> = { '-': (a) => -a, '~': (a) => ~a, '+': (a) => a };

/** A shift by so many bits as a constant can have. */
function shift(a: bigint, b: bigint, left: boolean): bigint {
  if (b < 0n || b > 63n) throw new AssemblyError(`a shift is by 0 to 63 bits, not by ${b}`);
  return left ? a << b : a >> b;
}

/** Binary operators, weakest first; those of one row have the same strength. */
const BINARY: readonly Readonly<Record<string, (a: bigint, b: bigint) => bigint>>[] = [
  { '|': (a, b) => a | b },
  { '&': (a, b) => a & b },
  { '<<': (a, b) => shift(a, b, true), '>>': (a, b) => shift(a, b, false) },
  { '+': (a, b) => a + b, '-': (a, b) => a - b },
  { '*': (a, b) => a * b },
];
const OPERATORS = Object.assign({}, ...BINARY) as (typeof BINARY)[number];

export function evaluate({ kind, text, operands }: Tree, lookup: Lookup): bigint {
  if (kind === 'number') return BigInt(text);
  if (kind === 'name') return lookup(text);
  const [a, b] = operands.map((operand) => evaluate(operand, lookup));
  return kind === 'unary' ? UNARY[text]!(a!) : OPERATORS[text]!(a!, b!);
}

export function parseTree(text: string): Tree {
  const tokens = tokenize(text);
  const where = `in '${text.trim()}'`;
  let next = 0;

  const binary = (strength: number): Tree => {
    const operators = BINARY[strength];
    if (operators === undefined) return unary();
    let left = binary(strength + 1);
    while (tokens[next]?.kind === 'sign' && tokens[next]!.text in operators) {
      const operator = tokens[next++]!.text;
      left = { kind: 'binary', text: operator, operands: [left, binary(strength + 1)] };
    }
    return left;
  };

  const unary = (): Tree => {
    const token = tokens[next++];
    if (token === undefined) throw new AssemblyError(text.trim() === '' ? 'a value is missing' : `a value is missing ${where}`);
    if (token.kind !== 'sign') return { kind: token.kind, text: token.text, operands: [] };
    if (token.text in UNARY) return { kind: 'unary', text: token.text, operands: [unary()] };
    if (token.text !== '(') throw new AssemblyError(`a value is missing before '${token.text}' ${where}`);
    const inner = binary(0);
    if (tokens[next++]?.text !== ')') throw new AssemblyError(`a bracket is not closed ${where}`);
    return inner;
  };

  const tree = binary(0);
  if (next !== tokens.length) throw new AssemblyError(`what is '${tokens[next]!.text}' ${where}?`);
  return tree;
}

export function parseExpression(text: string): Expression {
  const tree = parseTree(text);
  return (lookup) => evaluate(tree, lookup);
}
