/**
 * The messages of FUSE, protocol 7: numbers of requests, and how structures lie in bytes. Linux, "include/uapi/linux/fuse.h", whose names
 * these are.
 */
import { fromLatin1 } from '../../base/latin1.ts';
import type { Node, Time } from './node.ts';
import { FileError } from './tree.ts';

export const VERSION = { major: 7, minor: 31 } as const;
export const OPCODE = {
  lookup: 1, forget: 2, getattr: 3, setattr: 4, readlink: 5, symlink: 6, mknod: 8, mkdir: 9, unlink: 10, rmdir: 11, rename: 12, link: 13,
  read: 15, write: 16, statfs: 17, init: 26, readdir: 28, interrupt: 36, destroy: 38, batchForget: 42,
} as const;
/** Of a request: length, opcode, unique, node, uid, gid, pid, and padding. Of an answer: length, error, unique. */
export const HEADER = { in: 40, opcode: 4, unique: 8, node: 16, uid: 24, gid: 28, out: 16 } as const;
/** FUSE_ASYNC_READ, FUSE_BIG_WRITES, FUSE_PARALLEL_DIROPS, FUSE_MAX_PAGES. */
export const FLAGS = 1 << 0 | 1 << 5 | 1 << 18 | 1 << 22;
/** What of a node is to be set. */
export const FATTR = { mode: 1, uid: 2, gid: 4, size: 8, atime: 16, mtime: 32, atimeNow: 128, mtimeNow: 256 } as const;
/** How long the driver may rely on what it was told: nobody else changes it. */
const VALID_SECONDS = 3600;
const BLOCK = 512;
export const BLOCK_SIZE = 4096;
const NAME_OFFSET = 24;

/** Reads the arguments of a request one behind the other. What is missing is an error for the driver's caller. */
export class Arguments {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  u32(): number {
    return this.view.getUint32(this.take(4), true);
  }

  /** As a number, which is not exact where it is larger than anything here. */
  u64(): number {
    return Number(this.view.getBigUint64(this.take(8), true));
  }

  skip(bytes: number): void {
    this.take(bytes);
  }

  /** Up to a zero. */
  name(): string {
    const end = this.bytes.indexOf(0, this.at);
    if (end === -1) throw new FileError('invalid');
    const start = this.at;
    this.at = end + 1;
    return fromLatin1(this.bytes.subarray(start, end));
  }

  rest(length: number): Uint8Array {
    const start = this.take(length);
    return this.bytes.subarray(start, start + length);
  }

  private take(bytes: number): number {
    const at = this.at;
    if (at + bytes > this.bytes.length) throw new FileError('invalid');
    this.at = at + bytes;
    return at;
  }
}

/** Words of 4 and 8 bytes one behind the other; a plain number is one of 4. */
export type Field = number | { readonly u64: number };
export const u64 = (value: number): Field => ({ u64: value });

export function structure(...fields: readonly Field[]): Uint8Array {
  const bytes = new Uint8Array(fields.reduce<number>((size, field) => size + (typeof field === 'number' ? 4 : 8), 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const field of fields) {
    if (typeof field === 'number') view.setUint32(at, field, true);
    else view.setBigUint64(at, BigInt(field.u64), true);
    at += typeof field === 'number' ? 4 : 8;
  }
  return bytes;
}

/** struct fuse_attr. */
function attributes(node: Node, links: number): readonly Field[] {
  const { id, size, accessed, modified, changed, mode, uid, gid } = node;
  const seconds = (time: Time): Field => u64(time.seconds);
  const fields = [
    u64(id), u64(size), u64(Math.ceil(size / BLOCK)), seconds(accessed), seconds(modified), seconds(changed),
    accessed.nanoseconds, modified.nanoseconds, changed.nanoseconds, mode, links, uid, gid, 0, BLOCK_SIZE, 0,
  ];
  return fields;
}

/** struct fuse_attr_out. */
export const attributesOut = (node: Node, links: number): Uint8Array => structure(u64(VALID_SECONDS), 0, 0, ...attributes(node, links));

/** struct fuse_entry_out. */
export const entryOut = (node: Node, links: number): Uint8Array =>
  structure(u64(node.id), u64(0), u64(VALID_SECONDS), u64(VALID_SECONDS), 0, 0, ...attributes(node, links));

/** struct fuse_dirent, at a multiple of 8. */
export function directoryEntry(node: number, cookie: number, type: number, name: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(Math.ceil((NAME_OFFSET + name.length) / 8) * 8);
  bytes.set(structure(u64(node), u64(cookie), name.length, type));
  bytes.set(name, NAME_OFFSET);
  return bytes;
}

/** struct fuse_out_header, and what follows it. */
export function answer(unique: Uint8Array, errno: number, body: Uint8Array = new Uint8Array()): Uint8Array {
  const bytes = new Uint8Array(HEADER.out + body.length);
  bytes.set(structure(bytes.length, -errno));
  bytes.set(unique, 8);
  bytes.set(body, HEADER.out);
  return bytes;
}
