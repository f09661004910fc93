/** Programs of this computer for a guest, with the libraries that they are linked with. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Brought { readonly path: string; readonly bytes: Uint8Array; readonly executable: boolean }

export const brought = (path: string, bytes: Uint8Array | string): Brought =>
  ({ path, bytes: typeof bytes === 'string' ? Buffer.from(bytes) : bytes, executable: true });

/** These programs and whatever libraries ldd says they need, at the same paths. */
export function withLibraries(programs: readonly string[]): readonly Brought[] {
  const paths = new Set(programs);
  for (const program of programs) {
    const text = execFileSync('ldd', [program], { encoding: 'utf8' });
    for (const [, path] of text.matchAll(/(\/\S+) \(0x/g)) paths.add(path!);
  }
  return [...paths].map((path) => brought(path, readFileSync(path)));
}
