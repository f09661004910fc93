/** `npm run perf-tests`: runs all of perf's own tests here and in QEMU, and writes down what came of them. Takes many minutes. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withTools } from './guest.ts';
import { pageOf, perfTests } from './perf-tests.ts';

/** From dist/test/linux. */
const FILE = join(fileURLToPath(new URL('../../../', import.meta.url)), 'docs/perf-tests.md');

const { guest } = withTools();
const perf = guest.packages.find(({ name }) => name === 'linux-perf')!.version;
writeFileSync(FILE, pageOf(await perfTests(), guest.kernel.release, perf));
