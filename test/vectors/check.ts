/** Vectors of 64-bit user mode, by instruction, and what a machine makes of them beside what the processor made. */
import assert from 'node:assert/strict';
import { STATUS_FLAGS } from '../../src/x86/flags.ts';
import { ALL_FEATURES, type Decoded, Decoder, type NotDecoded } from '../../src/x86/isa/decode.ts';
import { disassemble } from '../../src/x86/isa/disassemble.ts';
import { mnemonicOf } from '../../src/x86/isa/encode.ts';
import { gprName } from '../../src/x86/registers.ts';
import { readVectors } from './files.ts';
import { floatingDifference } from './floating-difference.ts';
import { CODE_AT, COMPLETED, type Input, inputOf, type Outcome, type Vector } from './format.ts';
import { faultsTwice, undefinedFlags, undefinedResult } from './undefined.ts';
import type { UserMode } from './user-mode.ts';

const decoder = new Decoder(ALL_FEATURES);
const decode = (code: Uint8Array): Decoded | NotDecoded => decoder.decode(code, 0, code.length);
export const vectors: readonly Vector[] = [...readVectors()];

function difference(decoded: Decoded | NotDecoded, input: Input, wanted: Outcome, got: Outcome): string | undefined {
  if (faultsTwice(decoded, wanted, got)) return undefined;
  const name = (vector: number): string => (vector === COMPLETED ? 'completes' : `vector ${vector}`);
  if (wanted.vector !== got.vector) return `${name(wanted.vector)}, ours ${name(got.vector)} (error ${wanted.error} ${got.error})`;
  if (wanted.error !== got.error) return `error code ${wanted.error}, ours ${got.error}`;
  if (wanted.rip !== got.rip) return `rip ${wanted.rip.toString(16)}, ours ${got.rip.toString(16)}`;
  // Which of the words that a far return pops is asked for first is nowhere said.
  const unordered = typeof decoded !== 'string' && /^(RETF|IRET)/.test(decoded.instruction.mnemonic);
  if (wanted.cr2 !== got.cr2 && !unordered) return `cr2 ${wanted.cr2.toString(16)}, ours ${got.cr2.toString(16)}`;
  if (typeof decoded === 'string' || undefinedResult(decoded, input)) return undefined;
  for (let reg = 0; reg < 16; reg += 1) {
    if (wanted.registers[reg] !== got.registers[reg]) {
      const [was, theirs, ours] = [input, wanted, got].map(({ registers }) => registers[reg]!.toString(16));
      return `${gprName(reg, 8)} ${theirs}, ours ${ours} (was ${was})`;
    }
  }
  const compared = ~(wanted.vector === COMPLETED ? undefinedFlags(decoded, input) : 0);
  const flags = (wanted.flags ^ got.flags) & compared;
  if (flags !== 0) {
    const [theirs, ours, status, all] = [wanted.flags, got.flags, flags & STATUS_FLAGS, flags].map((value) => value.toString(16));
    return `flags ${theirs}, ours ${ours}, differing in ${status} of ${all}`;
  }
  // AMD has a bit more in MXCSR, and the mask of FXSAVE and XSAVE says so.
  const wider = typeof decoded !== 'string' && /^F?XSAVE/.test(decoded.instruction.mnemonic) ? 2 : 0;
  const at = wanted.memory.findIndex((byte, i) => byte !== got.memory[i] && byte !== (got.memory[i]! | wider));
  if (at !== -1) return `memory at ${at}: ${wanted.memory[at]}, ours ${got.memory[at]}`;
  const floating = floatingDifference(decoded.instruction, wanted.floating, got.floating);
  if (floating !== undefined) {
    const [was, theirs, ours] = [input, wanted, got]
      .map((one) => Buffer.from(one.floating.subarray(floating, floating + 10)).toString('hex'));
    return `floating-point registers at ${floating}: ${theirs}, ours ${ours} (were ${was})`;
  }
  return undefined;
}

/** All of them must come out as they did on the processor. */
export function check(machine: UserMode, chosen: readonly Vector[]): void {
  const wrong = new Map<string, { count: number; first: string }>();
  for (const { given, outcome } of chosen) {
    const decoded = decode(given.code);
    const input = inputOf(given);
    const problem = difference(decoded, input, outcome, machine.run(input));
    if (problem === undefined) continue;
    const [key, listing] = typeof decoded === 'string' ? [decoded, decoded] : [mnemonicOf(decoded), disassemble(decoded, BigInt(CODE_AT))];
    const text = `${Buffer.from(given.code).toString('hex')} ${listing}: ${problem}`;
    const known = wrong.get(key);
    if (known) known.count += 1;
    else wrong.set(key, { count: 1, first: text });
  }
  assert.deepEqual([...wrong].map(([key, { count, first }]) => `${count} ${key}: ${first}`), []);
}

/** By mnemonic, so that each instruction can be looked at alone. */
export const groups = new Map<string, Vector[]>();
for (const vector of vectors) {
  const decoded = decode(vector.given.code);
  const name = typeof decoded === 'string' ? `bytes that are ${decoded}` : decoded.instruction.mnemonic;
  const group = groups.get(name);
  if (group) group.push(vector);
  else groups.set(name, [vector]);
}
