/** What a driver of a shared folder can ask for: one line a request. All else it is told there is none of, and does without. */
import { latin1 } from '../../base/latin1.ts';
import {
  type Arguments, attributesOut, BLOCK_SIZE, directoryEntry, entryOut, FATTR, FLAGS, OPCODE, structure, u64, VERSION,
} from './fuse.ts';
import { type Node, PERMISSIONS, type Time, TYPES } from './node.ts';
import { FileError, type Owner, ROOM, type Tree } from './tree.ts';

/** A request: the node that it is about, its arguments, who asks, and how many bytes of an answer there is room for. */
export interface Asked { readonly node: number; readonly args: Arguments; readonly owner: Owner; readonly room: number }

/** Returns what follows the header of the answer. */
type Operation = (tree: Tree, asked: Asked) => Uint8Array;

const NOTHING = new Uint8Array();
/** Bytes of a request that writes, and pages of one that reads or writes. */
const WRITE_MOST = 1 << 20;
const PAGES_MOST = WRITE_MOST / 4096;
/** Requests that wait for nobody: how many, and from how many on the driver is to hold back. */
const BACKGROUND = 16 | (12 << 16);
const FORMAT = 0o170_000;
const NAME_MOST = 255;

/** One whose answer is its success. */
const quiet = (body: (tree: Tree, asked: Asked) => void): Operation => (tree, asked) => {
  body(tree, asked);
  return NOTHING;
};

export const OPERATIONS: ReadonlyMap<number, Operation> = new Map<number, Operation>([
  [OPCODE.init, init],
  [OPCODE.destroy, quiet((tree) => tree.forgetAll())],
  [OPCODE.lookup, (tree, { node, args }) => entry(tree, tree.lookup(node, args.name()))],
  [OPCODE.forget, quiet((tree, { node, args }) => tree.forget(node, args.u64()))],
  [OPCODE.batchForget, quiet(forgetAll)],
  [OPCODE.interrupt, quiet(() => {})],
  [OPCODE.getattr, (tree, { node }) => attributes(tree, tree.node(node))],
  [OPCODE.setattr, setAttributes],
  [OPCODE.readlink, readLink],
  [OPCODE.symlink, symbolicLink],
  [OPCODE.mknod, makeNode],
  [OPCODE.mkdir, makeFolder],
  [OPCODE.unlink, quiet((tree, { node, args }) => tree.remove(node, args.name(), 'other'))],
  [OPCODE.rmdir, quiet((tree, { node, args }) => tree.remove(node, args.name(), 'folder'))],
  [OPCODE.rename, quiet(rename)],
  [OPCODE.link, link],
  [OPCODE.read, read],
  [OPCODE.write, write],
  [OPCODE.readdir, readFolder],
  [OPCODE.statfs, statistics],
]);

const entry = (tree: Tree, node: Node): Uint8Array => entryOut(tree.known(node), node.linksIn(tree.nodes));
const attributes = (tree: Tree, node: Node): Uint8Array => attributesOut(node, node.linksIn(tree.nodes));

/** struct fuse_init_in and fuse_init_out. A newer major version is told ours, and asks again. */
function init(_tree: Tree, { args }: Asked): Uint8Array {
  const major = args.u32();
  args.skip(4);
  const readAhead = args.u32(), flags = args.u32();
  if (major < VERSION.major) throw new FileError('protocol');
  return structure(
    VERSION.major, VERSION.minor, readAhead, flags & FLAGS, BACKGROUND, WRITE_MOST, 1, PAGES_MOST, ...Array<number>(8).fill(0),
  );
}

function forgetAll(tree: Tree, { args }: Asked): void {
  const count = args.u32();
  args.skip(4);
  for (let i = 0; i < count; i += 1) tree.forget(args.u64(), args.u64());
}

/** struct fuse_setattr_in. */
function setAttributes(tree: Tree, { node: id, args }: Asked): Uint8Array {
  const node = tree.node(id);
  const valid = args.u32();
  args.skip(12);
  const size = args.u64();
  args.skip(8);
  const [accessed, modified] = [args.u64(), args.u64()];
  args.skip(8);
  const [accessedPart, modifiedPart] = [args.u32(), args.u32()];
  args.skip(4);
  const mode = args.u32();
  args.skip(4);
  const [uid, gid] = [args.u32(), args.u32()];
  const has = (what: keyof typeof FATTR): boolean => (valid & FATTR[what]) !== 0;
  const now = tree.now();
  if (has('size')) tree.resize(id, size);
  if (has('mode')) node.permissions = mode & PERMISSIONS;
  if (has('uid')) node.uid = uid;
  if (has('gid')) node.gid = gid;
  if (has('atime')) node.accessed = has('atimeNow') ? now : timeOf(accessed, accessedPart);
  if (has('mtime')) node.modified = has('mtimeNow') ? now : timeOf(modified, modifiedPart);
  node.changed = now;
  return attributes(tree, node);
}

/** Limit: what is before 1970 is then. */
const timeOf = (seconds: number, nanoseconds: number): Time => ({ seconds: Number.isSafeInteger(seconds) ? seconds : 0, nanoseconds });

function readLink(tree: Tree, { node: id }: Asked): Uint8Array {
  const node = tree.node(id);
  if (node.kind !== 'link') throw new FileError('invalid');
  return latin1(node.target);
}

function symbolicLink(tree: Tree, { node, args, owner }: Asked): Uint8Array {
  const name = args.name(), target = args.name();
  const link = tree.create(node, name, 'link', PERMISSIONS & 0o777, owner);
  link.target = target;
  return entry(tree, link);
}

/** Only files: no devices, and no FIFOs. */
function makeNode(tree: Tree, { node, args, owner }: Asked): Uint8Array {
  const mode = args.u32();
  args.skip(12);
  if ((mode & FORMAT) !== TYPES.file.mode) throw new FileError('notPermitted');
  return entry(tree, tree.create(node, args.name(), 'file', mode, owner));
}

function makeFolder(tree: Tree, { node, args, owner }: Asked): Uint8Array {
  const mode = args.u32();
  args.skip(4);
  return entry(tree, tree.create(node, args.name(), 'folder', mode, owner));
}

function rename(tree: Tree, { node, args }: Asked): void {
  const to = args.u64();
  tree.rename(node, args.name(), to, args.name());
}

function link(tree: Tree, { node, args }: Asked): Uint8Array {
  const id = args.u64();
  return entry(tree, tree.link(node, args.name(), id));
}

/** struct fuse_read_in. */
function read(tree: Tree, { node, args, room }: Asked): Uint8Array {
  args.skip(8);
  const at = args.u64();
  return tree.file(node).content.read(at, Math.min(args.u32(), room));
}

/** struct fuse_write_in. */
function write(tree: Tree, { node, args }: Asked): Uint8Array {
  args.skip(8);
  const at = args.u64(), length = args.u32();
  args.skip(20);
  tree.write(node, at, args.rest(length));
  return structure(length, 0);
}

/** As many entries as there is room for. */
function readFolder(tree: Tree, { node, args, room }: Asked): Uint8Array {
  args.skip(8);
  const behind = args.u64(), most = Math.min(args.u32(), room);
  const parts: Uint8Array[] = [];
  let size = 0;
  for (const { name, cookie, node: { id, kind } } of tree.list(node, behind)) {
    const part = directoryEntry(id, cookie, TYPES[kind].entry, latin1(name));
    if (size + part.length > most) break;
    parts.push(part);
    size += part.length;
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** struct fuse_kstatfs. */
function statistics(tree: Tree): Uint8Array {
  const blocks = (bytes: number): number => Math.floor(bytes / BLOCK_SIZE);
  const free = blocks(ROOM.bytes - tree.written), files = ROOM.nodes;
  return structure(
    u64(blocks(ROOM.bytes)), u64(free), u64(free), u64(files), u64(files - tree.nodes.size), BLOCK_SIZE, NAME_MOST, BLOCK_SIZE,
    ...Array<number>(7).fill(0),
  );
}
