import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acpiTables } from './acpi.ts';
import { eisaId, integer, listOf, named, text } from './aml.ts';

/** A table that a pointer leads to, and whether the sum of its bytes is zero, as it must be. */
function tableAt({ at, bytes }: ReturnType<typeof acpiTables>, address: number): { signature: string; body: Buffer; sum: number } {
  const whole = Buffer.from(bytes.subarray(address - at));
  const table = whole.subarray(0, whole.readUInt32LE(4));
  return { signature: table.toString('latin1', 0, 4), body: table.subarray(36), sum: table.reduce((sum, byte) => (sum + byte) & 0xff, 0) };
}

function follow(cpus: number) {
  const tables = acpiTables(cpus);
  const rsdp = Buffer.from(tables.bytes.subarray(tables.rsdp - tables.at));
  const xsdt = tableAt(tables, Number(rsdp.readBigUInt64LE(24)));
  const [fadt, madt] = [0, 8].map((at) => tableAt(tables, Number(xsdt.body.readBigUInt64LE(at))));
  const dsdt = tableAt(tables, Number(fadt!.body.readBigUInt64LE(140 - 36)));
  return { rsdp, xsdt, fadt: fadt!, madt: madt!, dsdt };
}

test('the root pointer leads to every table, and all sums are zero', () => {
  const { rsdp, xsdt, fadt, madt, dsdt } = follow(2);
  assert.equal(rsdp.toString('latin1', 0, 8), 'RSD PTR ');
  for (const length of [20, 36]) assert.equal(rsdp.subarray(0, length).reduce((sum, byte) => (sum + byte) & 0xff, 0), 0);
  const found = [xsdt, fadt, madt, dsdt].map(({ signature, sum }) => [signature, sum]);
  assert.deepEqual(found, [['XSDT', 0], ['FACP', 0], ['APIC', 0], ['DSDT', 0]]);
  // Software that searches for the root pointer looks at every 16th byte from E0000H on.
  assert.equal(acpiTables(1).rsdp, 0xe_0000);
});

// What ACPICA's compiler, iasl 20200925, makes of
//
//   Name (_S5, Package (0x04) { 0x05, Zero, Zero, Zero })
//   Scope (\_SB)
//   {
//       Device (COM1)
//       {
//           Name (_HID, EisaId ("PNP0501"))
//           Name (_UID, One)
//           Name (_CRS, ResourceTemplate ()
//           {
//               IO (Decode16, 0x03F8, 0x03F8, 0x01, 0x08)
//               Interrupt (ResourceConsumer, Edge, ActiveHigh, Exclusive) { 0x00000004 }
//           })
//       }
//       Device (RTC)
//       {
//           Name (_HID, EisaId ("PNP0B00"))
//           Name (_CRS, ResourceTemplate () { IO (Decode16, 0x0070, 0x0070, 0x01, 0x02) })
//       }
//       Device (VIO0)
//       {
//           Name (_HID, "LNRO0005")
//           Name (_UID, Zero)
//           Name (_CRS, ResourceTemplate ()
//           {
//               Memory32Fixed (ReadWrite, 0xFEB00000, 0x00000200)
//               Interrupt (ResourceConsumer, Level, ActiveHigh, Exclusive) { 0x00000010 }
//           })
//       }
//   }
//
// and seven more devices, VIO1 to VIO7, each 200H and one line further on.
const COMPILED = `085f53355f1207040a050000001044245c5f53425f5b8231434f4d31085f4849440c41d00501085f55494401085f43525311160a134701f803f8
  03010889060003010400000079005b82225254435f085f4849440c41d00b00085f435253110d0a0a470170007000010279005b823a56494f3008
  5f4849440d4c4e524f3030303500085f55494400085f435253111a0a17860900010000b0fe0002000089060001011000000079005b823a56494f
  31085f4849440d4c4e524f3030303500085f55494401085f435253111a0a17860900010002b0fe0002000089060001011100000079005b823b56
  494f32085f4849440d4c4e524f3030303500085f5549440a02085f435253111a0a17860900010004b0fe0002000089060001011200000079005b
  823b56494f33085f4849440d4c4e524f3030303500085f5549440a03085f435253111a0a17860900010006b0fe00020000890600010113000000
  79005b823b56494f34085f4849440d4c4e524f3030303500085f5549440a04085f435253111a0a17860900010008b0fe00020000890600010114
  00000079005b823b56494f35085f4849440d4c4e524f3030303500085f5549440a05085f435253111a0a1786090001000ab0fe00020000890600
  01011500000079005b823b56494f36085f4849440d4c4e524f3030303500085f5549440a06085f435253111a0a1786090001000cb0fe00020000
  89060001011600000079005b823b56494f37085f4849440d4c4e524f3030303500085f5549440a07085f435253111a0a1786090001000eb0fe00
  0200008906000101170000007900`.replaceAll(/\s/g, '');

test('the description of the board is what a compiler makes of its source', () => {
  assert.equal(follow(1).dsdt.body.toString('hex'), COMPILED);
});

test('the table of interrupt controllers names every processor, the I/O APIC and where NMIs come in', () => {
  assert.equal(follow(2).madt.body.toString('hex'), [
    '0000e0fe', '00000000', '0008000001000000', '0008010101000000', '010c00000000c0fe00000000', '0406ff000001',
  ].join(''));
});

test('the fixed table is of the hardware-reduced model, with byte-wide ports for reset and sleep', () => {
  const { body } = follow(1).fadt;
  const at = (offset: number): number => offset - 36;
  const port = (offset: number): string => body.subarray(at(offset), at(offset) + 12).toString('hex');
  // WBINVD, both buttons are control methods, reset register, hardware-reduced: bits 0, 4, 5, 10 and 20.
  assert.equal(body.readUInt32LE(at(112)), 0x10_0431);
  assert.deepEqual([116, 244, 256].map(port), ['010800010206000000000000', '010800010006000000000000', '010800010106000000000000']);
});

// ACPI Specification, "AML Grammar Definition": prefixes 0AH, 0BH, 0CH; PkgLength of one byte up to 3FH, and of two from 40H on.
test('terms have the encodings of the grammar', () => {
  assert.deepEqual([0, 1, 2, 0x100, 0x1_0000].map((value) => integer(value)), [[0], [1], [0x0a, 2], [0x0b, 0, 1], [0x0c, 0, 0, 1, 0]]);
  assert.deepEqual(eisaId('PNP0A03'), [0x0c, 0x41, 0xd0, 0x0a, 0x03]);
  assert.deepEqual(named('A', text('b')), [0x08, 0x41, 0x5f, 0x5f, 0x5f, 0x0d, 0x62, 0]);
  const zeros = (count: number) => listOf(Array.from({ length: count }, () => integer(0))).slice(0, 4);
  assert.deepEqual([zeros(0), zeros(0x3d), zeros(0x3e)], [[0x12, 2, 0], [0x12, 0x3f, 0x3d, 0], [0x12, 0x41, 0x04, 0x3e]]);
});
