/** Text as bytes in UTF-8, and back. */

export function utf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const letter of text) {
    const point = letter.codePointAt(0)!;
    if (point < 0x80) bytes.push(point);
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), tail(point));
    else if (point < 0x1_0000) bytes.push(0xe0 | (point >> 12), tail(point >> 6), tail(point));
    else bytes.push(0xf0 | (point >> 18), tail(point >> 12), tail(point >> 6), tail(point));
  }
  return Uint8Array.from(bytes);
}

const tail = (bits: number): number => 0x80 | (bits & 0x3f);

/** What is no UTF-8 becomes U+FFFD, byte by byte. */
export function fromUtf8(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at]!;
    const tails = first < 0x80 ? 0 : first < 0xc2 ? -1 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : first < 0xf5 ? 3 : -1;
    let point = tails <= 0 ? first : first & (0x3f >> tails);
    let length = 1;
    while (length <= tails && (bytes[at + length]! & 0xc0) === 0x80) point = (point << 6) | (bytes[at + length++]! & 0x3f);
    const whole = length === tails + 1 && point >= LEAST[length - 1]! && point <= 0x10_ffff && (point < 0xd800 || point > 0xdfff);
    text += whole ? String.fromCodePoint(point) : '\ufffd';
    at += whole ? length : 1;
  }
  return text;
}

/** Of the letters with so many bytes behind the first. */
const LEAST = [0, 0x80, 0x800, 0x1_0000];
