/**
 * A search that was cut, as a file for `vpmu verify --resume`, sealed as in sealed-file.ts:
 *
 *     {"version":..., "strategy":..., "machine":..., where it was, what it has found, "codes":"...", "lengths":[...]}
 *     the arrays of the state store, one behind the other, as little-endian 32-bit words
 */
import type { Unfinished } from '../../verify/explore.ts';
import { UserError } from '../io.ts';
import { checkVersion, damaged, readSealed, type Sealed, writeSealed } from '../sealed-file.ts';

const SEARCH: Sealed = {
  format: 'vpmu search 3', noun: 'search', writer: '--checkpoint', command: 'vpmu verify --checkpoint', anew: 'begin the search anew',
};
const WORD = 4;

/** What must be the same when it is read again. */
export interface SearchIdentity { readonly version: string; readonly strategy: string; readonly machine: string }

type Header = SearchIdentity & Omit<Unfinished, 'store'> & { readonly lengths: readonly number[] };

export function writeSearch(path: string, identity: SearchIdentity, { store, ...where }: Unfinished): void {
  const header: Header = { ...identity, ...where, lengths: store.map(({ length }) => length) };
  writeSealed(path, SEARCH, header, store.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)));
}

/** Throws a UserError when there is none that fits. */
export function readSearch(path: string, identity: SearchIdentity): Unfinished {
  const { header, body, more } = readSealed(path, SEARCH);
  if (more.length > 0) throw damaged(path, SEARCH);
  const { version, strategy, machine, lengths, ...where } = JSON.parse(header) as Header;
  checkVersion(path, SEARCH, version, identity.version);
  if (strategy !== identity.strategy || machine !== identity.machine) {
    throw new UserError(`${path}: it is a search of ${strategy} in '${machine}', not of ${identity.strategy} in '${identity.machine}'`);
  }
  let at = 0;
  const store = lengths.map((length) => {
    // Copied, because words must lie at addresses of words.
    const words = new Uint32Array(length);
    new Uint8Array(words.buffer).set(body.subarray(at, at + length * WORD));
    at += length * WORD;
    return words;
  });
  return { ...where, store };
}
