/**
 * The page in which a boot loader tells Linux what it needs to know: `struct boot_params`. Linux, "The Linux/x86 Boot Protocol"
 * and "Zero Page".
 */
import { assert } from '../../base/assert.ts';

/** Types of memory in an E820 map. ACPI Specification, "Address Range Types". */
export const E820 = { usable: 1, reserved: 2, acpi: 3 } as const;

export interface MemoryRange {
  readonly start: number;
  readonly end: number;
  readonly type: (typeof E820)[keyof typeof E820];
}

/** Where things lie in the page. The setup header is that of a bzImage, at the same place as there. */
export const SETUP_HEADER = 0x1f1;
const AT = {
  rsdp: 0x70, e820Entries: 0x1e8, bootFlag: 0x1fe, magic: 0x202, version: 0x206, loader: 0x210, loadFlags: 0x211, ramdiskImage: 0x218,
  ramdiskSize: 0x21c, commandLine: 0x228, kernelAlignment: 0x230, commandLineSize: 0x238, e820: 0x2d0,
} as const;
const E820_ENTRY = 20;
const E820_MOST = 128;
const BOOT_FLAG = 0xaa55;
/** "HdrS". */
export const SETUP_MAGIC = 0x5372_6448;
/** Of the boot protocol: the one with all that is written here. */
const PROTOCOL = 0x020f;
/** A loader without a number of its own. */
const OTHER_LOADER = 0xff;
const LOADED_HIGH = 1;
/** What every kernel of this protocol takes. */
export const COMMAND_LINE_MOST = 2047;

/** What a kernel is told, by whichever protocol. */
export interface Told {
  readonly commandLine: { readonly at: number; readonly size: number };
  readonly ramdisk: { readonly at: number; readonly size: number } | undefined;
  readonly memory: readonly MemoryRange[];
  /** The physical address of ACPI's root pointer. */
  readonly rsdp: number;
}

export const BOOT_PARAMS_SIZE = 0x1000;

/** `header` is the setup header of the kernel's file, if that has one. */
export function bootParams({ commandLine, ramdisk, memory, rsdp }: Told, header: Uint8Array | undefined): Uint8Array {
  assert(memory.length <= E820_MOST, `${memory.length} ranges of memory`);
  const page = new Uint8Array(BOOT_PARAMS_SIZE);
  const view = new DataView(page.buffer);
  if (header !== undefined) page.set(header, SETUP_HEADER);
  else {
    view.setUint16(AT.bootFlag, BOOT_FLAG, true);
    view.setUint32(AT.magic, SETUP_MAGIC, true);
    view.setUint16(AT.version, PROTOCOL, true);
    view.setUint32(AT.kernelAlignment, 0x20_0000, true);
    view.setUint32(AT.commandLineSize, COMMAND_LINE_MOST, true);
  }
  view.setUint8(AT.loader, OTHER_LOADER);
  view.setUint8(AT.loadFlags, view.getUint8(AT.loadFlags) | LOADED_HIGH);
  view.setUint32(AT.commandLine, commandLine.at, true);
  view.setUint32(AT.ramdiskImage, ramdisk?.at ?? 0, true);
  view.setUint32(AT.ramdiskSize, ramdisk?.size ?? 0, true);
  view.setBigUint64(AT.rsdp, BigInt(rsdp), true);
  view.setUint8(AT.e820Entries, memory.length);
  for (const [i, { start, end, type }] of memory.entries()) {
    const at = AT.e820 + i * E820_ENTRY;
    view.setBigUint64(at, BigInt(start), true);
    view.setBigUint64(at + 8, BigInt(end - start), true);
    view.setUint32(at + 16, type, true);
  }
  return page;
}
