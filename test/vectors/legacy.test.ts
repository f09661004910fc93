/** Instructions in compatibility mode, in segments with bases and limits, beside what a processor did with them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { brotliDecompressSync } from 'node:zlib';
import { STATUS_FLAGS } from '../../src/x86/flags.ts';
import { ALL_FEATURES, type Bits, type Decoded, Decoder, type NotDecoded } from '../../src/x86/isa/decode.ts';
import { disassemble } from '../../src/x86/isa/disassemble.ts';
import { mnemonicOf } from '../../src/x86/isa/encode.ts';
import { gprName } from '../../src/x86/registers.ts';
import { ENVIRONMENTS } from './environment.ts';
import { floatingDifference } from './floating-difference.ts';
import { COMPLETED, type Input, inputOf, type Outcome, unpack, type Vector } from './format.ts';
import { faultsTwice, undefinedFlags, undefinedResult } from './undefined.ts';
import { UserMode } from './user-mode.ts';

const decoder = new Decoder(ALL_FEATURES);
const decode = (code: Uint8Array, bits: Bits): Decoded | NotDecoded => decoder.decode(code, 0, code.length, bits);

function difference(decoded: Decoded | NotDecoded, input: Input, wanted: Outcome, got: Outcome): string | undefined {
  if (faultsTwice(decoded, wanted, got)) return undefined;
  const mnemonic = typeof decoded === 'string' ? decoded : decoded.instruction.mnemonic;
  const faulted = wanted.vector !== COMPLETED;
  const name = (vector: number): string => (vector === COMPLETED ? 'completes' : `vector ${vector}`);
  if (wanted.vector !== got.vector) return `${name(wanted.vector)}, ours ${name(got.vector)} (error ${wanted.error} ${got.error})`;
  if (wanted.error !== got.error) return `error code ${wanted.error.toString(16)}, ours ${got.error.toString(16)}`;
  if (wanted.rip !== got.rip) return `rip ${wanted.rip.toString(16)}, ours ${got.rip.toString(16)}`;
  // Which of the words that a far return pops is asked for first is nowhere said.
  const unordered = /^(RETF|IRET)/.test(mnemonic);
  if (wanted.cr2 !== got.cr2 && !unordered) return `cr2 ${wanted.cr2.toString(16)}, ours ${got.cr2.toString(16)}`;
  if (typeof decoded === 'string' || undefinedResult(decoded, input)) return undefined;
  // This AMD processor pops registers as far as it gets, and pushes the address that a call comes back to before it looks at the target.
  const partial = faulted && /^(POPA|CALL)$/.test(mnemonic);
  for (let reg = 0; reg < 8 && !partial; reg += 1) {
    const [was, theirs, ours] = [input, wanted, got].map(({ registers }) => BigInt.asUintN(32, registers[reg]!).toString(16));
    if (theirs !== ours) return `${gprName(reg, 4)} ${theirs}, ours ${ours} (was ${was})`;
  }
  const compared = ~(faulted ? 0 : undefinedFlags(decoded, input));
  const flags = (wanted.flags ^ got.flags) & compared;
  if (flags !== 0) {
    const [theirs, ours, status, all] = [wanted.flags, got.flags, flags & STATUS_FLAGS, flags].map((value) => value.toString(16));
    return `flags ${theirs}, ours ${ours}, differing in ${status} of ${all}`;
  }
  // AMD has a bit more in MXCSR, and the mask of FXSAVE and XSAVE says so.
  const wider = /^F?XSAVE/.test(mnemonic) ? 2 : 0;
  const at = wanted.memory.findIndex((byte, i) => byte !== got.memory[i] && byte !== (got.memory[i]! | wider));
  if (at !== -1 && !partial) return `memory at ${at}: ${wanted.memory[at]}, ours ${got.memory[at]}`;
  const floating = floatingDifference(decoded.instruction, wanted.floating, got.floating);
  if (floating === undefined) return undefined;
  const [theirs, ours] = [wanted, got].map((one) => Buffer.from(one.floating.subarray(floating, floating + 10)).toString('hex'));
  return `floating-point registers at ${floating}: ${theirs}, ours ${ours}`;
}

for (const environment of ENVIRONMENTS) {
  const { name, bits } = environment;
  test(`${name}: the machine does what the processor did`, () => {
    const machine = new UserMode(undefined, environment);
    const vectors: readonly Vector[] = [...unpack(brotliDecompressSync(readFileSync(`test/vectors/${name}.br`)))];
    const wrong = new Map<string, { count: number; first: string }>();
    for (const { given, outcome } of vectors) {
      const decoded = decode(given.code, bits);
      const input = inputOf(given);
      const problem = difference(decoded, input, outcome, machine.run(input));
      if (problem === undefined) continue;
      const [key, listing] = typeof decoded === 'string'
        ? [decoded, decoded] : [mnemonicOf(decoded), disassemble(decoded, BigInt(environment.start))];
      const known = wrong.get(key);
      if (known) known.count += 1;
      else wrong.set(key, { count: 1, first: `${Buffer.from(given.code).toString('hex')} ${listing}: ${problem}` });
    }
    assert.deepEqual([...wrong].map(([key, { count, first }]) => `${count} ${key}: ${first}`), []);
    assert.ok(vectors.length > 10_000, `${vectors.length} vectors`);
  });
}
