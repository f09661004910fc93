/**
 * A file that is whole or is refused:
 *
 *     the name of its format
 *     SHA-256 of what is sealed, in hexadecimal, and how many bytes that is
 *     one line of JSON, and bytes: these are sealed
 *     in some formats more bytes, of which the JSON tells how they are checked
 *
 * Whoever reads it finds all of it, or what was there before.
 */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync, readv } from 'node:fs';
import { promisify } from 'node:util';
import { UserError } from './io.ts';
import { writeWhole } from './whole-file.ts';

const NEWLINE = 10;
/** So many places are read at once: fewer than a system can. */
const TOGETHER = 256;
const readPlaces = promisify(readv);
/** No format's name is so long that the first two lines have more. */
const LINES = 200;
const SEAL = /^([0-9a-f]{64}) (\d{1,15})$/;

/** A kind of such files, and what people are told of it. */
export interface Sealed {
  /** Its first line. */
  readonly format: string;
  readonly noun: string;
  /** What writes it, in few words and in full. */
  readonly writer: string;
  readonly command: string;
  /** What mends one that cannot be used. */
  readonly anew: string;
}

/** `more` is not sealed. Throws the system's error when it cannot be written; what was there is there still. */
export function writeSealed(
  path: string, { format }: Sealed, header: object, body: readonly Uint8Array[], more: readonly Uint8Array[] = [],
): void {
  const parts = [Buffer.from(`${JSON.stringify(header)}\n`), ...body];
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  const bytes = parts.reduce((sum, { length }) => sum + length, 0);
  writeWhole(path, [Buffer.from(`${format}\n${hash.digest('hex')} ${bytes}\n`), ...parts, ...more]);
}

export interface Unsealed {
  /** The line of JSON, unread, and what lies behind it. */
  readonly header: string;
  readonly body: Uint8Array;
  /** Where in the file there is more, and how many bytes. */
  readonly more: { readonly at: number; readonly length: number };
}

/** Throws a UserError when there is no such file, or it is not whole. */
export function readSealed(path: string, kind: Sealed): Unsealed {
  return withFile(path, kind, (file) => {
    const { size } = fstatSync(file);
    const start = Buffer.alloc(Math.min(LINES, size));
    readAt(file, start, 0);
    const first = start.indexOf(NEWLINE), second = start.indexOf(NEWLINE, first + 1);
    const format = start.toString('latin1', 0, Math.max(first, 0));
    const seal = SEAL.exec(start.toString('latin1', first + 1, Math.max(second, 0)));
    if (format !== kind.format || seal === null) {
      throw new UserError(`${path}: it is no ${kind.noun}; name a file that '${kind.command}' has written`);
    }
    const at = second + 1, length = Number(seal[2]);
    const sealed = Buffer.alloc(at + length <= size ? length : 0);
    readAt(file, sealed, at);
    const end = sealed.indexOf(NEWLINE);
    if (createHash('sha256').update(sealed).digest('hex') !== seal[1] || end === -1) throw damaged(path, kind);
    const more = { at: at + length, length: size - at - length };
    return { header: sealed.toString('utf8', 0, end), body: sealed.subarray(end + 1), more };
  });
}

/** Reads more of it, `at` somewhere, from one place to the next. */
export function readMore(path: string, kind: Sealed, at: number, places: Iterable<Uint8Array>, look: (place: Uint8Array) => void): void {
  withFile(path, kind, (file) => {
    let next = at;
    for (const place of places) {
      if (readAt(file, place, next) < place.length) throw damaged(path, kind);
      look(place);
      next += place.length;
    }
  });
}

/** The same while whoever calls does something else: reading has begun when this returns, in threads of its own. */
export async function readMoreAside(
  path: string, kind: Sealed, at: number, places: readonly Uint8Array[], look: (place: Uint8Array) => void,
): Promise<void> {
  const file = openFile(path, kind);
  const reads: Promise<readonly Uint8Array[]>[] = [];
  for (let from = 0, next = at; from < places.length; from += TOGETHER) {
    const some = places.slice(from, from + TOGETHER), bytes = some.reduce((sum, { length }) => sum + length, 0);
    reads.push(readPlaces(file, some, next).then(({ bytesRead }) => {
      if (bytesRead < bytes) throw damaged(path, kind);
      return some;
    }));
    next += bytes;
  }
  // The file stays open until the last of them has ended, whatever became of the others.
  const ended = Promise.allSettled(reads);
  try {
    for (const read of reads) for (const place of await read) look(place);
  } catch (error) {
    throw told(path, kind, error);
  } finally {
    await ended;
    closeSync(file);
  }
}

export const damaged = (path: string, { anew }: Sealed): UserError =>
  new UserError(`${path}: it is damaged, its checksum is another; ${anew}`);

/** Throws a UserError for a file that another version has written. */
export function checkVersion(path: string, { anew }: Sealed, written: string, version: string): void {
  if (written !== version) throw new UserError(`${path}: it was written by version ${written}, and this is ${version}; ${anew}`);
}

/** As many bytes as there are. */
export function readAt(file: number, into: Uint8Array, at: number): number {
  let read = 0;
  while (read < into.length) {
    const more = readSync(file, into, read, into.length - read, at + read);
    if (more === 0) break;
    read += more;
  }
  return read;
}

function withFile<T>(path: string, kind: Sealed, body: (file: number) => T): T {
  const file = openFile(path, kind);
  try {
    return body(file);
  } catch (error) {
    throw told(path, kind, error);
  } finally {
    closeSync(file);
  }
}

function openFile(path: string, kind: Sealed): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw told(path, kind, error);
  }
}

/** What the system did not do, as the user is told. */
function told(path: string, { writer }: Sealed, error: unknown): unknown {
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  if (syscall === undefined) return error;
  return new UserError(`${path}: ${code === 'ENOENT' ? `there is no such file; name one that ${writer} has written` : message}`);
}
