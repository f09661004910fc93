/** The Linux guest that `vpmu run --linux --from` asks for: one that has booted and waits, and is then told what to do. */
import type { Image } from '../../guest/image.ts';
import { broughtArchive } from '../../guest/linux/initramfs.ts';
import { platformOf } from '../../lab/platform.ts';
import { type Io, UserError } from '../io.ts';
import { readSnapshot, type SavedMachine } from './snapshot-file.ts';
import { BARE, broughtOf, type LinuxOptions, type LinuxSubject, scenarioOf } from './subject.ts';

/** What matters while a guest boots only. */
const FOR_BOOT = ['kernel', 'initrd', 'append', 'dir'] as const;
const LINE = 76;
/** What a guest does that is told nothing: the console becomes a terminal again, and a shell's. */
const SHELL = 'stty opost echo <&1; exec setsid cttyhack sh -l';
/** Nothing is loaded but what was saved. */
const NO_IMAGE: Image = { name: 'linux', entry: 0n, mode: '64-bit', bootParams: 0, segments: [], symbols: new Map(), listing: [] };

/** Throws a UserError when the snapshot cannot be used, or not with these options. */
export function resumedSubject(io: Io, path: string, options: LinuxOptions): LinuxSubject {
  for (const name of FOR_BOOT) {
    if (options[name] !== undefined) throw new UserError(`--from brings a guest that has booted, and --${name} is for booting`);
  }
  if (options.on !== undefined && options.on !== BARE) {
    throw new UserError('--from brings a guest of bare metal, which --on cannot give a host; leave one of them out');
  }
  const { machine, restore } = readSnapshot(path, io.version);
  const { cpu, cpus, memory, pmu, cycles } = machine;
  checkSame(path, machine, options);
  const scenario = scenarioOf({ ...options, cpu, cpus: `${cpus}`, memory: `${memory}`, pmu });
  const typed = typedForm(broughtArchive(broughtOf(io, { ...options, exec: options.exec ?? SHELL })));
  return {
    scenario: { ...scenario, limit: cycles + scenario.limit }, image: NO_IMAGE, hz: platformOf(scenario).model.core, begins: cycles,
    prepare: (world) => {
      restore(world);
      world.type(typed);
    },
  };
}

/** What the guest that waits is told: base64 in lines, and an empty one. */
export const typedForm = (archive: Uint8Array): Uint8Array =>
  Buffer.from(`${Buffer.from(archive).toString('base64').replace(new RegExp(`.{${LINE}}`, 'g'), '$&\n')}\n\n`);

/** Options that say what the machine is may be left out. */
function checkSame(path: string, machine: SavedMachine, options: LinuxOptions): void {
  for (const name of ['cpu', 'cpus', 'memory'] as const) {
    const asked = options[name];
    if (asked !== undefined && asked !== `${machine[name]}`) {
      throw new UserError(`${path}: it is a snapshot of a machine with --${name} ${machine[name]}, not ${asked}; leave the option out`);
    }
  }
  if (machine.pmu && !options.pmu) throw new UserError(`${path}: it is a snapshot of a machine that has a PMU; leave --no-pmu out`);
}
