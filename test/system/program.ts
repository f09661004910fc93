/**
 * A system test: cases as data, and the program that they and the kernel make together. Cases that do the same differ in
 * their registers only: equal code is assembled once.
 */
import { CONSTANTS } from '../../src/guest/constants.ts';
import { assemble } from '../../src/x86/isa/assemble.ts';
import { LOGGABLE } from './handler.ts';
import { KERNEL } from './kernel.ts';

type Value = bigint | number | string;
/** Lines of assembly, and pieces of them. */
export type Asm = string | readonly Asm[];
export const asm = (code: Asm): string => (typeof code === 'string' ? code : code.map(asm).join('\n'));

export interface Case {
  readonly name: string;
  /** It is entered at CPL 3. */
  readonly user?: boolean;
  /** Done before it, at CPL 0, with its registers: ends without RET. */
  readonly prepare?: Asm;
  /** What is tried. INT 80H, which ends the case, follows. A name that begins with a dot is a label of this code alone. */
  readonly code: Asm;
  /** What registers hold at the start; the others are zero. Numbers, or names of the program. */
  readonly registers?: Partial<Readonly<Record<'rax' | 'rcx' | 'rdx' | 'rbx' | 'rsi' | 'rdi', Value>>>;
  /** What is logged at the end besides the frame. */
  readonly log?: readonly (typeof LOGGABLE)[number][];
  /** The address of a quadword that is logged too. */
  readonly watch?: string;
  /** It writes its own outcome: the frame of INT 80H is not logged. */
  readonly quiet?: boolean;
  /**
   * What follows the name by the manual: the emulator cannot be asked, because it goes astray for good. The recorded program
   * is without the case.
   */
  readonly manual?: string;
}

export interface Program {
  readonly name: string;
  readonly cases: readonly Case[];
  /** Code for several cases. */
  readonly library?: Asm;
  /** The processor has x86-64-v2 and XSAVE. */
  readonly extended?: boolean;
}

/** Where programs are loaded and entered: behind the page of the multiboot header and its code. */
export const ORIGIN = 0x10_1000;

const REGISTERS = ['rax', 'rcx', 'rdx', 'rbx', 'rsi', 'rdi'] as const;
const FLAG = { user: 1, quiet: 2 } as const;

/** Pieces of code, each of them once. */
class Code {
  readonly parts: string[] = [];
  private readonly known = new Map<string, string>();

  label(text: string, end: string): string {
    const key = text + end;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const label = `code_${this.known.size}`;
    this.known.set(key, label);
    this.parts.push(`        align 16\n${label}:\n${key.replaceAll(/(?<![\w.])\.(\w+)/g, `${label}.$1`)}`);
    return label;
  }
}

export function sourceOf({ cases, library = '' }: Program): string {
  const code = new Code();
  const rows = cases.map((each) => {
    const prepare = each.prepare === undefined ? '0' : code.label(asm(each.prepare), '\n        ret');
    const entry = code.label(asm(each.code), '\n        int   0x80');
    const registers = REGISTERS.map((name) => each.registers?.[name] ?? 0).join(', ');
    const flags = (each.user ? FLAG.user : 0) | (each.quiet ? FLAG.quiet : 0);
    const log = (each.log ?? []).reduce((mask, name) => mask + 2 ** LOGGABLE.indexOf(name), 0);
    return `        dq ${prepare}, ${entry}, ${each.watch ?? '0'}, ${registers}, ${flags}, ${log}\n        db "${each.name}", 0`;
  });
  return [KERNEL, asm(library), ...code.parts, 'rows:', ...rows, '        dq 0, 0'].join('\n');
}

/** The bytes of the program, for ORIGIN, where they are entered. */
export function build(program: Program): Uint8Array {
  return assemble(sourceOf(program), BigInt(ORIGIN), CONSTANTS).bytes;
}

/** The program without the cases that the emulator cannot be asked about. */
export const forEmulator = (program: Program): Program =>
  ({ ...program, cases: program.cases.filter(({ manual }) => manual === undefined) });
