/** What a guest is given beside its memory, and what comes back when it has ended as it should: disks, folders, files that are wanted. */
import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { BROUGHT_FOLDER, type Exchange, SHARE_TAG, WANTED_FOLDER } from '../../guest/linux/exchange.ts';
import type { Attached } from '../../hw/outside.ts';
import { type Io, UserError } from '../io.ts';
import { writeWhole } from '../whole-file.ts';
import { disksOf, keepDisk } from './disks.ts';
import type { BroughtFile } from './files.ts';
import { FolderReader, folderOptions, type SharedFolder, type WrittenFile, writeFiles } from './folders.ts';
import type { LinuxWorld } from './subject.ts';

export interface AttachmentOptions {
  readonly disk?: readonly string[];
  readonly share?: readonly string[];
  readonly shareOut?: string;
  readonly get?: readonly string[];
}

export interface Attachments {
  readonly attached: Attached;
  /** Writes what is to be kept, and returns what was wanted and is not there, a line each. Throws a UserError when it cannot be written. */
  keep(world: LinuxWorld): readonly string[];
}

/** Folders that nobody has named. */
const HIDDEN: readonly string[] = [WANTED_FOLDER, BROUGHT_FOLDER];

interface Wanted { readonly guest: string; readonly host: string }

/** `brought`: files that the guest finds in a folder. */
export function exchangeOf({ disk = [], share, get }: AttachmentOptions, brought: readonly BroughtFile[] = []): Exchange {
  return {
    disks: disk.length, folders: folderOptions(share).map(({ name }) => name), wanted: wantedIn(get).map(({ guest }) => guest), brought,
  };
}

/** Reads all that the guest is given. */
export function attachmentsOf(io: Io, options: AttachmentOptions, brought: readonly BroughtFile[] = []): Attachments {
  const disks = disksOf(io, options.disk), folders = folderOptions(options.share), wanted = wantedIn(options.get);
  const { shareOut } = options;
  if (shareOut !== undefined && folders.length === 0) {
    throw new UserError('--share-out is for what the guest makes of a folder; name one with --share');
  }
  const reader = new FolderReader();
  const entries = new Map(folders.map(({ host, name }) => [name, reader.read(host)]));
  if (wanted.length > 0) entries.set(WANTED_FOLDER, { kind: 'folder', entries: new Map() });
  if (brought.length > 0) {
    const files = brought.map(({ bytes, executable }, i) => [`${i}`, { kind: 'file', bytes, executable }] as const);
    entries.set(BROUGHT_FOLDER, { kind: 'folder', entries: new Map(files) });
  }
  const root: SharedFolder = { kind: 'folder', entries };
  return {
    attached: { disks: disks.map(({ disk }) => disk), share: entries.size === 0 ? undefined : { tag: SHARE_TAG, root } },
    keep: ({ board }) => {
      for (const [i, disk] of disks.entries()) keepDisk(disk, board.disks[i]!.written);
      const changed = board.share?.changed ?? [];
      if (shareOut !== undefined) writeFiles(shareOut, changed.filter(({ path }) => path.length > 1 && !HIDDEN.includes(path[0]!)));
      const copies = changed.filter(({ path }) => path[0] === WANTED_FOLDER);
      return wanted.flatMap((each, i) => keepWanted(each, copies.find(({ path }) => path[1] === `${i}`)));
    },
  };
}

function wantedIn(texts: readonly string[] = []): Wanted[] {
  return texts.map((text) => {
    const colon = text.indexOf(':');
    const guest = text.slice(0, colon), host = text.slice(colon + 1);
    if (colon < 1 || host === '' || guest.endsWith('/')) {
      throw new UserError(`--get takes guest:host, such as perf.data:./perf.data, not '${text}'`);
    }
    return { guest, host: host.endsWith('/') || isFolder(host) ? join(host, basename(guest)) : host };
  });
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

function keepWanted({ guest, host }: Wanted, file: WrittenFile | undefined): string[] {
  if (file === undefined) return [`--get ${guest}: the guest has no such file`];
  try {
    writeWhole(host, [file.bytes], file.executable ? 0o777 : 0o666);
    return [];
  } catch (error) {
    const { code, syscall, message } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new UserError(`${host}: ${code === 'ENOENT' ? 'there is no such folder; name one that exists' : message}`);
  }
}
