/** Files that a guest has as disks. */
import { realpathSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Attached } from '../../hw/outside.ts';
import { DISKS } from '../../lab/linux.ts';
import { type Io, UserError } from '../io.ts';
import { writeWhole } from '../whole-file.ts';

type Disk = Attached['disks'][number];

export interface DiskFile {
  readonly path: string;
  readonly disk: Disk;
  /** The file is to be what the disk is, when the guest has ended as it should. */
  readonly keeps: boolean;
}

/** Letters of a serial number. */
const SERIAL = 20;
/** What may stand behind a file's name. */
const WAYS = /,(ro|write)$/;

/** Reads them. Throws a UserError when one cannot be a disk. */
export function disksOf(io: Io, texts: readonly string[] = []): DiskFile[] {
  if (texts.length > DISKS.most) throw new UserError(`a guest has ${DISKS.most} disks at most, and --disk is there ${texts.length} times`);
  return texts.map((text) => {
    const way = WAYS.exec(text)?.[1];
    const path = text.replace(WAYS, '');
    if (path === '') throw new UserError(`--disk takes file, file,ro or file,write, not '${text}'`);
    const bytes = io.readFile(path);
    if (bytes.length === 0 || bytes.length % DISKS.sector !== 0) {
      throw new UserError(`${path}: it has ${bytes.length} bytes, and a disk's are a multiple of ${DISKS.sector}; name an image of a disk`);
    }
    // By its file's name a guest can tell one from the other.
    const serial = basename(path).replaceAll(/[^\x21-\x7e]/g, '_').slice(0, SERIAL);
    return { path, disk: { bytes, readOnly: way === 'ro', serial }, keeps: way === 'write' };
  });
}

/** `written`: what is on the disk now, where something was written to it. Throws a UserError when the file cannot be replaced. */
export function keepDisk({ path, keeps }: DiskFile, written: Uint8Array | undefined): void {
  if (!keeps || written === undefined) return;
  try {
    const target = realpathSync(path);
    writeWhole(target, [written], statSync(target).mode & 0o777);
  } catch (error) {
    const { syscall, message } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new UserError(`${path}: what the guest wrote to it is lost: ${message}`);
  }
}
