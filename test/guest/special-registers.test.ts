import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StrategyName } from '../../src/host/vpmu/strategies.ts';
import { runHosted, wordsOf } from './hosted.ts';
import { programOf, runEveryWay } from './program.ts';
import { ended } from './recording.ts';

// MOV from control and debug registers. Who may do it, and what faults, is in test/system/cases/registers.ts.

const READ = ['cr0', 'cr2', 'cr3', 'cr4', 'cr8', 'dr0', 'dr1', 'dr2', 'dr3', 'dr4', 'dr5', 'dr6', 'dr7'] as const;
const WRITTEN: Readonly<Partial<Record<(typeof READ)[number], bigint>>> = {
  cr2: 0x1234_5678_9abc_def0n, cr8: 5n, dr0: 0xffff_8000_0000_0001n, dr1: 2n, dr2: 1n << 63n, dr3: 0x8000_0000n,
  // DR6.BS and BD; DR7.GE and a condition that no breakpoint has. SDM, "Debug Registers": the other bits read as they always do.
  dr6: 0xffff_6ff0n, dr7: 0x10_0600n,
};
const ALIASES = { dr4: 'dr6', dr5: 'dr7' } as const;

/** Writes them, and then reads them into words of `seen`; or does not read them. */
const program = (reads: boolean): string => `
main:   mov   rax, cr0
        mov   [rel seen], rax
        mov   rax, cr3
        mov   [rel seen + 16], rax
        mov   rax, cr4
        mov   [rel seen + 24], rax
${Object.entries(WRITTEN).map(([name, value]) => `        mov   rax, ${value}\n        mov   ${name}, rax`).join('\n')}
${reads ? READ.map((name, i) => `        mov   rcx, ${name}\n        mov   [rel seen + ${8 * (i + 16)}], rcx`).join('\n') : ''}
        xor   eax, eax
        ret
pmi:    iretq
        align 8
seen:   resb  8 * 32`;

const wanted = (name: (typeof READ)[number], before: readonly bigint[]): bigint =>
  (name === 'dr4' || name === 'dr5' ? WRITTEN[ALIASES[name]] : WRITTEN[name]) ?? before[READ.indexOf(name)]!;
const check = (seen: readonly bigint[]): void =>
  assert.deepEqual(seen.slice(16, 16 + READ.length), READ.map((name) => wanted(name, seen)));

test('what was written is read, in 64 bits', () => {
  const seen = ended(runEveryWay(program(true))).words('seen', 32);
  check(seen);
  // PE, ET and PG; PAE.
  assert.equal(seen[0]! & 0x8000_0011n, 0x8000_0011n);
  assert.equal(seen[3]! & 0x20n, 0x20n);
});

test('a program begins with debug registers as they are at power-on', () => {
  const words = ended(runEveryWay(`
main:   mov   rax, dr6
        mov   [rel seen], rax
        mov   rax, dr7
        mov   [rel seen + 8], rax
        xor   eax, eax
        ret
pmi:    iretq
        align 8
seen:   dq    0, 0`)).words('seen', 2);
  // SDM, "Processor State After Reset".
  assert.deepEqual(words, [0xffff_0ff0n, 0x400n]);
});

for (const strategy of ['reuse', 'mediated', 'general'] satisfies StrategyName[]) {
  test(`${strategy}: a guest reads its own, and does not exit`, () => {
    const [reading, other] = [true, false].map((reads) => {
      const image = programOf(program(reads));
      const world = runHosted(image, { strategy, perfmon: { version: 4 } });
      return { seen: wordsOf(world, image, 'seen', 32), exits: [...world.vcpus[0]!.exits] };
    });
    check(reading!.seen);
    assert.deepEqual(reading!.exits, other!.exits);
  });
}
