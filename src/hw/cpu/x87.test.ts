import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load, save } from '../../base/pack.ts';
import { extended, INDEFINITE, INTEGER_BIT, ONE, ZERO } from '../../x86/x87/extended.ts';
import { BUSY, C1, ES_SUMMARY, IE, SF_FAULT, ZE } from '../../x86/x87/words.ts';
import { X87 } from './x87.ts';

const BLOCK = 0x1000;
const make = (): X87 => new X87(new ArrayBuffer(2 * BLOCK), BLOCK);

test('after power-up all registers are +0 and the control word is 40H; FNINIT empties them and masks everything', () => {
  const x87 = make();
  // SDM: "IA-32 and Intel 64 Processor States Following Power-up, Reset, or INIT".
  assert.deepEqual([x87.control, x87.status, x87.tags, x87.st(3)], [0x40, 0, 0x5555, ZERO]);
  x87.initialize();
  assert.deepEqual([x87.control, x87.status, x87.tags], [0x37f, 0, 0xffff]);
});

test('the tag word tells what registers hold', () => {
  const x87 = make();
  x87.initialize();
  for (const value of [extended(false, 0, 1n), INDEFINITE, ZERO, ONE]) x87.push(value);
  // R7 and R6 special, R5 zero, R4 valid, the others empty.
  assert.equal(x87.tags, 0b10_10_01_00_11_11_11_11);
  assert.deepEqual([x87.top, x87.st(0), x87.st(3)], [4, ONE, extended(false, 0, 1n)]);
  x87.pop();
  assert.equal(x87.tags, 0b10_10_01_11_11_11_11_11);
});

test('the summary follows the flags and the masks', () => {
  const x87 = make();
  x87.initialize();
  assert.equal(x87.meet({ flags: ZE, up: false }), false);
  assert.equal(x87.status, ZE);
  x87.control = 0x37f & ~ZE;
  assert.equal(x87.status, ZE | ES_SUMMARY | BUSY);
  x87.control = 0x37f;
  assert.equal(x87.status, ZE);
});

test('C1 tells an overflow of the stack from an underflow', () => {
  const x87 = make();
  x87.initialize();
  assert.equal(x87.stackFault(true), false);
  assert.equal(x87.status, IE | SF_FAULT | C1);
  x87.control = 0x37e;
  assert.equal(x87.stackFault(false), true);
  assert.equal(x87.status, IE | SF_FAULT | ES_SUMMARY | BUSY);
});

test('what is saved is loaded', () => {
  const [from, to] = [make(), make()];
  from.initialize();
  from.push(extended(true, 0x1234, INTEGER_BIT | 0x1234_5678_9abc_def0n));
  from.control = 0x27b;
  from.meet({ flags: ZE, up: true });
  from.opcode = 0x7ff;
  from.instructionPointer = 0xffff_8000_1234_5678n;
  from.dataPointer = 0x7fff_ffff_0000_0001n;
  const packed = save(from);
  load(to, packed);
  assert.deepEqual(save(to), packed);
  const shown = ({ control, status, inUse, tags, opcode, instructionPointer, dataPointer }: X87): unknown[] =>
    [control, status, inUse, tags, opcode, instructionPointer, dataPointer];
  assert.deepEqual(shown(to), shown(from));
  for (let i = 0; i < 8; i += 1) assert.deepEqual(to.st(i), from.st(i));
});
