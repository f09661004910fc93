/** A module of a kernel as small as one can be: System V's "Object Files", with the section in which modules describe themselves. */

export function moduleElf(lines: readonly string[]): Uint8Array {
  const names = Buffer.from('\0.modinfo\0.shstrtab\0', 'latin1'), info = Buffer.from(lines.map((line) => `${line}\0`).join(''), 'latin1');
  const header = Buffer.alloc(64);
  header.write('\x7fELF\x02\x01\x01', 'latin1');
  header.writeUInt16LE(1, 16);
  header.writeUInt16LE(62, 18);
  const at = { names: 64, info: 64 + names.length };
  header.writeBigUInt64LE(BigInt(at.info + info.length), 40);
  for (const [offset, value] of [[58, 64], [60, 3], [62, 2]] as const) header.writeUInt16LE(value, offset);
  const section = (name: number, offset: number, size: number): Buffer => {
    const bytes = Buffer.alloc(64);
    bytes.writeUInt32LE(name, 0);
    bytes.writeBigUInt64LE(BigInt(offset), 24);
    bytes.writeBigUInt64LE(BigInt(size), 32);
    return bytes;
  };
  return Buffer.concat([header, names, info, section(0, 0, 0), section(1, at.info, info.length), section(10, at.names, names.length)]);
}
