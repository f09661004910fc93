/**
 * Linux as the program of a scenario: a kernel, an initial file system and a command line, in the memory of a machine whose firmware
 * has told what devices there are.
 */
import { assert } from '../base/assert.ts';
import type { Image } from '../guest/image.ts';
import { type LinuxFiles, loadLinux } from '../guest/linux/linux.ts';
import { acpiTables } from '../hw/acpi/acpi.ts';
import type { Scenario } from './scenario.ts';

const MIB = 1 << 20;

/** The image of a scenario's Linux guest. Throws an ImageError when the files are wrong, or do not fit its memory. */
export function linuxImage({ machine, host, program }: Scenario, files: LinuxFiles): Image {
  assert(program.kind === 'linux', 'the program is a Linux guest');
  const { at, bytes, rsdp } = acpiTables(host?.vcpus ?? machine.cpus);
  return loadLinux(files, program.commandLine, { tables: { at, bytes, size: bytes.length }, rsdp }, machine.memory * MIB);
}
