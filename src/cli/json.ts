/** Plain data as JSON; 64-bit values as hexadecimal strings. */
export const toJson = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? `0x${inner.toString(16)}` : inner), 2);
