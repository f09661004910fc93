/** A guest that does one thing over and over and says how long it took: what kvm-unit-tests' `vmexit` does. */
import { assemble } from '../x86/isa/assemble.ts';
import { CONSTANTS } from './constants.ts';
import type { Image } from './image.ts';
import { RUNTIME } from './source/runtime.ts';

export const LOOP_ROUNDS = 2000;
const ORIGIN = 0x10_0000n;

/** `body` may use RAX, RBX, RCX and RDX. */
const LOOP = (body: string): string => `
main:   mov   edi, LOOP_ROUNDS
        rdtsc
        shl   rdx, 32
        or    rax, rdx
        mov   rsi, rax
again:
${body}
        dec   edi
        jnz   again
        rdtsc
        shl   rdx, 32
        or    rax, rdx
        sub   rax, rsi
        mov   [rel loop_ticks], rax
        xor   eax, eax
        ret
pmi:    iretq
        align 4096
loop_ticks: dq 0
report_end:
`;

export function buildLoop(name: string, body: string): Image {
  const constants = new Map([
    ...CONSTANTS, ['CPUS', 1n], ['PMI_VECTOR', 0x81n], ['LVTPC', 0x400n], ['LOOP_ROUNDS', BigInt(LOOP_ROUNDS)],
  ] as const);
  const { bytes, labels, listing } = assemble([RUNTIME, LOOP(body)].join('\n'), ORIGIN, constants);
  return {
    name, entry: labels.get('start')!, mode: '64-bit', symbols: labels, listing,
    segments: [{ at: Number(ORIGIN), bytes, size: bytes.length }],
  };
}

/** Ticks of the time-stamp counter for all rounds. */
export const readLoop = ({ symbols }: Image, memory: Uint8Array): number =>
  Number(new DataView(memory.buffer, memory.byteOffset, memory.byteLength).getBigUint64(Number(symbols.get('loop_ticks')!), true));
