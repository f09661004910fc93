/** What became of a folder that was shared: its files that are not what was given under the same name, or that nobody gave. */
import type { Node } from './node.ts';
import { ROOT, type Tree } from './tree.ts';

export interface ChangedFile {
  /** Names of folders and of the file, each bytes, one a letter; none of them is empty, ".", "..", or has a slash or a zero in it. */
  readonly path: readonly string[];
  /** To look at until the guest goes on. */
  readonly bytes: Uint8Array;
  readonly executable: boolean;
}

const EXECUTABLE = 0o100;

export function changedFiles(tree: Tree): readonly ChangedFile[] {
  const found: ChangedFile[] = [];
  // A file was given under a name when its node is still that entry's: its cookie is then the node's own number.
  const visit = (folder: Node, path: readonly string[], moved: boolean): void => {
    for (const [name, { node: id, cookie }] of [...folder.entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const node = tree.node(id), renamed = moved || cookie !== id;
      if (node.kind === 'folder') visit(node, [...path, name], renamed);
      if (node.kind !== 'file' || (!renamed && !node.content.isOwn)) continue;
      found.push({ path: [...path, name], bytes: node.content.all, executable: (node.permissions & EXECUTABLE) !== 0 });
    }
  };
  visit(tree.node(ROOT), [], false);
  return found;
}
