/**
 * Modules of a kernel, as files of an initial file system with what `modprobe` looks up: which module needs which others, and by what
 * names the kernel asks for it. Linux, "modinfo" sections, as include/linux/module.h makes them; kmod, "modules.dep".
 */
import { utf8 } from '../../base/utf8.ts';
import { Fields, isElf, stringAt } from '../elf.ts';
import type { Node } from './cpio.ts';

/** What a guest can need on this board: virtio and its devices, and file systems that may be on a disk. */
export const WANTED_MODULES = [
  'virtio_mmio', 'virtio_blk', 'virtiofs', 'ext4', 'squashfs', 'isofs', 'vfat', 'nls_ascii', 'nls_cp437', 'nls_utf8', 'overlay', 'loop',
] as const;

interface ModuleInfo {
  /** Names of those that it needs, and of those that it is to find if they exist, by alias. */
  readonly depends: readonly string[];
  readonly before: readonly string[];
  readonly aliases: readonly string[];
}

interface Found extends ModuleInfo { readonly name: string; readonly bytes: Uint8Array }

const HEADER = { sections: 40, sectionSize: 58, sectionCount: 60, nameSection: 62 } as const;
const SECTION = { offset: 24, size: 32 } as const;

/** A hyphen in a file's name is an underscore in a module's. */
export const moduleName = (file: string): string => file.replace(/\.ko.*$/, '').replaceAll('-', '_');

/** The wanted modules that there are, and all that these need, for `/lib/modules`. `find` is asked for a module by its name. */
export function moduleTree(release: string, wanted: readonly string[], find: (name: string) => Uint8Array | undefined): Node[] {
  const found = new Map<string, Found>();
  const visit = (name: string): void => {
    const bytes = found.has(name) ? undefined : find(name);
    if (bytes === undefined) return;
    const info = moduleInfo(bytes);
    found.set(name, { name, bytes, ...info });
    for (const other of [...info.depends, ...info.before]) visit(other);
  };
  for (const name of wanted) visit(name);
  if (found.size === 0) return [];
  const modules = [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const folder = `lib/modules/${release}`;
  const list = (name: string, lines: readonly string[]): Node =>
    ({ path: `${folder}/${name}`, kind: 'file', bytes: utf8(lines.map((line) => `${line}\n`).join('')) });
  return [
    ...modules.map(({ name, bytes }): Node => ({ path: `${folder}/${name}.ko`, kind: 'file', bytes })),
    list('modules.dep', modules.map(({ name }) => `${name}.ko:${neededBy(name, found).map((other) => ` ${other}.ko`).join('')}`)),
    list('modules.alias', modules.flatMap(({ name, aliases }) => aliases.map((alias) => `alias ${alias} ${name}`))),
  ];
}

/** All that must be loaded before it, the first one last, as `modprobe` wants it. */
function neededBy(name: string, found: ReadonlyMap<string, Found>): string[] {
  const order: string[] = [];
  const visit = (each: string): void => {
    const { depends = [], before = [] } = found.get(each) ?? {};
    for (const other of [...depends, ...before]) {
      if (!found.has(other) || order.includes(other)) continue;
      visit(other);
      order.push(other);
    }
  };
  visit(name);
  return order.reverse();
}

/** What is no module has nothing to say. Throws an ImageError when it is a broken one. */
function moduleInfo(file: Uint8Array): ModuleInfo {
  const lines = isElf(file) ? sectionOf(file, '.modinfo') : [];
  const values = (key: string): string[] => lines.filter((line) => line.startsWith(`${key}=`)).map((line) => line.slice(key.length + 1));
  const names = (text: string): string[] => text.split(/[,\s]+/).filter((name) => name !== '').map(moduleName);
  const softly = values('softdep').flatMap((text) => names(/pre:(.*?)(post:|$)/.exec(text)?.[1] ?? ''));
  return { depends: values('depends').flatMap(names), before: softly.map((alias) => SOFT[alias] ?? alias), aliases: values('alias') };
}

/** Modules that others name by an alias only: the one in C of several that can do the same. */
const SOFT: Readonly<Record<string, string>> = { crypto_crc32c: 'crc32c_generic' };

/** The strings of a section of a 64-bit ELF file. */
function sectionOf(file: Uint8Array, wanted: string): string[] {
  const fields = new Fields(file, 8);
  const first = fields.number(HEADER.sections), size = fields.half(HEADER.sectionSize);
  const place = (index: number): { at: number; length: number } => {
    const header = first + index * size;
    return { at: fields.number(header + SECTION.offset), length: fields.number(header + SECTION.size) };
  };
  const names = place(fields.half(HEADER.nameSection));
  for (let i = 0; i < fields.half(HEADER.sectionCount); i += 1) {
    if (stringAt(file, names.at + fields.int(first + i * size)) !== wanted) continue;
    const { at, length } = place(i);
    return String.fromCharCode(...file.subarray(at, at + length)).split('\0');
  }
  return [];
}
