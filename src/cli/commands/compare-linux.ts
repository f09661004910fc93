/** `vpmu compare --linux`: a command in a Linux guest on bare metal and on every strategy, from the same state, as tables or as data. */
import { FIRST } from '../../base/choice.ts';
import { utf8 } from '../../base/utf8.ts';
import { broughtArchive } from '../../guest/linux/initramfs.ts';
import { carriedOut, compareLinux as compareAll, type LinuxComparison } from '../../lab/compare/linux.ts';
import { COMPARED_COMMAND, COMPARED_FILE } from '../../lab/compare/linux-run.ts';
import { keep } from '../../lab/resume.ts';
import { COMPARED, hostedOn, type Scenario } from '../../lab/scenario.ts';
import { World } from '../../lab/world.ts';
import { NO_TRACE } from '../../trace/trace.ts';
import { linuxText } from '../compare/linux-text.ts';
import { type CompareOptions, hostWith, integer } from '../compare/options.ts';
import { bootedGuest } from '../guest/booted.ts';
import { filesOf } from '../guest/files.ts';
import { keptGuest, typedForm } from '../guest/resumed.ts';
import { broughtOf, type LinuxOptions, scenarioOf } from '../guest/subject.ts';
import { type Io, STATUS, UserError } from '../io.ts';
import { toJson } from '../json.ts';
import { strategyOf } from '../subject.ts';
import { nodeWasm } from '../wasm.ts';

export interface CompareLinuxOptions extends CompareOptions, Omit<LinuxOptions, 'on' | 'pmu' | 'cpus' | 'append'> { readonly from?: string }

/** What is run when nobody says what: counts, and a profile by instructions, which is the same when each sample is of the same one. */
const COMMAND = [
  'work="md5sum /bin/busybox"',
  'perf stat -x, -o counts -e instructions:u,branches:u $work >/dev/null',
  'tail -n 2 counts | cut -d, -f1,3',
  // It is slow to read, and perf does so though it is to look at the user's part only.
  'mount --bind /dev/null /proc/kallsyms',
  'perf record -q -e instructions:u -c 100003 -o profile $work >/dev/null',
  'perf script -i profile -F ip >samples',
  'echo "$(wc -l <samples) samples, $(sha256sum samples | cut -c 1-16)"',
].join('\n');
/** What a guest of a host cannot have: it has no PMU. */
const LINUX_COMPARED = COMPARED.filter((name) => name !== 'none');
/** What is for guests that are made of a program here. */
const NOT_FOR_LINUX = ['csv', 'html', 'vendor', 'period', 'handler'] as const;

export async function compareLinux(io: Io, what: string | undefined, options: CompareLinuxOptions): Promise<number> {
  if (what !== undefined) throw new UserError(`--linux compares a Linux guest, and there is '${what}' to compare too; name one of them`);
  for (const name of NOT_FOR_LINUX) if (options[name] !== undefined) throw new UserError(`--${name} is not for --linux`);
  const strategies = options.strategies?.split(',').map((name) => strategyOf('--strategies', name.trim())) ?? LINUX_COMPARED;
  const comparison = await comparisonOf(io, options);
  if (typeof comparison === 'number') return comparison;
  const report = compareAll(comparison, strategies, { choice: FIRST, tracer: NO_TRACE, transmit: () => {}, wasm: nodeWasm }, io.status);
  io.status?.('');
  if (options.json) io.out(toJson(report));
  else for (const line of linuxText(report)) io.out(line);
  return carriedOut(report) ? STATUS.success : STATUS.failure;
}

/** The guest that was kept, or one that is booted first; or the exit status, if it did not come to wait. */
async function comparisonOf(io: Io, options: CompareLinuxOptions): Promise<LinuxComparison | number> {
  const { exec: command = COMMAND, vcpus, cpus: hostCpus, cpu, memory, timeout, kernel, initrd, dir, from, file } = options;
  const given = { cpu, cpus: vcpus, memory, timeout, kernel, initrd, dir };
  const guest = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as LinuxOptions;
  const brought = broughtOf({ exec: COMPARED_COMMAND }, filesOf(io, file));
  const compared = { path: COMPARED_FILE, bytes: utf8(`${command}\n`), executable: false };
  const typed = typedForm(broughtArchive({ ...brought, files: [...brought.files, compared] }));
  const onHostOf = (full: Scenario): LinuxComparison['onHost'] => {
    const cpus = integer('--cpus', hostCpus, 8) ?? full.machine.cpus;
    const host = { vcpus: full.machine.cpus, ...hostWith(options, cpus) };
    return (strategy) => hostedOn({ ...full, machine: { ...full.machine, cpus } }, strategy, host);
  };
  if (from !== undefined) {
    const { snapshot: kept, bare, full } = keptGuest(io, from, guest);
    return { resumed: { kept, bare }, typed, command, onHost: onHostOf(full) };
  }
  io.status?.('boot');
  const booted = await bootedGuest(io, { ...guest, wasm: true });
  if (typeof booted === 'number') return booted;
  const { subject: { scenario }, world, cycles } = booted;
  if (!(world instanceof World)) throw new TypeError('a guest boots on bare metal');
  const within = <T extends Scenario>(one: T): T => ({ ...one, limit: cycles + one.limit });
  return { resumed: { kept: keep(world), bare: within(scenario) }, typed, command, onHost: onHostOf(within(scenarioOf(guest))) };
}
