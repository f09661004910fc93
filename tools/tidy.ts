/**
 * Checks what the compiler cannot: which layer may import which, that a component is reached by its face, that no files load each
 * other in a circle, that the core names nothing of its surroundings, and that files stay of a size and of a name one can live with.
 *
 * Prints one line a finding, and exits with 1 when there is one.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** Which layers each layer of src/ may import, besides itself. */
const LAYERS: Readonly<Record<string, string>> = {
  base: '',
  x86: 'base',
  trace: 'base x86',
  hw: 'base x86 trace',
  host: 'base x86 trace hw',
  guest: 'base x86',
  lab: 'base x86 trace hw host guest',
  verify: 'base x86 lab',
  cli: 'base x86 trace hw guest lab verify',
};
/** What the command line may know of the hardware: how to lend it WebAssembly. */
const CLI_OF_HW = /^src\/hw\/outside\.ts$/;
const CORE = new Set(['base', 'x86', 'trace', 'hw', 'host', 'guest', 'lab', 'verify']);
/** Names of the surroundings, which the core must be given and may not take. */
const SURROUNDINGS = new RegExp(`(?<![.\\w])(${[
  'document', 'window', 'process', 'Date', 'performance', 'console', 'setTimeout', 'setInterval', 'Buffer', 'fetch', 'globalThis',
  'Math\\.random',
].join('|')})(?=[.(])`);
const BANNED_FILES = /(^|\/)(utils?|helpers?|common|core|shared|types|index|misc)\.ts$/;
const BANNED_NAMES = /\b(?:interface|class|type)\s+(I[A-Z]\w*|\w+(?:Impl|Manager|Helper|Utils?))\b/;
const TAGS = new Set(['SDM', 'KVM', 'Deviation', 'Limit', 'Invariant']);
const LINE = 140;
const FILE = 400;
/** Tables are as long as what they list. */
const TABLES = /^src\/x86\/isa\/table\//;
/** Where the program begins, for the search of dead files. */
const ENTRIES = /^(src\/cli\/vpmu\.ts|tools\/|bench\/|test\/.*record\.ts|test\/(mutants|lockstep)\/(run|search)\.ts|.*\.test\.ts)/;

interface Source {
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
  readonly imports: readonly string[];
  /** Imports that are there when the program runs, and not only for the compiler. */
  readonly loads: readonly string[];
}

const folders = ['src', 'test', 'tools', 'bench'].filter((folder) => existsSync(folder));
const files = folders.flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)))
  .filter((path) => path.endsWith('.ts'));
const sources: readonly Source[] = files.map((path) => {
  const text = readFileSync(path, 'utf8');
  const imports = [...text.matchAll(/(?:from|import)\s*\(?'(\.[^']+)'/g)].map(([, target]) => normalize(join(dirname(path), target!)));
  const loads = [...text.matchAll(/^(?:import|export) (?!type )[^;]*?from '(\.[^']+)'/gm)]
    .map(([, target]) => normalize(join(dirname(path), target!)));
  return { path, text, lines: text.split('\n'), imports, loads };
});

let findings = 0;
const report = (path: string, finding: string): void => {
  console.log(`${path}: ${finding}`);
  findings += 1;
};

const layerOf = (path: string): string | undefined => (path.startsWith('src/') ? path.split('/')[1] : undefined);

function checkImports({ path, imports }: Source): void {
  const layer = layerOf(path);
  if (layer === undefined || path.endsWith('.test.ts')) return;
  const allowed = LAYERS[layer];
  if (allowed === undefined) return report(path, `there is no layer ${layer}`);
  for (const target of imports) {
    const to = layerOf(target);
    if (to === undefined) report(path, `imports ${target}, outside src/`);
    else if (to !== layer && !allowed.split(' ').includes(to)) report(path, `${layer} may not import ${to}`);
    else if (layer === 'cli' && to === 'hw' && !CLI_OF_HW.test(target)) report(path, `cli may import of hw only outside.ts, not ${target}`);
    checkFace(path, target);
  }
}

/** A component folder (src/hw/pmu) has one face, its namesake (src/hw/pmu/pmu.ts). The machine that wires the parts sees inside. */
function checkFace(path: string, target: string): void {
  const [, layer, component, file] = target.split('/');
  if ((layer !== 'hw' && layer !== 'host') || file === undefined) return;
  const inside = path.startsWith(`src/${layer}/${component}/`);
  const wiring = path === 'src/hw/machine.ts' || path === 'src/host/host.ts' || path.startsWith('src/lab/');
  if (!inside && !wiring && file !== `${component}.ts`) report(path, `import ${component}/${component}.ts, not ${component}/${file}`);
}

function checkText({ path, text, lines }: Source): void {
  if (BANNED_FILES.test(path)) report(path, 'a name that says nothing');
  if (!/^(#!.*\n)?(\/\*\*|import)/.test(text)) report(path, 'begins without the sentence that says what it is');
  if (!path.endsWith('.test.ts') && !/^(#!.*\n)?\/\*\*/.test(text)) report(path, 'begins without the sentence that says what it is');
  if (lines.length > FILE && !TABLES.test(path)) report(path, `${lines.length} lines; ${FILE} are enough for one reason`);
  const core = CORE.has(layerOf(path) ?? '') && !path.endsWith('.test.ts');
  for (const [i, line] of lines.entries()) {
    const at = `${path}:${i + 1}`;
    if (line.length > LINE) report(at, `${line.length} characters`);
    if (/\s$/.test(line) || line.includes('\t')) report(at, 'white space');
    if (/\b(?:TO[D]O|FIX[M]E|X[X]X)\b/.test(line)) report(at, 'something is left to do');
    const code = line.replace(/\/\/.*|^\s*\*.*|^\s*\/\*.*/, '').replace(/'[^']*'|`[^`]*`/g, '');
    const surroundings = core ? SURROUNDINGS.exec(code) : null;
    if (surroundings) report(at, `the core names ${surroundings[1]}`);
    const banned = BANNED_NAMES.exec(code);
    if (banned) report(at, `a name like ${banned[1]} says how, not what`);
    const tag = /^\s*(?:\/\/|\*|\/\*\*)\s*([A-Z][a-z]+|SDM|KVM):\s/.exec(line);
    if (tag && /^(SDM|KVM|Deviation|Limit|Invariant|Note|Warning|Hack)$/.test(tag[1]!) && !TAGS.has(tag[1]!)) {
      report(at, `there is no tag ${tag[1]}`);
    }
  }
}

/** Files that nothing reaches from an entry, and exports that nothing names, not even their own file. */
function checkDead(): void {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const reached = new Set<string>();
  const visit = (path: string): void => {
    if (reached.has(path)) return;
    reached.add(path);
    for (const target of byPath.get(path)?.imports ?? []) visit(target);
  };
  for (const { path } of sources) if (ENTRIES.test(path)) visit(path);
  for (const { path, text } of sources) {
    if (!reached.has(path)) report(path, 'nothing uses this file');
    for (const [, name] of text.matchAll(/^export (?:abstract )?(?:const|let|function\*?|class|interface|type) (\w+)/gm)) {
      const uses = sources.reduce((count, other) => count + (other.text.match(new RegExp(`\\b${name}\\b(?!\\.ts)`, 'g'))?.length ?? 0), 0);
      if (uses === 1) report(path, `nothing uses ${name}`);
    }
  }
}

/** Files that load each other, in a circle: which comes first is then an accident. */
function checkCircles(): void {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const done = new Set<string>();
  const visit = (path: string, way: readonly string[]): void => {
    const from = way.indexOf(path);
    if (from !== -1) return report(path, `loads itself, by ${[...way.slice(from + 1), path].join(', ')}`);
    if (done.has(path)) return;
    for (const target of byPath.get(path)?.loads ?? []) visit(target, [...way, path]);
    done.add(path);
  };
  for (const { path } of sources) visit(path, []);
}

for (const source of sources) {
  checkImports(source);
  checkText(source);
}
checkDead();
checkCircles();
console.log(findings === 0 ? `tidy: ${sources.length} files` : `${findings} findings`);
process.exitCode = findings === 0 ? 0 : 1;
