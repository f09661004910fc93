/**
 * A machine as it is, as a file for `vpmu run --linux --from`, sealed as in sealed-file.ts:
 *
 *     {"version":..., "machine":{whose processors, how many, how much memory, when it was}, "state":..., "lengths":[...]}
 *     deflated, one behind the other: the state but for its memory; which pages of memory are not zero; these pages, some at a time
 *
 * A page that is zero takes a bit. What is deflated at a time is small beside the memory of a large guest.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { LARGE, SmallLoader, SmallSaver } from '../../base/apart.ts';
import { assert } from '../../base/assert.ts';
import { flag, integer, listOf, Mismatch, object, oneOf, type Shaped, text } from '../../base/shape.ts';
import type { Stateful } from '../../base/state.ts';
import { CPU_NAMES } from '../../lab/scenario.ts';
import { UserError } from '../io.ts';
import { checkVersion, readSealed, type Sealed, writeSealed } from '../sealed-file.ts';

const SNAPSHOT: Sealed = {
  format: 'vpmu snapshot 1', noun: 'snapshot', writer: 'vpmu snapshot', command: 'vpmu snapshot', anew: "make it anew with 'vpmu snapshot'",
};
const PAGE = 0x1000;
/** Pages that are deflated together: 16 MiB. */
const TOGETHER = 0x1000;
/** Deflate's fastest. */
const FAST = { level: 1 };
const MOST = Number.MAX_SAFE_INTEGER;

const MACHINE = object({
  cpu: oneOf(...CPU_NAMES),
  cpus: integer(1, 8),
  /** MiB. */
  memory: integer(1, 3072),
  pmu: flag(),
  /** When it was, in core cycles. */
  cycles: integer(0, MOST),
});
/** `state` is how many bytes it has, deflated no more, but for its memory. */
const HEADER = object({ version: text(), machine: MACHINE, state: integer(0, MOST), lengths: listOf(integer(0, MOST)) });
/** The machine that was saved. */
export type SavedMachine = Shaped<typeof MACHINE>;

export interface Snapshot {
  readonly machine: SavedMachine;
  /** Loads it into a machine of the same make. Throws a UserError when its state is of another kind. */
  restore(state: Stateful): void;
}

/** Throws the system's error when it cannot be written. */
export function writeSnapshot(path: string, version: string, machine: SavedMachine, state: Stateful): void {
  const saver = new SmallSaver();
  const small = saver.save(state);
  const [memory, ...others] = saver.large;
  assert(memory !== undefined && others.length === 0, 'memory is the one large piece of a machine');
  const body = [deflateRawSync(small, FAST)];
  for (const piece of sparse(memory)) body.push(deflateRawSync(piece, FAST));
  writeSealed(path, SNAPSHOT, { version, machine, state: small.length, lengths: body.map(({ length }) => length) }, body);
}

/** Throws a UserError when there is none, or this version cannot use it. */
export function readSnapshot(path: string, version: string): Snapshot {
  const { header: line, body } = readSealed(path, SNAPSHOT);
  const { version: written, state: size, lengths, machine } = headerOf(path, line);
  checkVersion(path, SNAPSHOT, written, version);
  const wrong = (): never => {
    throw new UserError(`${path}: its state is not that of such a machine; ${SNAPSHOT.anew}`);
  };
  const restore = (state: Stateful): void => {
    let next = 0, at = 0;
    const piece = (): Uint8Array | undefined => {
      const length = lengths[next];
      next += 1;
      return length === undefined ? undefined : inflated(body.subarray(at, at += length));
    };
    const small = piece(), map = piece();
    if (small?.length !== size || new SmallSaver().save(state).length !== size || map === undefined) return wrong();
    new SmallLoader((memory) => void (fill(memory, map, piece) || wrong())).load(state, small);
    if (next !== lengths.length || at !== body.length) wrong();
  };
  return { machine, restore };
}

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
    return inflateRawSync(bytes, { maxOutputLength: TOGETHER * PAGE, chunkSize: LARGE });
  } catch {
    return undefined;
  }
}

/** A bit for each page that is not zero, and such pages, some at a time. */
function* sparse(memory: Uint8Array): Generator<Uint8Array> {
  const zero = zeros(memory);
  const map = new Uint8Array(Math.ceil(zero.length / 8));
  for (const [page, isZero] of zero.entries()) if (!isZero) map[page >> 3]! |= 1 << (page & 7);
  yield map;
  const chunk = new Uint8Array(TOGETHER * PAGE);
  let filled = 0;
  for (const [page, isZero] of zero.entries()) {
    if (isZero) continue;
    chunk.set(memory.subarray(page * PAGE, (page + 1) * PAGE), filled);
    filled += PAGE;
    if (filled < chunk.length) continue;
    yield chunk;
    filled = 0;
  }
  if (filled > 0) yield chunk.subarray(0, filled);
}

/** Of each page, whether it is zero. */
function zeros(memory: Uint8Array): readonly boolean[] {
  const words = new Uint32Array(memory.buffer, memory.byteOffset, memory.length / 4);
  return Array.from({ length: memory.length / PAGE }, (_, page) => isZero(words, page * (PAGE / 4)));
}

function isZero(words: Uint32Array, start: number): boolean {
  for (let at = start; at < start + PAGE / 4; at += 1) if (words[at] !== 0) return false;
  return true;
}

/** The inverse of `sparse`. False when it does not fit. */
function fill(memory: Uint8Array, map: Uint8Array, nextChunk: () => Uint8Array | undefined): boolean {
  const words = new Uint32Array(memory.buffer, memory.byteOffset, memory.length / 4);
  const pages = memory.length / PAGE;
  if (map.length !== Math.ceil(pages / 8)) return false;
  let chunk: Uint8Array | undefined = new Uint8Array(), at = 0;
  for (let page = 0; page < pages; page += 1) {
    const start = page * PAGE;
    if ((map[page >> 3]! & (1 << (page & 7))) === 0) {
      // Pages that nobody has touched need not come into being.
      if (!isZero(words, start / 4)) memory.fill(0, start, start + PAGE);
      continue;
    }
    if (at === chunk.length) [chunk, at] = [nextChunk(), 0];
    if (chunk === undefined || at + PAGE > chunk.length) return false;
    memory.set(chunk.subarray(at, at + PAGE), start);
    at += PAGE;
  }
  return at === chunk.length;
}
