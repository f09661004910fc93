/** An image that is named on the command line, as a scenario: what options say of the machine, and what a multiboot image is told. */
import { basename, resolve } from 'node:path';
import type { Image } from '../guest/image.ts';
import { loadImage } from '../guest/load.ts';
import { withModules } from '../guest/multiboot.ts';
import { CPU_NAMES } from '../lab/cpu-names.ts';
import { platformOf } from '../lab/platform.ts';
import { parseScenario, type Scenario } from '../lab/scenario.ts';
import { type Io, UserError } from './io.ts';

/** Options that a scenario has no use for, which says all of this itself. */
export interface ImageOptions {
  readonly cpus?: string;
  readonly cpu?: string;
  readonly pmu?: boolean;
  readonly memory?: string;
  readonly timeout?: string;
  readonly append?: string;
  readonly initrd?: string;
  readonly module?: readonly string[];
}

const OPTIONS = ['cpus', 'cpu', 'memory', 'timeout', 'append', 'initrd', 'module'] as const;
type ImageProgram = Extract<Scenario['program'], { kind: 'image' }>;
/** In MiB, as emulators give a multiboot image that says nothing. */
const MULTIBOOT_MEMORY = 128;

/** What is no image must not be given what only images are told. */
export function refuseImageOptions(what: string, options: ImageOptions): void {
  const given = OPTIONS.find((name) => options[name] !== undefined) ?? (options.pmu === false ? 'no-pmu' : undefined);
  if (given === undefined) return;
  throw new UserError(`--${given} is for an image or a Linux guest, and ${what} is a scenario, which says it itself`);
}

/** The scenario of an image, which may be told something. */
export function imageScenario(path: string, { multiboot }: Image, options: ImageOptions): Scenario {
  const { cpus, cpu = CPU_NAMES[0], pmu = true, memory, timeout, append, initrd, module = [] } = options;
  if (!CPU_NAMES.some((name) => name === cpu)) throw new UserError(`--cpu takes a processor, one of ${CPU_NAMES.join(', ')}, not '${cpu}'`);
  const modules = [...(initrd === undefined ? [] : [initrd]), ...module];
  const machine = {
    cpu, ...(pmu ? {} : { perfmon: { version: 0 } }),
    ...(cpus === undefined ? {} : { cpus: integer('--cpus', cpus, 8) }),
    ...(memory === undefined ? {} : { memory: integer('--memory', memory, 3072) }),
    ...(multiboot !== undefined && memory === undefined ? { memory: MULTIBOOT_MEMORY } : {}),
  };
  const program = { kind: 'image', file: path, ...(append === undefined ? {} : { append }), ...(modules.length > 0 ? { modules } : {}) };
  const scenario = parseScenario({ name: basename(path), machine, program });
  return timeout === undefined ? scenario : { ...scenario, limit: Math.ceil(secondsOf(timeout) * platformOf(scenario).model.core) };
}

/** The image of a scenario in a folder, with what it is told. Throws an ImageError when it is none, or is told what no loader tells it. */
export function imageOf(io: Io, folder: string, name: string, { append, modules }: ImageProgram, bytes: Uint8Array): Image {
  const image = loadImage(name, bytes);
  if (append === '' && modules.length === 0) return image;
  // A module's words begin with its file, as emulators have it.
  return withModules(image, append, modules.map((commandLine) =>
    ({ commandLine, bytes: io.readFile(resolve(folder, /^\S*/.exec(commandLine)![0])) })));
}

function integer(option: string, text: string, most: number): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < 1 || value > most) {
    throw new UserError(`${option} takes an integer from 1 to ${most}, not '${text}'`);
  }
  return value;
}

/** The longest time that the clocks of a machine can show. */
const MOST_SECONDS = 1_000_000;

function secondsOf(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0 && value <= MOST_SECONDS)) {
    throw new UserError(`--timeout takes seconds, more than 0 and up to ${MOST_SECONDS}, not '${text}'`);
  }
  return value;
}
