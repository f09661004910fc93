/** What a command is about: a scenario of the package, a scenario in a file, or an image in a file. */
import { basename } from 'node:path';
import { Mismatch } from '../base/shape.ts';
import { type Image, ImageError } from '../guest/image.ts';
import { loadImage } from '../guest/load.ts';
import { parseScenario, type Scenario } from '../lab/scenario.ts';
import { SCENARIOS } from '../lab/scenarios.ts';
import { type Io, UserError } from './main.ts';

export interface Subject {
  readonly scenario: Scenario;
  /** The image, where the scenario names one. */
  readonly image: Image | undefined;
}

export function findSubject(io: Io, what: string): Subject {
  const known = SCENARIOS.get(what);
  if (known !== undefined) return { scenario: known, image: undefined };
  const isFile = /[./\\]/.test(what);
  if (!isFile) throw new UserError(`there is no scenario '${what}'${suggestion(what)}; 'vpmu list' names them all`);
  const bytes = io.readFile(what);
  if (!what.endsWith('.json')) return ofImage(what, bytes);
  const scenario = within(what, () => parseScenario(parseJson(what, bytes)));
  const { program } = scenario;
  return { scenario, image: program.kind === 'image' ? readImage(program.file, io.readFile(program.file)) : undefined };
}

function ofImage(path: string, bytes: Uint8Array): Subject {
  const image = readImage(path, bytes);
  return { scenario: parseScenario({ name: basename(path), program: { kind: 'image', file: path } }), image };
}

const readImage = (path: string, bytes: Uint8Array): Image => within(path, () => loadImage(basename(path), bytes));

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
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new UserError(`${path}: not JSON: ${(error as Error).message}`);
  }
}

/** The name that differs least, if it differs little. */
function suggestion(what: string): string {
  const near = [...SCENARIOS.keys()].find((name) => name.startsWith(what) || what.startsWith(name));
  return near === undefined ? '' : `; did you mean '${near}'?`;
}
