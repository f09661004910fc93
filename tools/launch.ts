#!/usr/bin/env node
/** What the package's command is: the script of the whole command, which begins sooner with the code that is kept beside it. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { CommandScript, FILES } from './command-script.ts';

const folder = dirname(fileURLToPath(import.meta.url));
const code = join(folder, FILES.code);
const script = new CommandScript(folder, existsSync(code) ? readFileSync(code) : undefined);
// V8 optimises what has run 66 KiB of bytecode, in a thread of its own: a third of the processor time of resuming a guest, and a twentieth
// of that of booting one, which later optimising saves. Other versions than Node 20's have other settings.
if (process.versions.v8.startsWith('11.3.')) setFlagsFromString('--interrupt-budget=400000');
script.run();
