/** Multiboot images at the command line: what they are told, and the status that they end with. */
import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { test } from 'node:test';
import { type Io, UserError } from '../../src/cli/io.ts';
import { main } from '../../src/cli/main.ts';
import type { Report } from '../../src/lab/report.ts';
import { IMAGES } from '../images/images.ts';
import { type Done, file, vpmu } from './command.ts';

const SMP = IMAGES.find(({ name }) => name === 'smp')!;
const OPTIONS = ['--memory', '16', '--cpus', '4', '--append', SMP.append];

/** A multiboot image with addresses in its header, of so many bytes of 32-bit code. */
const tiny = (...code: readonly number[]): Uint8Array => tinyAt(0x10_0000, ...code);

function tinyAt(at: number, ...code: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(32 + code.length);
  for (const [i, word] of [0x1bad_b002, 0x1_0000, 0xe451_4ffe, at, at, 0, 0, at + 32].entries()) {
    new DataView(bytes.buffer).setUint32(4 * i, word, true);
  }
  bytes.set(code, 32);
  return bytes;
}

/** The command without a process, in a folder of these files. */
async function inFolder(files: Readonly<Record<string, Uint8Array>>, ...args: readonly string[]): Promise<Done> {
  const out: string[] = [], err: string[] = [];
  const io: Io = {
    args, version: '', status: undefined, writeFile: () => {}, write: () => {}, onInterrupt: () => () => {},
    readFile: (path) => {
      const found = files[basename(path)];
      if (found === undefined) throw new UserError(`${path}: there is no such file`);
      return found;
    },
    out: (line) => void out.push(line), err: (line) => void err.push(line),
  };
  return { status: await main(io), out: out.join('\n'), err: err.join('\n') };
}

/** What an image has written: the report ends with it. */
const consoleOf = (out: string): string => out.slice(out.indexOf('console:\n') + 'console:\n'.length);

test('a multiboot image is told its command line, its modules, its processors and its memory', () => {
  const [words, content] = SMP.module!;
  file('smp.flat', SMP.bytes);
  file('module', content);
  for (const told of [['--initrd', `module ${words}`], ['--module', `./module ${words}`, '--on', 'general']]) {
    const { status, out, err } = vpmu('run', './smp.flat', ...OPTIONS, ...told);
    assert.deepEqual([status, err, consoleOf(out).trimEnd()], [1, '', SMP.writes[0].trimEnd()]);
  }
});

test('a scenario says the same, and finds modules beside it', () => {
  const [words] = SMP.module!;
  const program = { kind: 'image', file: 'smp.flat', append: SMP.append, modules: [`module ${words}`] };
  const scenario = file('smp.json', JSON.stringify({ name: 'smp', machine: { cpus: 4, memory: 16 }, program }));
  const { status, out } = vpmu('run', scenario, '--json');
  assert.deepEqual([status, (JSON.parse(out) as Report).console], [1, SMP.writes[0]]);
});

// QEMU, "isa-debug-exit": the status is twice what was written, and one. 124 is timeout(1)'s.
test('the status is that of the exit port of emulators, and that of a timeout for what would not end there', async () => {
  for (const [what, code, status] of [
    ['mov al, 0; out 0xf4, al', [0xb0, 0, 0xe6, 0xf4], 1], ['mov al, 1; out 0xf4, al', [0xb0, 1, 0xe6, 0xf4], 3],
    ['mov al, 0xc1; out 0xf4, al', [0xb0, 0xc1, 0xe6, 0xf4], 131], ['hlt', [0xf4], 124],
    ['ud2', [0x0f, 0x0b], 124], ['jmp $', [0xeb, 0xfe], 124],
    ['mov dx, 0x600; mov al, 0x34; out dx, al', [0x66, 0xba, 0, 6, 0xb0, 0x34, 0xee], 0],
  ] as const) {
    const done = await inFolder({ 'tiny.bin': tiny(...code) }, 'run', './tiny.bin', '--timeout', '0.001', '--memory', '2');
    assert.deepEqual([done.status, done.err], [status, ''], what);
  }
});

// Images that test real-address mode lie below 64 KiB.
test('an image may lie anywhere but where it is told what it is told', async () => {
  const end = [0xb0, 0, 0xe6, 0xf4] as const;
  for (const at of [0x8000, 0x8_ff00, 0x9_7000]) {
    assert.equal((await inFolder({ 'x.bin': tinyAt(at, ...end) }, 'run', './x.bin', '--memory', '2')).status, 1, `${at}`);
  }
  const { status, err } = await inFolder({ 'x.bin': tinyAt(0x8_fff0, ...end) }, 'run', './x.bin', '--memory', '2');
  const where = 'x.bin wants address 0x90000, where the boot information is; link it below 0x90000, or to 0x97000 or above';
  assert.deepEqual([status, err], [2, `vpmu: ${where}`]);
});

test('options that are for images are refused elsewhere, and so are wrong ones', async () => {
  const files = { 'tiny.bin': tiny(0xf4), 'plain.bin': Uint8Array.of(0xf4) };
  for (const [args, message] of [
    [['pmi', '--cpus', '2'], '--cpus is for an image or a Linux guest, and pmi is a scenario, which says it itself'],
    [['pmi', '--no-pmu'], '--no-pmu is for an image or a Linux guest, and pmi is a scenario, which says it itself'],
    [['./tiny.bin', '--cpus', 'two'], "--cpus takes an integer from 1 to 8, not 'two'"],
    [['./tiny.bin', '--timeout', '0'], "--timeout takes seconds, more than 0 and up to 1000000, not '0'"],
    [['./tiny.bin', '--module', 'none x'], 'none: there is no such file'],
    [['./plain.bin', '--append', 'x'], 'only a multiboot image is told a command line and modules, and this is none'],
    [['./tiny.bin', '--append', 'x'.repeat(40_000)], 'there is room for 28672'],
  ] as const) {
    const { status, out, err } = await inFolder(files, 'run', ...args);
    assert.deepEqual([status, out], [2, '']);
    assert.match(err, /^vpmu: .*$/);
    assert.ok(err.includes(message), err);
  }
});
