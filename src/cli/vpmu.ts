#!/usr/bin/env node
/** The `vpmu` command: the process around `main`. */
import { readFileSync } from 'node:fs';
import { type Io, main, UserError } from './main.ts';

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string };

const WHY: Readonly<Record<string, string>> = { ENOENT: 'there is no such file', EACCES: 'it may not be read', EISDIR: 'it is a folder' };

const io: Io = {
  args: process.argv.slice(2),
  version,
  readFile(path) {
    try {
      return readFileSync(path);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      throw new UserError(`${path}: ${WHY[code ?? ''] ?? message}`);
    }
  },
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
};

process.exitCode = await main(io);
