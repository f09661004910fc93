import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type Line, ORIGIN, readLines } from '../../../test/nasm/lines.ts';
import { AssemblyError, assemble } from './assemble.ts';
import { ALL_FEATURES, Decoder } from './decode.ts';
import { mnemonicOf, sizesOf } from './encode.ts';
import { type Lookup, parseExpression } from './expression.ts';
import { INSTRUCTIONS } from './table.ts';

const linesOf = (path: string): Line[] => readLines(readFileSync(path, 'utf8'));
const hex = (source: string, origin = BigInt(ORIGIN)): string => Buffer.from(assemble(source, origin).bytes).toString('hex');
/** So many bytes of data. */
const bytes = (count: number): string => `resb ${count}`;

const LINES = linesOf('test/nasm/lines.txt').filter((line) => line.bytes !== '');

test('each line is the bytes that NASM makes of it', () => {
  assert.ok(LINES.length > 1500);
  assert.deepEqual(LINES.map(({ source }) => [source, hex(source)]), LINES.map(({ source, bytes: wanted }) => [source, wanted]));
});

test('there is a line for each mnemonic that NASM knows', () => {
  const decoder = new Decoder(ALL_FEATURES);
  const met = new Set(LINES.map((line) => {
    const code = Buffer.from(line.bytes, 'hex');
    const decoded = decoder.decode(code, 0, code.length);
    return typeof decoded === 'string' ? assert.fail(line.source) : mnemonicOf(decoded);
  }));
  const all = INSTRUCTIONS.flatMap((instruction) =>
    instruction.forms.flatMap((form) => sizesOf(form).map((operandSize) => mnemonicOf({ instruction, operandSize }))));
  assert.deepEqual([...new Set(all)].filter((mnemonic) => !met.has(mnemonic)), ['RESERVEDNOP']);
});

test('a program with labels, data and alignment is the bytes that NASM makes of it', () => {
  const lines = linesOf('test/nasm/program.txt');
  const { bytes: got, listing } = assemble(lines.map(({ source }) => source).join('\n'), BigInt(ORIGIN));
  let at = 0;
  for (const { source, bytes: wanted } of lines) {
    const length = wanted.length / 2;
    assert.equal(Buffer.from(got.subarray(at, at + length)).toString('hex'), wanted, source);
    at += length;
  }
  assert.equal(got.length, at);
  for (const { address, length } of listing) assert.ok(length > 0 && Number(address) - ORIGIN + length <= at);
});

test('labels and the listing say where everything is', () => {
  // MOV EAX, imm32 has 5 bytes, NOP 1, JMP rel8 2.
  const { labels, listing, bytes: code } = assemble('first: mov eax, 1\nsecond:\n  nop ; nothing\n  db 1, 2\nthird: jmp second', 0x1000n);
  assert.deepEqual([...labels], [['first', 0x1000n], ['second', 0x1005n], ['third', 0x1008n]]);
  assert.deepEqual(listing, [
    { address: 0x1000n, length: 5, source: 'mov eax, 1' }, { address: 0x1005n, length: 1, source: 'nop' },
    { address: 0x1008n, length: 2, source: 'jmp second' },
  ]);
  assert.equal(Buffer.from(code).toString('hex'), 'b8010000009001 02 ebfb'.replaceAll(' ', ''));
});

test('constants from outside are names like those of the program', () => {
  const constants = new Map([['IA32_PERF_GLOBAL_CTRL', 0x38fn]]);
  assert.equal(Buffer.from(assemble('mov ecx, IA32_PERF_GLOBAL_CTRL', 0n, constants).bytes).toString('hex'), 'b98f030000');
});

test('a branch is short as long as it reaches: -128 to 127 bytes from its end', () => {
  const ahead = (gap: number, jump: string): number => assemble(`${jump} there\n${bytes(gap)}\nthere:`, 0n).bytes.length - gap;
  const back = (gap: number, jump: string): number => assemble(`there:\n${bytes(gap)}\n${jump} there`, 0n).bytes.length - gap;
  // Backwards its own two bytes are in the way too: 126 + 2 = 128.
  for (const [jump, long] of [['jmp', 5], ['je', 6], ['jnle', 6]] as const) {
    assert.deepEqual([0, 126, 127, 128, 200].map((gap) => ahead(gap, jump)), [2, 2, 2, long, long], jump);
    assert.deepEqual([0, 125, 126, 127, 200].map((gap) => back(gap, jump)), [2, 2, 2, long, long], jump);
  }
  for (const jump of ['loop', 'jrcxz', 'jecxz']) {
    const size = jump === 'jecxz' ? 3 : 2;
    assert.deepEqual([0, 127].map((gap) => ahead(gap, jump)), [size, size], jump);
    assert.throws(() => ahead(128, jump), /the target is too far away/);
  }
});

test('branches that lengthen each other settle, however many they are', () => {
  // Each jumps over 98 bytes of data, the next jump of 2 bytes, and 27 bytes more: 127. The last decides.
  const COUNT = 300;
  const blocks = Array.from({ length: COUNT }, (_, i) => `jmp over${i + 1}\n${bytes(27)}\nover${i}:\n${bytes(71)}\n`).join('');
  const sizeWith = (more: number): number => assemble(`${blocks}${bytes(more)}\nover${COUNT}:`, 0n).bytes.length;
  assert.equal(sizeWith(29), COUNT * (2 + 98) + 29);
  assert.equal(sizeWith(30), COUNT * (5 + 98) + 30);
});

test('alignment follows from where it is, also when branches before it have become long', () => {
  // The jump is 5 bytes, so 11 are missing to 16.
  const { bytes: code, labels } = assemble(`jmp far_away\nalign 16\nhere: nop\n${bytes(200)}\nfar_away:`, 0n);
  assert.equal(labels.get('here'), 16n);
  assert.equal(Buffer.from(code.subarray(0, 17)).toString('hex'), `e9d4000000${'90'.repeat(12)}`);
});

test('an instruction whose size depends on a label takes the shortest that is right in the end', () => {
  // 127 fits in a sign-extended byte, 128 does not: ADD EAX, imm8 has 3 bytes, ADD EAX, imm32 has 5.
  for (const [gap, length] of [[127, 3], [128, 5]] as const) {
    assert.equal(assemble(`add eax, end - start\nstart:\n${bytes(gap)}\nend:`, 0x4000_0000n).bytes.length - gap, length);
  }
  // What does not fit while the label has no address yet is no mistake.
  assert.equal(hex('mov al, end - 0x100000 + 126\nend:'), 'b080');
});

const EXPRESSIONS: readonly (readonly [string, bigint])[] = [
  ['0', 0n], ['42', 42n], ['0x2A', 42n], ['0X2a', 42n], ['0b101010', 42n], ['1_000', 1000n], ['0xffff_ffff', 0xffff_ffffn],
  ["'A'", 65n], ['"A"', 65n], ["' '", 32n],
  ['1 + 2 * 3', 7n], ['(1 + 2) * 3', 9n], ['10 - 3 - 2', 5n], ['2 * 3 * 4', 24n], ['1 << 2 + 3', 32n], ['(1 << 2) + 3', 7n],
  ['1 << 3 | 1 << 1', 10n], ['6 & 3 | 8', 10n], ['8 | 6 & 3', 10n], ['0xff & 1 << 4', 16n], ['256 >> 4 >> 2', 4n], ['-16 >> 2', -4n],
  ['-5', -5n], ['- -5', 5n], ['--5', 5n], ['+5', 5n], ['~0', -1n], ['~0 & 0xff', 255n], ['-2 * -3', 6n], ['2 - -2', 4n], ['~-1', 0n],
  ['one', 1n], ['one + two * two', 5n], ['.local', 7n], ['$', 100n], ['$ + 4', 104n], ['a.b', 8n], ['1 << 63', 1n << 63n],
  ['((((5))))', 5n], [' 7 ', 7n],
];

test('expressions have the operators of C, with their strengths', () => {
  const names = new Map([['one', 1n], ['two', 2n], ['.local', 7n], ['$', 100n], ['a.b', 8n]]);
  const lookup: Lookup = (name) => names.get(name) ?? assert.fail(name);
  assert.deepEqual(EXPRESSIONS.map(([text]) => [text, parseExpression(text)(lookup)]), EXPRESSIONS);
});

/** Each kind of mistake: the source, and the whole message. */
const MISTAKES: readonly (readonly [source: string, message: string])[] = [
  ['nop\nfrob eax', 'line 2: there is no instruction frob: frob eax'],
  ['start', 'line 1: there is no instruction start: start'],
  ['lock', 'line 1: there is no instruction lock: lock'],
  ['2nd: nop', 'line 1: 2nd: is no label, whose name has letters, digits, _ and .: 2nd: nop'],
  ['mov eax', 'line 1: no encoding takes these operands: mov eax'],
  ['mov eax, bl', 'line 1: no encoding takes these operands: mov eax, bl'],
  ['mov ah, sil', 'line 1: no encoding takes these operands: mov ah, sil'],
  ['add [rax], [rbx]', 'line 1: no encoding takes these operands: add [rax], [rbx]'],
  ['mov cs, eax', 'line 1: no encoding takes these operands: mov cs, eax'],
  ['mov cr1, rax', 'line 1: no encoding takes these operands: mov cr1, rax'],
  ['mov rax, dr8', 'line 1: no encoding takes these operands: mov rax, dr8'],
  ['push eax', 'line 1: no encoding takes these operands: push eax'],
  ['push dword 5', 'line 1: it has no operand size of 32 bits: push dword 5'],
  ['o64 push word [rax]', 'line 1: it has no operand size of 64 bits: o64 push word [rax]'],
  ['mov al, 256', 'line 1: the constant 256 is too large: mov al, 256'],
  ['mov al, -129', 'line 1: the constant -129 is too large: mov al, -129'],
  ['add rax, 0x80000000', 'line 1: the constant 2147483648 is too large: add rax, 0x80000000'],
  ['int 256', 'line 1: the constant 256 is too large: int 256'],
  ['mov [rax], 5', 'line 1: byte, word, dword, qword or tword must say how much memory it is: mov [rax], 5'],
  ['inc [rax]', 'line 1: byte, word, dword, qword or tword must say how much memory it is: inc [rax]'],
  ['movzx eax, [rax]', 'line 1: byte, word, dword, qword or tword must say how much memory it is: movzx eax, [rax]'],
  ['jmp far [rax]', 'line 1: byte, word, dword, qword or tword must say how much memory it is: jmp far [rax]'],
  ['jmp far rax', 'line 1: far is for a pointer in memory: jmp far rax'],
  ['add eax, byte 5', 'line 1: a size is for memory, and for a constant that is pushed: add eax, byte 5'],
  ['lock mov [rax], ebx', 'line 1: LOCK is for instructions that change an operand in memory: lock mov [rax], ebx'],
  ['lock add eax, ebx', 'line 1: LOCK is for instructions that change an operand in memory: lock add eax, ebx'],
  ['rep add eax, ebx', 'line 1: REP is for string instructions: rep add eax, ebx'],
  ['mov eax, [rsp*2]', 'line 1: rsp cannot be an index: mov eax, [rsp*2]'],
  ['mov eax, [rsp + rsp]', 'line 1: rsp cannot be an index: mov eax, [rsp + rsp]'],
  ['mov eax, [rax*3]', 'line 1: a scale is 1, 2, 4 or 8: mov eax, [rax*3]'],
  ['mov eax, [rax*2*4]', 'line 1: a scale is 1, 2, 4 or 8: mov eax, [rax*2*4]'],
  ['mov eax, [rax*rbx]', 'line 1: a scale is 1, 2, 4 or 8: mov eax, [rax*rbx]'],
  ['mov eax, [rax*2 + rbx*2]', 'line 1: only one register of an address is scaled: mov eax, [rax*2 + rbx*2]'],
  ['mov eax, [rax + rbx + rcx]', 'line 1: an address has at most two registers: mov eax, [rax + rbx + rcx]'],
  ['mov eax, [rax - rbx]', 'line 1: a register cannot be subtracted: mov eax, [rax - rbx]'],
  ['mov eax, [rax + ebx]', 'line 1: the registers of an address are all of 64 bits, or all of 32: mov eax, [rax + ebx]'],
  ['mov eax, [bx]', 'line 1: the registers of an address are all of 64 bits, or all of 32: mov eax, [bx]'],
  ['mov eax, [rax + 0x80000000]', 'line 1: the displacement is too large: mov eax, [rax + 0x80000000]'],
  ['mov ecx, [0x80000000]', 'line 1: the displacement is too large: mov ecx, [0x80000000]'],
  ['mov eax, [ebx + 0x100000000]', 'line 1: the displacement is too large: mov eax, [ebx + 0x100000000]'],
  ['mov eax, [rax | 1]', 'line 1: there is no label or constant rax: mov eax, [rax | 1]'],
  ['mov eax, [es:rdi]', 'line 1: in 64-bit mode only fs and gs choose another segment: mov eax, [es:rdi]'],
  ['mov eax, [rbx', 'line 1: a bracket is not closed: mov eax, [rbx'],
  ['mov eax, []', 'line 1: a value is missing: mov eax, []'],
  ['mov eax,', 'line 1: an operand is missing: mov eax,'],
  ['mov , eax', 'line 1: an operand is missing: mov , eax'],
  ['db 1,, 2', 'line 1: an operand is missing: db 1,, 2'],
  ['mov eax, (1', "line 1: a bracket is not closed in '(1': mov eax, (1"],
  ['mov eax, 1 +', "line 1: a value is missing in '1 +': mov eax, 1 +"],
  ['mov eax, * 2', "line 1: a value is missing before '*' in '* 2': mov eax, * 2"],
  ['mov eax, 1 2', "line 1: what is '2' in '1 2'?: mov eax, 1 2"],
  ['mov eax, 1)', "line 1: what is ')' in '1)'?: mov eax, 1)"],
  ['mov eax, 0x', "line 1: what is '0x'?: mov eax, 0x"],
  ['mov eax, 0b12', "line 1: what is '0b12'?: mov eax, 0b12"],
  ['mov eax, 10h', "line 1: what is '10h'?: mov eax, 10h"],
  ['mov eax, #5', "line 1: what is '#5'?: mov eax, #5"],
  ['mov eax, nowhere', 'line 1: there is no label or constant nowhere: mov eax, nowhere'],
  ['nop\n\njmp nowhere', 'line 3: there is no label or constant nowhere: jmp nowhere'],
  ['jmp 0x123456789abc', 'line 1: the target is too far away: jmp 0x123456789abc'],
  ['a: nop\nb: nop\na: nop', 'line 3: there are two of the name a: a: nop'],
  ['a equ 1\na: nop', 'line 2: there are two of the name a: a: nop'],
  ['rax: nop', 'line 1: rax is a register: rax: nop'],
  ['al equ 5', 'line 1: al is a register: al equ 5'],
  ['KNOWN: nop', 'line 1: KNOWN is a constant: KNOWN: nop'],
  ['a equ b\nb equ 1', 'line 1: b is not known here: a equ b'],
  ['a equ $', 'line 1: $ is not known here: a equ $'],
  ['db', 'line 1: db of nothing: db'],
  ['db 256', 'line 1: 256 does not fit in a byte: db 256'],
  ['dw 0x10000', 'line 1: 65536 does not fit in 2 bytes: dw 0x10000'],
  ['dq 1 << 63 << 1', 'line 1: 18446744073709551616 does not fit in 8 bytes: dq 1 << 63 << 1'],
  ['db "abc', 'line 1: a quote is not closed: db "abc'],
  ["db 'ä'", "line 1: a string is of ASCII characters: db 'ä'"],
  ['align 3', 'line 1: 3 is no power of two up to 1048576: align 3'],
  ['align 0', 'line 1: 0 is no power of two up to 1048576: align 0'],
  ['align', 'line 1: a value is missing: align'],
  ['align here\nhere:', 'line 1: here is not known here: align here'],
  ['resb -1', 'line 1: -1 is no number of bytes up to 1073741824: resb -1'],
  ['resb 1 << 40', 'line 1: 1099511627776 is no number of bytes up to 1073741824: resb 1 << 40'],
  ['dq 1 << 64', 'line 1: a shift is by 0 to 63 bits, not by 64: dq 1 << 64'],
  ['dq 1 >> -1', 'line 1: a shift is by 0 to 63 bits, not by -1: dq 1 >> -1'],
];

test('a mistake is told in one line: which line of the source, what is wrong, and the line itself', () => {
  const constants = new Map([['KNOWN', 1n]]);
  const messages = MISTAKES.map(([source]) => {
    try {
      assemble(source, BigInt(ORIGIN), constants);
      return [source, 'nothing'];
    } catch (error) {
      assert.ok(error instanceof AssemblyError, `${source}: ${error}`);
      return [source, error.message];
    }
  });
  assert.deepEqual(messages, MISTAKES);
});
