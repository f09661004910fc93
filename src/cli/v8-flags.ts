/**
 * Has V8 hear what modules say of conditions that hardly ever hold, as it does by itself from version 14 on. Code that V8 has kept is only
 * taken where its flags are those with which it was made, so this is imported before such code is looked at.
 */
import { setFlagsFromString } from 'node:v8';

if (Number.parseInt(process.versions.v8, 10) < 14) setFlagsFromString('--experimental-wasm-branch-hinting');
