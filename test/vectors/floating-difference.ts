/** How floating-point registers are compared with those of the recording processor, and what of them is not. */
import type { Instruction } from '../../src/x86/isa/define.ts';
import { type Extended, INTEGER_BIT } from '../../src/x86/x87/extended.ts';
import { BUSY, C1, ES_SUMMARY, PE } from '../../src/x86/x87/words.ts';
import { AREA } from './area.ts';
import { FLOATING, registerIn } from './floating.ts';

/** Where they differ, in bytes of the area; undefined where they do not. */
export function floatingDifference({ mnemonic, cost }: Instruction, wanted: Uint8Array, got: Uint8Array): number | undefined {
  const transcendental = cost === 'x87 transcendental';
  const ignored = new Map<number, number>();
  const ignoreStatus = (bits: number): void => {
    ignored.set(AREA.status, bits & 0xff);
    ignored.set(AREA.status + 1, bits >> 8);
  };
  // AMD keeps opcode and pointers only while an unmasked exception is pending.
  if ((wanted[AREA.status]! & ES_SUMMARY) === 0) for (let at = AREA.opcode; at < AREA.mxcsr; at += 1) ignored.set(at, 0xff);
  // FCOMI and its kin clear C1 on Intel; AMD leaves it as it was.
  if (/^FU?COMIP?$/.test(mnemonic)) ignoreStatus(C1);
  // AMD calls every result of a transcendental instruction inexact. Which neighbour of the exact value it is, and so whether it was
  // rounded up, the SDM leaves open: "Transcendental Instruction Accuracy".
  if (transcendental) {
    const pending = (wanted[AREA.status]! & ~got[AREA.status]! & PE) !== 0;
    ignoreStatus(C1 | PE | (pending ? ES_SUMMARY | BUSY : 0));
    for (let i = 0; i < 8; i += 1) {
      if (!areNeighbours(registerIn(wanted, i), registerIn(got, i))) continue;
      for (let at = 0; at < AREA.each; at += 1) ignored.set(AREA.st + AREA.each * i + at, 0xff);
    }
  }
  // SDM, "RCPPS", "RSQRTPS": approximations need only be near.
  if (/^R(CP|SQRT)[PS]S$/.test(mnemonic)) {
    for (let at = AREA.xmm; at < FLOATING; at += 4) {
      if (areNear(wanted, got, at)) for (let byte = at; byte < at + 4; byte += 1) ignored.set(byte, 0xff);
    }
  }
  const at = wanted.findIndex((byte, i) => ((byte ^ got[i]!) & ~(ignored.get(i) ?? 0)) !== 0);
  return at === -1 ? undefined : at;
}

/** The same value, or the next one. */
function areNeighbours(a: Extended, b: Extended): boolean {
  const distance = place(a) - place(b);
  return distance >= -1n && distance <= 1n;
}

/** The place of a number among all: denormals are where exponent 1 would continue downwards. */
function place({ negative, exponent, significand }: Extended): bigint {
  const size = exponent === 0 ? significand : (BigInt(exponent) << 63n) + significand - INTEGER_BIT;
  return negative ? -size : size;
}

/** The relative error is at most 1.5 * 2^-12; what is about the smallest normal number may be flushed to zero. */
function areNear(theirs: Uint8Array, ours: Uint8Array, at: number): boolean {
  const [a, b] = [theirs, ours].map((bytes) => new DataView(bytes.buffer, bytes.byteOffset).getFloat32(at, true)) as [number, number];
  return Math.abs(a - b) <= Math.max(2 * 1.5 * 2 ** -12 * Math.abs(a), 2 ** -126);
}
