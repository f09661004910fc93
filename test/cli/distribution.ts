/**
 * A distribution in a folder, with tools that do for it what Debian's do: apt-cache, apt-get, dpkg and dpkg-deb, as far as
 * `vpmu guest build` calls them. Its packages are tar archives.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { COMMAND, type Done, folder } from './command.ts';

const TOOLS: Readonly<Record<string, string>> = {
  dpkg: 'if [ -n "$ARCHITECTURE" ]; then echo "$ARCHITECTURE"; else echo amd64; fi',
  'apt-cache': `if [ "$1" = showpkg ]; then
  shift
  for name; do
    printf 'Package: %s\\nVersions: \\n\\nReverse Depends: \\n  x,%s\\nProvides: \\nReverse Provides: \\n' "$name" "$name"
    grep -l "^Provides: $name$" "$DISTRIBUTION"/list/* | sed 's|.*/\\(.*\\)|\\1 1 (= )|'
  done
  exit
fi
shift 2
for name; do cat "$DISTRIBUTION/list/$name" 2>/dev/null || echo "E: No packages found" >&2; done`,
  'apt-get': `name=\${2%%=*}
if [ -n "$APT_SAYS" ]; then echo "$APT_SAYS" >&2; exit 100; fi
if [ -n "$APT_WAITS" ]; then echo waiting > "$DISTRIBUTION/waiting"; exec sleep 60; fi
echo "$name" >> "$DISTRIBUTION/downloads"
cp "$DISTRIBUTION/pool/$name" "./\${name}_1_amd64.deb"`,
  'dpkg-deb': 'mkdir -p "$3" && tar -xf "$2" -C "$3"',
};

/** What the list says of a package; `provides` is a name that others may depend on. */
export interface Declared { readonly sha256?: string; readonly provides?: string }

export class Distribution {
  readonly root = join(folder, 'distribution');
  readonly env = { ...process.env, PATH: `${join(this.root, 'tools')}:/usr/bin:/bin`, DISTRIBUTION: this.root };

  constructor() {
    for (const part of ['tools', 'list', 'pool']) mkdirSync(join(this.root, part), { recursive: true });
    for (const [name, script] of Object.entries(TOOLS)) {
      writeFileSync(join(this.root, 'tools', name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(this.root, 'tools', name), 0o755);
    }
  }

  /** A package with these files, which it may not have at all; the next version of it replaces it. */
  add(name: string, depends: string, files: Readonly<Record<string, Uint8Array | string>>, more: Declared = {}): void {
    const tree = join(this.root, 'tree');
    rmSync(tree, { recursive: true, force: true });
    mkdirSync(tree);
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(join(tree, dirname(path)), { recursive: true });
      writeFileSync(join(tree, path), content);
    }
    const file = join(this.root, 'pool', name);
    execFileSync('tar', ['-cf', file, '--mtime=@0', '-C', tree, '.']);
    const checksum = more.sha256 ?? createHash('sha256').update(readFileSync(file)).digest('hex');
    const entry = `Package: ${name}\nVersion: 1\nDepends: ${depends}\nProvides: ${more.provides ?? ''}\nSHA256: ${checksum}\n\n`;
    writeFileSync(join(this.root, 'list', name), entry);
  }

  /** Packages that were downloaded since the last time that somebody asked. */
  downloads(): string[] {
    const file = join(this.root, 'downloads');
    try {
      return readFileSync(file, 'utf8').trim().split('\n');
    } catch {
      return [];
    } finally {
      rmSync(file, { force: true });
    }
  }

  build(env: Readonly<Record<string, string>> = {}, ...args: readonly string[]): Done {
    const options = ['guest', 'build', '--dir', './guest', ...args];
    const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...options], {
      cwd: folder, encoding: 'utf8', env: { ...this.env, ...env },
    });
    return { status, out: stdout, err: stderr };
  }
}
