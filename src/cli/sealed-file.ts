/**
 * A file that is whole or is refused:
 *
 *     the name of its format
 *     SHA-256 of all that follows, in hexadecimal
 *     one line of JSON
 *     bytes
 *
 * Whoever reads it finds all of it, or what was there before.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { UserError } from './io.ts';
import { writeWhole } from './whole-file.ts';

const NEWLINE = 10;

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

/** Throws the system's error when it cannot be written; what was there is there still. */
export function writeSealed(path: string, { format }: Sealed, header: object, body: readonly Uint8Array[]): void {
  const parts = [Buffer.from(`${JSON.stringify(header)}\n`), ...body];
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  writeWhole(path, [Buffer.from(`${format}\n${hash.digest('hex')}\n`), ...parts]);
}

/** The line of JSON, unread, and what lies behind it. Throws a UserError when there is no such file, or it is not whole. */
export function readSealed(path: string, kind: Sealed): { readonly header: string; readonly body: Uint8Array } {
  const bytes = contentOf(path, kind);
  const [format, checksum, header] = lines(bytes, 3);
  if (format?.text !== kind.format || checksum === undefined || header === undefined) {
    throw new UserError(`${path}: it is no ${kind.noun}; name a file that '${kind.command}' has written`);
  }
  if (createHash('sha256').update(bytes.subarray(checksum.end)).digest('hex') !== checksum.text) {
    throw new UserError(`${path}: it is damaged, its checksum is another; ${kind.anew}`);
  }
  return { header: header.text, body: bytes.subarray(header.end) };
}

/** Throws a UserError for a file that another version has written. */
export function checkVersion(path: string, { anew }: Sealed, written: string, version: string): void {
  if (written !== version) throw new UserError(`${path}: it was written by version ${written}, and this is ${version}; ${anew}`);
}

function contentOf(path: string, { writer }: Sealed): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UserError(`${path}: ${code === 'ENOENT' ? `there is no such file; name one that ${writer} has written` : message}`);
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
