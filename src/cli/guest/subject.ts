/** The Linux guest that the options of `vpmu run --linux` ask for: a scenario, and what it is made of. */
import { giveBack } from '../../base/passing.ts';
import { ImageError } from '../../guest/image.ts';
import { kernelElf } from '../../guest/linux/bzimage.ts';
import { afterCommand, beforeCommand } from '../../guest/linux/exchange.ts';
import { type Brought, withBrought } from '../../guest/linux/initramfs.ts';
import type { LinuxFiles } from '../../guest/linux/linux.ts';
import type { Outside } from '../../hw/outside.ts';
import { CPU_NAMES } from '../../lab/cpu-names.ts';
import { open } from '../../lab/experiment.ts';
import { linuxImage } from '../../lab/linux.ts';
import { platformOf } from '../../lab/platform.ts';
import { hostedOn, parseScenario, type Scenario } from '../../lab/scenario.ts';
import { withSharedPmu } from '../../lab/shared-pmu.ts';
import { type Io, UserError } from '../io.ts';
import { strategyOf } from '../subject.ts';
import { unpackers } from '../unpackers.ts';
import { type AttachmentOptions, exchangeOf } from './attachments.ts';
import { filesOf } from './files.ts';
import { Store } from './store.ts';

export interface LinuxOptions extends AttachmentOptions {
  readonly cpus?: string;
  readonly cpu?: string;
  /** One of PMUS, or false for none. */
  readonly pmu?: string | false;
  readonly memory?: string;
  readonly on?: string;
  readonly exec?: string;
  readonly file?: readonly string[];
  readonly timeout?: string;
  readonly kernel?: string;
  readonly initrd?: string;
  readonly append?: string;
  readonly dir?: string;
  /** A System.map. */
  readonly symbols?: string;
}

/** A World or a HostedRun: what it is matters to nobody here. */
export type LinuxWorld = ReturnType<typeof open>;

export interface LinuxSubject {
  readonly scenario: Scenario;
  /** Core cycles in a second of its time. */
  readonly hz: number;
  /** Core cycles that are over when it begins. */
  readonly begins: number;
  /** Its world, before it begins. */
  open(outside: Outside): Promise<LinuxWorld>;
}

/** On which a Linux guest runs when no host is wanted. */
export const BARE = 'bare';
/** Of the counters that its processors have: all; those that every strategy offers, so that it can go on with each; none. */
export const PMUS = ['full', 'shared', 'none'] as const;
const MOST_CPUS = 8;
const MEMORY = { least: 128, most: 3072, usual: 512 } as const;
/** Seconds of the guest's time. */
const TIMEOUT = { least: 0.001, most: 1_000_000, usual: 300 } as const;
/**
 * The serial port is the console, a panic ends the machine, addresses are the same in every run; half a minute of self-tests of
 * cryptography is left out. What is appended comes later, and counts.
 */
const COMMAND_LINE = 'console=ttyS0 reboot=t panic=-1 nokaslr mitigations=off cryptomgr.notests random.trust_cpu=1 quiet';

/** One that boots; `waits`: for a command, once it has. Its files are read when it is opened, and not kept: they lie in its memory. */
export async function linuxSubject(io: Io, options: LinuxOptions, waits = false): Promise<LinuxSubject> {
  const scenario = scenarioOf(waits ? { ...options, append: ['vpmu=wait', options.append].join(' ').trimEnd() } : options);
  const store = new Store(options.dir);
  const kernel = await kernelOf(io, store, options.kernel);
  const files = (): LinuxFiles & { readonly initrd: Uint8Array } => {
    const elf = kernel(), system = initrdOf(io, store, options.initrd);
    const initrd = withBrought(system, broughtOf(options, filesOf(io, options.file)), waits);
    if (initrd !== system) giveBack(system);
    return { kernel: elf, initrd };
  };
  return {
    scenario, hz: platformOf(scenario).model.core, begins: 0,
    open: async (outside) => {
      const { kernel, initrd } = files();
      const world = open(scenario, outside, linuxImage(scenario, { kernel, initrd }));
      giveBack(kernel);
      giveBack(initrd);
      return world;
    },
  };
}

export function scenarioOf({ cpus, cpu = CPU_NAMES[0], pmu, memory, on, timeout, append }: LinuxOptions): Scenario {
  if (!CPU_NAMES.some((name) => name === cpu)) throw new UserError(`--cpu takes a processor, one of ${CPU_NAMES.join(', ')}, not '${cpu}'`);
  const which = pmuOf(pmu) ?? 'full';
  if (which !== 'full' && on !== undefined && on !== BARE) {
    const option = which === 'none' ? '--no-pmu' : `--pmu ${which}`;
    throw new UserError(`${option} is for bare metal; a host gives its guest what --on says, which may be none`);
  }
  const machine = {
    cpu, cpus: integer('--cpus', cpus, 1, MOST_CPUS, 1), memory: integer('--memory', memory, MEMORY.least, MEMORY.most, MEMORY.usual),
    perfmon: which === 'none' ? { version: 0 } : {},
  };
  const program = { kind: 'linux', commandLine: append === undefined ? COMMAND_LINE : `${COMMAND_LINE} ${append}` };
  const all = parseScenario({ name: 'linux', title: 'A Linux guest', machine, program });
  const bare = which === 'shared' ? withSharedPmu(all) : all;
  const scenario = on === undefined || on === BARE ? bare : hostedOn(bare, strategyOf('--on', on, [BARE]));
  return { ...scenario, limit: Math.ceil(secondsOf(timeout) * platformOf(scenario).model.core) };
}

/** What was asked for. */
export function pmuOf(pmu: LinuxOptions['pmu']): (typeof PMUS)[number] | undefined {
  const found = pmu === false ? 'none' : PMUS.find((each) => each === pmu);
  if (pmu !== undefined && found === undefined) throw new UserError(`--pmu takes one of ${PMUS.join(', ')}, not '${pmu}'`);
  return found;
}

/** Reads the kernel's ELF file. */
async function kernelOf(io: Io, store: Store, path: string | undefined): Promise<() => Uint8Array> {
  if (path === undefined) {
    return () => {
      const guest = store.guest();
      if (guest === undefined) throw new UserError("there is no guest yet: 'vpmu guest build' makes one, and --kernel brings one");
      return store.read(guest.kernel);
    };
  }
  const unpack = await unpackers();
  return () => {
    try {
      return kernelElf(io.readFile(path), unpack);
    } catch (error) {
      throw error instanceof ImageError ? new UserError(`${path}: ${error.message}`) : error;
    }
  };
}

function initrdOf(io: Io, store: Store, path: string | undefined): Uint8Array {
  if (path !== undefined) return io.readFile(path);
  const guest = store.guest();
  if (guest !== undefined) return store.read(guest.initrd);
  throw new UserError("there is no initial file system yet: 'vpmu guest build' makes one, and --initrd brings one");
}

/** `shared`: files that it finds in a folder; `files`: those that come with this. */
export function broughtOf({ exec, ...options }: LinuxOptions, files: Brought['files'], shared: Brought['files'] = []): Brought {
  const exchange = exchangeOf(options, shared);
  return { command: exec, before: beforeCommand(exchange), after: afterCommand(exchange), files };
}

function secondsOf(text: string | undefined): number {
  if (text === undefined) return TIMEOUT.usual;
  const value = Number(text);
  if (text.trim() === '' || !(value >= TIMEOUT.least && value <= TIMEOUT.most)) {
    throw new UserError(`--timeout takes seconds from ${TIMEOUT.least} to ${TIMEOUT.most}, not '${text}'`);
  }
  return value;
}

function integer(option: string, text: string | undefined, least: number, most: number, usual: number): number {
  if (text === undefined) return usual;
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < least || value > most) {
    throw new UserError(`${option} takes an integer from ${least} to ${most}, not '${text}'`);
  }
  return value;
}
