/** The checksum by which packages and what is made of them are known. */
import { createHash } from 'node:crypto';

/** In hexadecimal. */
export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
