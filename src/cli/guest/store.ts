/**
 * Where `vpmu guest build` keeps a guest: two files that are named by their checksums, and one that names them and is put into its place
 * last, in one step. Whoever is interrupted before that leaves the guest as it was.
 */
import {
  closeSync, existsSync, fstatSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, statfsSync, writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { passing } from '../../base/passing.ts';
import { integer, listOf, Mismatch, object, type Shaped, text } from '../../base/shape.ts';
import { sha256Of } from '../checksum.ts';
import { UserError } from '../io.ts';
import { readAt } from '../sealed-file.ts';

const file = { file: text(), bytes: integer(1, 2 ** 40), sha256: text() };
const guestShape = object({
  /** Of this file. */
  version: integer(1, 1),
  kernel: object({ package: text(), release: text(), ...file }),
  initrd: object(file),
  packages: listOf(object({ name: text(), version: text(), sha256: text() })),
});

export type Guest = Shaped<typeof guestShape>;
export type StoredFile = Guest['initrd'];

const GUEST = 'guest.json';
/** Where a process builds; what is left of it when the process was interrupted. */
const UNFINISHED = /^unfinished-(\d+)$/;
/** For packages, what is in them, and the guest. */
const NEEDED_MIB = 400;

export class Store {
  readonly folder: string;

  /** In the user's cache, when nobody says where. */
  constructor(folder: string | undefined) {
    // An empty one counts as none.
    this.folder = folder ?? join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'vpmu');
  }

  /** Calls `body` with a new folder inside, which is gone afterwards. */
  within<T>(body: (work: string) => T): T {
    try {
      mkdirSync(this.folder, { recursive: true });
      for (const name of readdirSync(this.folder)) if (this.isLeft(name)) this.remove(name);
      this.checkSpace(NEEDED_MIB);
      const name = `unfinished-${process.pid}`;
      mkdirSync(join(this.folder, name));
      try {
        return body(join(this.folder, name));
      } finally {
        this.remove(name);
      }
    } catch (error) {
      if (error instanceof UserError || (error as NodeJS.ErrnoException).code === undefined) throw error;
      throw new UserError(`${this.folder}: ${(error as Error).message}; name another folder with --dir`);
    }
  }

  checkSpace(mib: number): void {
    const { bavail, bsize } = statfsSync(this.folder);
    const there = Math.floor((bavail * bsize) / 2 ** 20);
    if (there < mib) throw new UserError(`${this.folder}: there are ${there} MiB, and ${mib} are needed; name another folder with --dir`);
  }

  /** Under a name by its checksum. */
  put(work: string, name: string, bytes: Uint8Array): StoredFile {
    const sha256 = sha256Of(bytes), stored = `${name}-${sha256.slice(0, 16)}`;
    writeFileSync(join(work, stored), bytes);
    renameSync(join(work, stored), join(this.folder, stored));
    return { file: stored, bytes: bytes.length, sha256 };
  }

  /** From now on it is the guest; what the one before was made of goes. */
  publish(work: string, guest: Guest): void {
    writeFileSync(join(work, GUEST), `${JSON.stringify(guest, undefined, 2)}\n`);
    renameSync(join(work, GUEST), join(this.folder, GUEST));
    for (const name of readdirSync(this.folder)) {
      if (/^(vmlinux|initrd)-/.test(name) && name !== guest.kernel.file && name !== guest.initrd.file) this.remove(name);
    }
  }

  /** The guest, if one was built. */
  guest(): Guest | undefined {
    const path = join(this.folder, GUEST);
    if (!existsSync(path)) return undefined;
    try {
      return guestShape.check(JSON.parse(readFileSync(path, 'utf8')), '$');
    } catch (error) {
      if (!(error instanceof Mismatch) && !(error instanceof SyntaxError)) throw error;
      throw new UserError(`${path}: ${error.message}; 'vpmu guest build' makes it anew`);
    }
  }

  read({ file: name, sha256 }: StoredFile): Uint8Array {
    const path = join(this.folder, name);
    if (!existsSync(path)) throw new UserError(`${path}: it is gone; 'vpmu guest build' makes it anew`);
    const bytes = readPassing(path);
    if (sha256Of(bytes) !== sha256) {
      throw new UserError(`${path}: it is not what was built, by its checksum; 'vpmu guest build' makes it anew`);
    }
    return bytes;
  }

  private isLeft(name: string): boolean {
    const builder = UNFINISHED.exec(name)?.[1];
    return builder !== undefined && !isAlive(Number(builder));
  }

  private remove(name: string): void {
    rmSync(join(this.folder, name), { recursive: true, force: true });
  }
}

function readPassing(path: string): Uint8Array {
  const file = openSync(path, 'r');
  try {
    const bytes = passing(fstatSync(file).size);
    readAt(file, bytes, 0);
    return bytes;
  } finally {
    closeSync(file);
  }
}

/** Signal 0 asks whether there is such a process. */
function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
