import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { built } from './guest.ts';
import { KeptGuest } from './kept.ts';
import { scriptOf, sectionsOf } from './sections.ts';

// A program that is linked dynamically counts a little differently from time to time, on bare metal too: its loader and its library look
// at strings on the stack, some instructions more for one that lies across the end of a page, and the kernel places stacks at random.

const CAT = { path: '/root/cat', bytes: readFileSync('/bin/cat'), executable: true };
const kept = new KeptGuest(built(), { files: [CAT] });

const RUNS = 12;
/** Counters are read when the program begins and when it ends: what lies between is its own. */
const EVENTS = "-e '{sched:sched_process_exec,instructions:u}:S' -e '{sched:sched_process_exit,instructions:u}:S' -c 1";
const counted = (script: string): string => [
  `perf record -q -a ${EVENTS} -o /tmp/data sh ${script} 2>/dev/null`,
  "perf report -i /tmp/data -D 2>/dev/null | grep -E 'value|thread: ' | sed 's/.*value //; s/, lost.*//'",
].join('; ');
const COMMANDS = {
  quiet: 'echo 0 > /proc/sys/kernel/nmi_watchdog; echo 2 > /proc/sys/kernel/kptr_restrict',
  script: `echo 'i=0; while [ $i -lt ${RUNS} ]; do ./cat /dev/null; i=$((i+1)); done' > /tmp/again`,
  random: counted('/tmp/again'),
  fixed: `echo 0 > /proc/sys/kernel/randomize_va_space; ${counted('/tmp/again')}`,
} as const;

/** What each run of the program has counted. */
function countsIn(dump: string): readonly number[] {
  const counts: number[] = [];
  let began: number | undefined, values: number[] = [];
  for (const line of dump.split('\n')) {
    if (/^[0-9a-f]{16}$/.test(line)) values.push(Number(`0x${line}`));
    else if (line.includes('thread: ')) {
      // The tracepoint's own value, and that of the instructions.
      const now = values[1];
      values = [];
      if (!line.includes('thread: cat:') || now === undefined) continue;
      if (began === undefined) began = now;
      else {
        counts.push(now - began);
        began = undefined;
      }
    }
  }
  return counts;
}

const [bare, general] = ([undefined, 'general'] as const).map((on) => {
  const is = sectionsOf(kept.run(scriptOf(COMMANDS), { on }).output, COMMANDS);
  return { random: countsIn(is.random), fixed: countsIn(is.fixed) };
});
/** The most that a string across the end of a page was seen to cost, twice over. */
const FEW = 64;

test('where the stack is placed in the same way, a dynamic program counts the same, on bare metal and on general', () => {
  assert.equal(bare!.fixed.length, RUNS);
  assert.deepEqual(new Set([...bare!.fixed, ...general!.fixed]).size, 1);
});

test('where it is placed at random, some instructions more or less', () => {
  for (const { random } of [bare!, general!]) {
    assert.equal(random.length, RUNS);
    for (const count of random) assert.ok(Math.abs(count - bare!.fixed[0]!) < FEW, `${count}, and ${bare!.fixed[0]}`);
  }
});
