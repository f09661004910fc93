/**
 * A machine as it is, as a file for `vpmu run --linux --from`, sealed as in sealed-file.ts:
 *
 *     {"version":..., "layout":..., "machine":{whose processors, how many, how much memory, when it was}, "state":..., "lengths":[...]}
 *     deflated, one behind the other: the state but for its memory; memory in pieces, as base/sparse.ts has them
 *
 * A page that is zero takes a bit. What is deflated at a time is small beside the memory of a large guest.
 */
import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { SmallLoader, SmallSaver } from '../../base/apart.ts';
import { assert } from '../../base/assert.ts';
import { layoutOf } from '../../base/layout.ts';
import { Misfit } from '../../base/pack.ts';
import { integer, listOf, Mismatch, object, oneOf, type Shaped, text } from '../../base/shape.ts';
import { fill, PIECE, piecesOf } from '../../base/sparse.ts';
import type { Stateful } from '../../base/state.ts';
import type { Kept } from '../../lab/resume.ts';
import { CPU_NAMES } from '../../lab/scenario.ts';
import { UserError } from '../io.ts';
import { checkVersion, readSealed, type Sealed, writeSealed } from '../sealed-file.ts';
import { PMUS } from './subject.ts';

const SNAPSHOT: Sealed = {
  format: 'vpmu snapshot 2', noun: 'snapshot', writer: 'vpmu snapshot', command: 'vpmu snapshot', anew: "make it anew with 'vpmu snapshot'",
};
/** Deflate's fastest. */
const FAST = { level: 1 };
const MOST = Number.MAX_SAFE_INTEGER;

const MACHINE = object({
  cpu: oneOf(...CPU_NAMES),
  cpus: integer(1, 8),
  /** MiB. */
  memory: integer(1, 3072),
  pmu: oneOf(...PMUS),
  /** When it was, in core cycles. */
  cycles: integer(0, MOST),
});
/** `layout` is that of the state, its SHA-256; `state`, how many bytes it has, deflated no more, but for its memory. */
const HEADER = object({ version: text(), layout: text(), machine: MACHINE, state: integer(0, MOST), lengths: listOf(integer(0, MOST)) });
/** The machine that was saved. */
export type SavedMachine = Shaped<typeof MACHINE>;

/** `restore` and `fill` throw a UserError when the state is not that of such a machine. */
export interface Snapshot extends Kept { readonly machine: SavedMachine }

/** Throws the system's error when it cannot be written. */
export function writeSnapshot(path: string, version: string, machine: SavedMachine, state: Stateful): void {
  const saver = new SmallSaver();
  const small = saver.save(state);
  const [memory, ...others] = saver.large;
  assert(memory !== undefined && others.length === 0, 'memory is the one large piece of a machine');
  const body = [deflateRawSync(small, FAST)];
  for (const piece of piecesOf(memory)) body.push(deflateRawSync(piece, FAST));
  const lengths = body.map(({ length }) => length);
  writeSealed(path, SNAPSHOT, { version, layout: digestOf(state), machine, state: small.length, lengths }, body);
}

/** Throws a UserError when there is none, or this version cannot use it. */
export function readSnapshot(path: string, version: string): Snapshot {
  const { header: line, body } = readSealed(path, SNAPSHOT);
  const { version: written, layout, state: size, lengths: [first = 0, ...rest], machine } = headerOf(path, line);
  checkVersion(path, SNAPSHOT, written, version);
  const wrong = (): never => {
    throw new UserError(`${path}: its state is not that of such a machine; ${SNAPSHOT.anew}`);
  };
  const restore = (state: Stateful): void => {
    if (digestOf(state) !== layout) throw new UserError(`${path}: this build keeps another state of such a machine; ${SNAPSHOT.anew}`);
    const small = inflated(body.subarray(0, first));
    if (small?.length !== size) return wrong();
    try {
      new SmallLoader(() => {}).load(state, small);
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      wrong();
    }
  };
  const fillMemory = (memory: Uint8Array, fresh?: boolean): void => {
    let next = 0, at = first;
    const filled = fill(memory, () => {
      const length = rest[next];
      next += 1;
      return length === undefined ? undefined : inflated(body.subarray(at, at += length));
    }, fresh);
    if (!filled || next !== rest.length || at !== body.length) wrong();
  };
  return { machine, restore, fill: fillMemory };
}

/** Of its layout. */
const digestOf = (state: Stateful): string => createHash('sha256').update(layoutOf(state).join('\n')).digest('hex');

function headerOf(path: string, line: string): Shaped<typeof HEADER> {
  try {
    return HEADER.check(JSON.parse(line), '$');
  } catch (error) {
    if (!(error instanceof Mismatch || error instanceof SyntaxError)) throw error;
    throw new UserError(`${path}: its header is not that of a snapshot: ${error.message}`);
  }
}

function inflated(bytes: Uint8Array): Uint8Array | undefined {
  try {
    return inflateRawSync(bytes, { maxOutputLength: PIECE, chunkSize: PIECE });
  } catch {
    return undefined;
  }
}
