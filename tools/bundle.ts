/**
 * `npm run bundle`: puts the command into few files, which is what is installed, with what would else be made anew in each process:
 *
 *     vpmu.js             tools/launch.ts, which runs
 *     command.js          the command, and
 *     command.code        what V8 has compiled of it
 *     job-worker.js       what a thread of `vpmu verify` runs
 *     prepared-*          what is made of the instruction table
 *     *.LICENSE           of packages that are in it; the others are installed beside it
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { writePrepared } from '../src/cli/prepared.ts';
import { prepare } from '../src/hw/cpu/wasm/prepare.ts';
import { FILES } from './command-script.ts';

const COMPILED = fileURLToPath(new URL('../', import.meta.url));
const FOLDER = join(COMPILED, 'bundle/cli');
/** What stands for the place of a module, in each of the files. */
const PLACE = "const place = require('node:url').pathToFileURL(__filename).href;";
const ROOT = join(COMPILED, '..');
/** Packages that go into the script: one that every command needs, and one for a loader of modules, which a script has not. */
const INSIDE: readonly string[] = ['commander', 'zstddec'];
const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
const OPTIONS: BuildOptions = {
  bundle: true, format: 'cjs', platform: 'node', target: 'node20', logLevel: 'warning',
  external: Object.keys(dependencies).filter((name) => !INSIDE.includes(name)),
  define: { 'import.meta.url': 'place' }, banner: { js: PLACE },
};

/** `wrapped`: as a function, for a script. */
const bundled = (from: string, to: string, wrapped: BuildOptions = {}): Promise<unknown> =>
  build({ ...OPTIONS, ...wrapped, entryPoints: [join(COMPILED, from)], outfile: join(FOLDER, to) });

rmSync(join(COMPILED, 'bundle'), { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
writeFileSync(join(COMPILED, 'bundle/package.json'), '{ "type": "commonjs" }\n');
await Promise.all([
  bundled('tools/launch.js', 'vpmu.js'),
  bundled('src/cli/verify/job-worker.js', 'job-worker.js'),
  bundled('src/cli/vpmu.js', FILES.script, { banner: { js: `(function (require, __filename) { ${PLACE}` }, footer: { js: '})' } }),
]);
for (const name of INSIDE) copyFileSync(join(ROOT, 'node_modules', name, 'LICENSE'), join(FOLDER, `${name}.LICENSE`));
chmodSync(join(FOLDER, 'vpmu.js'), 0o755);
writePrepared(pathToFileURL(`${FOLDER}/`), prepare());
execFileSync(process.execPath, [join(COMPILED, 'tools/warm.js'), FOLDER], { stdio: ['ignore', 'ignore', 'inherit'] });
