/** What a program or library for 64-bit Linux needs beside itself. System V ABI, "Dynamic Linking". */
import { Fields, isElf, stringAt } from './elf.ts';
import { ImageError } from './image.ts';

const CLASS_64 = 2;
const PROGRAM = { load: 1, dynamic: 2, interpreter: 3 } as const;
/** Where the fields of the headers lie. */
const HEADER = { phoff: 32, phentsize: 54, phnum: 56 } as const;
const PROGRAM_HEADER = { offset: 8, vaddr: 16, filesz: 32 } as const;
const TAG = { end: 0n, needed: 1n, strings: 5n } as const;

export interface Needs {
  /** The program that loads it, such as /lib64/ld-linux-x86-64.so.2; a library names none. */
  readonly interpreter: string | undefined;
  /** Names of libraries, such as libc.so.6. */
  readonly libraries: readonly string[];
}

const NOTHING: Needs = { interpreter: undefined, libraries: [] };

/** A file that is not a dynamic program of this kind needs nothing. Throws an ImageError when it is a broken one. */
export function needsOf(file: Uint8Array): Needs {
  if (!isElf(file) || file[4] !== CLASS_64) return NOTHING;
  const fields = new Fields(file, 8);
  const first = fields.number(HEADER.phoff), size = fields.half(HEADER.phentsize);
  const parts = Array.from({ length: fields.half(HEADER.phnum) }, (_, i) => {
    const at = first + i * size;
    const offset = fields.number(at + PROGRAM_HEADER.offset), vaddr = fields.number(at + PROGRAM_HEADER.vaddr);
    return { type: fields.int(at), offset, vaddr, size: fields.number(at + PROGRAM_HEADER.filesz) };
  });
  const interpreter = parts.find(({ type }) => type === PROGRAM.interpreter);
  const dynamic = parts.find(({ type }) => type === PROGRAM.dynamic);
  if (dynamic === undefined) return NOTHING;
  const names: number[] = [];
  let strings = 0;
  for (let at = dynamic.offset; at < dynamic.offset + dynamic.size && fields.address(at) !== TAG.end; at += 16) {
    if (fields.address(at) === TAG.needed) names.push(fields.number(at + 8));
    else if (fields.address(at) === TAG.strings) strings = fields.number(at + 8);
  }
  const home = parts.find(({ type, vaddr, size: length }) => type === PROGRAM.load && strings >= vaddr && strings < vaddr + length);
  if (home === undefined && names.length > 0) throw new ImageError('the ELF file does not have the names of the libraries that it needs');
  const table = home === undefined ? 0 : home.offset + strings - home.vaddr;
  return {
    interpreter: interpreter && stringAt(file, interpreter.offset),
    libraries: names.map((name) => stringAt(file, table + name)),
  };
}
