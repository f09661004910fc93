/** The Linux guest that `vpmu run --linux --from` asks for: one that has booted and waits, and is then told what to do. */
import { broughtArchive } from '../../guest/linux/initramfs.ts';
import { platformOf } from '../../lab/platform.ts';
import { type Kept, resume, resumeHosted } from '../../lab/resume.ts';
import { hostedOn, type Scenario } from '../../lab/scenario.ts';
import { type Io, UserError } from '../io.ts';
import { strategyOf } from '../subject.ts';
import type { BroughtFile } from './files.ts';
import { readSnapshot, type SavedMachine, type Snapshot } from './snapshot-file.ts';
import { BARE, broughtOf, type LinuxOptions, type LinuxSubject, pmuOf, scenarioOf } from './subject.ts';

/** What matters while a guest boots only. */
const FOR_BOOT = ['kernel', 'initrd', 'append', 'dir'] as const;
const LINE = 76;
/** What a guest does that is told nothing: the console becomes a terminal again, and a shell's. */
const SHELL = 'stty opost echo <&1; exec setsid cttyhack sh -l';

/** What it is brought: all files are typed, or else all are `shared`. Throws a UserError when the snapshot cannot be used, or not so. */
export function resumedSubject(
  io: Io, path: string, options: LinuxOptions, files: readonly BroughtFile[], shared: readonly BroughtFile[],
): LinuxSubject {
  const { on = BARE } = options;
  const { snapshot, bare, full } = keptGuest(io, path, options);
  const { cycles } = snapshot.machine;
  const told = { ...options, exec: options.exec ?? SHELL };
  const typed = typedForm(broughtArchive(broughtOf(told, shared.length === 0 ? files : [], shared)));
  const hosted = on === BARE ? undefined : hostedOn(full, strategyOf('--on', on, [BARE]));
  return {
    scenario: hosted ?? bare, hz: platformOf(bare).model.core, begins: cycles,
    open: async (outside) => {
      let filling: Promise<void> | undefined;
      const kept: Kept = { restore: snapshot.restore, fill: (memory) => void (filling = snapshot.filling(memory)) };
      const world = hosted === undefined ? resume({ kept, bare }, outside) : resumeHosted({ kept, bare }, hosted, outside);
      await filling;
      const { outcome } = world;
      if (outcome.kind === 'refused') throw new UserError(`${path}: it cannot go on with --on ${on}: ${outcome.why}`);
      world.type(typed);
      return world;
    },
  };
}

interface KeptGuest {
  readonly snapshot: Snapshot;
  /** What it ran as, and the same on processors with all their counters, as a host has them. Both with the time that it still has. */
  readonly bare: Scenario;
  readonly full: Scenario;
}

export function keptGuest(io: Io, path: string, options: LinuxOptions): KeptGuest {
  for (const name of FOR_BOOT) {
    if (options[name] !== undefined) throw new UserError(`--from brings a guest that has booted, and --${name} is for booting`);
  }
  const snapshot = readSnapshot(path, io.version);
  const { cpu, cpus, memory, pmu, cycles } = snapshot.machine;
  checkSame(path, snapshot.machine, options);
  const scenarioWith = (which: string): Scenario => {
    const { on: _on, ...others } = options;
    const scenario = scenarioOf({ ...others, cpu, cpus: `${cpus}`, memory: `${memory}`, pmu: which });
    return { ...scenario, limit: cycles + scenario.limit };
  };
  return { snapshot, bare: scenarioWith(pmu), full: scenarioWith('full') };
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
  const asked = pmuOf(options.pmu);
  if (asked !== undefined && asked !== machine.pmu) {
    throw new UserError(`${path}: it is a snapshot of a machine with --pmu ${machine.pmu}, not ${asked}; leave the option out`);
  }
}
