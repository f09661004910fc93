import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { built } from './guest.ts';
import { brought } from './libraries.ts';
import { inMachine } from './machine.ts';
import { compiled } from './outside.ts';

// Debian's rr, which needs a counter of conditional branches that is exact, and a PMI where it asks for one, to bring signals and switches
// of threads back to the instruction at which they were.

const guest = built(undefined, ['rr', 'gdb-minimal']);

const SESSION = `export _RR_TRACE_DIR=/tmp/traces
rr record ./record 2>/tmp/errors; echo "status $?"
echo replayed; rr replay -a 2>>/tmp/errors; echo "status $?"
echo errors; cat /tmp/errors`;

for (const on of [undefined, 'mediated', 'general'] as const) {
  test(`rr records a program and replays it on ${on ?? 'bare metal'}`, () => {
    const files = [brought('/root/record', readFileSync(compiled('record.c', 'record', ['-O1'], ['-lpthread'])))];
    const { output, log } = inMachine(guest, SESSION, { machine: { cpu: 'skylake', memory: 1024 }, on, files });
    const [recorded, replayed, errors] = output.replace(/^rr: Saving .*\n/, '').split(/^(?:replayed|errors)\n/m);
    assert.match(recorded!, /^(signal \d at [\da-f]+\n){4}counter [\da-f]+ tsc [\da-f]+ random [\da-f]+\nstatus 3\n$/, `${output}${log}`);
    assert.equal(replayed, recorded!.replace('status 3', 'status 0'), log);
    assert.equal(errors, '');
  });
}
