/** `npm run golden`: writes anew what is emitted for the pieces of code in golden/. What it changed is to be read. */
import { writeFileSync } from 'node:fs';
import { fileOf, NAMES, translationOf } from './golden.ts';

for (const name of NAMES) writeFileSync(fileOf(name, 'wat'), translationOf(name));
