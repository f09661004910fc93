/**
 * Bytes that are wanted for a while and then given back at once. What else is large and not wanted any more stays until the host collects
 * its garbage, which may be long: it knows by what scripts allocate when that would be worth it, and a guest that runs allocates little.
 */

/** Buffers that can be resized, as all supported hosts have them, and the compiler's library for them has not. */
interface Resizable { readonly resizable?: boolean; resize(bytes: number): void }
const ResizableBuffer = ArrayBuffer as unknown as new (bytes: number, options: { readonly maxByteLength: number }) => ArrayBuffer;

export const passing = (bytes: number): Uint8Array => new Uint8Array(new ResizableBuffer(bytes, { maxByteLength: bytes }));

/** Gives them back, if they are such bytes. Whoever still has them finds none. */
export function giveBack({ buffer }: Uint8Array): void {
  const resizable = buffer as unknown as Resizable;
  if (resizable.resizable) resizable.resize(0);
}
