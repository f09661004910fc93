/** Writes into a folder what all processes of the command would make anew: `npm run bundle` does it behind the compiling. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writePrepared } from '../src/cli/prepared.ts';
import { prepare } from '../src/hw/cpu/wasm/prepare.ts';

writePrepared(pathToFileURL(`${resolve(process.argv[2]!)}/`), prepare());
