import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cpio, readCpio } from './cpio.ts';
import { INIT } from './init.ts';
import { withBrought } from './initramfs.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test('a command and files are an archive behind that of the system, and replace what is there', () => {
  const system = cpio([...INIT, { path: 'bin/tool', kind: 'file', mode: 0o755, bytes: bytes('old') }]);
  const brought = { command: 'tool --fast', files: [{ path: '/bin/tool', bytes: bytes('new'), executable: true }] };
  // The archive may end anywhere; the next one begins at a multiple of 4.
  for (const padding of [0, 1, 2, 3]) {
    const initrd = withBrought(Uint8Array.from([...system, ...new Uint8Array(padding)]), brought);
    const files = readCpio(initrd);
    assert.deepEqual({ ...files.get('bin/tool') }, { path: 'bin/tool', kind: 'file', mode: 0o755, bytes: bytes('new') });
    assert.deepEqual({ ...files.get('vpmu/command') }, { path: 'vpmu/command', kind: 'file', mode: 0o644, bytes: bytes('tool --fast\n') });
    assert.equal(files.get('init')?.kind, 'file');
  }
});

test('who brings nothing gets the system as it is', () => {
  const system = cpio(INIT);
  assert.equal(withBrought(system, { command: undefined, files: [] }), system);
});
