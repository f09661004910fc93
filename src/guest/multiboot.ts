/** Multiboot images, version 1. Multiboot Specification 0.6.96, "OS image format". */
import { elfSegments, isElf } from './elf.ts';
import { type Image, ImageError, type Segment } from './image.ts';

const MAGIC = 0x1bad_b002;
/** The header lies in the first 8 KiB, at a multiple of 4. */
const SEARCHED = 8192;
const FLAG = { addresses: 1 << 16, mustKnow: 0xffff } as const;
/** Of the features that an image may insist on: aligned modules, the memory map. */
const KNOWN = 0x3;

interface Header { readonly at: number; readonly flags: number }

function findHeader(file: Uint8Array): Header | undefined {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let at = 0; at + 12 <= Math.min(file.length, SEARCHED); at += 4) {
    if (view.getUint32(at, true) !== MAGIC) continue;
    const flags = view.getUint32(at + 4, true);
    if ((MAGIC + flags + view.getUint32(at + 8, true)) >>> 0 === 0) return { at, flags };
  }
  return undefined;
}

export const isMultiboot = (file: Uint8Array): boolean => findHeader(file) !== undefined;

/** The image, which a multiboot loader starts in 32-bit protected mode. */
export function loadMultiboot(name: string, file: Uint8Array): Image {
  const header = findHeader(file);
  if (header === undefined) throw new ImageError('there is no multiboot header');
  const unknown = header.flags & FLAG.mustKnow & ~KNOWN;
  if (unknown !== 0) throw new ImageError(`the multiboot image insists on features 0x${unknown.toString(16)}, which are not offered`);
  const base = { name, symbols: new Map(), listing: [], mode: '32-bit' as const, multiboot: { commandLine: name, modules: [] } };
  if ((header.flags & FLAG.addresses) === 0) {
    if (!isElf(file)) throw new ImageError('the multiboot image has no addresses in its header, and is no ELF file');
    return { ...base, ...elfSegments(file) };
  }
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (header.at + 32 > file.length) throw new ImageError('the multiboot image ends inside its header');
  const field = (offset: number): number => view.getUint32(header.at + offset, true);
  const headerAt = field(12), loadAt = field(16), loadEnd = field(20), bssEnd = field(24), entry = field(28);
  const start = header.at - (headerAt - loadAt);
  const end = loadEnd === 0 ? file.length : start + loadEnd - loadAt;
  const bssLies = bssEnd !== 0 && bssEnd - loadAt < end - start;
  if (headerAt < loadAt || start < 0 || end > file.length || end < start || bssLies) {
    throw new ImageError('the addresses in the multiboot header lie outside the file');
  }
  const size = bssEnd === 0 ? end - start : bssEnd - loadAt;
  return { ...base, entry: BigInt(entry), segments: [{ at: loadAt, bytes: file.subarray(start, end), size }] };
}

/** A file beside the image, and its command line. */
export interface ModuleFile { readonly commandLine: string; readonly bytes: Uint8Array }

const PAGE = 0x1000;

/** The image with more on its command line, and with modules, which lie behind it at the beginnings of pages. */
export function withModules(image: Image, append: string, files: readonly ModuleFile[]): Image {
  if (image.multiboot === undefined) throw new ImageError('only a multiboot image is told a command line and modules, and this is none');
  let end = Math.max(...image.segments.map(({ at, size }) => at + size));
  const segments = files.map(({ bytes }): Segment => {
    const at = Math.ceil(end / PAGE) * PAGE;
    end = at + bytes.length;
    return { at, bytes, size: bytes.length };
  });
  const { commandLine } = image.multiboot;
  return {
    ...image, segments: [...image.segments, ...segments],
    multiboot: {
      commandLine: append === '' ? commandLine : `${commandLine} ${append}`,
      modules: segments.map(({ at, size }, i) => ({ at, size, commandLine: files[i]!.commandLine })),
    },
  };
}
