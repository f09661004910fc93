/** Writes docs/CONFORMANCE.md: `npm run conformance`, when the instruction table or the vectors have changed. */
import { writeFileSync } from 'node:fs';
import { conformance } from './conformance-document.ts';

writeFileSync('docs/CONFORMANCE.md', conformance());
