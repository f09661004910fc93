/** Arithmetic, comparison and conversion of single- and double-precision numbers. */
import type { FloatOperation, FloatWidth } from '../../simd/operation.ts';
import type { CostClass, Instruction } from '../define.ts';
import type { Semantics } from '../lift.ts';
import { sse, sse2 } from './sse.ts';

/** The four kinds of an operation: the suffix of its name, its prefix, and what its operands are. */
const KINDS = [
  { suffix: 'PS', prefix: 'NP', memory: 128, width: 4, lanes: 4, define: sse },
  { suffix: 'PD', prefix: '66', memory: 128, width: 8, lanes: 2, define: sse2 },
  { suffix: 'SS', prefix: 'F3', memory: 32, width: 4, lanes: 1, define: sse },
  { suffix: 'SD', prefix: 'F2', memory: 64, width: 8, lanes: 1, define: sse2 },
] as const;

const arithmetic = (name: string, opcode: string, operation: FloatOperation, cost: CostClass = 'float'): readonly Instruction[] =>
  KINDS.map(({ suffix, prefix, memory, width, lanes, define }) =>
    define(`${name}${suffix}`, [`${prefix} 0F ${opcode} /r | xmm, xmm/m${memory}`], (u, dst, src) => {
      u.writePacked(dst!, u.float(operation, u.readPacked(dst!), u.readPacked(src!), width, lanes));
    }, { cost }));

/** Of singles alone: packed, and one. */
const approximated = (name: string, opcode: string, operation: FloatOperation): readonly Instruction[] =>
  KINDS.filter(({ width }) => width === 4).map(({ suffix, prefix, memory, width, lanes }) =>
    sse(`${name}${suffix}`, [`${prefix} 0F ${opcode} /r | xmm, xmm/m${memory}`], (u, dst, src) => {
      u.writePacked(dst!, u.float(operation, u.readPacked(dst!), u.readPacked(src!), width, lanes));
    }, { cost: 'float' }));

const compared = KINDS.map(({ suffix, prefix, memory, width, lanes, define }) =>
  define(`CMP${suffix}`, [`${prefix} 0F C2 /r ib | xmm, xmm/m${memory}, imm8`], (u, dst, src, predicate) => {
    u.writePacked(dst!, u.float('compare', u.readPacked(dst!), u.readPacked(src!), width, lanes, u.read(predicate!)));
  }, { cost: 'float' }));

/** COMISS and its kin, which set the status flags of the general registers. */
const ordered = (width: FloatWidth, quiet: boolean): Semantics => (u, a, b) =>
  u.setStatus(u.order(u.readPacked(a!), u.readPacked(b!), width, quiet));

/** Lanes of another kind; the register is otherwise cleared. */
const converted = (operation: FloatOperation, width: FloatWidth, lanes: number): Semantics => (u, dst, src) =>
  u.writePacked(dst!, u.float(operation, u.zeros(), u.readPacked(src!), width, lanes));

const toInteger = (width: FloatWidth, truncate: boolean): Semantics => (u, dst, src) =>
  u.write(dst!, u.integerOf(u.readPacked(src!), width, dst!.width, truncate));
const fromInteger = (width: FloatWidth): Semantics => (u, dst, src) =>
  u.writePacked(dst!, u.floatOf(u.readPacked(dst!), u.read(src!), width, src!.width));

const FLOAT = { cost: 'float' } as const;

export const SSE_FLOAT: readonly Instruction[] = [
  ...arithmetic('ADD', '58', 'add'), ...arithmetic('MUL', '59', 'mul'), ...arithmetic('SUB', '5C', 'sub'),
  ...arithmetic('MIN', '5D', 'min'), ...arithmetic('MAX', '5F', 'max'),
  ...arithmetic('DIV', '5E', 'div', 'float divide'), ...arithmetic('SQRT', '51', 'sqrt', 'float divide'),
  ...approximated('RCP', '53', 'reciprocal'), ...approximated('RSQRT', '52', 'reciprocalRoot'),
  ...compared,
  sse('UCOMISS', ['NP 0F 2E /r | xmm, xmm/m32'], ordered(4, true), FLOAT),
  sse2('UCOMISD', ['66 0F 2E /r | xmm, xmm/m64'], ordered(8, true), FLOAT),
  sse('COMISS', ['NP 0F 2F /r | xmm, xmm/m32'], ordered(4, false), FLOAT),
  sse2('COMISD', ['66 0F 2F /r | xmm, xmm/m64'], ordered(8, false), FLOAT),
  // Between a general register and the low lane.
  sse('CVTSI2SS', ['F3 0F 2A /r | xmm, r/m | no16'], fromInteger(4), FLOAT),
  sse2('CVTSI2SD', ['F2 0F 2A /r | xmm, r/m | no16'], fromInteger(8), FLOAT),
  sse('CVTTSS2SI', ['F3 0F 2C /r | r, xmm/m32 | no16'], toInteger(4, true), FLOAT),
  sse2('CVTTSD2SI', ['F2 0F 2C /r | r, xmm/m64 | no16'], toInteger(8, true), FLOAT),
  sse('CVTSS2SI', ['F3 0F 2D /r | r, xmm/m32 | no16'], toInteger(4, false), FLOAT),
  sse2('CVTSD2SI', ['F2 0F 2D /r | r, xmm/m64 | no16'], toInteger(8, false), FLOAT),
  // Between the two precisions.
  sse2('CVTSS2SD', ['F3 0F 5A /r | xmm, xmm/m32'], (u, dst, src) => {
    u.writePacked(dst!, u.float('toDouble', u.readPacked(dst!), u.readPacked(src!), 4, 1));
  }, FLOAT),
  sse2('CVTSD2SS', ['F2 0F 5A /r | xmm, xmm/m64'], (u, dst, src) => {
    u.writePacked(dst!, u.float('toSingle', u.readPacked(dst!), u.readPacked(src!), 8, 1));
  }, FLOAT),
  sse2('CVTPS2PD', ['NP 0F 5A /r | xmm, xmm/m64'], converted('toDouble', 4, 2), FLOAT),
  sse2('CVTPD2PS', ['66 0F 5A /r | xmm, xmm/m128'], converted('toSingle', 8, 2), FLOAT),
  // Between packed numbers and packed integers of 32 bits.
  sse2('CVTDQ2PS', ['NP 0F 5B /r | xmm, xmm/m128'], converted('fromIntegers', 4, 4), FLOAT),
  sse2('CVTPS2DQ', ['66 0F 5B /r | xmm, xmm/m128'], converted('toIntegers', 4, 4), FLOAT),
  sse2('CVTTPS2DQ', ['F3 0F 5B /r | xmm, xmm/m128'], converted('truncate', 4, 4), FLOAT),
  sse2('CVTDQ2PD', ['F3 0F E6 /r | xmm, xmm/m64'], converted('fromIntegersToDouble', 4, 2), FLOAT),
  sse2('CVTPD2DQ', ['F2 0F E6 /r | xmm, xmm/m128'], converted('toIntegers', 8, 2), FLOAT),
  sse2('CVTTPD2DQ', ['66 0F E6 /r | xmm, xmm/m128'], converted('truncate', 8, 2), FLOAT),
];
