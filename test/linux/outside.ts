/** Programs of this computer that are to do in a guest what they do here: what they do here, and how they are compiled for both. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

export const folder = mkdtempSync(join(tmpdir(), 'vpmu-outside-'));
after(() => rmSync(folder, { recursive: true }));

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
