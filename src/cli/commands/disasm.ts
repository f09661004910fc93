/** `vpmu disasm`: instructions as text. */
import { hex } from '../../base/u64.ts';
import { type Image, nearestSymbol } from '../../guest/image.ts';
import { flatImage } from '../../guest/load.ts';
import { platformOf } from '../../lab/platform.ts';
import { programOf } from '../../lab/program.ts';
import { ALL_FEATURES, Decoder, type NotDecoded } from '../../x86/isa/decode.ts';
import { disassemble } from '../../x86/isa/disassemble.ts';
import { type Io, STATUS, UserError } from '../io.ts';
import { toJson } from '../json.ts';
import { findSubject } from '../subject.ts';

export interface DisasmOptions { readonly json?: boolean; readonly at?: string; readonly count?: string }

interface Line { readonly address: bigint; readonly bytes: string; readonly text: string; readonly label: string | undefined }

const DEFAULT_COUNT = 200;

export function disasm(io: Io, what: string, options: DisasmOptions): number {
  const literal = /^(?:0x)?((?:[0-9a-f]{2}\s*)+)$/i.exec(what);
  const image = literal ? ofBytes(literal[1]!.replace(/\s/g, ''), options) : imageOf(io, what);
  const from = options.at === undefined ? image.entry : address(options.at);
  const count = options.count === undefined ? DEFAULT_COUNT : Number(options.count);
  if (!Number.isInteger(count) || count < 1) throw new UserError(`--count takes a positive integer, not '${options.count}'`);
  const lines = listing(image, from, count);
  if (lines.length === 0) throw new UserError(`${hex(from)} is not in ${image.name}`);
  if (options.json) io.out(toJson(lines));
  else for (const line of lines) print(io, line);
  return STATUS.success;
}

function imageOf(io: Io, what: string): Image {
  const { scenario, image } = findSubject(io, what);
  return image ?? programOf(scenario, image, platformOf(scenario));
}

function ofBytes(text: string, { at }: DisasmOptions): Image {
  const image = flatImage('the bytes', Uint8Array.from(text.match(/../g)!, (byte) => Number.parseInt(byte, 16)));
  const start = at === undefined ? 0 : Number(address(at));
  return { ...image, entry: BigInt(start), segments: image.segments.map((segment) => ({ ...segment, at: start })) };
}

function address(text: string): bigint {
  if (!/^(0x[0-9a-f]+|\d+)$/i.test(text)) throw new UserError(`--at takes an address such as 0x100000, not '${text}'`);
  return BigInt(text);
}

function listing(image: Image, from: bigint, count: number): Line[] {
  const decoder = new Decoder(ALL_FEATURES);
  const segment = image.segments.find(({ at, bytes }) => from >= BigInt(at) && from < BigInt(at + bytes.length));
  if (segment === undefined) return [];
  const labels = new Map([...image.symbols].map(([name, value]) => [value, name]));
  const lines: Line[] = [];
  for (let at = Number(from) - segment.at; at < segment.bytes.length && lines.length < count;) {
    const decoded = decoder.decode(segment.bytes, at, segment.bytes.length, image.mode === '64-bit' ? 64 : 32);
    const here = BigInt(segment.at + at);
    const bytes = segment.bytes.subarray(at, at + (typeof decoded === 'string' ? 1 : decoded.length));
    const text = typeof decoded === 'string' ? asData(bytes, decoded) : disassemble(decoded, here, (to) => nearestSymbol(image, to));
    lines.push({ address: here, bytes: Array.from(bytes, digits).join(''), text, label: labels.get(here) });
    at += bytes.length;
  }
  return lines;
}

const digits = (byte: number): string => byte.toString(16).padStart(2, '0');

/** A byte that begins no instruction, and why. */
const asData = ([byte]: Uint8Array, why: NotDecoded): string => `db 0x${byte!.toString(16)}  ; ${why}`;

function print(io: Io, { address: at, bytes, text, label }: Line): void {
  if (label !== undefined) io.out(`${label}:`);
  io.out(`  ${hex(at).padEnd(12)} ${bytes.padEnd(22)} ${text}`);
}
