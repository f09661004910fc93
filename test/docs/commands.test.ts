import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INSTALLING, testCommands } from './commands.ts';
import { blocks, commands, documents, isSlow, matches } from './documents.ts';

for (const document of documents()) if (!isSlow(document)) testCommands(document);

test('the commands and documents that are left out are there', () => {
  assert.equal(documents().filter(isSlow).length, 4);
  const all = documents().flatMap((document) => blocks(document).filter(({ language }) => language === 'sh')
    .flatMap((block) => commands(document, block).map(({ command }) => command)));
  for (const command of INSTALLING) assert.ok(all.includes(command), command);
});

test('dots stand for any number of lines, and for nothing else', () => {
  assert.ok(matches(['a', '...', 'c'], ['a', 'c']) && matches(['a', '...', 'c'], ['a', 'b', 'b', 'c']));
  assert.ok(!matches(['a', '...', 'c'], ['a', 'b']) && !matches(['a'], ['a', 'b']) && !matches(['a', 'b'], ['a']));
});
