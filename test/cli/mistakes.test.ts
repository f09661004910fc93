import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { file, folder, image, vpmu } from './command.ts';

// A mistake of the user's is one line on stderr that says what, where and how to mend it, nothing on stdout, and status 2.

function mistaken(args: readonly string[], message: string): void {
  assert.deepEqual(vpmu(...args), { status: 2, out: '', err: `vpmu: ${message}\n` });
}

const HELP = "'vpmu --help' tells what there is";

test('a command, an argument or an option that is not there', () => {
  mistaken([], 'no command; it is one of run, snapshot, trace, compare, holes, verify, worker, fuzz, replay, guest, published, list, '
    + 'disasm');
  mistaken(['walk'], `unknown command 'walk'; ${HELP}`);
  mistaken(['run'], "nothing to run: name a scenario ('vpmu list' names them all) or a file, or say --linux");
  mistaken(['run', 'pmi', 'late'], `too many arguments for 'run'. Expected 1 argument but got 2; ${HELP}`);
  mistaken(['run', 'pmi', '--fast'], `unknown option '--fast'; ${HELP}`);
  mistaken(['run', 'pmi', '--timeline', '0'], "--timeline takes an integer from 1 to 10000000, not '0'");
  mistaken(['run', 'pmi', '--on', 'kvm'], '--on takes a strategy, one of none, reallocate, ioc-period, guest-pmi, guest-pmi-B1, '
    + "guest-pmi-B8, register, reuse-5.5, reuse, mediated, general, not 'kvm'");
  mistaken(['holes', 'B1', '--trace', 'none'], '--trace takes a strategy with counters, one of reallocate, ioc-period, guest-pmi, '
    + "guest-pmi-B1, guest-pmi-B8, register, reuse-5.5, reuse, mediated, general, not 'none'");
  mistaken(['trace', 'pmi', '--last', 'few'], "--last takes an integer from 1 to 10000000, not 'few'");
  mistaken(['disasm', 'pmi', '--count', '1.5'], "--count takes a positive integer, not '1.5'");
  mistaken(['disasm', 'pmi', '--at', 'start'], "--at takes an address such as 0x100000, not 'start'");
  mistaken(['disasm', 'pmi', '--at', '0x5'], '0x5 is not in pmi');
});

test('a scenario or a file that is not there', () => {
  mistaken(['run', 'pm'], "there is no scenario 'pm' (did you mean 'pmi'?); 'vpmu list' names them all, and a file is written ./pm");
  mistaken(['trace', 'moon'], "there is no scenario 'moon'; 'vpmu list' names them all, and a file is written ./moon");
  mistaken(['run', './moon'], './moon: there is no such file; name a scenario (.json) or an image that exists');
  mkdirSync(join(folder, 'folder'));
  mistaken(['run', './folder'], './folder: it is a folder; name a file in it');
  mistaken(['run', '/dev/zero'], '/dev/zero: it is a device; name a file');
  const scenario = file('no-image.json', '{ "name": "x", "program": { "kind": "image", "file": "moon.bin" } }');
  mistaken(['run', scenario], `${join(folder, 'moon.bin')}: there is no such file; name a scenario (.json) or an image that exists`);
});

const program = '"program": { "kind": "built-in", "main": "sampling", "events": [] }';
const FIELDS = 'an object with name, title, machine, program, host, limit';
const event = '{ "event": "instructions retired", "period": 1000 }';
const sampling = (machine: string, events: string, handler = 'classic'): string =>
  `{ "name": "x", "machine": { "perfmon": { ${machine} } },
     "program": { "kind": "built-in", "main": "sampling", "handler": "${handler}", "events": [${events}] } }`;

for (const [what, text, message] of [
  ['that is no JSON', '{ "name": "x",\n  }', ':2:3: not JSON: Expected double-quoted property name'],
  ['that ends too soon', '{ "name": "x"', /^:1:14: not JSON: |^: not JSON: Unexpected end/],
  ['that is no text', Uint8Array.of(0xff, 0xfe), ': not JSON: it is not text in UTF-8'],
  ['that is a list', '[]', `: $: expected ${FIELDS}, found []`],
  ['without a name', `{ ${program} }`, ': $.name: expected a string, found nothing'],
  ['with an unknown field', `{ "name": "x", "speed": 3, ${program} }`, `: $.speed: there is no such field; expected ${FIELDS}`],
  ['with a number as text', `{ "name": "x", "limit": "long", ${program} }`,
    ': $.limit: expected an integer from 1 to 4503599627370496, found "long"'],
  ['with more memory than exists', `{ "name": "x", "machine": { "memory": 4096 }, ${program} }`,
    ': $.machine.memory: expected an integer from 1 to 3072, found 4096'],
  ['with a program of no kind', '{ "name": "x", "program": { "kind": "dream" } }',
    ': $.program: expected an object whose kind is one of built-in, image, linux, found {"kind":"dream"}'],
  ['with an event without a period', sampling('', '{ "event": "core cycles" }'),
    ': $.program.events[0].period: expected an integer from 1 to 140737488355328, found nothing'],
  ['with more events than counters', sampling('"generalCounters": 1', `${event}, ${event}`),
    ': $.program.events: expected at most 1, one for each general counter, found 2'],
  ['with counters that a handler fills', sampling('"generalWidth": 8', event),
    ': $.machine.perfmon.generalWidth: expected 12 or more, so that a handler does not fill a counter, found 8'],
  ['with a fixed counter for what has none', sampling('', '{ "event": "loads retired", "period": 1000, "fixed": true }'),
    ': $.program.events[0].fixed: expected an event that has a fixed counter, found "loads retired"'],
  ['with load on a CPU that is not there', `{ "name": "x", ${program}, "host": { "on": "general", "load": [1] } }`,
    ': $.host.load[0]: expected a CPU of the machine, which has 1, found 1'],
  ['with more virtual processors than a host takes', `{ "name": "x", ${program}, "host": { "on": "general", "vms": 8, "vcpus": 4 } }`,
    ': $.host.vcpus: expected at most 16 in all virtual machines together, found 32'],
  ['with an unknown user of the host\'s', `{ "name": "x", ${program}, "host": { "on": "general", "users": [{ "kind": "me" }] } }`,
    ': $.host.users[0]: expected an object whose kind is one of watchdog, stat, record, kvm, found {"kind":"me"}'],
  ['with two processors for a program of one', `{ "name": "x", "machine": { "cpus": 2 },
     "program": { "kind": "built-in", "main": "user", "events": [] } }`,
    ": $.machine.cpus: expected 1, for which the program 'user' is made, found 2"],
  ['with two virtual processors for a program of one', `{ "name": "x", "host": { "on": "general", "vcpus": 2 },
     "program": { "kind": "built-in", "main": "nested", "events": [] } }`,
    ": $.host.vcpus: expected 1, for which the program 'nested' is made, found 2"],
  ['with a PMU that is too old for a host',
    '{ "name": "x", "machine": { "perfmon": { "version": 1 } }, "program": { "kind": "image", "file": "x" }, "host": { "on": "none" } }',
    ": $.machine.perfmon.version: expected 2 or more, which the host's perf core needs, found 1"],
  ['with counters that the host\'s handler fills',
    '{ "name": "x", "machine": { "perfmon": { "fixedWidth": 8 } }, "program": { "kind": "image", "file": "x" }, "host": { "on": "none" } }',
    ': $.machine.perfmon.fixedWidth: expected 12 or more, so that a handler does not fill a counter, found 8'],
  ['with a handler that the PMU is too old for', sampling('"version": 3', event, 'v4'),
    ': $.machine.perfmon.version: expected 4 or more, which the v4 handler needs, found 3'],
] as const) {
  test(`a scenario file ${what}`, () => {
    const name = file('bad.json', text);
    if (typeof message === 'string') return mistaken(['run', name], name + message);
    const { status, out, err } = vpmu('run', name);
    assert.deepEqual([status, out, err.split('\n').length], [2, '', 2]);
    assert.match(err.replace(`vpmu: ${name}`, '').trimEnd(), message);
  });
}

const ELF = image('hello.elf');
const view = new DataView(ELF.buffer, ELF.byteOffset, ELF.byteLength);
/** The ELF file with some of its bytes changed. */
function changed(...changes: readonly (readonly [at: number, ...bytes: number[]])[]): Uint8Array {
  const bytes = Uint8Array.from(ELF);
  for (const [at, ...values] of changes) bytes.set(values, at);
  return bytes;
}
/** Offsets in the file header and in the only program header. */
const HEADER = { class: 4, type: 16, machine: 18, entry: 24, programHeaders: 32, count: 56 } as const;
const SEGMENT = { offset: 72, address: 88, inFile: 96, inMemory: 104 } as const;

const KINDS = 'an image is ELF, multiboot, or plain code called .bin';
const NO_HEADER = 'the file is neither ELF nor multiboot; if it is plain code, call it .bin';
const MEMORY = "a scenario's machine.memory sets up to 3072";

for (const [what, name, bytes, message] of [
  ['that is empty', 'x.bin', new Uint8Array(), `./x.bin: the file is empty; ${KINDS}`],
  ['that is none', 'x.txt', new TextEncoder().encode('Dear machine,'), `./x.txt: ${NO_HEADER}`],
  ['that is larger than memory', 'x.bin', new Uint8Array(64 << 20), `x.bin ends at 0x4100000, but the machine has 64 MiB; ${MEMORY}`],
  ['that wants what no loader offers', 'boot.bin', Uint8Array.of(0x02, 0xb0, 0xad, 0x1b, 4, 0, 0, 0, 0xfa, 0x4f, 0x52, 0xe4),
    './boot.bin: the multiboot image insists on features 0x4, which are not offered'],
  ['whose header lies', 'boot.bin', image('boot.bin').subarray(0, 28), './boot.bin: the multiboot image ends inside its header'],
  ['that ends in its headers', 'x.elf', ELF.subarray(0, 100), './x.elf: the ELF file ends at 100, inside its headers'],
  ['that ends in a segment', 'x.elf', ELF.subarray(0, 0x80), './x.elf: segment 0 of the ELF file ends beyond the file'],
  ['for another machine', 'x.elf', changed([HEADER.machine, 183, 0]), './x.elf: the ELF file is for machine 183, not for x86'],
  ['of no class', 'x.elf', changed([HEADER.class, 3]), './x.elf: the ELF file has class 3, neither 32 nor 64 bits'],
  ['of the other byte order', 'x.elf', changed([HEADER.class + 1, 2]), './x.elf: the ELF file is not little-endian'],
  ['that can go anywhere', 'x.elf', changed([HEADER.type, 3]),
    './x.elf: the ELF file is of type 3: only an executable with fixed addresses can be loaded; link it with -no-pie'],
  ['without segments', 'x.elf', changed([HEADER.count, 0]), './x.elf: the ELF file has nothing to load'],
  ['that is entered elsewhere', 'x.elf', changed([HEADER.entry, 0, 0, 0x30]),
    './x.elf: the entry point 0x300000 is in no segment of the ELF file'],
  ['with a segment of negative size', 'x.elf', changed([SEGMENT.inMemory, 1]),
    './x.elf: segment 0 of the ELF file has more bytes in the file than in memory'],
  ['with an offset beyond all files', 'x.elf', changed([SEGMENT.offset + 7, 0x80]),
    './x.elf: the ELF file has the value 0x8000000000000078 where an offset or size stands'],
  ['below 1 MiB', 'x.elf', changed([SEGMENT.address + 2, 0x08]),
    'x.elf wants address 0x80000, where the boot loader is; link it to 0x100000 or above'],
  ['above all memory', 'x.elf', changed([SEGMENT.address + 3, 0x7f]),
    `x.elf ends at 0x7f200024, but the machine has 64 MiB; ${MEMORY}`],
] as const) {
  test(`an image ${what}`, () => mistaken(['run', file(name, bytes)], message));
}

test('those offsets are those of the file', () => {
  assert.deepEqual(
    [view.getUint16(HEADER.machine, true), view.getUint16(HEADER.type, true), view.getBigUint64(HEADER.entry, true)], [62, 2, 0x20_0000n],
  );
  assert.deepEqual([view.getBigUint64(SEGMENT.address, true), view.getBigUint64(SEGMENT.inFile, true)], [0x20_0000n, 36n]);
});
