import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ORIGIN, readLines } from '../../../test/nasm/lines.ts';
import { assemble } from './assemble.ts';
import { ALL_FEATURES, Decoder } from './decode.ts';
import { disassemble } from './disassemble.ts';

const decoder = new Decoder(ALL_FEATURES);

function textOf(hex: string, address: bigint, symbol?: (address: bigint) => string | undefined): string {
  const bytes = Buffer.from(hex, 'hex');
  const decoded = decoder.decode(bytes, 0, bytes.length);
  assert.ok(typeof decoded !== 'string', `${hex}: ${decoded}`);
  assert.equal(decoded.length, bytes.length, hex);
  return disassemble(decoded, address, symbol);
}

/** At 1 MiB; NASM makes the bytes of each text. */
const TEXTS: readonly (readonly [hex: string, text: string])[] = [
  ['4801c8', 'add rax, rcx'], ['0500010000', 'add eax, 0x100'], ['83c009', 'add eax, 9'], ['83c00a', 'add eax, 0xa'],
  ['83c0ff', 'add eax, -1'], ['83c080', 'add eax, -0x80'], ['8038c8', 'cmp byte [rax], -0x38'], ['4088fc', 'mov spl, dil'],
  ['88e0', 'mov al, ah'], ['49bff0debc9a78563412', 'mov r15, 0x123456789abcdef0'], ['8b0424', 'mov eax, dword [rsp]'],
  ['8b4500', 'mov eax, dword [rbp]'], ['488b44cb10', 'mov rax, qword [rbx + rcx*8 + 0x10]'],
  ['8b44cbf0', 'mov eax, dword [rbx + rcx*8 - 0x10]'],
  ['8b048d00000000', 'mov eax, dword [rcx*4]'], ['8b042580ffffff', 'mov eax, dword [0xffffffffffffff80]'],
  ['678b0425ffffffff', 'a32 mov eax, dword [0xffffffff]'], ['678b440b01', 'mov eax, dword [ebx + ecx*1 + 1]'],
  ['488b0500000000', 'mov rax, qword [rel 0x100007]'], ['8005f9ffffff01', 'add byte [rel 0x100000], 1'],
  ['65488b042528000000', 'mov rax, qword [gs:0x28]'], ['64ff4308', 'inc dword [fs:rbx + 8]'], ['66c7000500', 'mov word [rax], 5'],
  ['48a1f0debc9a78563412', 'mov rax, qword [0x123456789abcdef0]'], ['8d4801', 'lea ecx, [rax + 1]'],
  ['ebfe', 'jmp 0x100000'], ['7400', 'je 0x100002'], ['0f8f00010000', 'jg 0x100106'], ['e8fbffffff', 'call 0x100000'],
  ['67e300', 'jecxz 0x100003'], ['67e2fd', 'a32 loop 0x100000'], ['ff20', 'jmp qword [rax]'], ['ffd0', 'call rax'],
  ['ff28', 'jmp far dword [rax]'], ['66ff28', 'jmp far word [rax]'], ['48ff18', 'call far qword [rax]'], ['0fb20424', 'lss eax, [rsp]'],
  ['c20800', 'ret 8'], ['c2f0ff', 'ret 0xfff0'], ['cb', 'retf'], ['48cb', 'o64 retf'], ['66ca1000', 'o16 retf 0x10'],
  ['c9', 'leave'], ['66c9', 'o16 leave'], ['c8ffff1f', 'enter 0xffff, 0x1f'], ['cd80', 'int 0x80'], ['cc', 'int3'],
  ['e4f4', 'in al, 0xf4'], ['e760', 'out 0x60, eax'], ['66ed', 'in ax, dx'], ['c1e0ff', 'shl eax, 0xff'], ['d1f8', 'sar eax, 1'],
  ['0fba2080', 'bt dword [rax], 0x80'], ['6a05', 'push 5'], ['666a05', 'push word 5'], ['6668f401', 'push word 0x1f4'],
  ['68f4010000', 'push 0x1f4'], ['0fa0', 'push fs'], ['660fa0', 'o16 push fs'], ['41ff7424f8', 'push qword [r12 - 8]'],
  ['9c', 'pushfq'], ['669c', 'o16 pushf'], ['cf', 'iretd'], ['66cf', 'o16 iret'], ['48cf', 'iretq'], ['98', 'cwde'], ['4899', 'cqo'],
  ['f048ff00', 'lock inc qword [rax]'], ['f3a4', 'rep movsb'], ['f34867a5', 'a32 rep movsd'], ['f366a5', 'rep movsw'],
  ['f2ae', 'repne scasb'], ['f3a6', 'repe cmpsb'], ['65a4', 'gs movsb'], ['67f3aa', 'a32 rep stosb'], ['64d7', 'fs xlatb'],
  ['0f22c0', 'mov cr0, rax'], ['440f20c0', 'mov rax, cr8'], ['0f23f8', 'mov dr7, rax'], ['8ed8', 'mov ds, eax'],
  ['8c20', 'mov word [rax], fs'],
  ['0f0118', 'lidt [rax]'], ['0fc70f', 'cmpxchg8b [rdi]'], ['0f0d08', 'prefetchw [rax]'], ['0fae38', 'clflush [rax]'],
  ['90', 'nop'], ['f390', 'pause'], ['0f1f4000', 'nop dword [rax]'], ['660f1f440000', 'nop word [rax + rax*1]'],
  ['f30f1efa', 'endbr64'],
  ['0f0b', 'ud2'], ['f30fb8c3', 'popcnt eax, ebx'], ['0f38f001', 'movbe eax, [rcx]'],
];

test('instructions are printed as NASM reads them', () => {
  assert.deepEqual(TEXTS.map(([hex]) => [hex, textOf(hex, BigInt(ORIGIN))]), TEXTS);
});

test('what NASM made of a line comes back from its text', () => {
  const lines = readLines(readFileSync('test/nasm/lines.txt', 'utf8')).filter(({ bytes }) => bytes !== '');
  const wrong = lines.flatMap(({ bytes, source }) => {
    const text = textOf(bytes, BigInt(ORIGIN));
    const again = Buffer.from(assemble(text, BigInt(ORIGIN)).bytes).toString('hex');
    return again === bytes ? [] : [`${source}: ${bytes}, ${text}: ${again}`];
  });
  assert.deepEqual(wrong, []);
});

test('a target has the name of its symbol', () => {
  const symbol = (address: bigint): string | undefined => (address === 0x100n ? 'start' : address === 0x108n ? 'start+0x8' : undefined);
  assert.equal(textOf('ebfe', 0x100n, symbol), 'jmp start');
  assert.equal(textOf('eb06', 0x100n, symbol), 'jmp start+0x8');
  assert.equal(textOf('488d05f9ffffff', 0x100n, symbol), 'lea rax, [rel start]');
  assert.equal(textOf('eb00', 0x100n, symbol), 'jmp 0x102');
});

test('addresses wrap at 64 bits', () => {
  assert.equal(textOf('eb10', 0xffff_ffff_ffff_fff8n), 'jmp 0xa');
  assert.equal(textOf('e900000080', 0n), 'jmp 0xffffffff80000005');
});
