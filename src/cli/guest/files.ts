/** Files of the host that a Linux guest is brought, and the way by which they come to one that has booted already. */
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Brought } from '../../guest/linux/initramfs.ts';
import { type Io, UserError } from '../io.ts';

export type BroughtFile = Brought['files'][number];

/** Bytes of files that are typed at the console of a guest that waits. It has room for twelve of them each 100,000 cycles. */
const TYPED_MOST = 16 << 10;

/** Reads them, from `host:guest`. A path that ends with a slash is a folder. */
export function filesOf(io: Io, texts: readonly string[] = []): readonly BroughtFile[] {
  return texts.map((text) => {
    const colon = text.lastIndexOf(':');
    const host = text.slice(0, colon), guest = text.slice(colon + 1);
    if (colon < 1 || guest === '') throw new UserError(`--file takes host:guest, such as ./bench:/root/bench, not '${text}'`);
    const bytes = io.readFile(host);
    const path = guest.endsWith('/') ? guest + basename(host) : guest;
    return { path, bytes, executable: (statSync(host).mode & 0o100) !== 0 };
  });
}

/** Those that a guest which waits finds in a folder that it shares: all of them, when they are large. The others are typed. */
export const sharedOf = (files: readonly BroughtFile[]): readonly BroughtFile[] =>
  (files.reduce((sum, { bytes }) => sum + bytes.length, 0) > TYPED_MOST ? files : []);
