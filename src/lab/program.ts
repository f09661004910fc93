/** The program of a scenario: assembled here, or the file that it names; and whether a machine can take it. */
import { assert } from '../base/assert.ts';
import { type Image, ImageError, isLinux } from '../guest/image.ts';
import { INFORMATION } from '../guest/multiboot-info.ts';
import { buildProgram } from '../guest/programs.ts';
import { MAX_MEMORY } from '../hw/machine.ts';
import { PROGRAM } from './boot.ts';
import type { Platform } from './platform.ts';
import type { Scenario } from './scenario.ts';

const MIB = 1 << 20;

/** `image` is the program of a scenario that names a file. Throws an ImageError when the program does not fit. */
export function programOf({ name, machine, program, host }: Scenario, image: Image | undefined, { model }: Platform): Image {
  const found = program.kind === 'built-in' ? buildProgram(name, program, {
    cpus: host?.vcpus ?? machine.cpus, tsc: model.tsc, vendor: machine.vendor, perfmon: machine.perfmon,
  }) : image;
  assert(found !== undefined, 'whoever runs a scenario with an image has read its file');
  checkImage(found, machine.memory * MIB);
  return found;
}

function checkImage(image: Image, memory: number): void {
  // Its loader has looked at what it takes, and where.
  if (isLinux(image)) return;
  for (const { at, size } of image.segments) {
    const end = at + size;
    if (image.multiboot !== undefined) checkLow(image.name, at, end);
    else if (at < PROGRAM) {
      throw new ImageError(`${image.name} wants address 0x${at.toString(16)}, where the boot loader is; `
        + `link it to 0x${PROGRAM.toString(16)} or above`);
    }
    if (end > memory) {
      throw new ImageError(`${image.name} ends at 0x${end.toString(16)}, but the machine has ${memory / MIB} MiB; `
        + `a scenario's machine.memory sets up to ${MAX_MEMORY / MIB}`);
    }
  }
}

/** The loader of a multiboot image needs memory only for what it tells. */
function checkLow(name: string, at: number, end: number): void {
  const informationEnd = INFORMATION.at + INFORMATION.size;
  if (at >= informationEnd || end <= INFORMATION.at) return;
  throw new ImageError(`${name} wants address 0x${Math.max(at, INFORMATION.at).toString(16)}, where the boot information is; `
    + `link it below 0x${INFORMATION.at.toString(16)}, or to 0x${informationEnd.toString(16)} or above`);
}
