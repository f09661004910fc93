#!/usr/bin/env node
/** The `vpmu` command: the process around `main`. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { type Io, STATUS, UserError } from './io.ts';
import { main } from './main.ts';

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string };

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file; name a scenario (.json) or an image that exists',
  EACCES: 'it may not be read; its permissions do not let you',
  EISDIR: 'it is a folder; name a file in it',
};

const WHY_NOT_WRITTEN: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder; name one that exists',
  EACCES: 'it may not be written; its permissions do not let you',
  EISDIR: 'it is a folder; name a file in it',
};

/**
 * Set when nobody takes our output any more. A reader that has gone, as in `vpmu trace pmi | head -1`, has what it wanted, and
 * that is nobody's mistake; a full disk is one.
 */
let closed = false;
process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  if (!closed && code !== 'EPIPE') {
    io.err(`vpmu: standard output: ${message}; send it somewhere that takes it`);
    process.exitCode = STATUS.mistake;
  }
  closed = true;
});
process.stderr.on('error', () => {});

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

const io: Io = {
  args: process.argv.slice(2),
  version,
  readFile(path) {
    try {
      const stats = statSync(path);
      // Some have no end.
      if (stats.isCharacterDevice() || stats.isBlockDevice()) throw new Error('it is a device; name a file');
      return readFileSync(path);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      throw new UserError(`${path}: ${WHY[code ?? ''] ?? message}`);
    }
  },
  writeFile(path, text) {
    try {
      writeFileSync(path, text);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      throw new UserError(`${path}: ${WHY_NOT_WRITTEN[code ?? ''] ?? message}`);
    }
  },
  out: (line) => void (closed || process.stdout.write(`${line}\n`)),
  write: (bytes) => void (closed || process.stdout.write(bytes)),
  err: (line) => void process.stderr.write(`${line}\n`),
  status: process.stderr.isTTY ? (line) => void process.stderr.write(`\r${line.slice(0, process.stderr.columns - 1)}\x1b[K`) : undefined,
  onInterrupt(told) {
    // Once: who asks again does not want to wait.
    for (const signal of SIGNALS) process.once(signal, told);
    return () => {
      for (const signal of SIGNALS) process.off(signal, told);
    };
  },
};

void main(io).then((status) => {
  // What went wrong with the output comes first.
  process.exitCode ??= status;
});
