/** What is brought to a guest beside its system: a command, and files. It is an archive of its own, loaded behind that of the system. */
import { passing } from '../../base/passing.ts';
import { utf8 } from '../../base/utf8.ts';
import { cpio, type Node } from './cpio.ts';
import { AFTER_FILE, BEFORE_FILE, COMMAND_FILE, INIT } from './init.ts';

export interface Brought {
  /** A shell's; without one the guest's console is a shell. */
  readonly command: string | undefined;
  readonly files: readonly { readonly path: string; readonly bytes: Uint8Array; readonly executable: boolean }[];
  /** Done before the command, and behind it; see init.ts. */
  readonly before?: string | undefined;
  readonly after?: string | undefined;
}

const nodesOf = ({ command, files, before, after }: Brought): Node[] => [
  ...files.map(({ path, bytes, executable }): Node => ({ path, kind: 'file', bytes, mode: executable ? 0o755 : 0o644 })),
  ...([[COMMAND_FILE, command], [BEFORE_FILE, before], [AFTER_FILE, after]] as const)
    .flatMap(([path, script]): Node[] => (script === undefined ? [] : [{ path, kind: 'file', bytes: utf8(`${script}\n`) }])),
];

/** What is brought, for a guest that waits for it. */
export const broughtArchive = (brought: Brought): Uint8Array => cpio(nodesOf(brought));

/** Archives one behind the other are one: what the later one brings replaces what the earlier one has. `waits`: more comes later. */
export function withBrought(initrd: Uint8Array, brought: Brought, waits = false): Uint8Array {
  const nodes = nodesOf(brought), obeys = waits || [brought.command, brought.before, brought.after].some((script) => script !== undefined);
  if (nodes.length === 0 && !obeys) return initrd;
  // Whatever else it is, it then does what it is told.
  const archive = cpio(obeys ? [...INIT, ...nodes] : nodes);
  const start = Math.ceil(initrd.length / 4) * 4;
  const whole = passing(start + archive.length);
  whole.set(initrd);
  whole.set(archive, start);
  return whole;
}
