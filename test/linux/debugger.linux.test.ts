import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { built } from './guest.ts';
import { brought } from './libraries.ts';
import { inMachine } from './machine.ts';
import { compiled } from './outside.ts';

// Debian's gdb steps by the trap flag, sets breakpoints in code, and watches memory and code by debug registers.

const guest = built(undefined, ['rr', 'gdb-minimal']);

const COMMANDS = `set width 0
break *last
starti
stepi 3
info registers rip rcx
watch *(int *)&counter
continue
delete 2
awatch *(int *)&counter
continue
delete 3
hbreak *again
continue
delete 4
continue
info registers rip
print *(int *)&counter
stepi
print $edi
continue
`;

// What gdb prints on a processor of AMD's. ADD is 6 bytes, DEC and JNZ 2 each; a watchpoint traps behind the ADD that wrote.
const SESSION = `Breakpoint 1 at 0x40100f

Program stopped.
0x0000000000401000 in _start ()
0x000000000040100d in again ()
rip            0x40100d            0x40100d <again+8>
rcx            0x4                 4
Hardware watchpoint 2: *(int *)&counter

Hardware watchpoint 2: *(int *)&counter

Old value = 5
New value = 9
0x000000000040100b in again ()
Hardware access (read/write) watchpoint 3: *(int *)&counter

Hardware access (read/write) watchpoint 3: *(int *)&counter

Old value = 9
New value = 12
0x000000000040100b in again ()
Hardware assisted breakpoint 4 at 0x401005

Breakpoint 4, 0x0000000000401005 in again ()

Breakpoint 1, 0x000000000040100f in last ()
rip            0x40100f            0x40100f <last>
$1 = 15
0x0000000000401015 in last ()
$2 = 15
[Inferior 1 (process N) exited with code 017]
`;

test('gdb steps through a program, and its breakpoints and watchpoints are met', () => {
  const program = compiled('steps.s', 'steps', ['-nostdlib', '-static', '-Wl,-Ttext=0x401000']);
  const files = [brought('/root/steps', readFileSync(program)), brought('/root/commands', COMMANDS)];
  const { output, log } = inMachine(guest, 'gdb -nx -batch -x commands ./steps', { files });
  assert.equal(output.replace(/process \d+/, 'process N'), SESSION, log);
});
