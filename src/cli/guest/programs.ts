/** Programs of packages, with the libraries that they need, as files of a guest. */
import { lstatSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { needsOf } from '../../guest/dynamic.ts';
import type { Node } from '../../guest/linux/cpio.ts';
import { UserError } from '../io.ts';
import type { Package, Packages } from './packages.ts';

/** Folders of a package that a guest gets. The rest is documents, headers and the like. */
const PROGRAMS = ['bin', 'sbin', 'usr/bin', 'usr/sbin', 'lib', 'usr/lib', 'usr/libexec'];
const LIBRARIES = 'lib/x86_64-linux-gnu';
const LIBRARY_FOLDERS = [LIBRARIES, `usr/${LIBRARIES}`, 'lib64', 'lib', 'usr/lib', 'usr/lib64'];

interface Wanted { readonly library: string; readonly by: Package }

/** The files of these packages, and whatever libraries they need from others, which are named too. */
export function programsOf(names: readonly string[], packages: Packages): { readonly nodes: Node[]; readonly from: readonly Package[] } {
  const nodes = new Map<string, Node>();
  const from = new Set<Package>();
  const wanted: Wanted[] = [];
  const add = (path: string, node: Node, by: Package): void => {
    nodes.set(path, node);
    from.add(by);
    if (node.kind !== 'file') return;
    const { interpreter, libraries } = needsOf(node.bytes);
    wanted.push(...libraries.map((library) => ({ library, by })));
    if (interpreter !== undefined) wanted.push({ library: basename(interpreter), by });
  };
  for (const name of names) {
    const opened = packages.open(name);
    const files = PROGRAMS.flatMap((folder) => filesIn(join(opened.root, folder)));
    if (files.length === 0) throw new UserError(`the package ${name} has no programs`);
    for (const file of files) add(relative(opened.root, file), nodeOf(opened.root, file), opened);
  }
  for (let next = wanted.pop(); next !== undefined; next = wanted.pop()) {
    const path = next.library.startsWith('ld-linux') ? `lib64/${next.library}` : `${LIBRARIES}/${next.library}`;
    if (nodes.has(path)) continue;
    const found = libraryFor(next, packages);
    add(path, { path, kind: 'file', mode: 0o755, bytes: readFileSync(found.file) }, found.in);
  }
  return { nodes: [...nodes.values()], from: [...from] };
}

/** In the package itself, or in one that it depends on: first in those whose names are most like the library's. */
function libraryFor({ library, by }: Wanted, packages: Packages): { readonly file: string; readonly in: Package } {
  const likeness = (name: string): number => {
    const [a, b] = [library, name].map((each) => each.replace(/^lib/, '').replace(/[^a-z0-9]/gi, ''));
    let length = 0;
    while (length < a!.length && a![length] === b![length]) length += 1;
    return length;
  };
  const others = packages.known(by.depends).sort((a, b) => likeness(b) - likeness(a));
  for (const name of [by.name, ...others]) {
    const opened = packages.open(name);
    const file = LIBRARY_FOLDERS.map((folder) => join(opened.root, folder, library)).find((each) => exists(each));
    if (file !== undefined) return { file, in: opened };
  }
  throw new UserError(`${by.name} needs ${library}, and no package that it depends on has it`);
}

const exists = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;

function filesIn(folder: string): string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}

function nodeOf(root: string, file: string): Node {
  const path = relative(root, file), stats = lstatSync(file);
  if (stats.isSymbolicLink()) return { path, kind: 'link', target: readlinkSync(file) };
  return { path, kind: 'file', mode: stats.mode & 0o777, bytes: readFileSync(file) };
}
