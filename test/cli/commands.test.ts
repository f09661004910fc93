import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { test } from 'node:test';
import type { Report } from '../../src/lab/report.ts';
import { HOSTED_SCENARIOS, SCENARIOS } from '../../src/lab/scenarios.ts';
import { COMMAND, type Done, file, image, PACKAGE, vpmu } from './command.ts';

const COMMANDS = ['run', 'trace', 'compare', 'holes', 'published', 'list', 'disasm'];

/** What a command that went well has printed. */
function done({ status, out, err }: Done): string {
  assert.deepEqual([status, err], [0, '']);
  return out;
}
const json = (...args: readonly string[]): unknown => JSON.parse(done(vpmu(...args, '--json')));

test('--help tells the commands, and of each its options', () => {
  const help = done(vpmu('--help'));
  assert.equal(done(vpmu('-h')), help);
  for (const command of COMMANDS) {
    assert.match(help, new RegExp(`^ {2}${command} `, 'm'));
    assert.match(done(vpmu(command, '--help')), new RegExp(`^Usage: vpmu ${command} .*--json`, 's'));
  }
});

test('--version is that of the package', () => {
  assert.equal(done(vpmu('--version')), `${PACKAGE.version}\n`);
  assert.equal(done(vpmu('-V')), `${PACKAGE.version}\n`);
});

test('list names every scenario with its title', () => {
  const names = [...SCENARIOS.keys(), ...HOSTED_SCENARIOS.keys()];
  assert.deepEqual(done(vpmu('list')).trimEnd().split('\n').map((line) => line.split(/ {2,}/)[0]), names);
  assert.deepEqual((json('list') as { name: string }[]).map(({ name }) => name), names);
});

test('run prints a report, and the same as JSON; 64-bit values are hexadecimal there', () => {
  const report = json('run', 'pmi') as Report;
  assert.deepEqual([report.scenario, report.outcome, report.cpus[0]!.pmis], ['pmi', { kind: 'exit', code: 0 }, 100]);
  assert.match(String(report.cpus[0]!.program!.samples[0]), /^0x[0-9a-f]+$/);
  const text = done(vpmu('run', 'pmi'));
  assert.match(text, new RegExp(`^state +${report.hash}$`, 'm'));
  assert.match(text, /^PMIs +100$/m);
  assert.match(text, /^hot +55 +55\.0 %$/m);
});

test('run --no-wasm ends in the same state', () => {
  assert.deepEqual(json('run', 'nested', '--no-wasm'), json('run', 'nested'));
});

test('run --timeline adds the end of the trace, and trace prints it alone', () => {
  const timeline = done(vpmu('trace', 'nested', '--last', '5'));
  assert.equal(timeline.split('\n').length, 1 + 1 + 5 + 1);
  assert.match(timeline, /^The last 5 records; \d+ before them were not kept\.\n +cycles {2}guest +PMU +APIC\n/);
  assert.ok(done(vpmu('run', 'nested', '--timeline', '5')).endsWith(timeline));
  const { lost, records } = json('trace', 'nested', '--last', '5') as { lost: number; records: { name: string; time: number }[] };
  assert.equal(records.length, 5);
  assert.match(timeline, new RegExp(`; ${lost} before`));
});

test('--on runs a scenario as the guest of a host, with columns of KVM and of the host', () => {
  const { cpus: [cpu], host } = json('run', 'interrupt', '--on', 'reallocate') as Report;
  assert.deepEqual([cpu!.program!.pmis, cpu!.vcpu!.vm, host!.strategy, host!.generation], [8, 0, 'reallocate', '4.19']);
  assert.match(done(vpmu('run', 'neighbours')), /^virtual machine 1, vCPU 3$/m);
  const timeline = done(vpmu('trace', 'nested', '--on', 'general'));
  assert.match(timeline, /^ +cycles {2}guest +KVM +host +PMU +APIC$/m);
  assert.match(timeline, /exit: vCPU 0 MSR_WRITE IA32_PERF_GLOBAL_CTRL$/m);
});

test('disasm takes bytes, scenarios and images', () => {
  assert.equal(done(vpmu('disasm', '4801c8')), '  0x0          4801c8                 add rax, rcx\n');
  assert.equal(done(vpmu('disasm', '0f05', '--at', '0x1000')), '  0x1000       0f05                   syscall\n');
  assert.match(done(vpmu('disasm', 'pmi', '--count', '2')), /^start:\n {2}0x100000 .*mov r15, rdi\n.*\n$/);
  assert.match(done(vpmu('disasm', file('hello.elf', image('hello.elf')))), /^start:\n {2}0x200000 .*lea rsi, \[rel message\]\n/);
  assert.deepEqual(json('disasm', '90'), [{ address: '0x0', bytes: '90', text: 'nop' }]);
});

/** MOV EAX, code; MOV EDX, 0F4H; OUT DX, EAX. */
const exits = (code: number): Uint8Array => Uint8Array.of(0xb8, code, 0, 0, 0, 0xba, 0xf4, 0, 0, 0, 0xef);

test('plain code and a linker\'s ELF file run', () => {
  const plain = json('run', file('plain.bin', exits(0))) as Report;
  assert.deepEqual([plain.outcome, plain.cpus[0]!.instructions], [{ kind: 'exit', code: 0 }, 3]);
  const hello = json('run', file('hello.elf', image('hello.elf'))) as Report;
  // LEA, MOV; five instructions for each of six characters, three for the zero, XOR, MOV, OUT.
  assert.deepEqual([hello.outcome, hello.console, hello.cpus[0]!.instructions], [{ kind: 'exit', code: 0 }, 'hello\n', 2 + 6 * 5 + 3 + 3]);
  assert.match(done(vpmu('run', './hello.elf')), /\nconsole:\nhello\n/);
});

test('a scenario in a file finds its image beside it', () => {
  file('plain.bin', exits(0));
  const scenario = { name: 'mine', title: 'A program of mine', machine: { memory: 2 }, program: { kind: 'image', file: 'plain.bin' } };
  const mine = done(vpmu('run', file('mine.json', JSON.stringify(scenario))));
  assert.match(mine, /^mine: A program of mine\n\noutcome +the program ended with 0\n/);
  const events = [{ event: 'instructions retired', period: 1000 }];
  // 1 + (4009 - 1000) / (1000 - 75) = 4.25: see test/guest/scenarios.test.ts. Counters may be narrower, and written by halves.
  for (const perfmon of [{}, { generalWidth: 16, fullWidthWrites: false }]) {
    const sampling = { name: 'short', machine: { perfmon }, program: { kind: 'built-in', main: 'sampling', iterations: 1000, events } };
    const { cpus: [cpu] } = json('run', file('short.json', JSON.stringify(sampling))) as Report;
    assert.deepEqual([cpu!.pmis, cpu!.program!.spurious], [4, 0]);
  }
});

test('an experiment that fails has status 1, and its report says why', () => {
  const failed = (bytes: readonly number[] | Uint8Array, limit = 1_000_000): Done => {
    file('fails.bin', Uint8Array.from(bytes));
    return vpmu('run', file('fails.json', JSON.stringify({ name: 'fails', limit, program: { kind: 'image', file: 'fails.bin' } })));
  };
  for (const [what, result, outcome] of [
    ['exit code', failed(exits(3)), 'the program ended with 3'],
    ['CLI, HLT', failed([0xfa, 0xf4]), 'all processors are halted, and nothing can wake them'],
    ['UD2 without an IDT', failed([0x0f, 0x0b]), 'CPU 0: a fault could not be delivered, nor could the double fault: shutdown'],
    ['JMP to itself', failed([0xeb, 0xfe]), 'the cycles of the scenario were used up before the program ended'],
  ] as const) {
    assert.deepEqual([result.status, result.err], [1, ''], what);
    assert.match(result.out, new RegExp(`^outcome +${outcome}$`, 'm'));
  }
  assert.equal(vpmu('run', './fails.json', '--json').status, 1);
});

test('a reader that goes away is nobody\'s mistake', async () => {
  const child = spawn(process.execPath, [COMMAND, 'trace', 'pmi', '--last', '100000'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let err = '';
  child.stderr.on('data', (data: Buffer) => (err += data.toString()));
  child.stdout.once('data', () => child.stdout.destroy());
  const status = await new Promise((resolve) => child.on('close', resolve));
  assert.deepEqual([status, err], [0, '']);
});

test('output that cannot be written is told in one line', () => {
  const toRead = openSync(COMMAND, 'r');
  const { status, stderr } = spawnSync(process.execPath, [COMMAND, 'list'], { stdio: ['ignore', toRead, 'pipe'], encoding: 'utf8' });
  closeSync(toRead);
  assert.equal(status, 2);
  assert.match(stderr, /^vpmu: standard output: EBADF: .*; send it somewhere that takes it\n$/);
});
