/**
 * A search that was cut, as a file for `vpmu verify --resume`:
 *
 *     vpmu search 2
 *     SHA-256 of all that follows, in hexadecimal
 *     {"version":..., "strategy":..., "machine":..., where it was, what it has found, "codes":"...", "lengths":[...]}
 *     the arrays of the state store, one behind the other, as little-endian 32-bit words
 *
 * It is written under another name and then renamed: whoever reads it finds all of it, or what was there before.
 */
import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import type { Unfinished } from '../../verify/explore.ts';
import { UserError } from '../io.ts';

const FORMAT = 'vpmu search 2';
const NEWLINE = 10;
const WORD = 4;

/** What must be the same when it is read again. */
export interface SearchIdentity { readonly version: string; readonly strategy: string; readonly machine: string }

type Header = SearchIdentity & Omit<Unfinished, 'store'> & { readonly lengths: readonly number[] };

export function writeSearch(path: string, identity: SearchIdentity, { store, ...where }: Unfinished): void {
  const header: Header = { ...identity, ...where, lengths: store.map(({ length }) => length) };
  const parts = [Buffer.from(`${JSON.stringify(header)}\n`), ...store.map(({ buffer, byteOffset, byteLength }) =>
    Buffer.from(buffer, byteOffset, byteLength))];
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  const file = openSync(`${path}.part`, 'w');
  try {
    for (const part of [Buffer.from(`${FORMAT}\n${hash.digest('hex')}\n`), ...parts]) writeAll(file, part);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(`${path}.part`, path);
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}

/** Throws a UserError when there is none that fits. */
export function readSearch(path: string, identity: SearchIdentity): Unfinished {
  const bytes = contentOf(path);
  const [format, checksum, header] = lines(bytes, 3);
  if (format?.text !== FORMAT || checksum === undefined || header === undefined) {
    throw new UserError(`${path}: it is no search; name a file that 'vpmu verify --checkpoint' has written`);
  }
  if (createHash('sha256').update(bytes.subarray(checksum.end)).digest('hex') !== checksum.text) {
    throw new UserError(`${path}: it is damaged, its checksum is another; begin the search anew`);
  }
  const { version, strategy, machine, lengths, ...where } = JSON.parse(header.text) as Header;
  if (version !== identity.version) {
    throw new UserError(`${path}: it was written by version ${version}, and this is ${identity.version}; begin the search anew`);
  }
  if (strategy !== identity.strategy || machine !== identity.machine) {
    throw new UserError(`${path}: it is a search of ${strategy} in '${machine}', not of ${identity.strategy} in '${identity.machine}'`);
  }
  let at = header.end;
  const store = lengths.map((length) => {
    // Copied, because words must lie at addresses of words.
    const words = new Uint32Array(length);
    new Uint8Array(words.buffer).set(bytes.subarray(at, at + length * WORD));
    at += length * WORD;
    return words;
  });
  return { ...where, store };
}

function contentOf(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UserError(`${path}: ${code === 'ENOENT' ? 'there is no such file; name one that --checkpoint has written' : message}`);
  }
}

/** The first lines, and where each ends. */
function lines(bytes: Uint8Array, count: number): { readonly text: string; readonly end: number }[] {
  const found: { text: string; end: number }[] = [];
  for (let at = 0; found.length < count;) {
    const newline = bytes.indexOf(NEWLINE, at);
    if (newline === -1) break;
    found.push({ text: Buffer.from(bytes.subarray(at, newline)).toString(), end: newline + 1 });
    at = newline + 1;
  }
  return found;
}
