/** What a folder that is shared is made of: given nodes, which nobody changes, and nodes that live. */
import { Content } from './content.ts';

/** Names and targets are bytes, one a letter. */
export type Given =
  | { readonly kind: 'file'; readonly bytes: Uint8Array; readonly executable: boolean }
  | { readonly kind: 'link'; readonly target: string }
  | GivenFolder;
export interface GivenFolder { readonly kind: 'folder'; readonly entries: ReadonlyMap<string, Given> }

/** Seconds since 1970, and nanoseconds. */
export interface Time { readonly seconds: number; readonly nanoseconds: number }

/** In a folder. `cookie`: entries stand in the order of these numbers, each of which there is once. */
export interface Entry { readonly node: number; readonly cookie: number }

export const KINDS = ['file', 'folder', 'link'] as const;
export type Kind = (typeof KINDS)[number];
/** File types as `st_mode` has them, and as directory entries do: POSIX, "sys/stat.h"; Linux, "dirent.h". */
export const TYPES: Readonly<Record<Kind, { readonly mode: number; readonly entry: number }>> = {
  file: { mode: 0o100_000, entry: 8 }, folder: { mode: 0o040_000, entry: 4 }, link: { mode: 0o120_000, entry: 10 },
};
export const PERMISSIONS = 0o7777;

export class Node {
  readonly id: number;
  readonly kind: Kind;
  permissions: number;
  uid = 0;
  gid = 0;
  accessed: Time;
  modified: Time;
  changed: Time;
  /** How often it is in a folder; a folder's own "." is not among them. */
  names = 0;
  /** How often the driver was told of it, and has not said that it forgot it. */
  lookups = 0;
  /** Of a file. */
  content = new Content(new Uint8Array(), false);
  /** Of a folder: what is in it, by name in the order of cookies; and the folder that it is in. */
  readonly entries = new Map<string, Entry>();
  parent = 0;
  /** Of a link. */
  target = '';

  constructor(id: number, kind: Kind, permissions: number, time: Time) {
    this.id = id;
    this.kind = kind;
    this.permissions = permissions;
    this.accessed = time;
    this.modified = time;
    this.changed = time;
  }

  get mode(): number {
    return TYPES[this.kind].mode | this.permissions;
  }

  get size(): number {
    return this.kind === 'file' ? this.content.size : this.target.length;
  }

  /** A folder has its name, its own ".", and the ".." of each folder in it. */
  linksIn(nodes: ReadonlyMap<number, Node>): number {
    if (this.kind !== 'folder') return this.names;
    return [...this.entries.values()].reduce((links, { node }) => links + (nodes.get(node)!.kind === 'folder' ? 1 : 0), this.names + 1);
  }
}
