/**
 * Linux as an image, in the way of its 64-bit boot protocol: the kernel's own ELF file, an initial file system, a command line,
 * and a page that says where they are. Linux, "The Linux/x86 Boot Protocol", "64-bit Boot Protocol".
 *
 *     90000H  boot_params     91000H  command line     1000000H  kernel (where it is linked)     ...initrd, at the end of memory
 */
import { elfSegments } from '../elf.ts';
import { type Image, ImageError, type Segment } from '../image.ts';
import { BOOT_PARAMS_SIZE, bootParams, COMMAND_LINE_MOST, E820, type MemoryRange } from './boot-params.ts';

const BOOT_PARAMS = 0x9_0000;
const COMMAND_LINE = BOOT_PARAMS + BOOT_PARAMS_SIZE;
const LOW_MEMORY_END = 0xa_0000;
const HIGH_MEMORY = 0x10_0000;
const PAGE = 0x1000;

export interface LinuxFiles {
  /** The kernel's ELF file: what a bzImage has inside it. */
  readonly kernel: Uint8Array;
  readonly initrd: Uint8Array | undefined;
}

/** What firmware left in memory for the kernel. */
export interface Firmware {
  readonly tables: Segment;
  /** The physical address of ACPI's root pointer, which lies in them. */
  readonly rsdp: number;
  /** Code at the reset vector. */
  readonly reset: Segment;
}

/** The kernel for a machine of `memory` bytes. Throws an ImageError when something does not fit. */
export function loadLinux({ kernel, initrd }: LinuxFiles, commandLine: string, firmware: Firmware, memory: number): Image {
  const { segments, entry } = elfSegments(kernel);
  const kernelEnd = Math.max(...segments.map(({ at, size }) => at + size));
  for (const { at } of segments) {
    if (at < HIGH_MEMORY) throw new ImageError(`the kernel wants address 0x${at.toString(16)}, which is below 1 MiB`);
  }
  if (!segments.some(({ at, size }) => entry >= at && entry < at + size)) {
    throw new ImageError(`the kernel's entry point 0x${entry.toString(16)} is in none of its segments`);
  }
  const text = commandLineBytes(commandLine);
  const ramdisk = initrd === undefined ? undefined : { at: Math.floor((memory - initrd.length) / PAGE) * PAGE, size: initrd.length };
  if (kernelEnd > (ramdisk?.at ?? memory)) {
    const needed = Math.ceil((kernelEnd + (initrd?.length ?? 0)) / 2 ** 20);
    throw new ImageError(`the kernel and its initial file system need more than the machine's ${memory / 2 ** 20} MiB: at least ${needed}`);
  }
  const page = bootParams({
    commandLine: { at: COMMAND_LINE, size: text.length }, ramdisk, rsdp: firmware.rsdp, memory: memoryMap(firmware.tables, memory),
    header: undefined,
  });
  return {
    name: 'linux', entry, mode: '64-bit', bootParams: BOOT_PARAMS, symbols: new Map(), listing: [],
    segments: [
      firmware.tables, firmware.reset, ...segments, whole(BOOT_PARAMS, page), whole(COMMAND_LINE, text),
      ...(ramdisk === undefined ? [] : [whole(ramdisk.at, initrd!)]),
    ],
  };
}

const whole = (at: number, bytes: Uint8Array): Segment => ({ at, bytes, size: bytes.length });

/** Zero-terminated. */
function commandLineBytes(text: string): Uint8Array {
  const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  if (/[^\x20-\x7e]/.test(text)) throw new ImageError('the kernel\'s command line has letters that are not ASCII');
  if (bytes.length > COMMAND_LINE_MOST) {
    throw new ImageError(`the kernel's command line has ${bytes.length} letters; it may have ${COMMAND_LINE_MOST}`);
  }
  return Uint8Array.from([...bytes, 0]);
}

/** All that is not usable below 1 MiB is firmware's: its tables, and what is left of the hole for devices and ROM. */
function memoryMap(tables: Segment, memory: number): readonly MemoryRange[] {
  const end = tables.at + Math.ceil(tables.size / PAGE) * PAGE;
  return [
    { start: 0, end: LOW_MEMORY_END, type: E820.usable },
    { start: tables.at, end, type: E820.acpi },
    { start: end, end: HIGH_MEMORY, type: E820.reserved },
    { start: HIGH_MEMORY, end: memory, type: E820.usable },
  ];
}
