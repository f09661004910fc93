/** A driver of a shared folder that asks for one thing at a time, in the words of Linux' "include/uapi/linux/fuse.h". */
import assert from 'node:assert/strict';
import { Share } from '../../src/hw/share/share.ts';
import { Driver } from './driver.ts';

type Shared = ConstructorParameters<typeof Share>[0];
type Given = Shared['root']['entries'] extends ReadonlyMap<string, infer G> ? G : never;
/** Text is a file, [text] a program, "-> there" a link. */
interface Named { readonly [name: string]: string | readonly [string] | Named }

export const folder = (named: Named): Shared['root'] =>
  ({ kind: 'folder', entries: new Map(Object.entries(named).map(([name, what]) => [name, given(what)])) });

const isProgram = (what: Named[string]): what is readonly [string] => Array.isArray(what);

function given(what: Named[string]): Given {
  const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
  if (isProgram(what)) return { kind: 'file', bytes: bytes(what[0]), executable: true };
  if (typeof what !== 'string') return folder(what);
  return what.startsWith('-> ') ? { kind: 'link', target: what.slice(3) } : { kind: 'file', bytes: bytes(what), executable: false };
}

export const OP = {
  LOOKUP: 1, FORGET: 2, GETATTR: 3, SETATTR: 4, READLINK: 5, SYMLINK: 6, MKNOD: 8, MKDIR: 9, UNLINK: 10, RMDIR: 11, RENAME: 12, LINK: 13,
  OPEN: 14, READ: 15, WRITE: 16, STATFS: 17, GETXATTR: 22, INIT: 26, READDIR: 28, INTERRUPT: 36, DESTROY: 38, BATCH_FORGET: 42,
} as const;
export const ENOENT = 2, EEXIST = 17, ENOTDIR = 20, EISDIR = 21, EINVAL = 22, ENOSPC = 28, ENAMETOOLONG = 36, ENOSYS = 38, ENOTEMPTY = 39,
  EPERM = 1, ESTALE = 116;

/** They have no answer. */
const SILENT: readonly number[] = [OP.FORGET, OP.BATCH_FORGET, OP.INTERRUPT];

export interface Attributes {
  readonly ino: number; readonly size: number; readonly mtime: number; readonly mode: number; readonly nlink: number; readonly uid: number;
}

export interface Listed { readonly name: string; readonly ino: number; readonly off: number; readonly type: number }

/** Arguments: a number is a word of 4 bytes, a bigint one of 8, text a name with its zero. */
export type Argument = number | bigint | string | Uint8Array;

export class Client {
  readonly share: Share;
  readonly driver: Driver;
  /** Seconds that the machine's clock shows. */
  now = 2000;
  private unique = 7n;

  constructor(root: Shared['root']) {
    this.share = new Share({ tag: 'tag', root }, { seconds: 1000, nanoseconds: 0 }, () => ({ seconds: this.now, nanoseconds: 0 }));
    this.driver = new Driver([this.share]).begin(0, { queue: 1 });
  }

  /** The answer behind its header, or the number of the error. */
  ask(opcode: number, node: number, args: readonly Argument[] = [], room = 4096): Buffer | number {
    this.unique += 1n;
    const body = Buffer.concat(args.map(bytesOf));
    const request = Buffer.alloc(40);
    request.writeUInt32LE(40 + body.length, 0);
    request.writeUInt32LE(opcode, 4);
    request.writeBigUInt64LE(this.unique, 8);
    request.writeBigUInt64LE(BigInt(node), 16);
    request.writeUInt32LE(501, 24);
    request.writeUInt32LE(502, 28);
    const answer = Buffer.from(this.driver.ask(Buffer.concat([request, body]), room, 1));
    if (SILENT.includes(opcode)) {
      assert.equal(answer.length, 0);
      return answer;
    }
    assert.deepEqual([answer.readUInt32LE(0), answer.readBigUInt64LE(8)], [answer.length, this.unique]);
    const error = answer.readInt32LE(4);
    if (error !== 0) assert.equal(answer.length, 16);
    return error === 0 ? answer.subarray(16) : -error;
  }

  /** What must succeed. */
  done(opcode: number, node: number, args: readonly Argument[] = [], room = 4096): Buffer {
    const answer = this.ask(opcode, node, args, room);
    assert.ok(typeof answer !== 'number', `opcode ${opcode}: error ${String(answer)}`);
    return answer;
  }

  /** The number of the node at a path, as a driver walks to it. */
  walk(path: string): number {
    return path.split('/').reduce((node, name) => Number(this.done(OP.LOOKUP, node, [name]).readBigUInt64LE(0)), 1);
  }

  attributes(node: number): Attributes {
    return attributesIn(this.done(OP.GETATTR, node, [0, 0, 0n]), 16);
  }

  read(node: number, at = 0, length = 4096): string {
    return this.done(OP.READ, node, [0n, BigInt(at), length, 0, 0n, 0, 0], 8192).toString('latin1');
  }

  write(node: number, at: number | bigint, text: string): Buffer | number {
    return this.ask(OP.WRITE, node, [0n, BigInt(at), text.length, 0, 0n, 0, 0, Buffer.from(text, 'latin1')]);
  }

  list(node: number, behind = 0, length = 4096): Listed[] {
    const bytes = this.done(OP.READDIR, node, [0n, BigInt(behind), length, 0, 0n, 0, 0], length + 16);
    const found: Listed[] = [];
    for (let at = 0; at < bytes.length;) {
      const size = bytes.readUInt32LE(at + 16);
      found.push({
        ino: Number(bytes.readBigUInt64LE(at)), off: Number(bytes.readBigUInt64LE(at + 8)), type: bytes.readUInt32LE(at + 20),
        name: bytes.toString('latin1', at + 24, at + 24 + size),
      });
      at += Math.ceil((24 + size) / 8) * 8;
    }
    return found;
  }

  /** What is given out at the end. */
  get changed(): readonly string[] {
    return this.share.changed.map(({ path, bytes, executable }) =>
      `${path.join('/')}${executable ? '*' : ''}=${Buffer.from(bytes).toString('latin1')}`);
  }
}

/** struct fuse_attr. */
export const attributesIn = (bytes: Buffer, at: number): Attributes => ({
  ino: Number(bytes.readBigUInt64LE(at)), size: Number(bytes.readBigUInt64LE(at + 8)), mtime: Number(bytes.readBigUInt64LE(at + 32)),
  mode: bytes.readUInt32LE(at + 60), nlink: bytes.readUInt32LE(at + 64), uid: bytes.readUInt32LE(at + 68),
});

function bytesOf(argument: Argument): Uint8Array {
  if (typeof argument === 'string') return Buffer.from(`${argument}\0`, 'latin1');
  if (typeof argument === 'object') return argument;
  const bytes = Buffer.alloc(typeof argument === 'number' ? 4 : 8);
  if (typeof argument === 'number') bytes.writeUInt32LE(argument);
  else bytes.writeBigUInt64LE(argument);
  return bytes;
}
