/** `npm run docs`: writes what commands print into the documents that show it. What is left out there stays left out. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { blocks, commands, documents, matches, ROOT, Shell } from './documents.ts';

for (const document of documents()) {
  const shell = new Shell();
  const lines = [...document.lines];
  const changes: { readonly from: number; readonly to: number; readonly lines: readonly string[] }[] = [];
  for (const block of blocks(document)) {
    if (block.name !== undefined) shell.write(block.name, document.lines.slice(block.from, block.to).join('\n'));
    if (block.language !== 'sh') continue;
    for (const { command, from, to } of commands(document, block)) {
      const shown = document.lines.slice(from, to);
      // What prints nothing may leave a file for the commands behind it.
      if (shown.length === 0 && !/ >>? [\w.]+(\s+#.*)?$/.test(command)) continue;
      const done = shell.run(command);
      if (shown.length > 0 && !matches(shown, done.lines)) changes.push({ from, to, lines: elided(shown, done.lines) });
    }
  }
  for (const change of changes.toReversed()) lines.splice(change.from, change.to - change.from, ...change.lines);
  if (changes.length > 0) writeFileSync(join(ROOT, document.path), lines.join('\n'));
  console.log(`${document.path}: ${changes.length} outputs changed`);
  rmSync(shell.folder, { recursive: true });
}

/** The new output with dots where the old one had them: around the same lines, as far as these are still there. */
function elided(shown: readonly string[], lines: readonly string[]): readonly string[] {
  const kept: string[] = [];
  let at = 0;
  for (const [i, line] of shown.entries()) {
    if (line !== '...') continue;
    const before = lines.indexOf(shown[i - 1]!, at), next = shown[i + 1];
    const behind = next === undefined ? lines.length : lines.indexOf(next, before + 1);
    if (i === 0 || before === -1 || behind === -1) return lines;
    kept.push(...lines.slice(at, before + 1), '...');
    at = behind;
  }
  return [...kept, ...lines.slice(at)];
}
