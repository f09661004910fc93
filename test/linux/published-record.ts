/** `npm run published:linux`: runs the literature's experiments with a Linux guest, and writes down what they read. Takes minutes. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { built } from './guest.ts';
import { linuxRecording } from './published-runs.ts';

/** From dist/test/linux. */
const FILE = join(fileURLToPath(new URL('../../../', import.meta.url)), 'src/lab/published/linux-recording.ts');

const shown = (value: string | number): string => (typeof value === 'string' ? `'${value}'` : `${value}`);
const lines = Object.entries(linuxRecording(built())).map(([name, value]) => `  ${name}: ${shown(value)},\n`);
writeFileSync(FILE, `/** What \`npm run published:linux\` has read, and with which kernel and perf. It writes this file. */
export const LINUX_RECORDING = {
${lines.join('')}};
`);
