/** A tree as state: its nodes in the order of their numbers. What was given is named, and not said again. */
import { fromLatin1, latin1 } from '../../base/latin1.ts';
import type { Serializer, Stateful } from '../../base/state.ts';
import { Content } from './content.ts';
import { KINDS, Node, type Time } from './node.ts';
import type { Tree } from './tree.ts';

const NOTHING = new Uint8Array();
const BEGINNING: Time = { seconds: 0, nanoseconds: 0 };

export class TreeState implements Stateful {
  private readonly tree: Tree;

  constructor(tree: Tree) {
    this.tree = tree;
  }

  serialize(s: Serializer): void {
    const { tree } = this;
    tree.next = s.count('next', tree.next);
    tree.written = s.count('written', tree.written);
    const nodes = [...tree.nodes.values()].sort((a, b) => a.id - b.id);
    const count = s.u32('nodes', nodes.length);
    if (s.loading) tree.nodes.clear();
    for (let i = 0; i < count; i += 1) {
      const node = this.node(s, nodes[i]);
      if (s.loading) tree.nodes.set(node.id, node);
    }
  }

  private node(s: Serializer, saved: Node | undefined): Node {
    const id = s.count('id', saved?.id ?? 0), kind = KINDS[s.u8('kind', saved === undefined ? 0 : KINDS.indexOf(saved.kind))]!;
    const node = s.loading ? new Node(id, kind, 0, BEGINNING) : saved!;
    node.permissions = s.u16('permissions', node.permissions);
    node.uid = s.u32('uid', node.uid);
    node.gid = s.u32('gid', node.gid);
    node.accessed = timeIn(s, node.accessed);
    node.modified = timeIn(s, node.modified);
    node.changed = timeIn(s, node.changed);
    node.names = s.u32('names', node.names);
    node.lookups = s.count('lookups', node.lookups);
    node.parent = s.count('parent', node.parent);
    node.target = textIn(s, node.target);
    this.content(s, node);
    entriesIn(s, node);
    return node;
  }

  private content(s: Serializer, node: Node): void {
    const own = s.flag('own', node.content.isOwn);
    const bytes = s.sized('content', own ? node.content.all : NOTHING);
    if (s.loading) node.content = own ? new Content(bytes, true) : new Content(this.tree.given.get(node.id) ?? NOTHING, false);
  }
}

function entriesIn(s: Serializer, { entries }: Node): void {
  const saved = [...entries];
  const count = s.u32('entries', saved.length);
  for (let i = 0; i < count; i += 1) {
    const [name, entry] = saved[i] ?? ['', { node: 0, cookie: 0 }];
    const key = textIn(s, name);
    const node = s.count('node', entry.node), cookie = s.count('cookie', entry.cookie);
    if (s.loading) entries.set(key, { node, cookie });
  }
}

function timeIn(s: Serializer, { seconds, nanoseconds }: Time): Time {
  return { seconds: s.count('seconds', seconds), nanoseconds: s.u32('nanoseconds', nanoseconds) };
}

const textIn = (s: Serializer, text: string): string => fromLatin1(s.sized('text', latin1(text)));
