import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Seeded } from '../../base/choice.ts';
import { Kallsyms, type KernelSymbol } from './kallsyms.ts';

// Tables as Linux' scripts/kallsyms.c writes them, around which there is something else. Those of real kernels: test/linux.

const BASE = 0xffff_ffff_8100_0000n;
/** In the order of their addresses, with aliases, and long and short names; the first two lie in processors' own areas. */
const SYMBOLS: readonly KernelSymbol[] = [
  { address: 0n, type: 'A', name: 'fixed_percpu_data' },
  { address: 0x1000n, type: 'A', name: 'cpu_debug_store' },
  ...Array.from({ length: 700 }, (_, i): KernelSymbol => (
    { address: BASE + BigInt(0x20 * (i >> 1)), type: i % 3 === 0 ? 'T' : 't', name: i === 400 ? 'x'.repeat(300) : `function_${i}` })),
];

type Order = 'first' | 'with an order of names' | 'last';

/** In the order of Linux 6.1, of its stable versions, or of those from 6.4 on. */
function tables(order: Order, symbols: readonly KernelSymbol[]): Uint8Array {
  const parts: Buffer[] = [];
  let length = 0;
  const put = (part: Buffer): void => {
    const padded = Buffer.concat([part, Buffer.alloc((8 - (part.length % 8)) % 8)]);
    parts.push(padded);
    length += padded.length;
  };
  const numbers = (width: 2 | 4, values: readonly number[]): Buffer => {
    const bytes = Buffer.alloc(width * values.length);
    for (const [i, value] of values.entries()) bytes.writeUIntLE(width === 2 ? value : value >>> 0, width * i, width);
    return bytes;
  };
  const percpu = symbols.some(({ address }) => address < BASE);
  const offsets = numbers(4, symbols.map(({ address }) =>
    Number(!percpu ? address - BASE : address < BASE ? address : BASE - 1n - address)));
  const base = Buffer.alloc(8);
  base.writeBigUInt64LE(BASE);
  // One token of two letters; letters that no name has are free for such.
  const tokens = Array.from({ length: 256 }, (_, i) => (i === 1 ? 'fu' : i >= 0x20 && i < 0x7f ? String.fromCharCode(i) : ''));
  const markers: number[] = [];
  let at = 0;
  const names = Buffer.concat(symbols.map(({ type, name }, i) => {
    if (i % 256 === 0) markers.push(at);
    const packed = Buffer.from(`${type}${name}`.replace('fu', '\x01'), 'latin1');
    const long = packed.length >= 0x80;
    const entry = Buffer.concat([Buffer.from(long ? [(packed.length & 0x7f) | 0x80, packed.length >> 7] : [packed.length]), packed]);
    at += entry.length;
    return entry;
  }));
  const starts: number[] = [];
  const table = Buffer.from(tokens.map((token) => {
    starts.push(starts.length === 0 ? 0 : starts.at(-1)! + tokens[starts.length - 1]!.length + 1);
    return `${token}\0`;
  }).join(''), 'latin1');
  // What lies before is no table, and neither is the ASCII that comes first.
  put(Buffer.from(`${tokens.join('\0')}\0`, 'latin1'));
  if (order !== 'last') for (const part of [offsets, base]) put(part);
  put(numbers(4, [symbols.length]));
  put(names);
  put(numbers(4, markers));
  if (order === 'with an order of names') put(Buffer.alloc(3 * symbols.length, 0x55));
  put(table);
  put(numbers(2, starts));
  if (order === 'last') for (const part of [offsets, base]) put(part);
  put(Buffer.alloc(3000, 0x33));
  return Buffer.concat(parts, length);
}

test('names of all addresses are found in memory, in each order of the tables', () => {
  const kernelOnly = SYMBOLS.filter(({ address }) => address >= BASE);
  for (const order of ['first', 'with an order of names', 'last'] as const) for (const symbols of [SYMBOLS, kernelOnly]) {
    const found = Kallsyms.in(tables(order, symbols))!;
    assert.deepEqual([...found.all()], symbols, order);
    for (const [address, name] of [
      // Of two names for one address the first one.
      [BASE, 'function_0'], [BASE + 1n, 'function_0+0x1'], [BASE + 0x20n * 200n + 0x1fn, `${'x'.repeat(300)}+0x1f`],
      [BASE + 0x20n * 349n + 0x1_0000n, 'function_698+0x10000'], [BASE + 0x20n * 349n + 0x1_0001n, undefined],
    ] as const) assert.equal(found.nearest(address), name);
  }
});

test('memory without such tables has no names, and tables that were changed are read or not, and nothing else', () => {
  assert.equal(Kallsyms.in(new Uint8Array(100)), undefined);
  assert.equal(Kallsyms.in(Buffer.from([...'0123456789'].map((digit) => `${digit}\0`).join(''), 'latin1')), undefined);
  const random = new Seeded(1);
  let read = 0;
  for (let i = 0; i < 1000; i += 1) {
    const bytes = tables(i % 2 === 0 ? 'first' : 'last', SYMBOLS);
    bytes[random.pick(bytes.length, 'where')]! ^= 1 + random.pick(255, 'bits');
    const found = Kallsyms.in(i % 5 === 0 ? bytes.subarray(0, random.pick(bytes.length, 'length')) : bytes);
    if (found === undefined) continue;
    read += 1;
    assert.equal([...found.all()].length, SYMBOLS.length);
    found.nearest(BASE + 100n);
  }
  assert.ok(read > 300 && read < 900, `${read}`);
});
