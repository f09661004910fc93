/**
 * A tree of files in memory, as a driver of a file system works on it: nodes by their numbers, and names in folders. It begins as it was
 * given; numbers, orders and times follow from that and from what the driver does, and from nothing else.
 *
 * A node is gone when no folder has it and the driver has forgotten it. Limit: there are no devices, sockets and FIFOs in it, and names
 * in folders are not counted against its room.
 */
import { assert } from '../../base/assert.ts';
import { Content } from './content.ts';
import { type Entry, type Given, type GivenFolder, type Kind, Node, PERMISSIONS, type Time } from './node.ts';

/** Numbers of Linux, "errno". */
export const ERRNO = {
  noEntry: 2, exists: 17, notFolder: 20, isFolder: 21, invalid: 22, noSpace: 28, nameTooLong: 36, notImplemented: 38, notEmpty: 39,
  notPermitted: 1, stale: 116, protocol: 71,
} as const;

/** What the driver is told instead. */
export class FileError extends Error {
  override readonly name = 'FileError';
  readonly errno: number;

  constructor(what: keyof typeof ERRNO) {
    super(what);
    this.errno = ERRNO[what];
  }
}

export const ROOT = 1;
/** Bytes of what is written, and nodes in all. */
export const ROOM = { bytes: 2 ** 30, nodes: 2 ** 20 } as const;
const NAME_MOST = 255;
const USUAL = { file: 0o644, program: 0o755, folder: 0o755, link: 0o777 } as const;

/** Whose a new node is. */
export interface Owner { readonly uid: number; readonly gid: number }

export class Tree {
  readonly nodes = new Map<number, Node>();
  /** Bytes that were given, by node. */
  readonly given = new Map<number, Uint8Array>();
  /** The number that no node and no entry has had. */
  next = ROOT;
  /** Bytes of all that was written. */
  written = 0;
  readonly now: () => Time;

  /** All that was given is of one time. */
  constructor(root: GivenFolder, time: Time, now: () => Time) {
    this.now = now;
    this.plant(root, ROOT, time);
    this.node(ROOT).names = 1;
  }

  private plant(given: Given, parent: number, time: Time): number {
    const usual = given.kind === 'file' && given.executable ? USUAL.program : USUAL[given.kind];
    const node = new Node(this.take(), given.kind, usual, time);
    // Numbers 1 and 2 are the cookies of "." and "..".
    if (node.id === ROOT) this.next += 1;
    this.nodes.set(node.id, node);
    if (given.kind === 'link') node.target = given.target;
    else if (given.kind === 'file') {
      node.content = new Content(given.bytes, false);
      this.given.set(node.id, given.bytes);
    } else {
      node.parent = parent;
      for (const [name, child] of [...given.entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
        const cookie = this.next;
        const id = this.plant(child, node.id, time);
        node.entries.set(name, { node: id, cookie });
        this.node(id).names = 1;
      }
    }
    return node.id;
  }

  private take(): number {
    this.next += 1;
    return this.next - 1;
  }

  node(id: number): Node {
    const node = this.nodes.get(id);
    if (node === undefined) throw new FileError('stale');
    return node;
  }

  private folder(id: number): Node {
    const node = this.node(id);
    if (node.kind !== 'folder') throw new FileError('notFolder');
    return node;
  }

  file(id: number): Node {
    const node = this.node(id);
    if (node.kind !== 'file') throw new FileError(node.kind === 'folder' ? 'isFolder' : 'invalid');
    return node;
  }

  // Names.

  lookup(folder: number, name: string): Node {
    return this.node(this.entry(this.folder(folder), name).node);
  }

  private entry(folder: Node, name: string): Entry {
    checkName(name);
    const entry = folder.entries.get(name);
    if (entry === undefined) throw new FileError('noEntry');
    return entry;
  }

  create(parent: number, name: string, kind: Kind, permissions: number, { uid, gid }: Owner): Node {
    const folder = this.vacant(parent, name);
    if (this.nodes.size >= ROOM.nodes) throw new FileError('noSpace');
    const node = new Node(this.take(), kind, permissions & PERMISSIONS, this.now());
    node.uid = uid;
    node.gid = gid;
    node.parent = kind === 'folder' ? parent : 0;
    this.nodes.set(node.id, node);
    this.enter(folder, name, node);
    return node;
  }

  link(parent: number, name: string, id: number): Node {
    const node = this.node(id);
    if (node.kind === 'folder') throw new FileError('notPermitted');
    this.enter(this.vacant(parent, name), name, node);
    return node;
  }

  /** A folder that has not been removed, and has no such name. */
  private vacant(parent: number, name: string): Node {
    checkName(name);
    const folder = this.folder(parent);
    if (folder.names === 0) throw new FileError('noEntry');
    if (folder.entries.has(name)) throw new FileError('exists');
    return folder;
  }

  private enter(folder: Node, name: string, node: Node): void {
    folder.entries.set(name, { node: node.id, cookie: this.take() });
    node.names += 1;
    node.changed = this.now();
    this.touch(folder);
  }

  private leave(folder: Node, name: string, node: Node): void {
    folder.entries.delete(name);
    node.names -= 1;
    node.changed = this.now();
    this.touch(folder);
    this.sweep(node);
  }

  private touch(node: Node): void {
    node.modified = this.now();
    node.changed = node.modified;
  }

  /** `kind`: a folder is removed by another call than all else. */
  remove(parent: number, name: string, kind: 'folder' | 'other'): void {
    const folder = this.folder(parent);
    const node = this.node(this.entry(folder, name).node);
    if (kind === 'folder' && node.kind !== 'folder') throw new FileError('notFolder');
    if (kind === 'other' && node.kind === 'folder') throw new FileError('isFolder');
    if (node.entries.size > 0) throw new FileError('notEmpty');
    this.leave(folder, name, node);
  }

  /** What is there under the new name goes. */
  rename(from: number, name: string, to: number, newName: string): void {
    checkName(newName);
    const source = this.folder(from), target = this.folder(to);
    const node = this.node(this.entry(source, name).node);
    const there = target.entries.get(newName);
    if (there?.node === node.id) return;
    if (target.names === 0) throw new FileError('noEntry');
    if (node.kind === 'folder' && this.isWithin(target, node)) throw new FileError('invalid');
    if (there !== undefined) this.remove(to, newName, node.kind === 'folder' ? 'folder' : 'other');
    source.entries.delete(name);
    node.names -= 1;
    this.touch(source);
    this.enter(target, newName, node);
    if (node.kind === 'folder') node.parent = to;
  }

  private isWithin(folder: Node, ancestor: Node): boolean {
    for (let each = folder; ; each = this.node(each.parent)) {
      if (each === ancestor) return true;
      if (each.id === ROOT) return false;
    }
  }

  /** Entries of a folder behind a cookie; "." and ".." are the first. */
  * list(id: number, behind: number): Generator<{ readonly name: string; readonly cookie: number; readonly node: Node }> {
    const folder = this.folder(id);
    if (behind < 1) yield { name: '.', cookie: 1, node: folder };
    if (behind < 2) yield { name: '..', cookie: 2, node: this.nodes.get(folder.parent) ?? folder };
    for (const [name, { node, cookie }] of folder.entries) if (cookie > behind) yield { name, cookie, node: this.node(node) };
  }

  // Contents.

  write(id: number, at: number, bytes: Uint8Array): void {
    const node = this.file(id);
    this.change(node, Math.max(node.size, at + bytes.length), (content) => content.write(at, bytes));
  }

  resize(id: number, size: number): void {
    this.change(this.file(id), size, (content) => content.resize(size));
  }

  /** `size`: what it has then. */
  private change(node: Node, size: number, body: (content: Content) => void): void {
    const { content } = node;
    const others = this.written - content.taken;
    if (others + size > ROOM.bytes) throw new FileError('noSpace');
    body(content);
    this.written = others + content.taken;
    this.touch(node);
  }

  // What the driver keeps in mind.

  known(node: Node): Node {
    node.lookups += 1;
    return node;
  }

  /** A driver that forgets more than it was told has forgotten all. */
  forget(id: number, count: number): void {
    const node = this.nodes.get(id);
    if (node === undefined) return;
    node.lookups = Math.max(0, node.lookups - count);
    this.sweep(node);
  }

  forgetAll(): void {
    for (const node of [...this.nodes.values()]) this.forget(node.id, node.lookups);
  }

  private sweep(node: Node): void {
    if (node.names > 0 || node.lookups > 0) return;
    assert(node.entries.size === 0, 'a folder that goes is empty');
    this.nodes.delete(node.id);
    this.written -= node.content.taken;
  }
}

function checkName(name: string): void {
  if (name.length > NAME_MOST) throw new FileError('nameTooLong');
  if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name)) throw new FileError('invalid');
}
