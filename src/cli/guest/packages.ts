/** Packages of Debian and of what comes from it, downloaded and opened by the distribution's own tools, as anybody may. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sha256Of } from '../checksum.ts';
import { UserError } from '../io.ts';

/** What is known of a package before it is there. */
interface Entry { readonly version: string; readonly sha256: string; readonly depends: readonly string[] }

export interface Package extends Entry {
  readonly name: string;
  /** Where its files lie. */
  readonly root: string;
}

const ELSEWHERE = 'elsewhere, bring a kernel with --kernel and an initial file system with --initrd to vpmu run --linux';
const NO_NETWORK = /could not resolve|could not connect|temporary failure|network is unreachable|connection (failed|timed out)/i;
const OUT_OF_DATE = /\b404\b|was not found|hash sum mismatch/i;

export class Packages {
  private readonly cache: string;
  private readonly work: string;
  private readonly opened = new Map<string, Package>();
  private readonly entries = new Map<string, Entry | undefined>();
  /** Of a name that is no package's: the packages that provide it. */
  private readonly providers = new Map<string, readonly string[]>();

  /** Files of packages are kept in `cache` for the next time, and opened in `work`. */
  constructor(cache: string, work: string) {
    this.cache = cache;
    this.work = work;
    const { stdout } = command('dpkg', ['--print-architecture']);
    if (stdout.trim() !== 'amd64') throw new UserError(`the packages here are for ${stdout.trim()}, and guests are amd64; ${ELSEWHERE}`);
  }

  /** The first of these packages that there is, and of one that only names another, such as linux-image-cloud-amd64, that one. */
  choose(names: readonly string[], real: RegExp): string {
    for (const name of names) {
      const entry = this.entry(name);
      if (entry === undefined) continue;
      return entry.depends.find((each) => real.test(each) && !real.test(name)) ?? name;
    }
    throw this.unknown(names.join(' or '));
  }

  open(name: string): Package {
    const known = this.opened.get(name);
    if (known !== undefined) return known;
    const entry = this.entry(name);
    if (entry === undefined) throw this.unknown(name);
    const file = this.download(name, entry);
    const root = join(this.work, name);
    const { status, stderr } = command('dpkg-deb', ['-x', file, root]);
    if (status !== 0) throw new UserError(`${name} could not be opened: ${lastLine(stderr)}`);
    const opened = { name, root, ...entry };
    this.opened.set(name, opened);
    return opened;
  }

  /** What apt knows of it; undefined if nothing, or if several packages may stand for it. */
  entry(name: string): Entry | undefined {
    this.ask([name]);
    return this.entries.get(name);
  }

  /** Of these packages, those that there are, and those that provide the others. Apt takes as long for all of them as for one. */
  known(names: readonly string[]): string[] {
    const there = this.there(names);
    const others = names.filter((name) => !there.includes(name));
    return [...new Set([...there, ...this.there(this.providing(others))])];
  }

  private there(names: readonly string[]): string[] {
    this.ask(names);
    return names.filter((name) => this.entries.get(name) !== undefined);
  }

  private providing(names: readonly string[]): string[] {
    const asked = names.filter((name) => !this.providers.has(name));
    for (const name of asked) this.providers.set(name, []);
    const { stdout } = asked.length === 0 ? { stdout: '' } : command('apt-cache', ['showpkg', ...asked]);
    for (const part of stdout.split(/^(?=Package: )/m)) {
      const name = /^Package: (\S+)/.exec(part)?.[1], lines = part.split(/^Reverse Provides:.*$/m)[1]?.trim().split('\n') ?? [];
      if (name !== undefined) this.providers.set(name, lines.map((line) => line.split(' ')[0]!).filter((each) => each !== ''));
    }
    return names.flatMap((name) => this.providers.get(name)!);
  }

  private ask(names: readonly string[]): void {
    const asked = names.filter((name) => !this.entries.has(name));
    if (asked.length === 0) return;
    const { stdout } = command('apt-cache', ['show', '--no-all-versions', ...asked]);
    for (const name of asked) this.entries.set(name, undefined);
    for (const paragraph of stdout.split(/\n\n+/)) {
      const field = (key: string): string => new RegExp(`^${key}: (.*)$`, 'm').exec(paragraph)?.[1] ?? '';
      const depends = [field('Pre-Depends'), field('Depends')].join(',').split(/[,|]/).map((each) => each.trim().split(/[\s:(]/)[0]!);
      const entry = { version: field('Version'), sha256: field('SHA256'), depends: depends.filter((each) => each !== '') };
      if (entry.version !== '' && asked.includes(field('Package'))) this.entries.set(field('Package'), entry);
    }
  }

  /** The package's file, with the checksum that apt's list has for it. */
  private download(name: string, { version, sha256 }: Entry): string {
    const kept = join(this.cache, `${name}_${version.replaceAll(':', '%3a')}.deb`);
    if (existsSync(kept) && sha256Of(readFileSync(kept)) === sha256) return kept;
    const folder = join(this.work, 'download');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    const { status, stderr } = command('apt-get', ['download', `${name}=${version}`], folder);
    const [file] = readdirSync(folder).filter((each) => each.endsWith('.deb'));
    if (status !== 0 || file === undefined) {
      throw new UserError(`${name} ${version} could not be downloaded: ${lastLine(stderr)}; ${adviceOn(stderr)}`);
    }
    const found = sha256Of(readFileSync(join(folder, file)));
    if (found !== sha256) {
      throw new UserError(`${name} ${version} has the checksum ${found}, and apt's list says ${sha256}; run 'apt-get update'`);
    }
    mkdirSync(this.cache, { recursive: true });
    renameSync(join(folder, file), kept);
    return kept;
  }

  private unknown(name: string): UserError {
    return new UserError(`apt knows no package ${name}; if the name is right, run 'apt-get update'`);
  }
}

/** Of what a tool says, the last mistake that it names. */
function lastLine(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim()).filter((line) => line !== '');
  const mistakes = lines.filter((line) => /^(E|Err|dpkg-deb: error):/.test(line));
  return (mistakes.at(-1) ?? lines.at(-1) ?? 'it does not say why').replace(/^E: /, '');
}

function adviceOn(stderr: string): string {
  if (NO_NETWORK.test(stderr)) return 'is there a network?';
  if (OUT_OF_DATE.test(stderr)) return "the list of packages is older than the archive: run 'apt-get update'";
  return 'apt-get download does not work here';
}

interface Ran { readonly status: number | null; readonly stdout: string; readonly stderr: string }

function command(name: string, args: readonly string[], cwd?: string): Ran {
  const { status, stdout, stderr, error } = spawnSync(name, args, {
    cwd, encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' }, maxBuffer: 1 << 26,
  });
  if (error === undefined) return { status, stdout, stderr };
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') throw new UserError(`there is no ${name} here: vpmu guest build takes packages of Debian or Ubuntu; ${ELSEWHERE}`);
  throw new UserError(`${name}: ${message}`);
}
