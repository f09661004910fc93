/** Programs of this computer, to run them in a guest too: with the libraries that they are linked with, or compiled for it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

export interface Brought { readonly path: string; readonly bytes: Uint8Array; readonly executable: boolean }

export const folder = mkdtempSync(join(tmpdir(), 'vpmu-outside-'));
after(() => rmSync(folder, { recursive: true }));

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

/** Compiles and links a file of this folder. */
export function compiled(source: string, name: string, options: readonly string[], libraries: readonly string[] = []): string {
  const program = join(folder, name);
  execFileSync('gcc', [...options, '-o', program, join('test/linux', source), ...libraries]);
  return program;
}

export interface Printed { readonly output: string; readonly status: number | null }

/** What a command prints here, in a folder of its own. */
export function outside(command: string, env: Readonly<Record<string, string>> = {}): Printed {
  const { stdout, status } = spawnSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8', env: { ...process.env, ...env } });
  return { output: stdout, status };
}
