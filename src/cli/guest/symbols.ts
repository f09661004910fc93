/** The names of a kernel's addresses, as its System.map has them: an address, a letter and a name in each line. */
import { type Io, UserError } from '../io.ts';

export type Symbols = ReadonlyMap<string, bigint>;

const LINE = /^([0-9a-f]{16}) [a-zA-Z?] (\S+)$/;

/** None without a path. Throws a UserError when the file is not one. */
export function symbolsIn(io: Io, path: string | undefined): Symbols {
  const symbols = new Map<string, bigint>();
  if (path === undefined) return symbols;
  for (const [i, line] of Buffer.from(io.readFile(path)).toString('latin1').split('\n').entries()) {
    if (line === '') continue;
    const [, address, name] = LINE.exec(line) ?? [];
    if (address === undefined) {
      throw new UserError(`${path}:${i + 1}: it is no System.map, of which each line is an address, a letter and a name`);
    }
    // Of several that share a name, the first; and addresses only.
    if (BigInt(`0x${address}`) >= KERNEL && !symbols.has(name!)) symbols.set(name!, BigInt(`0x${address}`));
  }
  return symbols;
}

/** Below are offsets in processors' own areas. */
const KERNEL = 0x10_0000n;
