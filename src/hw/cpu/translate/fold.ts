/** What pure micro-ops make of constants: worked out when a region is written. */
import type { Micro, MicroId } from '../../../x86/isa/micro.ts';

/** A word, a bit, or nothing that is known. */
export type Known = bigint | boolean | undefined;

const word = (value: bigint): bigint => BigInt.asUintN(64, value);
const signed = (value: bigint): bigint => BigInt.asIntN(64, value);

export function fold({ op, args, width, value }: Micro, known: (id: MicroId) => Known): Known {
  if (op === 'const') return value;
  const binary = BINARY[op];
  if (binary !== undefined) {
    const a = known(args[0]!), b = known(args[1]!);
    return typeof a === 'bigint' && typeof b === 'bigint' ? binary(a, b) : undefined;
  }
  const a = args.length === 0 ? undefined : known(args[0]!);
  switch (op) {
    case 'zext': return typeof a === 'bigint' ? BigInt.asUintN(8 * width, a) : undefined;
    case 'sext': return typeof a === 'bigint' ? word(BigInt.asIntN(8 * width, a)) : undefined;
    case 'word': return typeof a === 'boolean' ? BigInt(a) : undefined;
    case 'not': return typeof a === 'boolean' ? !a : undefined;
    case 'select': return typeof a === 'boolean' ? known(args[a ? 1 : 2]!) : undefined;
    case 'both': return a === false || known(args[1]!) === false ? false : a === true && known(args[1]!) === true ? true : undefined;
    case 'either': return a === true || known(args[1]!) === true ? true : a === false && known(args[1]!) === false ? false : undefined;
    default: return undefined;
  }
}

const BINARY: Partial<Record<Micro['op'], (a: bigint, b: bigint) => bigint | boolean>> = {
  add: (a, b) => word(a + b),
  sub: (a, b) => word(a - b),
  mul: (a, b) => word(a * b),
  udiv: (a, b) => a / b,
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  shl: (a, b) => word(a << (b & 63n)),
  shr: (a, b) => a >> (b & 63n),
  sar: (a, b) => word(signed(a) >> (b & 63n)),
  eq: (a, b) => a === b,
  ltu: (a, b) => a < b,
  lts: (a, b) => signed(a) < signed(b),
};
