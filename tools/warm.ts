/**
 * Runs some commands in one process, and keeps what V8 has then compiled, which is what they and those like them will call. Functions that
 * are not called by them are compiled when they are, as always.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert } from '../src/base/assert.ts';
import { cpio } from '../src/guest/linux/cpio.ts';
import { WAITING } from '../test/guest/waiting-kernel.ts';
import { CommandScript, FILES } from './command-script.ts';

const folder = process.argv[2]!;
const guest = mkdtempSync(join(tmpdir(), 'vpmu-warm-'));
const [kernel, initrd, kept] = [join(guest, 'kernel'), join(guest, 'initrd'), join(guest, 'kept')];
writeFileSync(kernel, WAITING);
writeFileSync(initrd, cpio([]));
const commands: (readonly string[])[] = [
  ['run', 'rings'],
  ['run', 'self-profile'],
  ['snapshot', kept, '--kernel', kernel, '--initrd', initrd, '--memory', '128'],
  ['run', '--linux', '--from', kept, '--exec', 'true'],
  ['run', '--linux', '--from', kept, '--exec', 'true', '--on', 'general', '--json'],
];

const script = new CommandScript(folder);
process.on('beforeExit', () => {
  const next = commands.shift();
  if (next === undefined) return;
  process.argv = [process.execPath, join(folder, FILES.script), ...next];
  script.run();
  // Else a command that waits for nothing would be the last one.
  setImmediate(() => {});
});
process.on('exit', () => {
  assert(commands.length === 0, 'all commands have run');
  rmSync(guest, { recursive: true });
  writeFileSync(join(folder, FILES.code), script.code());
  // That of the last command's guest is no failure of ours.
  process.exitCode = 0;
});
