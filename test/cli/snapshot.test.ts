import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { SmallSaver } from '../../src/base/apart.ts';
import { Seeded } from '../../src/base/choice.ts';
import type { Serializer, Stateful } from '../../src/base/state.ts';
import { readSnapshot, writeSnapshot } from '../../src/cli/guest/snapshot-file.ts';
import { UserError } from '../../src/cli/io.ts';
import { cpio, readCpio } from '../../src/guest/linux/cpio.ts';
import type { Report } from '../../src/lab/report.ts';
import { kernelOf } from '../guest/kernel.ts';
import { WAITING } from '../guest/waiting-kernel.ts';
import { file, folder, PACKAGE, vpmu } from './command.ts';
import { runThrough } from './run-through.ts';

// Small kernels that wait for a command, and files that were snapshots.

const GUEST = ['--kernel', file('kernel', WAITING), '--initrd', file('initrd', cpio([])), '--memory', '128'];
const kept = vpmu('snapshot', './kept', ...GUEST, '--cpus', '2');
const path = join(folder, 'kept');

test('a guest goes on from where it waited, in any process, and is brought a command and files', () => {
  assert.deepEqual(kept, { status: 0, out: '', err: '' });
  const same = ['--cpus', '2', '--memory', '128', '--cpu', 'generic', '--pmu', 'shared'];
  for (const more of [[], ['--on', 'bare', ...same], ['--on', 'reallocate'], ['--on', 'general']]) {
    const { status, out, err } = vpmu('run', '--linux', '--from', './kept', '--exec', 'echo one', '--file', './kernel:/opt/', ...more);
    assert.deepEqual([status, err, out[0]], [7, '', 'm']);
    assert.ok(out.endsWith('\n') && out.split('\n').every((line) => line.length <= 77), out);
    const nodes = readCpio(Buffer.from(out.slice(1), 'base64'));
    assert.deepEqual([...nodes.keys()], ['opt', 'opt/kernel', 'vpmu', 'vpmu/command']);
    const brought = ['opt/kernel', 'vpmu/command'].map((name) => nodes.get(name)!);
    assert.deepEqual(brought.map((node) => node.kind === 'file' && Buffer.from(node.bytes)), [WAITING, Buffer.from('echo one\n')]);
  }
});

test('a large file is not typed, but found in a folder', () => {
  file('large', new Uint8Array(20_000).fill(1));
  const { status, out } = vpmu('run', '--linux', '--from', './kept', '--exec', 'x', '--file', './large:/opt/');
  const nodes = readCpio(Buffer.from(out.slice(1), 'base64'));
  assert.deepEqual([status, [...nodes.keys()]], [7, ['vpmu', 'vpmu/before', 'vpmu/command']]);
  const before = nodes.get('vpmu/before')!;
  const script = Buffer.from(before.kind === 'file' ? before.bytes : []).toString();
  assert.match(script, /^mkdir -p .* && cp \S+\/0 '\/opt\/large' && chmod 644 /m);
});

test('it ends as one that was never kept, to the last bit', async () => {
  const { status, out } = vpmu('run', '--linux', '--from', './kept', '--exec', 'x', '--json');
  const { report, output } = JSON.parse(out) as { report: Report; output: string };
  const files = { kernel: join(folder, 'kernel'), initrd: join(folder, 'initrd') };
  const whole = await runThrough({ ...files, memory: '128', cpus: '2' }, 'x');
  const ends = ({ hash, cpus }: Report): unknown => [hash, cpus.map(({ cycles, instructions }) => [cycles, instructions])];
  assert.deepEqual([status, output, ends(report)], [7, whole.output, ends(whole.report)]);
});

test('a guest that does not come to wait is told in one line, and nothing is written', () => {
  for (const [code, message] of [
    ['here: jmp here', 'the guest does not wait for a command after 0.01 seconds of its time; --timeout gives it more'],
    ['ud2', 'the guest reset itself before it waited for a command, by a fault for which it has no handler: '
      + 'processor 0 is at 0x1000000 with its interrupts off: ud2'],
  ] as const) {
    const { status, out, err } = vpmu('snapshot', './never', ...GUEST, '--kernel', file('other', kernelOf(code)), '--timeout', '0.01');
    assert.deepEqual([status, out, err.trim()], [1, '', `vpmu: ${message}`]);
    assert.throws(() => readFileSync(join(folder, 'never')), /ENOENT/);
  }
});

interface Parts { readonly header: string; readonly body: Uint8Array; readonly pages: Uint8Array }

/** With the checksum that it should have. */
function sealed({ header, body, pages }: Parts): Uint8Array {
  const rest = Buffer.concat([Buffer.from(`${header}\n`), body]);
  return Buffer.concat([Buffer.from(`vpmu snapshot 3\n${createHash('sha256').update(rest).digest('hex')} ${rest.length}\n`), rest, pages]);
}

/** Its line of JSON, what is sealed with it, and what is not. */
function opened(bytes: Buffer): Parts {
  const start = bytes.indexOf('{'), end = bytes.indexOf('\n', start);
  const length = Number(/ (\d+)\n$/.exec(bytes.toString('latin1', 0, start))![1]);
  const body = bytes.subarray(end + 1, start + length);
  return { header: bytes.toString('utf8', start, end), body, pages: bytes.subarray(start + length) };
}

test('a mistake is told in one line', () => {
  const parts = opened(readFileSync(path));
  const withHeader = (from: string, to: string): Uint8Array => sealed({ ...parts, header: parts.header.replace(from, to) });
  const ANEW = "make it anew with 'vpmu snapshot'";
  const from = (name: string, ...more: readonly string[]): readonly string[] => ['run', '--linux', '--exec', 'x', '--from', name, ...more];
  for (const [args, message] of [
    [from('./none'), './none: there is no such file; name one that vpmu snapshot has written'],
    [from('./kernel'), "./kernel: it is no snapshot; name a file that 'vpmu snapshot' has written"],
    [from(file('damaged', readFileSync(path).map((byte, i) => (i === 300 ? byte ^ 1 : byte)))),
      `./damaged: it is damaged, its checksum is another; ${ANEW}`],
    [from(file('page', sealed({ ...parts, pages: parts.pages.map((byte, i) => (i === 0 ? byte ^ 1 : byte)) }))),
      `./page: it is damaged, its checksum is another; ${ANEW}`],
    [from(file('short', readFileSync(path).subarray(0, -1))), `./short: it is damaged, its checksum is another; ${ANEW}`],
    [from(file('older', withHeader(PACKAGE.version, '0.0.1'))),
      `./older: it was written by version 0.0.1, and this is ${PACKAGE.version}; ${ANEW}`],
    [from(file('fewer', withHeader('"cpus":2', '"cpus":1'))),
      `./fewer: this build keeps another state of such a machine; ${ANEW}`],
    [from(file('odd', withHeader('"cpus":2', '"cpus":"2"'))),
      './odd: its header is not that of a snapshot: $.machine.cpus: expected an integer from 1 to 8, found "2"'],
    [from('./kept', '--cpu', 'skylake'),
      './kept: it is a snapshot of a machine with --cpu generic, not skylake; leave the option out'],
    [from('./kept', '--cpus', '1'), './kept: it is a snapshot of a machine with --cpus 2, not 1; leave the option out'],
    [from('./kept', '--memory', '512'), './kept: it is a snapshot of a machine with --memory 128, not 512; leave the option out'],
    [from('./kept', '--no-pmu'), './kept: it is a snapshot of a machine with --pmu shared, not none; leave the option out'],
    [from('./kept', '--on', 'none'),
      './kept: it cannot go on with --on none: the guest was told of more counters, or of other ones, than it would get'],
    [from('./kept', '--append', 'x'), '--from brings a guest that has booted, and --append is for booting'],
    [['snapshot', './none/kept', ...GUEST], './none/kept: there is no such folder; name one that exists'],
    [['snapshot'], "missing required argument 'file'; 'vpmu --help' tells what there is"],
  ] as const) assert.deepEqual(vpmu(...args), { status: 2, out: '', err: `vpmu: ${message}\n` });
});

/** A machine as far as a snapshot knows one: something small, and memory. */
class Tiny implements Stateful {
  readonly small = new Uint8Array(3000);
  readonly memory = new Uint8Array(2 << 20);

  serialize(s: Serializer): void {
    s.bytes('small', this.small);
    s.bytes('memory', this.memory);
  }
}

const random = new Seeded(1);
const tiny = new Tiny();
for (let i = 0; i < tiny.small.length; i += 1) tiny.small[i] = random.pick(256, 'byte');
// Pages of one byte, and others at both ends and between them.
tiny.memory.fill(0xcc, 0x20_000, 0x40_000);
tiny.memory.fill(0xff, 0x1fe_000, 0x1ff_000);
for (const page of [0, 7, 8, 35, 100, 511]) tiny.memory[page * 0x1000 + random.pick(0x1000, 'where')] = 1 + random.pick(255, 'byte');
const MACHINE = { cpu: 'generic', cpus: 1, memory: 2, pmu: 'shared', cycles: 5 } as const;
writeSnapshot(join(folder, 'tiny'), PACKAGE.version, MACHINE, tiny);

test('what was saved is what is loaded, with pages of one byte', () => {
  const other = new Tiny();
  const { machine, restore, fill } = readSnapshot(join(folder, 'tiny'), PACKAGE.version);
  restore(other);
  fill(other.memory);
  const same = [Buffer.from(other.small).equals(tiny.small), Buffer.from(other.memory).equals(tiny.memory)];
  assert.deepEqual([machine, same], [MACHINE, [true, true]]);
});

test('one of a build that keeps its state otherwise is refused, though it has as many bytes', () => {
  const bytes = (length: number): Uint8Array => new Uint8Array(length);
  const builds: readonly ((s: Serializer) => unknown)[][] = [
    [(s) => s.bytes('little', bytes(3000))],
    [(s) => s.part('part', { serialize: () => s.bytes('small', bytes(3000)) })],
    [(s) => s.words('small', new Uint32Array(750))],
    [(s) => s.counts('small', new Float64Array(375))],
    [(s) => s.u32('a', 1), (s) => s.u32('b', 2), (s) => s.bytes('rest', bytes(2992))],
    [(s) => s.u32('b', 1), (s) => s.u32('a', 2), (s) => s.bytes('rest', bytes(2992))],
    [(s) => s.count('a', 1), (s) => s.bytes('rest', bytes(2992))],
    [(s) => s.time('a', 1), (s) => s.bytes('rest', bytes(2992))],
  ];
  const stateOf = (build: readonly ((s: Serializer) => unknown)[]): Stateful => ({
    serialize: (s) => [...build, () => s.bytes('memory', tiny.memory)].forEach((visit) => void visit(s)),
  });
  for (const [i, build] of builds.entries()) {
    const state = stateOf(build);
    assert.equal(new SmallSaver().save(state).length, tiny.small.length);
    writeSnapshot(join(folder, 'other'), PACKAGE.version, MACHINE, state);
    const { restore } = readSnapshot(join(folder, 'other'), PACKAGE.version);
    restore(state);
    for (const other of [new Tiny(), ...builds.filter((_, j) => j !== i).map(stateOf)]) {
      assert.throws(() => restore(other), new UserError(`${join(folder, 'other')}: this build keeps another state of such a machine; `
        + "make it anew with 'vpmu snapshot'"));
    }
  }
});

/** Some bytes changed, or the end cut off, or something behind it. */
function mutated(bytes: Uint8Array): Uint8Array {
  const changed = Uint8Array.from(bytes);
  const kind = random.pick(5, 'how');
  if (kind === 0) return changed.subarray(0, random.pick(bytes.length, 'length'));
  if (kind === 1) return Uint8Array.from([...changed, random.pick(256, 'byte')]);
  for (let changes = 1 + random.pick(3, 'changes'); changes > 0; changes -= 1) {
    changed[random.pick(bytes.length, 'where')]! ^= 1 + random.pick(255, 'bits');
  }
  return changed;
}

const used = new Tiny();

/** Whether it is loaded. What is not is refused in one line. */
function loads(bytes: Uint8Array): boolean {
  try {
    const { restore, fill } = readSnapshot(join(folder, file('mutated', bytes)), PACKAGE.version);
    restore(used);
    fill(used.memory);
    return true;
  } catch (error) {
    assert.ok(error instanceof UserError && !/[\n\r]/.test(error.message), `${error}`);
    return false;
  }
}

test('10,000 mutated snapshots are each refused in one line', () => {
  const bytes = readFileSync(join(folder, 'tiny'));
  for (let i = 0; i < 10_000; i += 1) assert.equal(loads(mutated(bytes)), false);
});

test('1,000 mutated snapshots with the checksum that they should have are loaded, or refused in one line', () => {
  const parts = opened(readFileSync(join(folder, 'tiny')));
  let loaded = 0;
  for (let i = 0; i < 1000; i += 1) {
    const header = (): string => Buffer.from(mutated(Buffer.from(parts.header))).toString('latin1');
    const other = i % 2 === 0 ? { ...parts, header: header() } : { ...parts, body: mutated(parts.body) };
    loaded += loads(sealed(other)) ? 1 : 0;
  }
  // Bytes of the incompressible state say nothing of their own.
  assert.ok(loaded > 100 && loaded < 900, `${loaded}`);
});
