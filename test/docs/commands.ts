/** A test that runs what a document shows at a prompt. */
import { rmSync } from 'node:fs';
import { after, test } from 'node:test';
import { blocks, checkCommands, type Document, Shell } from './documents.ts';

/** Not run here, because they install the package and run this very test: .ci/run does it, in a clean checkout. */
export const INSTALLING = ['npm ci && npm start', 'npm cit'];

export function testCommands(document: Document): void {
  if (!blocks(document).some(({ language }) => language === 'sh')) return;
  test(`${document.path}: every command runs, and prints what is shown`, () => {
    const shell = new Shell();
    after(() => rmSync(shell.folder, { recursive: true }));
    checkCommands(document, shell, 'sh', INSTALLING);
  });
}
