import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Transcript } from './transcript.ts';

function heard(text: string): { boot: string; output: string; status: number | undefined; ready: boolean } {
  let boot = '', output = '';
  const transcript = new Transcript((byte) => (boot += String.fromCharCode(byte)), (byte) => (output += String.fromCharCode(byte)));
  for (const byte of Buffer.from(text, 'latin1')) transcript.put(byte);
  transcript.flush();
  return { boot, output, status: transcript.status, ready: transcript.ready };
}

test('the output of the command is told from what the kernel says, and its status is heard', () => {
  assert.deepEqual(heard('[0.1] hello\r\n\x01vpmu\x02a\nb\x03vpmu 7\x04[2.6] reboot: Power down\r\n'),
    { boot: '[0.1] hello\r\n[2.6] reboot: Power down\r\n', output: 'a\nb', status: 7, ready: false });
  assert.deepEqual(heard('\x01vpmu ready\x02'), { boot: '', output: '', status: undefined, ready: true });
});

test('what only looks like a mark is output, to the last byte', () => {
  for (const output of [
    '\x03', '\x03\x03\x03', '\x03vpmu x\x04', '\x03vpmu 1234\x04', '\x04', '\x01vpmu\x02', '\x03vpmu 7',
    '\x03a long word that is no mark\x04',
    '\x03vpmu 1\x03', 'caf\xe9',
  ]) {
    assert.deepEqual(heard(`\x01vpmu\x02${output}\x03vpmu 0\x04`), { boot: '', output, status: 0, ready: false }, JSON.stringify(output));
  }
  assert.deepEqual(heard('\x01\x01vpmu\x02'), { boot: '\x01', output: '', status: undefined, ready: false });
  assert.deepEqual(heard('\x01vpmu\x02cut off\x03vp'), { boot: '', output: 'cut off\x03vp', status: undefined, ready: false });
});
