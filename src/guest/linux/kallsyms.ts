/**
 * The names of a kernel's addresses, as it keeps them for itself: found in its memory, or in its ELF file. Linux, "scripts/kallsyms.c".
 *
 *     up to Linux 6.3      offsets, base, count, names, markers, perhaps an order of names, tokens, index
 *     from Linux 6.4 on    count, names, markers, tokens, index, offsets, base
 *
 * A name is a length and bytes, each of which stands for a token; the first letter of what they make is the symbol's type. The markers
 * say where every 256th name begins; the index, where each token does. All of it is found from the tokens of the ten digits, which
 * stand for themselves. A guest may have anything in its memory, so nothing is believed that does not agree with the rest.
 *
 * Limit: not of kernels without CONFIG_KALLSYMS_BASE_RELATIVE, which no x86-64 with several processors has been for long.
 */

const TOKENS = 256;
const ZERO = '0'.charCodeAt(0);
const DIGITS = 10;
/** Of the index, in bytes. */
const INDEX = 2 * TOKENS;
/** Of each name, in the order of names. */
const SEQUENCE = 3;
/** Names from one marker to the next. */
const STRIDE = 256;
/** More than any kernel has. */
const MOST = 1 << 20;
/** Whoever makes up tables is not followed for ever: so many looks at what may be one. */
const LOOKS = 1 << 22;
const KERNEL = 0xffff_ffff_8000_0000n;
/** No function is longer. */
const NEAR = 0x1_0000n;

const align = (at: number): number => Math.ceil(at / 8) * 8;

interface Looks { left: number }
/** The table, and where its index ends. */
interface Tokens { readonly start: number; readonly end: number; readonly tokens: readonly string[] }
interface Names { readonly count: number; readonly at: number }

export interface KernelSymbol {
  readonly address: bigint;
  /** The letter that nm prints for it. */
  readonly type: string;
  readonly name: string;
}

export class Kallsyms {
  readonly count: number;
  private readonly memory: Uint8Array;
  private readonly view: DataView;
  private readonly tokens: readonly string[];
  private readonly names: number;
  private readonly addresses: BigUint64Array;

  private constructor(memory: Uint8Array, tokens: readonly string[], { count, at }: Names, addresses: BigUint64Array) {
    this.memory = memory;
    this.view = viewOf(memory);
    this.count = count;
    this.tokens = tokens;
    this.names = at;
    this.addresses = addresses;
  }

  /** Undefined when there are none in this memory. */
  static in(memory: Uint8Array): Kallsyms | undefined {
    const looks = { left: LOOKS };
    for (const digits of digitsIn(memory)) {
      const found = tokensAt(memory, digits);
      looks.left -= TOKENS;
      const names = found && namesBefore(memory, found.start, looks);
      const addresses = names && (addressesAt(memory, names.count, names.at - 16 - align(4 * names.count), names.at - 16)
        ?? addressesAt(memory, names.count, align(found.end), align(found.end) + align(4 * names.count)));
      if (looks.left <= 0) return undefined;
      if (addresses !== undefined) return new Kallsyms(memory, found!.tokens, names!, addresses);
    }
    return undefined;
  }

  /** The function in which an address lies, as `name+0x12`; undefined when there is none. */
  nearest(address: bigint): string | undefined {
    let best: KernelSymbol | undefined;
    // They are in the order of their addresses; of those that share one, the first.
    for (const symbol of this.all()) {
      if (symbol.address > address) break;
      if (symbol.address !== best?.address) best = symbol;
    }
    if (best === undefined || address - best.address > NEAR) return undefined;
    const offset = address - best.address;
    return offset === 0n ? best.name : `${best.name}+0x${offset.toString(16)}`;
  }

  *all(): Generator<KernelSymbol> {
    let at = this.names;
    for (let index = 0; index < this.count; index += 1) {
      const { start, end } = nameAt(this.view, at)!;
      let whole = '';
      for (const token of this.memory.subarray(start, end)) whole += this.tokens[token];
      yield { address: this.addresses[index]!, type: whole.slice(0, 1), name: whole.slice(1) };
      at = end;
    }
  }
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView => new DataView(buffer, byteOffset, byteLength);

/** Where "0", "1" ... "9" stand one behind the other, each ended by a zero. */
function* digitsIn(memory: Uint8Array): Generator<number> {
  for (let at = memory.indexOf(ZERO); at !== -1; at = memory.indexOf(ZERO, at + 1)) {
    let digit = 0;
    while (digit < DIGITS && memory[at + 2 * digit] === ZERO + digit && memory[at + 2 * digit + 1] === 0) digit += 1;
    if (digit === DIGITS) yield at;
  }
}

/** The table of tokens, of which the one for "0" is at `digits`, with the index behind it, which must say the same. */
function tokensAt(memory: Uint8Array, digits: number): Tokens | undefined {
  let behind = digits;
  for (let token = ZERO; token < TOKENS; token += 1) {
    behind = memory.indexOf(0, behind) + 1;
    if (behind === 0) return undefined;
  }
  const index = align(behind), view = viewOf(memory);
  if (index + INDEX > memory.length) return undefined;
  const start = digits - view.getUint16(index + 2 * ZERO, true);
  const tokens: string[] = [];
  let at = start;
  for (let token = 0; token < TOKENS; token += 1) {
    const end = memory.indexOf(0, at);
    if (at < 0 || at - start !== view.getUint16(index + 2 * token, true) || end === -1) return undefined;
    tokens.push(String.fromCharCode(...memory.subarray(at, end)));
    at = end + 1;
  }
  return { start, end: index + INDEX, tokens };
}

/** The names before the tokens: the order of names that may lie between them has a length that is not known yet. */
function namesBefore(memory: Uint8Array, tokens: number, looks: Looks): Names | undefined {
  const view = viewOf(memory);
  for (let end = tokens; end > Math.max(0, tokens - SEQUENCE * MOST) && looks.left > 0; end -= 8) {
    const found = namesWithMarkers(view, end, looks);
    looks.left -= 1;
    if (found !== undefined && (end === tokens || end === tokens - align(SEQUENCE * found.count))) return found;
  }
  return undefined;
}

/** The names whose markers end at `end`. */
function namesWithMarkers(view: DataView, end: number, looks: Looks): Names | undefined {
  // The last may be followed by what makes the next table begin at a multiple of 8.
  let at = end - 4;
  if (at >= 0 && view.getUint32(at, true) === 0) at -= 4;
  const last = at < 0 ? 0 : view.getUint32(at, true);
  let markers = 1;
  for (; at >= 4 && view.getUint32(at, true) !== 0; at -= 4, markers += 1) {
    if (view.getUint32(at - 4, true) >= view.getUint32(at, true) || markers > MOST / STRIDE) return undefined;
  }
  if (markers < 2) return undefined;
  // Behind the last marker there are 256 names at most, of at most 0x3fff bytes each; the count is the word before the first one.
  for (let names = at - last - ((at - last) % 8); names >= 8 && at - last - names < STRIDE * 0x100 && looks.left > 0; names -= 8) {
    looks.left -= 1;
    const count = view.getUint32(names - 8, true);
    if (Math.ceil(count / STRIDE) === markers && agree(view, names, count, at, looks)) return { count, at: names };
  }
  return undefined;
}

/** Whether so many names at this place lie where the markers say, and end before these. */
function agree(view: DataView, names: number, count: number, markers: number, looks: Looks): boolean {
  let at = names;
  for (let i = 0; i < count; i += 1) {
    if (i % STRIDE === 0 && view.getUint32(markers + 4 * (i / STRIDE), true) !== at - names) return false;
    const name = nameAt(view, at);
    looks.left -= 1;
    if (name === undefined || name.end > markers) return false;
    at = name.end;
  }
  return align(at) === markers && looks.left > 0;
}

/** A length of 7 bits, or of 14 in two bytes, and behind it the name. */
function nameAt(view: DataView, at: number): { readonly start: number; readonly end: number } | undefined {
  if (at + 2 > view.byteLength) return undefined;
  const low = view.getUint8(at), long = low >= 0x80;
  const start = at + (long ? 2 : 1), length = long ? (low & 0x7f) | (view.getUint8(at + 1) << 7) : low;
  return length === 0 || start + length > view.byteLength ? undefined : { start, end: start + length };
}

/** The addresses of `count` symbols in their order; undefined when these are no offsets to that base. */
function addressesAt(memory: Uint8Array, count: number, offsets: number, base: number): BigUint64Array | undefined {
  if (offsets < 0 || base + 8 > memory.length) return undefined;
  const view = viewOf(memory), from = view.getBigUint64(base, true);
  if (from < KERNEL) return undefined;
  const addresses = new BigUint64Array(count);
  // Some kernels tell what lies in processors' own areas by offsets that are no addresses, and addresses by negative ones.
  let negative = false;
  for (let i = 0; i < count && !negative; i += 1) negative = view.getInt32(offsets + 4 * i, true) < 0;
  for (let i = 0; i < count; i += 1) {
    const offset = view.getInt32(offsets + 4 * i, true);
    addresses[i] = !negative ? from + BigInt(offset) : offset < 0 ? from - 1n - BigInt(offset) : BigInt(offset);
    if (i > 0 && addresses[i]! < addresses[i - 1]!) return undefined;
  }
  return addresses;
}
