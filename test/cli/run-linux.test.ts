import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { Escape } from '../../src/cli/guest/terminal.ts';
import { cpio } from '../../src/guest/linux/cpio.ts';
import { INIT } from '../../src/guest/linux/init.ts';
import { kernelOf } from '../guest/kernel.ts';
import { COMMAND, type Done, file, folder, vpmu } from './command.ts';

// Small kernels that say on the serial port what Linux and its init would.

const INITRD = file('initrd', cpio([...INIT, { path: 'bin/busybox', kind: 'file', bytes: new Uint8Array() }]));

/** Prints the bytes, then goes on with `end`. */
const says = (text: string, end: string): Uint8Array => kernelOf(`
        lea   rsi, [rel text]
        mov   ecx, ${Buffer.byteLength(text)}
        mov   edx, 0x3f8
again:  mov   al, [rsi]
        out   dx, al
        inc   rsi
        dec   ecx
        jnz   again
${end}
text:   db    ${[...Buffer.from(text), 0].join(', ')}
`);
/** Sleep type 5 with the enable bit is soft off. */
const OFF = 'mov edx, 0x600\n mov eax, 0x34\n out dx, al\n hlt';
const HALT = 'cli\n hlt';
const LOOP = 'here: jmp here';
const CRASH = 'ud2';

let kernels = 0;
function run(kernel: Uint8Array, ...args: readonly string[]): Done {
  kernels += 1;
  return vpmu('run', '--linux', '--kernel', file(`kernel${kernels}`, kernel), '--initrd', INITRD, '--memory', '128', ...args);
}

const GOOD = '[0.1] Linux\r\n\x01vpmu\x02one\ntwo\n\x03vpmu 7\x04[0.2] reboot: Power down\r\n';

test('the output is that of the command, and so is the status', () => {
  for (const on of [[], ['--on', 'bare'], ['--on', 'general'], ['--no-wasm']]) {
    assert.deepEqual(run(says(GOOD, OFF), '--exec', 'x', ...on), { status: 7, out: 'one\ntwo\n', err: '' }, on.join(' '));
  }
  // It need not switch itself off.
  assert.deepEqual(run(says(GOOD, LOOP), '--exec', 'x'), { status: 7, out: 'one\ntwo\n', err: '' });
});

/** Prints the 16 letters of CPUID leaf 80000002H, and a digit for the version of performance monitoring in leaf 0AH. */
const NAMES_ITSELF = kernelOf(`
        lea   rdi, [rel begin]
        call  print
        mov   eax, 0x80000002
        cpuid
        lea   rdi, [rel name]
        mov   [rdi], eax
        mov   [rdi + 4], ebx
        mov   [rdi + 8], ecx
        mov   [rdi + 12], edx
        mov   eax, 10
        cpuid
        add   al, 48
        mov   [rdi + 16], al
        call  print
        lea   rdi, [rel end]
        call  print
        mov   edx, 0x600
        mov   eax, 0x34
        out   dx, al
        hlt
print:  mov   edx, 0x3f8
        mov   al, [rdi]
        out   dx, al
        inc   rdi
        cmp   byte [rdi], 0
        jne   print
        ret
begin:  db    ${[...Buffer.from('\x01vpmu\x02'), 0].join(', ')}
end:    db    ${[...Buffer.from('\x03vpmu 0\x04'), 0].join(', ')}
name:   resb  18
`);

test('the processor is the one that is named, with its counters or with none', () => {
  const name = (...args: readonly string[]): string => run(NAMES_ITSELF, '--exec', 'x', ...args).out;
  assert.equal(name(), 'vpmu generic pro4');
  assert.equal(name('--cpu', 'skylake'), 'Intel(R) Core(TM4');
  assert.equal(name('--cpu', 'broadwell'), 'Intel(R) Xeon(R)3');
  assert.equal(name('--cpu', 'zen4'), 'AMD EPYC 9654 960');
  assert.equal(name('--no-pmu'), 'vpmu generic pro0');
  assert.equal(name('--pmu', 'shared'), 'vpmu generic pro2');
});

test('--json has the output, what the kernel said, and the report', () => {
  const { status, out } = run(says(GOOD, OFF), '--exec', 'x', '--json');
  const { report, ...rest } = JSON.parse(out) as { report: { outcome: object; cpus: { instructions: number }[] } };
  const log = '[0.1] Linux\r\n[0.2] reboot: Power down\r\n';
  assert.deepEqual([status, rest], [7, { status: 7, failure: null, output: 'one\ntwo\n', log }]);
  // LEA and two MOV, five instructions for each letter, three MOV and OUT.
  assert.deepEqual([report.outcome, report.cpus[0]!.instructions], [{ kind: 'power off' }, 3 + 5 * GOOD.length + 3]);
});

test('a guest that ends otherwise is told in one line, behind the end of its console', () => {
  const begun = '[0.1] Linux\r\n\x01vpmu\x02one\n';
  for (const [kernel, message] of [
    [says('[0.1] Kernel panic - not syncing: No working init found.\r\n', CRASH), "the guest's kernel panicked: No working init found."],
    [says(`${begun}BUG: bad\r\nRIP: 0010:do_it+0x16/0x20\r\nKernel panic - not syncing: Fatal exception\r\n`, CRASH),
      "the guest's kernel panicked: Fatal exception, at do_it+0x16"],
    [says(`${begun}Kernel panic - not syncing: sysrq\r\nCall Trace:\r\n <TASK>\r\n panic+0x1/0x2\r\n crash+0x5/0x9\r\n`, CRASH),
      "the guest's kernel panicked: sysrq, at crash+0x5"],
    [says(begun, CRASH), 'the guest reset itself before the command had ended, by a fault for which it has no handler: '
      + 'processor 0 is at 0x100001b with its interrupts off: ud2, behind inc rsi; dec ecx; jne 0x1000011'],
    [says(begun, OFF), 'the guest switched itself off before the command had ended'],
    // Behind HLT lies the text, which begins with a bracket.
    [says(begun, HALT), 'the guest has halted, and nothing can wake it: processor 0 is at 0x100001d '
      + 'with its interrupts off: pop rbx, behind jne 0x1000011; cli; hlt'],
    [says(begun, LOOP), "the command has not ended after 0.01 seconds of the guest's time; --timeout gives it more"],
  ] as const) {
    const { status, out, err } = run(kernel, '--exec', 'x', '--timeout', '0.01');
    assert.deepEqual([status, err.split('\n').at(-2)], [1, `vpmu: ${message}`]);
    assert.ok(err.startsWith('[0.1] '), err);
    assert.ok(out === '' || out.startsWith('one\n'), out);
  }
});

test('with a System.map its place has a name', () => {
  const lines = ['0000000000000000 A per_cpu', '0000000001000000 T _start', '0000000001000010 t print', '0000000001001000 T other', ''];
  const symbols = file('map', lines.join('\n'));
  const { status, err } = run(says('[0.1] Linux\r\n', CRASH), '--exec', 'x', '--symbols', symbols);
  assert.deepEqual([status, err.split('\n').at(-2)], [1, 'vpmu: the guest reset itself before the command had ended, by a fault for which '
    + 'it has no handler: processor 0 is at 0x100001b, print+0xb, with its interrupts off: ud2, behind inc rsi; dec ecx; jne 0x1000011']);
});

test('a kernel finds the command and the files that were brought in its initial file system', () => {
  // It prints its initial file system, which boot_params knows, from its second archive on.
  const size = cpio([...INIT, { path: 'bin/busybox', kind: 'file', bytes: new Uint8Array() }]).length;
  const kernel = kernelOf(`
        mov   edi, [rsi + 0x218]
        mov   ecx, [rsi + 0x21c]
        add   edi, ${size}
        sub   ecx, ${size}
        mov   edx, 0x3f8
again:  mov   al, [rdi]
        out   dx, al
        inc   rdi
        dec   ecx
        jnz   again
${OFF}`);
  file('bench', '#!/bin/sh\necho');
  const { out } = run(kernel, '--exec', 'perf stat true', '--file', './bench:/root/bench', '--file', './bench:/opt/', '--json');
  const { log } = JSON.parse(out) as { log: string };
  const brought = ['vpmu/command\0', 'perf stat true\n', 'root/bench\0', 'opt/bench\0', '#!/bin/sh\necho'];
  for (const part of brought) assert.ok(log.includes(part), part);
});

test('without a command the terminal is the guest\'s console, until Ctrl-A X', async () => {
  // It echoes what it is sent, one more than each letter.
  const kernel = kernelOf(`
again:  mov   edx, 0x3fd
wait:   in    al, dx
        test  al, 1
        jz    wait
        mov   edx, 0x3f8
        in    al, dx
        inc   al
        out   dx, al
        jmp   again`);
  const args = ['run', '--linux', '--kernel', file('echo', kernel), '--initrd', INITRD, '--memory', '128'];
  const child = spawn(process.execPath, [COMMAND, ...args], { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', (data: Buffer) => {
    out += data.toString();
    if (out.endsWith('DE')) child.stdin.write('\x01x');
  });
  child.stdin.write('ab\x01\x01CD');
  const status = await new Promise((resolve) => child.on('close', resolve));
  assert.deepEqual([status, out], [0, 'bc\x02DE']);
});

test('Ctrl-A goes with what follows it, also when that comes later', () => {
  const keys = new Escape();
  assert.deepEqual([...keys.pass(Buffer.from('a\x01'))], [97]);
  assert.deepEqual([...keys.pass(Buffer.from('bx'))], [98, 120]);
  assert.equal(keys.left, false);
  keys.pass(Buffer.from('\x01'));
  assert.deepEqual([[...keys.pass(Buffer.from('X'))], keys.left], [[], true]);
});

test('a mistake is told in one line', () => {
  const kernel = file('kernel', says(GOOD, OFF));
  const base = ['run', '--linux', '--kernel', kernel, '--initrd', INITRD];
  for (const [args, message] of [
    [['run'], "nothing to run: name a scenario ('vpmu list' names them all) or a file, or say --linux"],
    [['run', 'pmi', '--linux'], "--linux boots a guest, and there is 'pmi' to run too; name one of them"],
    [['run', '--linux', '--json'], '--json is for a command; name one with --exec'],
    [[...base, '--cpus', '9'], "--cpus takes an integer from 1 to 8, not '9'"],
    [[...base, '--cpu', 'z80'], "--cpu takes a processor, one of generic, x86-64-v2, broadwell, skylake, sapphire-rapids, zen4, not 'z80'"],
    [[...base, '--no-pmu', '--on', 'reuse'], '--no-pmu is for bare metal; a host gives its guest what --on says, which may be none'],
    [[...base, '--exec', 'x', '--symbols', file('no-map', '0000000001000000 T _start\nhello\n')],
      './no-map:2: it is no System.map, of which each line is an address, a letter and a name'],
    [[...base, '--pmu', 'half'], "--pmu takes one of full, shared, none, not 'half'"],
    [[...base, '--memory', '64'], "--memory takes an integer from 128 to 3072, not '64'"],
    [[...base, '--timeout', 'x'], "--timeout takes seconds from 0.001 to 1000000, not 'x'"],
    [[...base, '--on', 'kvm'], '--on takes a strategy, one of none, reallocate, ioc-period, guest-pmi, guest-pmi-B1, guest-pmi-B8, '
      + "register, reuse-5.5, reuse, mediated, general, bare, not 'kvm'"],
    [[...base, '--file', 'bench'], "--file takes host:guest, such as ./bench:/root/bench, not 'bench'"],
    [[...base, '--file', `${kernel}:/../x`], "'/../x' is no path of a file in the guest"],
    [[...base, '--append', 'x'.repeat(2000)], /^the kernel's command line has \d+ letters; it may have 2047$/],
    [['run', '--linux', '--kernel', INITRD, '--initrd', INITRD],
      './initrd: it is neither a bzImage nor an ELF file; a kernel is a file such as /boot/vmlinuz'],
    [['run', '--linux', '--kernel', kernel, '--dir', './none'],
      "there is no initial file system yet: 'vpmu guest build' makes one, and --initrd brings one"],
  ] as const) {
    const { status, out, err } = vpmu(...args);
    assert.deepEqual([status, out, err.split('\n').length], [2, '', 2], err);
    if (typeof message === 'string') assert.equal(err, `vpmu: ${message}\n`);
    else assert.match(err.slice('vpmu: '.length, -1), message);
  }
});
