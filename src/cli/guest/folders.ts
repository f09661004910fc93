/** Folders of the host that a guest shares, and folders into which goes what it made of them. */
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { assert } from '../../base/assert.ts';
import { FOLDER_NAME } from '../../guest/linux/exchange.ts';
import type { Attached } from '../../hw/outside.ts';
import { UserError } from '../io.ts';
import { writeWhole } from '../whole-file.ts';

export type SharedFolder = NonNullable<Attached['share']>['root'];
type Given = SharedFolder['entries'] extends ReadonlyMap<string, infer Node> ? Node : never;

export interface FolderOption { readonly host: string; readonly name: string }

/** What is read at most, in all folders. */
const MOST = { bytes: 2 ** 30, files: 100_000 } as const;
const SLASH = Buffer.from('/');

/** From `host` or `host:name`. */
export function folderOptions(texts: readonly string[] = []): FolderOption[] {
  const options = texts.map((text) => {
    const colon = text.lastIndexOf(':');
    const host = colon > 0 ? text.slice(0, colon) : text;
    const name = colon > 0 ? text.slice(colon + 1) : basename(resolve(text));
    if (!FOLDER_NAME.test(name)) {
      throw new UserError(`--share ${text}: its name for the guest is '${name}', which is not of letters, digits, '.', '_' and '-'; `
        + 'folder:name gives it another');
    }
    return { host, name };
  });
  const twice = options.find(({ name }, i) => options.findIndex((other) => other.name === name) < i);
  if (twice !== undefined) {
    throw new UserError(`--share ${twice.host}: there is another '${twice.name}'; folder:name gives it another name`);
  }
  return options;
}

/** Reads folders, in the order of names, as deep as they are. Links stay links; what is neither file, folder nor link is left out. */
export class FolderReader {
  private bytes = 0;
  private files = 0;

  read(host: string): SharedFolder {
    try {
      if (!lstatSync(resolve(host)).isDirectory()) throw new UserError(`--share ${host}: it is no folder; --file brings a file`);
      return this.folder(Buffer.from(host));
    } catch (error) {
      const { code, syscall, message } = error as NodeJS.ErrnoException;
      if (syscall === undefined) throw error;
      throw new UserError(`--share ${host}: ${code === 'ENOENT' ? 'there is no such folder' : message}`);
    }
  }

  private folder(path: Buffer): SharedFolder {
    const entries = new Map<string, Given>();
    for (const name of readdirSync(path, { encoding: 'buffer' })) {
      const node = this.node(Buffer.concat([path, SLASH, name]));
      if (node !== undefined) entries.set(name.toString('latin1'), node);
    }
    return { kind: 'folder', entries: new Map([...entries].sort(([a], [b]) => (a < b ? -1 : 1))) };
  }

  private node(path: Buffer): Given | undefined {
    const stats = lstatSync(path);
    this.files += 1;
    if (stats.isFile()) this.bytes += stats.size;
    if (this.files > MOST.files || this.bytes > MOST.bytes) {
      throw new UserError(`--share: more than ${MOST.files} files or ${MOST.bytes >> 20} MiB are not shared; name a smaller folder`);
    }
    if (stats.isDirectory()) return this.folder(path);
    if (stats.isSymbolicLink()) return { kind: 'link', target: readlinkSync(path, { encoding: 'buffer' }).toString('latin1') };
    return stats.isFile() ? { kind: 'file', bytes: readFileSync(path), executable: (stats.mode & 0o100) !== 0 } : undefined;
  }
}

export interface WrittenFile { readonly path: readonly string[]; readonly bytes: Uint8Array; readonly executable: boolean }

/**
 * Writes files into a folder, each in one step. Nothing is written outside of it: no name of a guest's leads out, and no link is followed.
 * Throws a UserError when something is in the way.
 */
export function writeFiles(folder: string, files: readonly WrittenFile[]): void {
  const within = (body: () => void): void => {
    try {
      body();
    } catch (error) {
      const { syscall, message } = error as NodeJS.ErrnoException;
      if (syscall === undefined) throw error;
      throw new UserError(`${folder}: not all that the guest wrote could be kept there: ${message}`);
    }
  };
  within(() => void mkdirSync(folder, { recursive: true }));
  for (const { path, bytes, executable } of files) {
    within(() => {
      let at: Buffer = Buffer.from(folder);
      for (const name of path.slice(0, -1)) {
        at = inside(at, name);
        if (!isFolder(at)) mkdirSync(at);
      }
      writeWhole(inside(at, path.at(-1)!), [bytes], executable ? 0o777 : 0o666, inside(at, `.vpmu-${process.pid}.part`));
    });
  }
}

function inside(folder: Buffer, name: string): Buffer {
  assert(name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name), 'a name of a file in a folder');
  return Buffer.concat([folder, SLASH, Buffer.from(name, 'latin1')]);
}

function isFolder(path: Buffer): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats !== undefined && !stats.isDirectory()) {
    throw new UserError(`${path.toString()}: it is in the way, for it is no folder; name another place`);
  }
  return stats !== undefined;
}
