/**
 * Linux as the program of a scenario: a kernel, an initial file system and a command line, in the memory of a machine whose firmware
 * has told what devices there are.
 */
import { assert } from '../base/assert.ts';
import type { Image } from '../guest/image.ts';
import { type LinuxFiles, loadLinux } from '../guest/linux/linux.ts';
import { acpiTables } from '../hw/acpi/acpi.ts';
import { SECTOR } from '../hw/block/block.ts';
import { MOST_DISKS } from '../hw/board/board.ts';
import type { CpuModel } from '../hw/model.ts';
import { RESET_VECTOR } from '../hw/power/power.ts';
import { platformOf } from './platform.ts';
import type { Scenario } from './scenario.ts';

const MIB = 1 << 20;
/** How many disks a guest may have, and what their sizes are multiples of. */
export const DISKS = { most: MOST_DISKS, sector: SECTOR } as const;

/** The image of a scenario's Linux guest. Throws an ImageError when the files are wrong, or do not fit its memory. */
export function linuxImage(scenario: Scenario, files: LinuxFiles): Image {
  const { machine, host, program } = scenario;
  assert(program.kind === 'linux', 'the program is a Linux guest');
  const { at, bytes, rsdp } = acpiTables(host?.vcpus ?? machine.cpus);
  const { model } = platformOf(scenario);
  const { at: vector, code } = RESET_VECTOR;
  const firmware = {
    tables: { at, bytes, size: bytes.length }, rsdp, reset: { at: vector, bytes: code, size: code.length },
  };
  const start = { ...program, commandLine: `${program.commandLine}${frequency(model)}` };
  return loadLinux(files, start, firmware, machine.memory * MIB);
}

/** How fast the time-stamp counter of an Intel is, Linux asks CPUID; that of an AMD it would measure by a timer that this board has not. */
const frequency = ({ vendor, tsc }: CpuModel): string => (vendor === 'AuthenticAMD' ? ` tsc_early_khz=${tsc / 1000}` : '');
