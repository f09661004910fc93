/** ELF files: 64-bit x86 executables, and what a multiboot loader needs of 32-bit ones. System V ABI, "Object Files". */
import { type Image, ImageError, type Segment } from './image.ts';

const MAGIC = 0x464c_457f;
const CLASS = { 32: 1, 64: 2 } as const;
const LITTLE_ENDIAN = 1;
const EXECUTABLE = 2;
const MACHINE = { i386: 3, x86_64: 62 } as const;
const PT_LOAD = 1;
const PT_NOTE = 4;
const SHT_SYMTAB = 2;
const XEN_PHYS32_ENTRY = 18;
/** Where the fields of the headers lie, in each class. */
const HEADER = {
  32: { size: 52, entry: 24, phoff: 28, shoff: 32, phentsize: 42, phnum: 44, shentsize: 46, shnum: 48, word: 4 },
  64: { size: 64, entry: 24, phoff: 32, shoff: 40, phentsize: 54, phnum: 56, shentsize: 58, shnum: 60, word: 8 },
} as const;
const PROGRAM_HEADER = {
  32: { size: 32, offset: 4, vaddr: 8, paddr: 12, filesz: 16, memsz: 20 },
  64: { size: 56, offset: 8, vaddr: 16, paddr: 24, filesz: 32, memsz: 40 },
} as const;

/** An ELF header is there; what follows may still be wrong. */
export const isElf = (file: Uint8Array): boolean =>
  file.length >= 20 && new DataView(file.buffer, file.byteOffset).getUint32(0, true) === MAGIC;

/** Reads bounds-checked fields of a file; an address beyond 2^53 is as wrong as one beyond the file. */
export class Fields {
  private readonly view: DataView;
  private readonly length: number;
  private readonly word: 4 | 8;

  constructor(file: Uint8Array, word: 4 | 8) {
    this.view = new DataView(file.buffer, file.byteOffset, file.byteLength);
    this.length = file.length;
    this.word = word;
  }

  half(at: number): number {
    this.check(at, 2);
    return this.view.getUint16(at, true);
  }

  int(at: number): number {
    this.check(at, 4);
    return this.view.getUint32(at, true);
  }

  address(at: number): bigint {
    this.check(at, this.word);
    return this.word === 4 ? BigInt(this.view.getUint32(at, true)) : this.view.getBigUint64(at, true);
  }

  /** An address or size that must be a number here. */
  number(at: number): number {
    const value = this.address(at);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
      throw new ImageError(`the ELF file has the value 0x${value.toString(16)} where an offset or size stands`);
    }
    return Number(value);
  }

  private check(at: number, bytes: number): void {
    if (at + bytes > this.length) throw new ImageError(`the ELF file ends at ${this.length}, inside its headers`);
  }
}

interface Header { readonly bits: 32 | 64; readonly fields: Fields; readonly segments: readonly (Segment & { readonly linear: bigint })[] }

function readHeader(file: Uint8Array): Header {
  const fileClass = file[4];
  if (fileClass !== CLASS[32] && fileClass !== CLASS[64]) {
    throw new ImageError(`the ELF file has class ${fileClass}, neither 32 nor 64 bits`);
  }
  if (file[5] !== LITTLE_ENDIAN) throw new ImageError('the ELF file is not little-endian');
  const bits = fileClass === CLASS[32] ? 32 : 64;
  const layout = HEADER[bits], program = PROGRAM_HEADER[bits];
  const fields = new Fields(file, layout.word);
  const machine = fields.half(18);
  if (machine !== MACHINE.i386 && machine !== MACHINE.x86_64) throw new ImageError(`the ELF file is for machine ${machine}, not for x86`);
  const type = fields.half(16);
  if (type !== EXECUTABLE) {
    throw new ImageError(`the ELF file is of type ${type}: only an executable with fixed addresses can be loaded; link it with -no-pie`);
  }
  const segments: Header['segments'][number][] = [];
  const count = fields.half(layout.phnum), entrySize = fields.half(layout.phentsize), first = fields.number(layout.phoff);
  if (count > 0 && entrySize < program.size) throw new ImageError(`the ELF file has program headers of ${entrySize} bytes`);
  for (let i = 0; i < count; i += 1) {
    const at = first + i * entrySize;
    if (fields.int(at) !== PT_LOAD) continue;
    const offset = fields.number(at + program.offset), inFile = fields.number(at + program.filesz);
    const size = fields.number(at + program.memsz);
    if (offset + inFile > file.length) throw new ImageError(`segment ${i} of the ELF file ends beyond the file`);
    if (inFile > size) throw new ImageError(`segment ${i} of the ELF file has more bytes in the file than in memory`);
    if (size === 0) continue;
    const bytes = file.subarray(offset, offset + inFile);
    segments.push({ at: fields.number(at + program.paddr), linear: fields.address(at + program.vaddr), bytes, size });
  }
  if (segments.length === 0) throw new ImageError('the ELF file has nothing to load');
  return { bits, fields, segments };
}

/**
 * A 64-bit executable. It is started at the physical address of its entry point, in 64-bit mode with memory mapped to
 * itself: one that is linked to run elsewhere must first move there.
 */
export function loadElf(name: string, file: Uint8Array): Image {
  const { bits, fields, segments } = readHeader(file);
  if (bits !== 64) throw new ImageError('the ELF file is a 32-bit program without a multiboot header: there is no rule for starting it');
  const linear = fields.address(HEADER[64].entry);
  const home = segments.find((segment) => linear >= segment.linear && linear < segment.linear + BigInt(segment.size));
  if (home === undefined) throw new ImageError(`the entry point 0x${linear.toString(16)} is in no segment of the ELF file`);
  return {
    name, entry: BigInt(home.at) + (linear - home.linear), listing: [], symbols: symbolsOf(file, fields, bits), mode: '64-bit',
    segments: segments.map(({ at, bytes, size }) => ({ at, bytes, size })),
  };
}

/** The segments and the entry point (a physical address) of an executable of either class. */
export function elfSegments(file: Uint8Array): { readonly segments: readonly Segment[]; readonly entry: bigint } {
  const { bits, fields, segments } = readHeader(file);
  return { segments, entry: fields.address(HEADER[bits].entry) };
}

/** What a program says of itself to those who know: by the name of who asks, and a type. */
interface Note { readonly name: string; readonly type: number; readonly bytes: Uint8Array }

function notesIn(segment: Uint8Array): Note[] {
  const fields = new Fields(segment, 4);
  const notes: Note[] = [];
  const padded = (size: number): number => Math.ceil(size / 4) * 4;
  for (let at = 0; at + 12 <= segment.length;) {
    const nameSize = fields.int(at), size = fields.int(at + 4), bytesAt = at + 12 + padded(nameSize);
    notes.push({ name: stringAt(segment, at + 12), type: fields.int(at + 8), bytes: segment.subarray(bytesAt, bytesAt + size) });
    at = bytesAt + padded(size);
  }
  return notes;
}

/** Where a kernel is entered in 32-bit mode without paging, if it says so. Linux, "x86/HVM direct boot ABI"; Xen, "elfnote.h". */
export function pvhEntry(file: Uint8Array): number | undefined {
  const { fields, bits } = readHeader(file);
  const layout = HEADER[bits], program = PROGRAM_HEADER[bits];
  for (let i = 0; i < fields.half(layout.phnum); i += 1) {
    const at = fields.number(layout.phoff) + i * fields.half(layout.phentsize);
    if (fields.int(at) !== PT_NOTE) continue;
    const offset = fields.number(at + program.offset);
    const note = notesIn(file.subarray(offset, offset + fields.number(at + program.filesz)))
      .find(({ name, type, bytes }) => name === 'Xen' && type === XEN_PHYS32_ENTRY && bytes.length >= 4);
    if (note !== undefined) return new Fields(note.bytes, 4).int(0);
  }
  return undefined;
}

/** The symbol table, if there is one. A broken one is as good as none: nothing depends on names. */
function symbolsOf(file: Uint8Array, fields: Fields, bits: 32 | 64): ReadonlyMap<string, bigint> {
  const symbols = new Map<string, bigint>();
  if (bits !== 64) return symbols;
  try {
    const layout = HEADER[64];
    const count = fields.half(layout.shnum), entrySize = fields.half(layout.shentsize), first = fields.number(layout.shoff);
    for (let i = 0; i < count; i += 1) {
      const at = first + i * entrySize;
      if (fields.int(at + 4) !== SHT_SYMTAB) continue;
      const strings = first + fields.int(at + 40) * entrySize;
      const names = file.subarray(fields.number(strings + 24), fields.number(strings + 24) + fields.number(strings + 32));
      const table = fields.number(at + 24), size = fields.number(at + 32);
      for (let symbol = table; symbol + 24 <= table + size; symbol += 24) {
        const text = stringAt(names, fields.int(symbol));
        if (text !== '' && fields.half(symbol + 6) !== 0) symbols.set(text, fields.address(symbol + 8));
      }
    }
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
  }
  return symbols;
}

export function stringAt(bytes: Uint8Array, at: number): string {
  let text = '';
  for (let i = at; i < bytes.length && bytes[i] !== 0; i += 1) text += String.fromCharCode(bytes[i]!);
  return text;
}
