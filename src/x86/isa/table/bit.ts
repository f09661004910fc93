/** Single bits, scans and counts. */
import { CF, ZF } from '../../flags.ts';
import type { Width } from '../../registers.ts';
import { define, type Instruction } from '../define.ts';
import type { Lift } from '../lift.ts';
import type { Word } from '../recorder.ts';

type Change = (u: Lift, a: Word, one: Word) => Word;

/**
 * BT and its kin. With a register as index and a string of bits in memory, the index is signed and reaches beyond the
 * operand: the word that holds the bit is addressed. An immediate index stays inside.
 */
const bitTest = (mnemonic: string, opcode: string, digit: number, change?: Change): Instruction => {
  const lock = change ? '| lock' : '';
  return define(mnemonic, [`0F ${opcode} /r | r/m, r ${lock}`, `0F BA /${digit} ib | r/m, imm8 ${lock}`], (u, dst, index) => {
    const { width } = dst!;
    const at = u.read(index!);
    if (dst!.kind === 'memory' && index!.kind === 'register') {
      const shift = Math.log2(8 * width);
      u.displace(u.shl(u.sar(u.signExtend(at, width), shift), shift - 3));
    }
    const a = u.read(dst!);
    const place = u.and(at, 8 * width - 1);
    if (change) u.write(dst!, change(u, a, u.shl(1, place)));
    u.setFlag(CF, u.bit(a, place));
  }, { undefinedFlags: { always: 'OSAP' } });
};

/** BSF and BSR leave the destination alone when the source is zero, which the SDM long called undefined. */
const scan = (mnemonic: string, opcode: string, find: (u: Lift, a: Word) => Word): Instruction =>
  define(mnemonic, [`0F ${opcode} /r | r, r/m`], (u, dst, src) => {
    const a = u.read(src!);
    const none = u.isZero(a);
    u.if(u.not(none), () => u.write(dst!, find(u, a)));
    u.setFlag(ZF, none);
  }, { undefinedFlags: { always: 'OSAPC' } });

/** The bytes of a word of `width` in the other order. */
export const swapped = (u: Lift, a: Word, width: Width): Word => u.shr(u.byteSwap(a), 64 - 8 * width);

export const BIT: readonly Instruction[] = [
  bitTest('BT', 'A3', 4),
  bitTest('BTS', 'AB', 5, (u, a, one) => u.or(a, one)),
  bitTest('BTR', 'B3', 6, (u, a, one) => u.and(a, u.invert(one))),
  bitTest('BTC', 'BB', 7, (u, a, one) => u.xor(a, one)),
  scan('BSF', 'BC', (u, a) => u.trailingZeros(a)),
  scan('BSR', 'BD', (u, a) => u.minus(63, u.leadingZeros(a))),
  define('POPCNT', ['F3 0F B8 /r | r, r/m'], (u, dst, src) => {
    const a = u.read(src!);
    u.write(dst!, u.ones(a));
    u.setStatus(u.select(u.isZero(a), ZF, 0));
  }, { feature: 'POPCNT' }),
  // Of a 16-bit register the result is undefined; the processors write zero.
  define('BSWAP', ['0F C8 +r | r'], (u, dst) => {
    u.write(dst!, dst!.width === 2 ? 0 : swapped(u, u.read(dst!), dst!.width));
  }),
];
