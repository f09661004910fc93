/**
 * Linux as an image: a kernel, an initial file system, a command line, and a page that says where they are. Linux, "The Linux/x86 Boot
 * Protocol", "64-bit Boot Protocol"; Xen, "x86/HVM direct boot ABI".
 *
 *     90000H  boot_params, or PVH's start information     91000H  command line     1000000H  kernel     ...initrd, at the end of memory
 */
import { type Image, ImageError, type Segment } from '../image.ts';
import { BOOT_PARAMS_SIZE, bootParams, COMMAND_LINE_MOST, E820, type MemoryRange, type Told } from './boot-params.ts';
import { kernelOf, type LinuxProtocol } from './kernel.ts';
import { startInfo } from './start-info.ts';

const INFORMATION = 0x9_0000;
const COMMAND_LINE = INFORMATION + BOOT_PARAMS_SIZE;
const LOW_MEMORY_END = 0xa_0000;
const HIGH_MEMORY = 0x10_0000;
const PAGE = 0x1000;

export interface LinuxFiles {
  /** The kernel's ELF file, which is what a bzImage has inside it; or a bzImage, for the protocol of that name. */
  readonly kernel: Uint8Array;
  readonly initrd: Uint8Array | undefined;
}

export interface LinuxStart { readonly commandLine: string; readonly protocol: LinuxProtocol }

/** What firmware left in memory for the kernel. */
export interface Firmware {
  readonly tables: Segment;
  /** The physical address of ACPI's root pointer, which lies in them. */
  readonly rsdp: number;
  /** Code at the reset vector. */
  readonly reset: Segment;
}

/** The kernel for a machine of `memory` bytes. Throws an ImageError when something does not fit. */
export function loadLinux(files: LinuxFiles, { commandLine, protocol }: LinuxStart, firmware: Firmware, memory: number): Image {
  const kernel = kernelOf(files.kernel, protocol);
  const { initrd } = files;
  const kernelEnd = Math.max(...kernel.segments.map(({ at, size }) => at + size));
  for (const { at } of kernel.segments) {
    if (at < HIGH_MEMORY) throw new ImageError(`the kernel wants address 0x${at.toString(16)}, which is below 1 MiB`);
  }
  const text = commandLineBytes(commandLine);
  const ramdisk = initrd === undefined ? undefined : { at: Math.floor((memory - initrd.length) / PAGE) * PAGE, size: initrd.length };
  if (kernelEnd > (ramdisk?.at ?? memory)) {
    const needed = Math.ceil((kernelEnd + (initrd?.length ?? 0)) / 2 ** 20);
    throw new ImageError(`the kernel and its initial file system need more than the machine's ${memory / 2 ** 20} MiB: at least ${needed}`);
  }
  const told: Told = {
    commandLine: { at: COMMAND_LINE, size: text.length }, ramdisk, rsdp: firmware.rsdp, memory: memoryMap(firmware.tables, memory),
  };
  const information = kernel.mode === '32-bit' ? startInfo(INFORMATION, told) : bootParams(told, kernel.header);
  return {
    name: 'linux', entry: kernel.entry, mode: kernel.mode, symbols: new Map(), listing: [],
    ...(kernel.mode === '32-bit' ? { startInfo: INFORMATION } : { bootParams: INFORMATION }),
    segments: [
      firmware.tables, firmware.reset, ...kernel.segments, whole(INFORMATION, information), whole(COMMAND_LINE, text),
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
