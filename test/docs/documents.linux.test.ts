import { rmSync } from 'node:fs';
import { after, test } from 'node:test';
import { blocks, checkCommands, documents, LONG, Shell } from './documents.ts';

for (const document of documents()) {
  if (!blocks(document).some(({ language }) => language === LONG)) continue;
  test(`${document.path}: every command that needs a kernel runs, and prints what is shown`, () => {
    const shell = new Shell();
    after(() => rmSync(shell.folder, { recursive: true }));
    checkCommands(document, shell, LONG);
  });
}
