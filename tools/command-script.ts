/**
 * The command as one script, and beside it the code that V8 made of it when the package was built. Another V8 than that one does not take
 * such code, and compiles what it runs as always.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Script } from 'node:vm';
import '../src/cli/v8-flags.ts';

/** In the folder of the package's command. */
export const FILES = { script: 'command.js', code: 'command.code' } as const;

/** What the script is: a function that begins the command. */
type Command = (require: NodeJS.Require, filename: string) => void;

export class CommandScript {
  private readonly file: string;
  private readonly script: Script;

  constructor(folder: string, code?: Buffer) {
    this.file = join(folder, FILES.script);
    // It has no letters that are not ASCII.
    this.script = new Script(readFileSync(this.file, 'latin1'), { filename: this.file, ...(code && { cachedData: code }) });
  }

  /** V8 has taken the code. */
  get taken(): boolean {
    return this.script.cachedDataRejected === false;
  }

  run(): void {
    (this.script.runInThisContext() as Command)(createRequire(this.file), this.file);
  }

  /** What V8 has made of it so far: of all functions that were called. */
  code(): Buffer {
    return this.script.createCachedData();
  }
}
