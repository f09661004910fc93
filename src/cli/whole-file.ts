/** Files that are written whole or not at all: under another name, which then becomes theirs. */
import { closeSync, fsyncSync, openSync, type PathLike, renameSync, rmSync, writeSync } from 'node:fs';

/**
 * Throws the system's error when it cannot be written; what was there is there still. A link is replaced, and not followed. `unfinished`:
 * the other name, in the same folder.
 */
export function writeWhole(
  path: PathLike, parts: readonly Uint8Array[], mode = 0o666, unfinished: PathLike = `${path.toString()}.part`,
): void {
  try {
    rmSync(unfinished, { force: true });
    writeSynced(unfinished, parts, mode);
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}

function writeSynced(path: PathLike, parts: readonly Uint8Array[], mode: number): void {
  const file = openSync(path, 'wx', mode);
  try {
    for (const part of parts) for (let at = 0; at < part.length;) at += writeSync(file, part, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
