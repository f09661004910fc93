/** The modules of a kernel's package that a guest can use. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Node } from '../../guest/linux/cpio.ts';
import { moduleName, moduleTree, WANTED_MODULES } from '../../guest/linux/modules.ts';
import type { OutsideUnpackers } from '../../guest/unpack/unpack.ts';
import { unpack } from '../../guest/unpack/unpack.ts';
import { unpackedXzSize } from '../../guest/unpack/xz.ts';

/** Debian's are as they are, or packed with XZ. Limit: Ubuntu's lie in another package, and what is wanted here is built in there. */
const KINDS = /\.ko(\.xz)?$/;

/** As files of the guest; none where the package has none. `root` is where the package's files lie. */
export function modulesOf(root: string, release: string, unpackers: OutsideUnpackers): Node[] {
  const folder = ['lib', 'usr/lib'].map((lib) => join(root, lib, 'modules', release)).find((each) => isFolder(each));
  if (folder === undefined) return [];
  const files = new Map<string, string>();
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (KINDS.test(file)) files.set(moduleName(file.slice(file.lastIndexOf('/') + 1)), join(folder, file));
  }
  return moduleTree(release, WANTED_MODULES, (name) => {
    const file = files.get(name);
    if (file === undefined) return undefined;
    const bytes = readFileSync(file);
    return file.endsWith('.xz') ? unpack('xz', bytes, unpackedXzSize(bytes), unpackers) : bytes;
  });
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
