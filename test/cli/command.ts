/** The command as a process, as a person at a terminal has it, and files to give to it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';

/** From dist/test/cli. */
const ROOT = new URL('../../../', import.meta.url);
export const COMMAND = fileURLToPath(new URL('dist/src/cli/vpmu.js', ROOT));
export const PACKAGE = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as { version: string };

/** The folder in which commands run, which holds the files that a test has made. */
export const folder = mkdtempSync(join(tmpdir(), 'vpmu-'));
after(() => rmSync(folder, { recursive: true }));

/** Writes a file, and returns how it is named at the command line. */
export function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return `./${name}`;
}

/** An image that as and ld have made: see the sources beside it. */
export const image = (name: string): Uint8Array => readFileSync(new URL(`test/cli/images/${name}`, ROOT));

export interface Done { readonly status: number | null; readonly out: string; readonly err: string }

export function vpmu(...args: readonly string[]): Done {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...args], { cwd: folder, encoding: 'utf8' });
  return { status, out: stdout, err: stderr };
}
