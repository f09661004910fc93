/**
 * The guests of the long tests: what `vpmu guest build` makes of a kernel's package, kept in the user's cache from one run to the next.
 * Commands run in them in QEMU, which is another machine, or in this one.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { type Guest, Store } from '../../src/cli/guest/store.ts';
import { readCpio } from '../../src/guest/linux/cpio.ts';
import { withBrought } from '../../src/guest/linux/initramfs.ts';
import { Transcript } from '../../src/guest/linux/transcript.ts';
import type { Report } from '../../src/lab/report.ts';
import { COMMAND, vpmu } from '../cli/command.ts';

const folder = mkdtempSync(join(tmpdir(), 'vpmu-linux-'));
after(() => rmSync(folder, { recursive: true }));

export interface Built { readonly guest: Guest; readonly kernel: Uint8Array; readonly initrd: Uint8Array }

/** Built once for each kernel, or for the packages whose programs it has in place of perf; downloads what is not there yet. */
export function built(kernelPackage?: string, programs?: readonly string[]): Built & { readonly store: Store } {
  const name = programs === undefined ? kernelPackage : ['with', ...programs].join('-');
  const store = new Store(name === undefined ? undefined : join(new Store(undefined).folder, name));
  const before = store.guest();
  // One of before there were modules has none.
  if (before === undefined || !readCpio(store.read(before.initrd)).has('lib/modules')) {
    const kernel = kernelPackage === undefined ? [] : ['--kernel-package', kernelPackage];
    const others = programs === undefined ? [] : ['--with', programs.join()];
    const args = ['guest', 'build', '--dir', store.folder, ...kernel, ...others];
    const { status, err } = vpmu(...args);
    if (status !== 0) throw new Error(err);
  }
  const guest = store.guest()!;
  return { store, guest, kernel: store.read(guest.kernel), initrd: store.read(guest.initrd) };
}

/** With what perf calls and its own tests want besides: objdump, and a shell that busybox's is not. */
export const withTools = (): ReturnType<typeof built> =>
  built(undefined, ['linux-perf', 'binutils', 'binutils-x86-64-linux-gnu', 'bash']);

export interface Heard { readonly output: string; readonly log: string; readonly status: number | undefined }

/** The devices that this machine has too, and no others. */
const MICROVM = [
  '-nographic', '-nodefaults', '-serial', 'stdio', '-no-reboot', '-accel', 'tcg', '-m', '512',
  '-machine', 'microvm,acpi=on,rtc=on,pic=off,pit=off,pcie=off,usb=off,ioapic2=off',
  '-cpu', 'qemu64,+rdrand,-svm', '-icount', 'shift=1,sleep=off',
];
const COMMAND_LINE = 'console=ttyS0 reboot=t panic=-1 nokaslr mitigations=off cryptomgr.notests quiet tsc_early_khz=1000000';

/** In QEMU. `typed` is sent when the guest is ready for it; so many minutes it may take. */
export async function inQemu(
  { kernel, initrd }: Built, command: string | undefined, append = '', typed = '', minutes = 5,
): Promise<Heard> {
  const files = { kernel: join(folder, 'kernel'), initrd: join(folder, 'initrd') };
  writeFileSync(files.kernel, kernel);
  writeFileSync(files.initrd, withBrought(initrd, { command, files: [] }));
  const args = [...MICROVM, '-kernel', files.kernel, '-initrd', files.initrd, '-append', `${COMMAND_LINE} ${append}`];
  const child = spawn('qemu-system-x86_64', args, { stdio: ['pipe', 'pipe', 'inherit'], timeout: minutes * 60_000 });
  const log: number[] = [], output: number[] = [];
  const transcript = new Transcript((byte) => log.push(byte), (byte) => output.push(byte));
  let sent = typed === '';
  child.stdout.on('data', (data: Buffer) => {
    for (const byte of data) transcript.put(byte);
    if (sent || !transcript.ready) return;
    sent = true;
    child.stdin.write(typed);
  });
  await new Promise((resolve) => child.on('close', resolve));
  return { output: Buffer.from(output).toString(), log: Buffer.from(log).toString(), status: transcript.status };
}

interface Done extends Heard { /** Why there is no status. */ readonly err: string; /** Of the state at the end. */ readonly hash: string }

/** In this machine, as `vpmu run --linux` with these options does it. */
export function inVpmu(store: Store, command: string, ...options: readonly string[]): Done {
  const args = ['run', '--linux', '--dir', store.folder, '--exec', command, '--json', ...options];
  const { stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (stdout === '') throw new Error(stderr);
  const { output, log, status, failure, report } = JSON.parse(stdout) as Heard & { failure: string | null; report: Report };
  return { output, log, status: status ?? undefined, err: failure ?? '', hash: report.hash };
}

/** What readelf says of the kernel. */
export function readelf(kernel: Uint8Array, option: string): string {
  const file = join(folder, 'vmlinux');
  writeFileSync(file, kernel);
  return spawnSync('readelf', [option, file], { encoding: 'utf8', maxBuffer: 1 << 26 }).stdout;
}

