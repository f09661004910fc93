/** QEMU as the other machine: the same bytes in its memory, one instruction at a time, its registers in its log. */
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, constants, createReadStream, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRom, rom } from './firmware.ts';
import { type Listener, Log } from './log.ts';
import type { Start } from './together.ts';

/** Of what QEMU can emulate, what our processors have too. */
const CPU = 'qemu64,vendor=GenuineIntel,phys-bits=46,+rdrand,+popcnt,+movbe,+rdtscp,+fsgsbase,-sse3,-svm,-x2apic,-hypervisor';
const BOARD = 'microvm,acpi=on,rtc=on,pic=off,pit=off,pcie=off,usb=off,ioapic2=off';

/** Bytes to read at a time. */
const PIECE = 1 << 18;

const LAST_ADDRESS = 2n ** 64n - 1n;

/** All addresses but these, in QEMU's notation. */
function allBut(addresses: readonly bigint[]): string {
  const sorted = [...addresses].sort((a, b) => (a < b ? -1 : 1));
  const starts = [0n, ...sorted.map((address) => address + 1n)], ends = [...sorted.map((address) => address - 1n), LAST_ADDRESS];
  return starts.map((start, i) => `${start}..${ends[i]}`).join(',');
}

/**
 * Runs an image until the listener has seen enough, without telling it of the instructions at `quiet`. Resolves with what it
 * said of it, if it ended before.
 */
export async function runQemu(image: Start, mib: number, listener: Listener, quiet: readonly bigint[]): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'vpmu-lockstep-'));
  try {
    const bios = join(folder, 'bios');
    writeFileSync(bios, rom(image));
    const loaded = image.segments.filter(({ at, bytes }) => !inRom(at) && bytes.length > 0).flatMap(({ at, bytes }, i) => {
      const file = join(folder, `segment${i}`);
      writeFileSync(file, bytes);
      return ['-device', `loader,file=${file},addr=0x${at.toString(16)},force-raw=on`];
    });
    const pipe = join(folder, 'log');
    execFileSync('mkfifo', [pipe]);
    // If this process is killed, nobody would be left to end the other one.
    const child = spawn('setpriv', [
      '--pdeathsig', 'KILL', 'qemu-system-x86_64',
      '-nodefaults', '-no-user-config', '-display', 'none', '-serial', 'null', '-no-reboot', '-accel', 'tcg', '-m', `${mib}`,
      '-machine', BOARD, '-cpu', CPU, '-icount', 'shift=0,sleep=off', '-rtc', 'base=2026-01-01,clock=vm', '-bios', bios, ...loaded,
      '-singlestep', '-d', 'cpu,int,nochain', '-D', pipe, '-dfilter', allBut(quiet),
    ], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (data: Buffer) => (said += data.toString()));
    const ended = new Promise<void>((resolve, reject) => {
      child.on('close', () => resolve()).on('error', reject);
    }).finally(() => unblock(pipe));
    const log = new Log(listener);
    let wanted = true;
    for await (const data of createReadStream(pipe, { highWaterMark: PIECE })) {
      wanted &&= log.take((data as Buffer).toString('latin1'));
      if (!wanted) break;
    }
    child.kill('SIGKILL');
    await ended;
    return wanted ? said : undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Lets whoever waits for a writer of a pipe see that there is none. */
function unblock(pipe: string): void {
  try {
    closeSync(openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK));
  } catch {
    // Nobody waits.
  }
}
