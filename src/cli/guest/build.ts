/** Makes a Linux guest from packages of the distribution: an unmodified kernel, and an initial file system with perf in it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ImageError } from '../../guest/image.ts';
import { kernelElf } from '../../guest/linux/bzimage.ts';
import { cpio, type Node } from '../../guest/linux/cpio.ts';
import { INIT } from '../../guest/linux/init.ts';
import type { OutsideUnpackers } from '../../guest/unpack/unpack.ts';
import { UserError } from '../io.ts';
import { modulesOf } from './modules.ts';
import { type Package, Packages } from './packages.ts';
import { programsOf } from './programs.ts';
import type { Guest, Store } from './store.ts';

export interface Wish {
  /** The package of the kernel; the distribution's newest for virtual machines when it is left out. */
  readonly kernel: string | undefined;
  /** Packages of programs. */
  readonly programs: readonly string[];
}

/** Those that name the newest kernel: Debian's for clouds, Ubuntu's for virtual machines, and the general ones. */
const KERNELS = ['linux-image-cloud-amd64', 'linux-image-virtual', 'linux-image-amd64', 'linux-image-generic'];
const REAL_KERNEL = /^linux-image-\d/;
const SHELL = 'busybox-static';

/** `tell` hears what is being done. */
export function build(store: Store, wish: Wish, unpackers: OutsideUnpackers, tell: (line: string) => void): Guest {
  return store.within((work) => {
    const packages = new Packages(join(store.folder, 'packages'), work);
    tell('kernel');
    const image = packages.open(packages.choose(wish.kernel === undefined ? KERNELS : [wish.kernel], REAL_KERNEL));
    const { release, elf, modules } = kernelIn(image, unpackers);
    tell(`programs: ${[SHELL, ...wish.programs].join(', ')}`);
    const { nodes, from } = programsOf([SHELL, ...wish.programs], packages);
    tell('initial file system');
    const guest: Guest = {
      version: 1,
      kernel: { package: image.name, release, ...store.put(work, 'vmlinux', elf) },
      initrd: store.put(work, 'initrd', cpio([...INIT, ...modules, ...nodes])),
      packages: [image, ...from].map(({ name, version, sha256 }) => ({ name, version, sha256 })),
    };
    store.publish(work, guest);
    return guest;
  });
}

interface KernelFiles { readonly release: string; readonly elf: Uint8Array; readonly modules: readonly Node[] }

/** A package of a kernel has one file /boot/vmlinuz-RELEASE. */
function kernelIn({ name, root }: Package, unpackers: OutsideUnpackers): KernelFiles {
  let files: string[] = [];
  try {
    files = readdirSync(join(root, 'boot'));
  } catch {
    // A package without /boot is none.
  }
  const file = files.find((each) => each.startsWith('vmlinuz-'));
  if (file === undefined) throw new UserError(`the package ${name} has no kernel in /boot`);
  const release = file.slice('vmlinuz-'.length);
  const within = <T>(what: string, read: () => T): T => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      throw new UserError(`${what} of ${name}: ${error.message}`);
    }
  };
  return {
    release,
    elf: within(`/boot/${file}`, () => kernelElf(readFileSync(join(root, 'boot', file)), unpackers)),
    modules: within('a module', () => modulesOf(root, release, unpackers)),
  };
}
