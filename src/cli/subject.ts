/** What a command is about: a scenario of the package, a scenario in a file, or an image in a file. */
import { basename, dirname, resolve } from 'node:path';
import { Mismatch } from '../base/shape.ts';
import { type Image, ImageError } from '../guest/image.ts';
import { loadImage } from '../guest/load.ts';
import { hostedOn, parseScenario, type Scenario, STRATEGY_NAMES, type StrategyName } from '../lab/scenario.ts';
import { HOSTED_SCENARIOS, SCENARIOS } from '../lab/scenarios.ts';
import { isPath, type PathFile, parsePath } from '../verify/path-file.ts';
import { type ImageOptions, imageOf, imageScenario, refuseImageOptions } from './image.ts';
import { type Io, UserError } from './io.ts';

interface Subject {
  readonly scenario: Scenario;
  /** The image, where the scenario names one. */
  readonly image: Image | undefined;
}

/** With `on`, as the guest of a host on that strategy; an image as the options say. */
export function findSubject(io: Io, what: string, on?: string, options: ImageOptions = {}): Subject {
  const subject = lookUp(io, what, options);
  return on === undefined ? subject : { ...subject, scenario: hostedOn(subject.scenario, strategyOf('--on', on)) };
}

/** The value of an option that names a strategy, or one of `others`, which whoever calls has looked for already. */
export function strategyOf(option: string, name: string, others: readonly string[] = []): StrategyName {
  const found = STRATEGY_NAMES.find((each) => each === name);
  const names = [...STRATEGY_NAMES, ...others];
  if (found === undefined) throw new UserError(`${option} takes a strategy, one of ${names.join(', ')}, not '${name}'`);
  return found;
}

function lookUp(io: Io, what: string, options: ImageOptions): Subject {
  const known = SCENARIOS.get(what) ?? HOSTED_SCENARIOS.get(what);
  if (known !== undefined) {
    refuseImageOptions(what, options);
    return { scenario: known, image: undefined };
  }
  const isFile = /[./\\]/.test(what);
  if (!isFile) {
    throw new UserError(`there is no scenario '${what}'${suggestion(what)}; 'vpmu list' names them all, and a file is written ./${what}`);
  }
  const bytes = io.readFile(what);
  if (!what.endsWith('.json')) return ofImage(io, what, bytes, options);
  refuseImageOptions(what, options);
  const scenario = within(what, () => parseScenario(parseJson(what, bytes)));
  const { program } = scenario;
  if (program.kind === 'linux') throw new UserError(`${what}: $.program.kind: a file cannot bring the kernel of a Linux guest`);
  if (program.kind !== 'image') return { scenario, image: undefined };
  // A scenario, its image and its modules move together.
  const folder = dirname(what), file = resolve(folder, program.file);
  const content = io.readFile(file);
  return { scenario, image: within(file, () => imageOf(io, folder, basename(file), program, content)) };
}

/** Modules of an image that is named on the command line are looked for where the user is. */
function ofImage(io: Io, path: string, bytes: Uint8Array, options: ImageOptions): Subject {
  const name = basename(path);
  const plain = within(path, () => loadImage(name, bytes));
  const scenario = imageScenario(path, plain, options);
  const { program } = scenario;
  return { scenario, image: program.kind === 'image' ? within(path, () => imageOf(io, '.', name, program, bytes)) : plain };
}

/** The path of a counterexample, if that is what the file holds. */
export function pathIn(io: Io, what: string): PathFile | undefined {
  if (!what.endsWith('.json')) return undefined;
  const value = parseJson(what, io.readFile(what));
  return isPath(value) ? within(what, () => parsePath(value)) : undefined;
}

/** What a JSON file holds, checked. */
export const jsonFile = <T>(io: Io, path: string, check: (value: unknown) => T): T =>
  within(path, () => check(parseJson(path, io.readFile(path))));

/** Says in which file the mistake is. */
function within<T>(path: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (error instanceof Mismatch || error instanceof ImageError) throw new UserError(`${path}: ${error.message}`);
    throw error;
  }
}

function parseJson(path: string, bytes: Uint8Array): unknown {
  let text = '';
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UserError(`${path}: not JSON: it is not text in UTF-8`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    const [, what = '', position] = /^(.*?)(?: in JSON at position (\d+).*)?$/s.exec((error as Error).message) ?? [];
    throw new UserError(`${path}${position === undefined ? '' : place(text, Number(position))}: not JSON: ${what}`);
  }
}

/** Where in a text, as compilers say it: line and column, from 1 on. */
function place(text: string, position: number): string {
  const lines = text.slice(0, position).split('\n');
  return `:${lines.length}:${lines.at(-1)!.length + 1}`;
}

/** The name that differs least, if it differs little. */
function suggestion(what: string): string {
  const near = [...SCENARIOS.keys(), ...HOSTED_SCENARIOS.keys()].find((name) => name.startsWith(what) || what.startsWith(name));
  return near === undefined ? '' : ` (did you mean '${near}'?)`;
}
