/**
 * Assembles lines.txt and program.txt with NASM, and writes the bytes in front of each line: `npm run nasm`. It needs NASM;
 * the files are committed, so that no test does.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Line, ORIGIN, readLines, writeLines } from './lines.ts';

const work = mkdtempSync(join(tmpdir(), 'nasm-'));

/** The lines with NASM's bytes. Its listing says where each begins; relocated bytes are in the output alone. */
function assembled(lines: readonly Line[]): Line[] {
  const [source, output, listing] = ['source', 'output', 'listing'].map((name) => join(work, name)) as [string, string, string];
  const head = ['bits 64', `org 0x${ORIGIN.toString(16)}`];
  writeFileSync(source, [...head, ...lines.map((line) => line.nasm ?? line.source), ''].join('\n'));
  execFileSync('nasm', ['-f', 'bin', '-o', output, '-l', listing, source], { stdio: 'inherit' });
  const bytes = readFileSync(output).toString('hex');
  const starts = new Map<number, number>();
  for (const text of readFileSync(listing, 'latin1').split('\n')) {
    const [, number, offset] = /^\s*(\d+)\s+([0-9A-F]{8})\s/.exec(text) ?? [];
    const at = Number(number) - head.length - 1;
    if (number !== undefined && !starts.has(at)) starts.set(at, Number.parseInt(offset!, 16));
  }
  const order = [...starts.entries()].sort(([a], [b]) => a - b);
  const ends = new Map(order.map(([at], i) => [at, order[i + 1]?.[1] ?? bytes.length / 2]));
  return lines.map((line, at) => ({ ...line, bytes: starts.has(at) ? bytes.slice(2 * starts.get(at)!, 2 * ends.get(at)!) : '' }));
}

try {
  for (const path of ['test/nasm/lines.txt', 'test/nasm/program.txt']) {
    const lines = assembled(readLines(readFileSync(path, 'utf8')));
    writeFileSync(path, writeLines(lines));
    console.log(`${path}: ${lines.filter(({ bytes }) => bytes !== '').length} lines with bytes`);
  }
} finally {
  rmSync(work, { recursive: true });
}
