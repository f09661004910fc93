/**
 * Programs of Debian in a Linux guest that has booted, beside the same guest in QEMU. What is measured is the processor time of the whole
 * process, with all its threads, from one line on the guest's console to the next: so booting is left out, and translating is not. Each
 * program runs five times in the same guest; the median counts, and the first run, which is translated on the way, stands beside it.
 * Compiling in other threads takes processor time, but nobody waits for it: so there is a mean in real time, too.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Guest, Store } from '../src/cli/guest/store.ts';
import { withBrought } from '../src/guest/linux/initramfs.ts';
import { withLibraries } from '../test/linux/libraries.ts';
import { mark, realSeconds, Stopwatch, sessionHere } from './guest-session.ts';
import { NO_GUEST, qemuGuest } from './linux-guest.ts';
import { missing as withoutQemu } from './qemu.ts';
import { digits, numbers, type Section } from './section.ts';

const ROUNDS = 5;
const MEMORY = 256;
const PREPARE = 'cd /tmp; export LC_ALL=C; /usr/bin/seq 1 200000 > numbers';
/** Each is about half a second of QEMU's that counts instructions. */
const PROGRAMS: Readonly<Record<string, string>> = {
  gzip: '/usr/bin/gzip -6c numbers > packed',
  sha256sum: 'for i in 1 2 3 4 5 6 7 8; do /usr/bin/sha256sum numbers > sum; done',
  sort: '/usr/bin/sort -r numbers > sorted',
  'perl, a loop': '/usr/bin/perl -e \'my ($x, %h) = 1; for (1..200000) { $x = ($x * 1103515245 + 12345) % 2147483648; $h{$x % 997}++ }\'',
  'memcpy, by perl': '/usr/bin/perl -e \'my $a = "x" x 1e6; for (1..1000) { my $b = $a; substr($b, 0, 1) = "y" }\'',
};
const SCRIPT = [
  PREPARE, ...Array.from({ length: ROUNDS }, () => Object.entries(PROGRAMS).flatMap(([name, program]) => [mark(name), program])).flat(),
  mark('end'),
].join('\n');

export async function programs(): Promise<Section> {
  const store = new Store(undefined), guest = store.guest();
  if (guest === undefined) return { values: { programs: [], real: [] }, lines: [NO_GUEST] };
  const files = withLibraries([...new Set(`${SCRIPT}`.match(/\/usr\/bin\/\w+/g))]);
  const initrd = withBrought(store.read(guest.initrd), { command: SCRIPT, files });
  const here = sessionHere(store.read(guest.kernel), initrd, MEMORY);
  const peer = !withoutQemu();
  const counting = peer ? await inQemu(store, guest, initrd, true) : undefined;
  const other = peer ? await inQemu(store, guest, initrd, false) : undefined;
  const values = Object.keys(PROGRAMS).map((name) => ({
    name, seconds: here.median(name)!.seconds, first: here.first(name)!.seconds,
    icount: counting?.median(name)?.seconds, qemu: other?.median(name)?.seconds,
  }));
  const real = Object.keys(PROGRAMS).map((name) => {
    const [seconds, icount, qemu] = [here, counting, other].map((watch) => watch?.median(name, 0, 'real')?.real);
    return { seconds: seconds!, icount, qemu };
  });
  const geometric = (of: 'icount' | 'qemu', times: typeof real = values): number | undefined =>
    (peer ? Math.exp(times.reduce((sum, time) => sum + Math.log(time[of]! / time.seconds), 0) / times.length) : undefined);
  const speed = (seconds: number, theirs: number | undefined): string => digits(theirs && theirs / seconds, 2);
  const rows = values.map(({ name, seconds, first, icount, qemu }) =>
    [name, digits(first, 2), digits(seconds, 2), digits(icount, 2), digits(qemu, 2), speed(seconds, icount), speed(seconds, qemu)]);
  rows.push(['geometric mean', '', '', '', '', digits(geometric('icount'), 2), digits(geometric('qemu'), 2)]);
  rows.push(['the same, in real time', '', '', '', '', digits(geometric('icount', real), 2), digits(geometric('qemu', real), 2)]);
  const head = [
    'programs in the guest, s of processor time', 'here, first', 'here', 'QEMU -icount', 'QEMU', 'speed / -icount', 'speed / QEMU',
  ];
  const lines = [...numbers(head, rows), ...(peer ? [] : ['QEMU is left out: there is no qemu-system-x86_64'])];
  return { values: { programs: values, real }, lines };
}

async function inQemu(store: Store, guest: Guest, initrd: Uint8Array, counting: boolean): Promise<Stopwatch> {
  const folder = mkdtempSync(join(tmpdir(), 'vpmu-bench-'));
  try {
    const child = spawn('qemu-system-x86_64', qemuGuest(store, guest, folder, initrd, { memory: MEMORY, counting }), {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const watch = new Stopwatch(() => ({ seconds: processorSeconds(child.pid!), real: realSeconds(), instructions: 0, pmis: 0 }));
    child.stdout.setEncoding('latin1').on('data', (text: string) => watch.hear(text));
    await new Promise((resolve) => child.on('close', resolve));
    return watch;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Of a process with its threads, to a hundredth of a second. */
function processorSeconds(pid: number): number {
  const [user, system] = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]!.split(' ').slice(11, 13);
  return (Number(user) + Number(system)) / 100;
}
