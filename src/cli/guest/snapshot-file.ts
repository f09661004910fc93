/**
 * A machine as it is, as a file for `vpmu run --linux --from`, sealed as in sealed-file.ts:
 *
 *     {"version":..., "layout":..., "machine":{whose processors, how many, how much memory, when it was}, "state":..., "map":...,
 *         "pages":{how many bytes, and their CRC-32}}
 *     deflated, one behind the other: the state but for its memory; the map of memory, as base/sparse.ts has it
 *     and not sealed: the pages that the map says are stored
 *
 * Pages are as they are, so that they are read to where they belong, in a third of the time that it takes to inflate them. A large part of
 * memory is not there: pages of one byte, of which Linux makes many, by clearing or poisoning what it has freed.
 */
import { createHash } from 'node:crypto';
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { SmallLoader, SmallSaver } from '../../base/apart.ts';
import { assert } from '../../base/assert.ts';
import { layoutOf } from '../../base/layout.ts';
import { Misfit } from '../../base/pack.ts';
import { integer, Mismatch, object, oneOf, type Shaped, text } from '../../base/shape.ts';
import { mapOf, SparseMap } from '../../base/sparse.ts';
import type { Stateful } from '../../base/state.ts';
import { CPU_NAMES } from '../../lab/cpu-names.ts';
import type { Kept } from '../../lab/resume.ts';
import { UserError } from '../io.ts';
import { checkVersion, damaged, readMore, readMoreAside, readSealed, type Sealed, writeSealed } from '../sealed-file.ts';
import { PMUS } from './subject.ts';

const SNAPSHOT: Sealed = {
  format: 'vpmu snapshot 3', noun: 'snapshot', writer: 'vpmu snapshot', command: 'vpmu snapshot', anew: "make it anew with 'vpmu snapshot'",
};
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
const HEADER = object({
  version: text(),
  /** SHA-256 of the state's layout. */
  layout: text(),
  machine: MACHINE,
  /** Bytes of the state but for its memory, and of the map, deflated no more. */
  state: integer(0, MOST),
  map: integer(0, MOST),
  pages: object({ bytes: integer(0, MOST), crc32: integer(0, 2 ** 32 - 1) }),
});
/** The machine that was saved. */
export type SavedMachine = Shaped<typeof MACHINE>;

/** `restore` and `fill` throw a UserError when the state is not that of such a machine. */
export interface Snapshot extends Kept {
  readonly machine: SavedMachine;
  /** As `fill`, which has begun when this returns and goes on beside what the caller does. */
  filling(memory: Uint8Array): Promise<void>;
}

/** Throws the system's error when it cannot be written. */
export function writeSnapshot(path: string, version: string, machine: SavedMachine, state: Stateful): void {
  const saver = new SmallSaver();
  const small = saver.save(state);
  const [memory, ...others] = saver.large;
  assert(memory !== undefined && others.length === 0, 'memory is the one large piece of a machine');
  const map = mapOf(memory), pages = [...new SparseMap(map).runsOf(memory)];
  const bytes = pages.reduce((sum, { length }) => sum + length, 0);
  writeSealed(path, SNAPSHOT, {
    version, layout: digestOf(state), machine, state: small.length, map: map.length,
    pages: { bytes, crc32: pages.reduce((crc, page) => crc32(page, crc), 0) },
  }, [deflateRawSync(Buffer.concat([small, map]))], pages);
}

/** Throws a UserError when there is none, or this version cannot use it. */
export function readSnapshot(path: string, version: string): Snapshot {
  const { header: line, body, more } = readSealed(path, SNAPSHOT);
  const { version: written, layout, machine, state: size, map: mapSize, pages } = headerOf(path, line);
  checkVersion(path, SNAPSHOT, written, version);
  if (more.length !== pages.bytes) throw damaged(path, SNAPSHOT);
  const both = inflated(body, size + mapSize);
  const wrong = (): never => {
    throw new UserError(`${path}: its state is not that of such a machine; ${SNAPSHOT.anew}`);
  };
  const restore = (state: Stateful): void => {
    if (digestOf(state) !== layout) throw new UserError(`${path}: this build keeps another state of such a machine; ${SNAPSHOT.anew}`);
    if (both === undefined) return wrong();
    try {
      new SmallLoader(() => {}).load(state, both.subarray(0, size));
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      wrong();
    }
  };
  const mapFor = (memory: Uint8Array): SparseMap => {
    const map = both && new SparseMap(both.subarray(size));
    return map?.fits(memory, pages.bytes) ? map : wrong();
  };
  const check = (crc: number): void => {
    if (crc !== pages.crc32) throw damaged(path, SNAPSHOT);
  };
  const fill = (memory: Uint8Array): void => {
    const map = mapFor(memory);
    map.fillUniform(memory);
    let crc = 0;
    readMore(path, SNAPSHOT, more.at, map.runsOf(memory), (run) => void (crc = crc32(run, crc)));
    check(crc);
  };
  const filling = async (memory: Uint8Array): Promise<void> => {
    const map = mapFor(memory);
    let crc = 0;
    const reading = readMoreAside(path, SNAPSHOT, more.at, [...map.runsOf(memory)], (run) => void (crc = crc32(run, crc)));
    map.fillUniform(memory);
    await reading;
    check(crc);
  };
  return { machine, restore, fill, filling };
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

/** Undefined when it is not so many bytes. */
function inflated(bytes: Uint8Array, size: number): Uint8Array | undefined {
  try {
    const whole = inflateRawSync(bytes, { maxOutputLength: Math.max(size, 1) });
    return whole.length === size ? whole : undefined;
  } catch {
    return undefined;
  }
}
