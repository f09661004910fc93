/**
 * The ACPI tables of the board, which firmware would leave in memory: how many processors there are, where the I/O APIC is, how the
 * machine is switched off, and which devices there are that cannot be found by looking. ACPI Specification, "ACPI Software
 * Programming Model".
 *
 *     RSDP --> XSDT --> FADT --> DSDT (devices, in AML)
 *                  \--> MADT (local APICs, I/O APIC)
 *
 * The model is the hardware-reduced one: there is no power-management timer, no system control interrupt and no legacy device but
 * those that the DSDT names.
 */
import { IOAPIC_ADDRESS } from '../ioapic/ioapic.ts';
import { APIC_BASE } from '../lapic/lapic.ts';
import { POWER } from '../power/power.ts';
import { RTC_CENTURY, RTC_PORT } from '../rtc/rtc.ts';
import { SERIAL } from '../serial/serial.ts';
import { VIRTIO } from '../virtio/virtio.ts';
import { device, eisaId, integer, interrupt, ioPorts, listOf, memoryRange, named, resources, scope, text } from './aml.ts';

export interface AcpiTables {
  /** Where they begin, in physical memory; all pointers in them follow from it. */
  readonly at: number;
  readonly bytes: Uint8Array;
  /** Of the root pointer. */
  readonly rsdp: number;
}

/** Where a PC's firmware has its tables, so that software which searches finds the root pointer. */
const TABLES = 0xe_0000;
const ALIGNMENT = 64;
const HEADER = 36;
const OEM = { id: 'VPMU  ', table: 'BOARD   ', creator: 'VPMU' } as const;

const RSDP_SIZE = 36;
/** Revision 5 of the ACPI Specification, in which the hardware-reduced model came. */
const FADT = { revision: 5, size: 268 } as const;
const MADT_REVISION = 3;
const DSDT_REVISION = 2;
/** Fixed feature flags. */
const FLAG = { wbinvd: 1 << 0, powerButton: 1 << 4, sleepButton: 1 << 5, resetRegister: 1 << 10, hardwareReduced: 1 << 20 } as const;
/** IA-PC boot architecture flags: there is no VGA to look for. */
const NO_VGA = 1 << 2;
/** What a generic address structure says of a byte-wide port. */
const SYSTEM_IO = 1;
/** Entries of the MADT. */
const ENTRY = { lapic: 0, ioapic: 1, lapicNmi: 4 } as const;
const ENABLED = 1;
const ALL_PROCESSORS = 0xff;
const LINT1 = 1;

/** The tables of a board with so many processors. */
export function acpiTables(cpus: number): AcpiTables {
  const dsdt = table('DSDT', DSDT_REVISION, boardDescription());
  const madt = table('APIC', MADT_REVISION, interruptControllers(cpus));
  const places: number[] = [];
  let end = TABLES + RSDP_SIZE;
  const place = (size: number): number => {
    const at = Math.ceil(end / ALIGNMENT) * ALIGNMENT;
    end = at + size;
    places.push(at);
    return at;
  };
  const dsdtAt = place(dsdt.length), madtAt = place(madt.length), fadtAt = place(FADT.size);
  const fadt = table('FACP', FADT.revision, fixedDescription(dsdtAt));
  const xsdt = table('XSDT', 1, pointers([fadtAt, madtAt]));
  const xsdtAt = place(xsdt.length);
  const bytes = new Uint8Array(end - TABLES);
  bytes.set(rootPointer(xsdtAt));
  for (const [at, content] of [[dsdtAt, dsdt], [madtAt, madt], [fadtAt, fadt], [xsdtAt, xsdt]] as const) bytes.set(content, at - TABLES);
  return { at: TABLES, bytes, rsdp: TABLES };
}

/** Makes the sum of `size` bytes zero, by the byte at `at`. */
function checksum(bytes: Uint8Array, at: number, size: number): void {
  bytes[at] = 0;
  bytes[at] = -bytes.subarray(0, size).reduce((sum, byte) => sum + byte, 0);
}

function rootPointer(xsdt: number): Uint8Array {
  const bytes = new Uint8Array(RSDP_SIZE);
  const view = new DataView(bytes.buffer);
  write(bytes, 0, 'RSD PTR ');
  write(bytes, 9, OEM.id);
  bytes[15] = 2;
  view.setUint32(20, RSDP_SIZE, true);
  view.setBigUint64(24, BigInt(xsdt), true);
  checksum(bytes, 8, 20);
  checksum(bytes, 32, RSDP_SIZE);
  return bytes;
}

/** A table with its header: "System Description Table Header". */
function table(signature: string, revision: number, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEADER + body.length);
  const view = new DataView(bytes.buffer);
  write(bytes, 0, signature);
  view.setUint32(4, bytes.length, true);
  bytes[8] = revision;
  write(bytes, 10, OEM.id);
  write(bytes, 16, OEM.table);
  view.setUint32(24, 1, true);
  write(bytes, 28, OEM.creator);
  view.setUint32(32, 1, true);
  bytes.set(body, HEADER);
  checksum(bytes, 9, bytes.length);
  return bytes;
}

function write(bytes: Uint8Array, at: number, text: string): void {
  for (let i = 0; i < text.length; i += 1) bytes[at + i] = text.charCodeAt(i);
}

function pointers(addresses: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(8 * addresses.length);
  const view = new DataView(bytes.buffer);
  for (const [i, address] of addresses.entries()) view.setBigUint64(8 * i, BigInt(address), true);
  return bytes;
}

/** "Fixed ACPI Description Table", without its header; offsets are those of the specification. */
function fixedDescription(dsdt: number): Uint8Array {
  const bytes = new Uint8Array(FADT.size - HEADER);
  const view = new DataView(bytes.buffer);
  const at = (offset: number): number => offset - HEADER;
  const port = (offset: number, address: number): void => {
    bytes.set([SYSTEM_IO, 8, 0, 1], at(offset));
    view.setBigUint64(at(offset + 4), BigInt(address), true);
  };
  view.setUint32(at(40), dsdt, true);
  bytes[at(108)] = RTC_CENTURY;
  view.setUint16(at(109), NO_VGA, true);
  view.setUint32(at(112), FLAG.wbinvd | FLAG.powerButton | FLAG.sleepButton | FLAG.resetRegister | FLAG.hardwareReduced, true);
  port(116, POWER.reset);
  bytes[at(128)] = POWER.resetValue;
  bytes[at(131)] = 1; // minor version
  view.setBigUint64(at(140), BigInt(dsdt), true);
  port(244, POWER.sleepControl);
  port(256, POWER.sleepStatus);
  return bytes;
}

/** "Multiple APIC Description Table", without its header. NMIs of the board come in by LINT1, as on a PC. */
function interruptControllers(cpus: number): Uint8Array {
  const word = (value: number): number[] => [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24];
  const lapics = Array.from({ length: cpus }, (_, id) => [ENTRY.lapic, 8, id, id, ...word(ENABLED)]);
  return Uint8Array.from([
    ...word(APIC_BASE.address), ...word(0), ...lapics.flat(),
    ENTRY.ioapic, 12, 0, 0, ...word(IOAPIC_ADDRESS), ...word(0),
    ENTRY.lapicNmi, 6, ALL_PROCESSORS, 0, 0, LINT1,
  ]);
}

/** The DSDT's terms: how the machine is switched off, and its devices. */
function boardDescription(): Uint8Array {
  return Uint8Array.from([
    ...named('_S5', listOf([integer(POWER.softOff), integer(0), integer(0), integer(0)])),
    ...scope('\\_SB', [
      device('COM1', [
        named('_HID', eisaId('PNP0501')), named('_UID', integer(1)),
        named('_CRS', resources([ioPorts(SERIAL.port, SERIAL.ports), interrupt(SERIAL.line, 'edge')])),
      ]),
      device('RTC', [named('_HID', eisaId('PNP0B00')), named('_CRS', resources([ioPorts(RTC_PORT, 2)]))]),
      ...Array.from({ length: VIRTIO.slots }, (_, i) => virtioSlot(i)),
    ]),
  ]);
}

/** By the identifier under which Linux knows virtio over MMIO. */
const virtioSlot = (i: number): readonly number[] => device(`VIO${i}`, [
  named('_HID', text('LNRO0005')), named('_UID', integer(i)),
  named('_CRS', resources([memoryRange(VIRTIO.address + i * VIRTIO.size, VIRTIO.size), interrupt(VIRTIO.line + i, 'level')])),
]);
