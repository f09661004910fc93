import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withTools } from './guest.ts';
import { KeptGuest } from './kept.ts';
import { PROGRAM_FILES } from './known-programs.ts';
import { scriptOf, sectionsOf } from './sections.ts';

// What perf shows of samples besides reports, with nobody at the keyboard: perf annotate, which has objdump disassemble what was sampled,
// and perf top.

const kept = new KeptGuest(withTools(), { files: PROGRAM_FILES });

/** A prime, so that samples do not fall on the same instruction of each round; and nothing of the kernel's is sampled. */
const RECORD = 'echo 2 > /proc/sys/kernel/kptr_restrict; perf record -q -e instructions:u -c 99991 -o /tmp/data ./tree';
const COMMANDS = {
  record: RECORD,
  inner: 'perf annotate -i /tmp/data --stdio inner',
  outer: 'perf annotate -i /tmp/data --stdio -q outer',
  // It draws a screen each second, and reads keys: from a pipe that says nothing there come none, and no end either.
  top: `sleep 4 | timeout -s INT 3 perf top --stdio -d 1 -e instructions:u -c 1000000 --sort comm,symbol >/tmp/screens 2>/dev/null &
    sleep 1.5; ./long; ./tree; wait; cat /tmp/screens`,
} as const;

/** Percent of a function's samples, by instruction. */
function shares(output: string): readonly (readonly [percent: number, instruction: string])[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: perf colours what it says
  const plain = output.replaceAll(/\x1b\[\d*m/g, '');
  return [...plain.matchAll(/^ +([\d.]+) +: +[0-9a-f]+: +(\w+)/gm)].map(([, percent, instruction]) => [Number(percent), instruction!]);
}

/** What the last screen shows of each function, in percent. */
function shown(screens: string): ReadonlyMap<string, number> {
  const last = screens.split('PerfTop:').at(-1)!;
  return new Map([...last.matchAll(/^ +([\d.]+)% +(\S+) +\[\.\] (\S+)/gm)].map(([, percent, , name]) => [name!, Number(percent)]));
}

for (const on of [undefined, 'mediated', 'general', 'reallocate'] as const) {
  test(`perf annotate and perf top on ${on ?? 'bare metal'}`, () => {
    const { output, status } = kept.run(scriptOf(COMMANDS), { on });
    assert.equal(status, 0, output);
    const is = sectionsOf(output, COMMANDS);
    assert.match(is.inner, /Disassembly of tree for instructions:u \(\d+ samples, percent: local period\)/);
    assert.match(is.inner, /0000000000\w+ <inner>:/);
    for (const part of [is.inner, is.outer]) {
      const found = shares(part);
      // Both halves of the loop have half of the samples; what is done once in a call, hardly one.
      for (const [percent, instruction] of found) {
        const loop = instruction === 'dec' || instruction === 'jne';
        assert.ok(loop ? Math.abs(percent - 50) < 10 : percent < 5, `${percent} % of ${instruction}`);
      }
    }
    // 100 samples of 120, if the screen has the last ones already: they come when something else has happened.
    assert.ok(shown(is.top).get('long')! > 75, is.top);
    assert.deepEqual(shares(is.inner).map(([, instruction]) => instruction), ['push', 'mov', 'mov', 'dec', 'jne', 'pop', 'ret']);
    assert.deepEqual(shares(is.outer).map(([, instruction]) => instruction), ['push', 'mov', 'call', 'mov', 'dec', 'jne', 'pop', 'ret']);
  });
}
