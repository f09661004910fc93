/**
 * What a guest does before its command and behind it for the sake of the devices that it was given, as scripts for its shell: see init.ts.
 * Drivers that are no modules are built in, or missing; which of these it is shows in what comes of them.
 */
import { assert } from '../../base/assert.ts';

export interface Exchange {
  /** How many disks it has. */
  readonly disks: number;
  /** Names of folders that it shares with its host. */
  readonly folders: readonly string[];
  /** Paths of files in the guest that the host wants when the command has ended. */
  readonly wanted: readonly string[];
  /** Files that the host has put into the folder for them, one behind the other: where they belong. */
  readonly brought: readonly { readonly path: string; readonly executable: boolean }[];
}

/** The tag of the device in which all shared folders are, each by its name; in it are those for what the host wants and what it brings. */
export const SHARE_TAG = 'vpmu';
export const WANTED_FOLDER = '.wanted';
export const BROUGHT_FOLDER = '.brought';
/** Where the guest finds a folder that is shared. */
export const SHARED_AT = '/mnt';
/** Names that are the same to a shell, to a file system, and as a folder of the host. */
export const FOLDER_NAME = /^[A-Za-z0-9_][\w.-]{0,63}$/;
const MOUNTED_AT = '/vpmu/shared';

/** What `mount` tries on a disk when it is not told: the kernel loads what it does not have yet. */
const FILE_SYSTEMS = ['ext4', 'squashfs', 'iso9660', 'vfat'] as const;

/** Disk i is what the driver calls it. */
const diskName = (i: number): string => `/dev/vd${String.fromCharCode(0x61 + i)}`;
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const missing = (what: string): string =>
  `{ echo "vpmu: there is no ${what}: the kernel has no driver for it, or its initial file system no modules" >&2; exit 1; }`;

/** Undefined where there is nothing to do. */
export function beforeCommand({ disks, folders, wanted, brought }: Exchange): string | undefined {
  assert(disks < 26, 'a letter for each disk');
  const lines: string[] = [];
  if (disks > 0) {
    lines.push('modprobe -a virtio_mmio virtio_blk 2>/dev/null',
      `[ -e /etc/filesystems ] || printf '%s\\n' ${FILE_SYSTEMS.join(' ')} >/etc/filesystems`);
    for (let i = 0; i < disks; i += 1) lines.push(`[ -b ${diskName(i)} ] || ${missing(diskName(i))}`);
  }
  if (folders.length + wanted.length + brought.length > 0) {
    lines.push('modprobe -a virtio_mmio virtiofs 2>/dev/null', `mkdir -p ${MOUNTED_AT}`,
      `mount -t virtiofs ${SHARE_TAG} ${MOUNTED_AT} 2>/dev/null || ${missing('shared folder')}`);
  }
  for (const name of folders) {
    assert(FOLDER_NAME.test(name), `${name} is a name for a folder`);
    lines.push(`mkdir -p ${SHARED_AT}/${name} && mount --bind ${MOUNTED_AT}/${name} ${SHARED_AT}/${name}`);
  }
  for (const [i, { path, executable }] of brought.entries()) {
    const to = quoted(path.startsWith('/') ? path : `/${path}`);
    const from = `${MOUNTED_AT}/${BROUGHT_FOLDER}/${i}`, mode = executable ? 755 : 644;
    lines.push(`mkdir -p "$(dirname ${to})" && cp ${from} ${to} && chmod ${mode} ${to} || exit 1`);
  }
  return lines.length === 0 ? undefined : [...lines, 'true'].join('\n');
}

/** Nested mounts are behind those they lie in. A name has its blanks in octal there. */
const UNMOUNT = `while read -r device place rest; do
  case $device in /dev/vd*) echo "$place" ;; esac
done </proc/mounts | tac | while read -r place; do umount "$(printf '%b' "$place")"; done`;

/** What was written to disks and folders is there then. */
export function afterCommand({ disks, folders, wanted }: Exchange): string | undefined {
  if (disks + folders.length + wanted.length === 0) return undefined;
  const copies = wanted.map((path, i) => `cp -- ${quoted(path)} ${MOUNTED_AT}/${WANTED_FOLDER}/${i} 2>/dev/null`);
  return [...copies, 'sync', ...(disks > 0 ? [UNMOUNT, 'sync'] : [])].join('\n');
}
