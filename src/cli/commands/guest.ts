/** `vpmu guest build`: a Linux guest from the distribution's packages. */
import { build } from '../guest/build.ts';
import { type Guest, Store } from '../guest/store.ts';
import { type Io, STATUS } from '../io.ts';
import { toJson } from '../json.ts';
import { table } from '../table.ts';
import { unpackers } from '../unpackers.ts';

export interface GuestBuildOptions {
  readonly json?: boolean;
  readonly dir?: string;
  readonly kernelPackage?: string;
  readonly with: string;
}

export async function guestBuild(io: Io, options: GuestBuildOptions): Promise<number> {
  const store = new Store(options.dir);
  const programs = options.with.split(',').map((name) => name.trim()).filter((name) => name !== '');
  const tell = (line: string): void => io.status?.(line);
  try {
    const guest = build(store, { kernel: options.kernelPackage, programs }, await unpackers(), tell);
    tell('');
    if (options.json) io.out(toJson({ folder: store.folder, ...guest }));
    else for (const line of guestText(store.folder, guest)) io.out(line);
  } finally {
    tell('');
  }
  return STATUS.success;
}

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

function guestText(folder: string, { kernel, initrd, packages }: Guest): string[] {
  const [, ...others] = packages.map(({ name, version }) => `${name} ${version}`);
  return table([], [
    ['kernel', `Linux ${kernel.release}, from ${kernel.package} ${packages[0]!.version}`],
    ['', `${mebibytes(kernel.bytes)}, ${kernel.sha256}`],
    ['file system', `${mebibytes(initrd.bytes)}, ${initrd.sha256}`],
    ...others.sort().map((name, i) => [i === 0 ? 'with' : '', name]),
    ['in', folder],
  ]);
}
