/**
 * Records what an independent emulator makes of the system tests: `npm run system-record`. It needs QEMU with TCG
 * (Debian: qemu-system-x86), and is run when a program has changed; what it writes is committed.
 *
 * The emulated processor has the features of ours: what exists, what is reserved and what faults then agree.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LEGACY_CASES } from './legacy/cases.ts';
import { forEmulatorLegacy, LEGACY_EXPECTED, legacyImage } from './legacy/program.ts';
import { multibootImage } from './multiboot.ts';
import { build, forEmulator } from './program.ts';
import { PROGRAMS } from './programs.ts';
import { ENDED, RESET } from './run.ts';

const CPU = [
  'qemu64', 'vendor=GenuineIntel', 'phys-bits=46', '+smep', '+smap', '+fsgsbase', '+umip', '+pdpe1gb', '+rdtscp', '+movbe', '+popcnt',
  '+syscall', '+nx', '-svm', '-x2apic', '-vme',
].join(',');
const EXTENDED = `${CPU},+ssse3,+sse4.1,+sse4.2,+xsave,+xsaveopt,+xgetbv1`;
const EXITED = 1;
const SECONDS = 20;

const work = mkdtempSync(join(tmpdir(), 'system-'));

function record(multiboot: Uint8Array, cpu: string): string {
  const image = join(work, 'image'), serial = join(work, 'serial');
  writeFileSync(image, multiboot);
  writeFileSync(serial, '');
  const { status, signal, stderr } = spawnSync('qemu-system-x86_64', [
    '-accel', 'tcg', '-singlestep', '-cpu', cpu, '-m', '64', '-no-reboot',
    '-display', 'none', '-vga', 'none', '-net', 'none', '-monitor', 'none',
    '-serial', `file:${serial}`, '-device', 'isa-debug-exit,iobase=0xf4,iosize=4', '-kernel', image,
  ], { encoding: 'utf8', timeout: SECONDS * 1000, killSignal: 'SIGKILL' });
  // The firmware also writes to the serial port, before the program.
  const text = readFileSync(serial, 'latin1');
  if (status === EXITED) return text + ENDED;
  if (status === 0) return text + RESET;
  throw new Error(`QEMU ended with ${status ?? signal}: ${stderr}\n${text.slice(-500)}`);
}

try {
  const folder = 'test/system/expected';
  mkdirSync(folder, { recursive: true });
  const wanted = process.argv.slice(2);
  if (wanted.length === 0 || wanted.includes('legacy')) {
    const text = record(legacyImage(forEmulatorLegacy(LEGACY_CASES)), CPU);
    writeFileSync(LEGACY_EXPECTED, text);
    console.log(`legacy: ${text.split('\n').length - 2} cases`);
  }
  for (const program of PROGRAMS) {
    if (wanted.length > 0 && !wanted.includes(program.name)) continue;
    const text = record(multibootImage(build(forEmulator(program))), program.extended ? EXTENDED : CPU);
    writeFileSync(join(folder, `${program.name}.txt`), text);
    console.log(`${program.name}: ${text.split('\n').length - 2} cases`);
  }
} finally {
  rmSync(work, { recursive: true });
}
