/**
 * An initial file system for Linux: a cpio archive in the "newc" format. Linux, "initramfs buffer format". The same files always make
 * the same bytes: they are sorted, belong to root, and are of the beginning of time.
 */
import { fromUtf8, utf8 } from '../../base/utf8.ts';
import { ImageError } from '../image.ts';

export type Node = { readonly path: string; /** Permissions; each kind has its usual ones. */ readonly mode?: number } & (
  | { readonly kind: 'file'; readonly bytes: Uint8Array }
  | { readonly kind: 'folder' }
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'device'; readonly type: 'character' | 'block'; readonly major: number; readonly minor: number });

const MAGIC = '070701';
const HEADER = 110;
/** Fields behind the magic number, each of eight hexadecimal digits. */
const FIELDS = ['inode', 'mode', 'uid', 'gid', 'links', 'time', 'size', 'major', 'minor', 'rmajor', 'rminor', 'nameSize', 'check'] as const;
type Fields = Readonly<Record<(typeof FIELDS)[number], number>>;
const TRAILER = 'TRAILER!!!';
const TYPE = { file: 0o100_000, folder: 0o040_000, link: 0o120_000, character: 0o020_000, block: 0o060_000, mask: 0o170_000 } as const;
const USUAL_MODE = { file: 0o644, folder: 0o755, link: 0o777, device: 0o600 } as const;
/** Archives one behind the other are one: each begins at a multiple of 4. */
const ALIGNMENT = 4;

const aligned = (size: number): number => Math.ceil(size / ALIGNMENT) * ALIGNMENT;

/** Folders in which something lies need not be named. Paths are those of the guest, with or without the first slash. */
export function cpio(nodes: readonly Node[]): Uint8Array {
  const byPath = new Map<string, Node>();
  for (const node of nodes) {
    const path = node.path.replace(/^\/+|\/+$/g, '');
    if (path === '' || path.split('/').some((part) => part === '' || part === '.' || part === '..')) {
      throw new ImageError(`'${node.path}' is no path of a file in the guest`);
    }
    for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1)) {
      const folder = path.slice(0, end), there = byPath.get(folder);
      if (there === undefined) byPath.set(folder, { path: folder, kind: 'folder' });
    }
    byPath.set(path, node);
  }
  const sorted = [...byPath].sort(([a], [b]) => (a < b ? -1 : 1));
  const parts = sorted.map(([path, node], i) => record(path, headerOf(node, i + 1), contentOf(node)));
  const whole = [...parts, record(TRAILER, { ...NOTHING, links: 1 }, new Uint8Array())];
  const archive = new Uint8Array(whole.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of whole) {
    archive.set(part, at);
    at += part.length;
  }
  return archive;
}

const NOTHING = Object.fromEntries(FIELDS.map((field) => [field, 0])) as Fields;

function headerOf(node: Node, inode: number): Omit<Fields, 'size' | 'nameSize'> {
  const type = node.kind === 'device' ? TYPE[node.type] : TYPE[node.kind];
  const device = node.kind === 'device' ? { rmajor: node.major, rminor: node.minor } : {};
  return { ...NOTHING, ...device, inode, mode: type | (node.mode ?? USUAL_MODE[node.kind]), links: node.kind === 'folder' ? 2 : 1 };
}

function contentOf(node: Node): Uint8Array {
  if (node.kind === 'file') return node.bytes;
  return node.kind === 'link' ? utf8(node.target) : new Uint8Array();
}

/** Header, name, zeros up to a multiple of 4, content, and zeros again. */
function record(path: string, header: Omit<Fields, 'size' | 'nameSize'>, content: Uint8Array): Uint8Array {
  const name = utf8(`${path}\0`);
  const fields: Fields = { ...header, size: content.length, nameSize: name.length };
  const text = MAGIC + FIELDS.map((field) => fields[field].toString(16).toUpperCase().padStart(8, '0')).join('');
  const contentAt = aligned(HEADER + name.length);
  const bytes = new Uint8Array(aligned(contentAt + content.length));
  bytes.set(utf8(text));
  bytes.set(name, HEADER);
  bytes.set(content, contentAt);
  return bytes;
}

/** An archive begins here, packed by nothing. */
export const isCpio = (file: Uint8Array): boolean => latin(file, 0, MAGIC.length) === MAGIC;

/** What archives one behind the other say of each path; of two, the last one. Throws an ImageError when they are none. */
export function readCpio(file: Uint8Array): ReadonlyMap<string, Node> {
  const nodes = new Map<string, Node>();
  for (let at = 0; at < file.length;) {
    // Zeros may stand between two archives.
    if (file[at] === 0) {
      at += 1;
      continue;
    }
    const { fields, path, content, end } = readRecord(file, at);
    if (path !== TRAILER) nodes.set(path.replace(/^(\.?\/)+/, ''), nodeOf(path, fields, content, at));
    at = end;
  }
  return nodes;
}

function readRecord(file: Uint8Array, at: number): { fields: Fields; path: string; content: Uint8Array; end: number } {
  if (latin(file, at, MAGIC.length) !== MAGIC) throw new ImageError(`there is no cpio header at ${at}`);
  const fields = Object.fromEntries(FIELDS.map((field, i) => {
    const digits = latin(file, at + MAGIC.length + 8 * i, 8);
    if (!/^[0-9a-fA-F]{8}$/.test(digits)) throw new ImageError(`the cpio header at ${at} has no number where its ${field} stands`);
    return [field, Number.parseInt(digits, 16)];
  })) as Fields;
  const nameEnd = at + HEADER + fields.nameSize;
  const contentAt = at + aligned(HEADER + fields.nameSize), end = at + aligned(contentAt - at + fields.size);
  if (fields.nameSize === 0 || nameEnd > file.length || contentAt + fields.size > file.length) {
    throw new ImageError(`the archive ends inside the file at ${at}`);
  }
  const path = fromUtf8(file.subarray(at + HEADER, nameEnd - 1));
  return { fields, path, content: file.subarray(contentAt, contentAt + fields.size), end };
}

function nodeOf(path: string, { mode, rmajor, rminor }: Fields, content: Uint8Array, at: number): Node {
  const permissions = { path, mode: mode & ~TYPE.mask };
  switch (mode & TYPE.mask) {
    case TYPE.file: return { ...permissions, kind: 'file', bytes: content };
    case TYPE.folder: return { ...permissions, kind: 'folder' };
    case TYPE.link: return { ...permissions, kind: 'link', target: fromUtf8(content) };
    case TYPE.character: return { ...permissions, kind: 'device', type: 'character', major: rmajor, minor: rminor };
    case TYPE.block: return { ...permissions, kind: 'device', type: 'block', major: rmajor, minor: rminor };
    default: throw new ImageError(`the file at ${at} of the archive is of no kind that Linux unpacks`);
  }
}

function latin(file: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...file.subarray(at, at + length));
}
