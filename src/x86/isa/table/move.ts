/** Moves, extensions and exchanges: what changes no flag. */
import { CONDITIONS, FIXED_FLAG, OF, ZF } from '../../flags.ts';
import { AH, RAX, RBX, RCX, RDX, type Width } from '../../registers.ts';
import { define, type Instruction, microcoded } from '../define.ts';
import type { Place, Semantics } from '../lift.ts';
import { swapped } from './bit.ts';

const move: Semantics = (u, dst, src) => u.write(dst!, u.read(src!));
const signExtended: Semantics = (u, dst, src) => u.write(dst!, u.signExtend(u.read(src!), src!.width));
const half = (width: Width): Width => (width / 2) as Width;

const exchange = (u: Parameters<Semantics>[0], a: Place, b: Place): void => {
  const before = u.read(a), other = u.read(b);
  u.write(a, other);
  u.write(b, before);
};

const loadFlags: Semantics = (u) => u.setGpr(AH, u.or(u.status(), FIXED_FLAG), 1);
const storeFlags: Semantics = (u) => u.setStatus(u.or(u.gpr(AH, 1), u.and(u.status(), OF)));

/** CR8 is the task priority, which the local APIC keeps. */
const readControl: Semantics = (u, dst, src) => {
  u.microcodeIf(u.either(u.not(u.isZero(u.cpl())), u.equal(u.specialNumber(), 8)));
  move(u, dst!, src!);
};

/** DR4 and DR5 are other names, or none. With DR7.GD set every access is an exception. SDM: "MOV - Move to/from Debug Registers". */
const readDebug: Semantics = (u, dst, src) => {
  const renamed = u.equal(u.and(u.specialNumber(), 6), 4);
  u.microcodeIf(u.either(u.not(u.isZero(u.cpl())), u.either(renamed, u.bit(u.field('DR7'), 13))));
  move(u, dst!, src!);
};

/** RDX:RAX with memory; equal, RCX:RBX goes there; else memory comes back. It is written in either case. */
const compareExchangePair: Semantics = (u) => {
  const address = u.address();
  u.faultIf(u.not(u.isZero(u.and(address, 15))));
  const low = u.updateOf(address, 8), high = u.updateOf(u.plus(address, 8), 8);
  const same = u.both(u.equal(u.gpr(RAX), low), u.equal(u.gpr(RDX), high));
  u.put(low, u.select(same, u.gpr(RBX), low), 8);
  u.put(high, u.select(same, u.gpr(RCX), high), 8);
  u.if(u.not(same), () => {
    u.setGpr(RAX, low);
    u.setGpr(RDX, high);
  });
  u.setFlag(ZF, same);
};

export const MOVE: readonly Instruction[] = [
  define('MOV', [
    '88 /r | r/m8, r8', '89 /r | r/m, r', '8A /r | r8, r/m8', '8B /r | r, r/m', 'A0 | AL, moffs8', 'A1 | rAX, moffs',
    'A2 | moffs8, AL', 'A3 | moffs, rAX', 'B0 +r ib | r8, imm8', 'B8 +r iv | r, immv', 'C6 /0 ib | r/m8, imm8',
    'C7 /0 iz | r/m, imm',
  ], move),
  define('MOV', ['8C /r | r/m16v, Sreg'], move, { cost: 'descriptor' }),
  microcoded('MOV', ['8E /r | Sreg, r/m16v'], 'descriptor', { counted: ['load'] }),
  define('MOV', ['0F 20 /r | rm=r, CR | native'], readControl, { cost: 'control register' }),
  microcoded('MOV', ['0F 22 /r | CR, rm=r | native'], 'control register'),
  define('MOV', ['0F 21 /r | rm=r, DR | native'], readDebug, { cost: 'control register' }),
  microcoded('MOV', ['0F 23 /r | DR, rm=r | native'], 'control register'),
  define('MOVZX', ['0F B6 /r | r, r/m8', '0F B7 /r | r, r/m16'], move),
  define('MOVSX', ['0F BE /r | r, r/m8', '0F BF /r | r, r/m16'], signExtended),
  // Without REX.W it is a plain 32-bit (with 66, 16-bit) move.
  define('MOVSXD', ['REX.W + 63 /r | r64, r/m32', '63 /r | r, r/m | w0 o64'], signExtended),
  define('LEA', ['8D /r | r, m'], (u, dst) => u.write(dst!, u.offset())),
  define('XCHG', ['90 +r | r, rAX', '86 /r | r/m8, r8 | lock', '87 /r | r/m, r | lock'], (u, a, b) => exchange(u, a!, b!)),
  define('CBW', ['98'], (u) => {
    const size = u.operandSize;
    u.setGpr(RAX, u.signExtend(u.gpr(RAX, half(size)), half(size)), size);
  }, { sized: ['CBW', 'CWDE', 'CDQE'] }),
  define('CWD', ['99'], (u) => {
    const size = u.operandSize;
    u.setGpr(RDX, u.sar(u.signExtend(u.gpr(RAX, size), size), 63), size);
  }, { sized: ['CWD', 'CDQ', 'CQO'] }),
  define('XLATB', ['D7'], (u) => {
    const offset = u.plus(u.gpr(RBX), u.gpr(RAX, 1));
    u.setGpr(RAX, u.load(u.plus(u.segmentBase(), u.zeroExtend(offset, u.addressSize)), 1, 'operand'), 1);
  }),
  define('MOVBE', ['NFx 0F 38 F0 /r | r, mv', 'NFx 0F 38 F1 /r | mv, r'], (u, dst, src) => {
    u.write(dst!, swapped(u, u.read(src!), src!.width));
  }, { feature: 'MOVBE' }),
  // Where it is not 64-bit mode no feature is needed.
  define('LAHF', ['9F | | o64'], loadFlags, { feature: 'LAHF64' }),
  define('LAHF', ['9F | | i64'], loadFlags),
  define('SAHF', ['9E | | o64'], storeFlags, { feature: 'LAHF64' }),
  define('SAHF', ['9E | | i64'], storeFlags),
  ...CONDITIONS.map((name, code) => define(`SET${name}`, [`0F ${(0x90 + code).toString(16).toUpperCase()} /r | r/m8`],
    (u, dst) => u.write(dst!, u.wordOf(u.condition(code))))),
  ...CONDITIONS.map((name, code) => define(`CMOV${name}`, [`0F ${(0x40 + code).toString(16).toUpperCase()} /r | r, r/m`],
    // The source is read, and a 32-bit destination written, whatever the condition is.
    (u, dst, src) => u.write(dst!, u.select(u.condition(code), u.read(src!), u.read(dst!))))),
  microcoded('LFS', ['0F B4 /r | r, m16:v'], 'descriptor', { counted: ['load'] }),
  microcoded('LGS', ['0F B5 /r | r, m16:v'], 'descriptor', { counted: ['load'] }),
  microcoded('LSS', ['0F B2 /r | r, m16:v'], 'descriptor', { counted: ['load'] }),
  microcoded('LES', ['C4 /r | r, m16:v | i64'], 'descriptor', { counted: ['load'] }),
  microcoded('LDS', ['C5 /r | r, m16:v | i64'], 'descriptor', { counted: ['load'] }),
  microcoded('CMPXCHG8B', ['0F C7 /1 | m:pair | lock no16 w0'], 'locked', { counted: ['load', 'store'], feature: 'CX8' }),
  define('CMPXCHG16B', ['REX.W + 0F C7 /1 | m:pair | lock'], compareExchangePair, { cost: 'locked', feature: 'CX16' }),
];
