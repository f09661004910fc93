/**
 * The shape of a graph as structured code needs it: an order in which every node comes after one that leads to it, immediate
 * dominators, which nodes are headed by loops and which have several ways in. Node 0 is where everything begins.
 *
 * Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm"; Ramsey, "Beyond Relooper".
 */

export interface Structure {
  /** Nodes that can be reached, in reverse postorder; and the place of each in it. */
  readonly order: readonly number[];
  readonly rank: ReadonlyMap<number, number>;
  /** The nodes that each immediately dominates, latest first. */
  readonly children: ReadonlyMap<number, readonly number[]>;
  /** Ways back to a node that dominates where they start. */
  isBack(from: number, to: number): boolean;
  /** Ways back to a node that does not: no loop of structured code has them. */
  isIrreducible(from: number, to: number): boolean;
  readonly loops: ReadonlySet<number>;
  /** Nodes with more than one way in, not counting ways back. */
  readonly merges: ReadonlySet<number>;
}

export function structureOf(successors: (node: number) => readonly number[]): Structure {
  const order = reversePostorder(successors);
  const rank = new Map(order.map((node, i) => [node, i]));
  const ways = order.flatMap((from) => successors(from).map((to) => ({ from, to })));
  const dominator = dominators(order, rank, ways);
  const dominates = (upper: number, lower: number): boolean => {
    let node = lower;
    while (rank.get(node)! > rank.get(upper)!) node = dominator.get(node)!;
    return node === upper;
  };
  const goesBack = (from: number, to: number): boolean => rank.get(to)! <= rank.get(from)!;
  const isBack = (from: number, to: number): boolean => goesBack(from, to) && dominates(to, from);
  const children = new Map<number, number[]>();
  for (const node of order.slice(1).reverse()) children.set(dominator.get(node)!, [...children.get(dominator.get(node)!) ?? [], node]);
  const loops = new Set<number>(), merges = new Set<number>(), once = new Set<number>();
  for (const { from, to } of ways) {
    if (isBack(from, to)) loops.add(to);
    else if (goesBack(from, to)) continue;
    else if (once.has(to)) merges.add(to);
    else once.add(to);
  }
  return { order, rank, children, isBack, isIrreducible: (from, to) => goesBack(from, to) && !dominates(to, from), loops, merges };
}

function reversePostorder(successors: (node: number) => readonly number[]): number[] {
  const done = new Set<number>([0]);
  const postorder: number[] = [];
  const path: { readonly node: number; readonly rest: number[] }[] = [{ node: 0, rest: [...successors(0)] }];
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const next = top.rest.pop();
    if (next === undefined) {
      postorder.push(top.node);
      path.pop();
    } else if (!done.has(next)) {
      done.add(next);
      path.push({ node: next, rest: [...successors(next)] });
    }
  }
  return postorder.reverse();
}

interface Way { readonly from: number; readonly to: number }

function dominators(order: readonly number[], rank: ReadonlyMap<number, number>, ways: readonly Way[]): Map<number, number> {
  const sources = new Map<number, number[]>(order.map((node) => [node, []]));
  for (const { from, to } of ways) sources.get(to)!.push(from);
  const dominator = new Map<number, number>([[order[0]!, order[0]!]]);
  const common = (a: number, b: number): number => {
    let left = a, right = b;
    while (left !== right) {
      if (rank.get(left)! > rank.get(right)!) left = dominator.get(left)!;
      else right = dominator.get(right)!;
    }
    return left;
  };
  for (let changed = true; changed;) {
    changed = false;
    for (const node of order.slice(1)) {
      const known = sources.get(node)!.filter((source) => dominator.has(source));
      const found = known.reduce(common);
      if (dominator.get(node) === found) continue;
      dominator.set(node, found);
      changed = true;
    }
  }
  return dominator;
}
