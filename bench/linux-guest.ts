/** The guest of `vpmu guest build` in QEMU, as the benchmark's parts want it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Guest, Store } from '../src/cli/guest/store.ts';

export const NO_GUEST = "Linux is left out: there is no guest; 'vpmu guest build' makes one";

/** The same devices, or with `counting` a clock that counts instructions too. */
interface QemuOptions { readonly memory: number; readonly counting: boolean }

const APPEND = 'console=ttyS0 reboot=t panic=-1 nokaslr mitigations=off cryptomgr.notests random.trust_cpu=1 quiet tsc_early_khz=1000000';

/** QEMU's arguments. `folder`: for a file. */
export function qemuGuest(
  store: Store, { kernel }: Guest, folder: string, initrd: Uint8Array, { memory, counting }: QemuOptions,
): string[] {
  const file = join(folder, 'initrd');
  writeFileSync(file, initrd);
  return [
    '-nographic', '-nodefaults', '-serial', 'stdio', '-no-reboot', '-accel', 'tcg', '-m', `${memory}`, '-cpu', 'qemu64,+rdrand',
    '-machine', 'microvm,acpi=on,rtc=on', ...(counting ? ['-icount', 'shift=0,sleep=off'] : []),
    '-kernel', join(store.folder, kernel.file), '-initrd', file, '-append', APPEND,
  ];
}
