/** Where a processor of a guest is, for people: its instruction, those before it, and what keeps it there. */
import type { Cpu } from '../hw/cpu/cpu.ts';
import { IF } from '../x86/flags.ts';
import { ALL_FEATURES, Decoder, MAX_LENGTH } from '../x86/isa/decode.ts';
import { disassemble } from '../x86/isa/disassemble.ts';
import { readLinear, type Translation } from './linear.ts';

/** What of a processor it takes. */
export type Seen = Pick<Cpu, 'id' | 'registers' | 'halted' | 'waiting'>;

export interface Scene {
  readonly cpu: number;
  readonly rip: bigint;
  readonly user: boolean;
  readonly interrupts: boolean;
  /** The instructions that lie before it, and the one that it is at: undefined when nothing can be read there. */
  readonly before: readonly string[];
  readonly at: string | undefined;
}

/** So many instructions before, and so far back they are looked for. */
const BEFORE = 3, BACK = 64;
const decoder = new Decoder(ALL_FEATURES);

/** `ram` is the guest's physical memory. */
export function sceneOf({ id, registers }: Seen, ram: Uint8Array): Scene {
  const { rip, mode, cpl } = registers;
  const translation = { cr0: registers.control('cr0'), cr3: registers.cr3, efer: registers.control('efer') };
  const here = readLinear(ram, translation, rip, MAX_LENGTH);
  return {
    cpu: id, rip, user: cpl !== 0, interrupts: (registers.system & IF) !== 0,
    before: mode.bits === 64 ? instructionsBefore(ram, translation, rip) : [],
    at: here.length === 0 ? undefined : instructionText(here, rip, mode.bits),
  };
}

/** An instruction; or its first bytes, and what they look like, when it is none that is known here. */
export function instructionText(bytes: Uint8Array, at: bigint, bits: 16 | 32 | 64): string {
  const decoded = decoder.decode(bytes, 0, bytes.length, bits);
  if (typeof decoded !== 'string') return disassemble(decoded, at);
  const [first, second] = bytes;
  const kind = bits !== 64 ? '' : first === 0xc4 || first === 0xc5 ? ' (VEX: AVX or later)' : first === 0x62 ? ' (EVEX: AVX-512)'
    : first === 0x8f && (second! & 0x38) !== 0 ? ' (XOP)' : '';
  return `${Array.from(bytes.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join(' ')}...${kind}`;
}

/** Of all places to begin from which instructions lead to `rip`, the farthest: instructions soon find their own boundaries. */
function instructionsBefore(ram: Uint8Array, translation: Translation, rip: bigint): string[] {
  for (let back = BACK; back > 0; back -= 1) {
    const from = rip - BigInt(back);
    if (from < 0n) continue;
    const bytes = readLinear(ram, translation, from, back);
    if (bytes.length < back) continue;
    let texts: string[] = [];
    let at = 0;
    while (at < back) {
      const decoded = decoder.decode(bytes, at, back, 64);
      if (typeof decoded === 'string') break;
      // Zeros are no code.
      if (bytes[at] === 0 && bytes[at + 1] === 0) texts = [];
      else texts.push(disassemble(decoded, from + BigInt(at)));
      at += decoded.length;
    }
    if (at === back) return texts.slice(-BEFORE);
  }
  return [];
}
