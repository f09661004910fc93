/**
 * String instructions. One iteration is what is written here; REP repeats it. The source is DS:rSI or what a prefix
 * says, the destination always ES:rDI; DF says which way they go.
 */
import { DF } from '../../flags.ts';
import { ES, RAX, RDI, RSI, type Width } from '../../registers.ts';
import { define, type Instruction, microcoded } from '../define.ts';
import type { Lift, Semantics } from '../lift.ts';
import type { Word } from '../recorder.ts';
import { difference } from './arithmetic.ts';

/** The row for bytes and the row for words of the operand size. */
const rows = (bytes: string, words: string, attribute: string): string[] => [`${bytes} | | ${attribute} b8`, `${words} | | ${attribute}`];

const source = (u: Lift, width: Width): Word => u.load(u.plus(u.segmentBase(), u.gpr(RSI, u.addressSize)), width, 'operand');
const destination = (u: Lift): Word => u.plus(u.segmentBase(ES), u.gpr(RDI, u.addressSize));

/** Moves an index register by one element, up or down. */
const advance = (u: Lift, register: number, width: Width): void => {
  const step = u.select(u.isZero(u.system(DF)), width, -width);
  u.setGpr(register, u.plus(u.gpr(register, u.addressSize), step), u.addressSize);
};

const string = (mnemonic: string, forms: string[], semantics: Semantics): Instruction =>
  define(mnemonic, forms, semantics, { cost: 'string', sized: [`${mnemonic}W`, `${mnemonic}D`, `${mnemonic}Q`] });

export const STRING: readonly Instruction[] = [
  string('MOVS', rows('A4', 'A5', 'rep'), (u) => {
    const size = u.operandSize;
    u.store(destination(u), source(u, size), size, 'data');
    advance(u, RSI, size);
    advance(u, RDI, size);
  }),
  string('CMPS', rows('A6', 'A7', 'repe'), (u) => {
    const size = u.operandSize;
    const b = u.load(destination(u), size, 'data');
    difference(u, source(u, size), b, 0, size);
    advance(u, RSI, size);
    advance(u, RDI, size);
  }),
  string('STOS', rows('AA', 'AB', 'rep'), (u) => {
    const size = u.operandSize;
    u.store(destination(u), u.gpr(RAX, size), size, 'data');
    advance(u, RDI, size);
  }),
  string('LODS', rows('AC', 'AD', 'rep'), (u) => {
    const size = u.operandSize;
    u.setGpr(RAX, source(u, size), size);
    advance(u, RSI, size);
  }),
  string('SCAS', rows('AE', 'AF', 'repe'), (u) => {
    const size = u.operandSize;
    difference(u, u.gpr(RAX, size), u.load(destination(u), size, 'data'), 0, size);
    advance(u, RDI, size);
  }),
  microcoded('INS', rows('6C', '6D', 'rep io'), 'port', { counted: ['store'], sized: ['INSW', 'INSD', 'INSD'] }),
  microcoded('OUTS', rows('6E', '6F', 'rep io'), 'port', { counted: ['load'], sized: ['OUTSW', 'OUTSD', 'OUTSD'] }),
];
