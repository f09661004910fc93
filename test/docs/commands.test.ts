import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, test } from 'node:test';
import { blocks, checkCommands, commands, documents, matches, Shell } from './documents.ts';

/** Not run here, because they install the package and run this very test: .ci/run does it, in a clean checkout. */
const INSTALLING = ['npm ci && npm start', 'npm cit'];

for (const document of documents()) {
  const shells = blocks(document).filter(({ language }) => language === 'sh');
  if (shells.length === 0) continue;
  test(`${document.path}: every command runs, and prints what is shown`, () => {
    const shell = new Shell();
    after(() => rmSync(shell.folder, { recursive: true }));
    checkCommands(document, shell, 'sh', INSTALLING);
  });
}

test('the commands that are left out are there', () => {
  const all = documents().flatMap((document) => blocks(document).filter(({ language }) => language === 'sh')
    .flatMap((block) => commands(document, block).map(({ command }) => command)));
  for (const command of INSTALLING) assert.ok(all.includes(command), command);
});

test('dots stand for any number of lines, and for nothing else', () => {
  assert.ok(matches(['a', '...', 'c'], ['a', 'c']) && matches(['a', '...', 'c'], ['a', 'b', 'b', 'c']));
  assert.ok(!matches(['a', '...', 'c'], ['a', 'b']) && !matches(['a'], ['a', 'b']) && !matches(['a', 'b'], ['a']));
});
