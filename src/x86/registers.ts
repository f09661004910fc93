/** The register names of the SDM, in encoding order. */

export const GPR64 = [
  'RAX', 'RCX', 'RDX', 'RBX', 'RSP', 'RBP', 'RSI', 'RDI', 'R8', 'R9', 'R10', 'R11', 'R12', 'R13', 'R14', 'R15',
] as const;
const GPR32 = [
  'EAX', 'ECX', 'EDX', 'EBX', 'ESP', 'EBP', 'ESI', 'EDI', 'R8D', 'R9D', 'R10D', 'R11D', 'R12D', 'R13D', 'R14D',
  'R15D',
] as const;
const GPR16 = [
  'AX', 'CX', 'DX', 'BX', 'SP', 'BP', 'SI', 'DI', 'R8W', 'R9W', 'R10W', 'R11W', 'R12W', 'R13W', 'R14W', 'R15W',
] as const;
/** After the sixteen low bytes come the four high bytes, which only an instruction without REX can name. */
const GPR8 = [
  'AL', 'CL', 'DL', 'BL', 'SPL', 'BPL', 'SIL', 'DIL', 'R8B', 'R9B', 'R10B', 'R11B', 'R12B', 'R13B', 'R14B', 'R15B',
  'AH', 'CH', 'DH', 'BH',
] as const;

export const RAX = 0;
export const RCX = 1;
export const RDX = 2;
export const RBX = 3;
export const RSP = 4;
export const RBP = 5;
export const RSI = 6;
export const RDI = 7;
export const R8 = 8;
export const R11 = 11;
/** AH, and after it CH, DH and BH: byte 1 of registers 0 to 3. */
export const AH = 16;

/** Operand widths in bytes. */
export type Width = 1 | 2 | 4 | 8;

const NAMES: Readonly<Record<Width, readonly string[]>> = { 1: GPR8, 2: GPR16, 4: GPR32, 8: GPR64 };

/** A general register: its number (16 to 19 are AH to BH) and how much of it. */
export interface Gpr {
  readonly reg: number;
  readonly width: Width;
}

export const gprName = (reg: number, width: Width): string => NAMES[width][reg]!;

const BY_NAME: ReadonlyMap<string, Gpr> = new Map(
  ([1, 2, 4, 8] as const).flatMap((width) => NAMES[width].map((name, reg) => [name, { reg, width }] as const)),
);

export const gprByName = (name: string): Gpr | undefined => BY_NAME.get(name);

/** Segment registers in the order of the Sreg field. */
export const SREG = ['ES', 'CS', 'SS', 'DS', 'FS', 'GS'] as const;
export const ES = 0;
export const CS = 1;
export const SS = 2;
export const DS = 3;
export const FS = 4;
export const GS = 5;
/** The two system segments, which follow the six in the machine's state. */
export const LDTR = 6;
export const TR = 7;
