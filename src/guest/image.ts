/** A program for the machine: bytes, entry point and names. It knows nothing of what runs it. */

export interface Segment {
  /** Guest physical address. */
  readonly at: number;
  readonly bytes: Uint8Array;
  /** Bytes in memory, of which those beyond `bytes` are zero. */
  readonly size: number;
}

/** What a multiboot loader tells the image that it starts, besides what it knows of the machine. */
export interface MultibootStart {
  readonly commandLine: string;
  /** Other files in memory, each with words of its own: by custom its name, and what the image is to know of it. */
  readonly modules: readonly { readonly at: number; readonly size: number; readonly commandLine: string }[];
}

/** An instruction of a program that was assembled here, with its source line. */
interface Listed {
  readonly address: bigint;
  readonly length: number;
  readonly source: string;
}

export interface Image {
  readonly name: string;
  /** The physical address at which it is entered. */
  readonly entry: bigint;
  /** The mode of the processor in which it wants to be entered. */
  readonly mode: '64-bit' | '32-bit';
  /**
   * Of a Linux kernel: where its `struct boot_params` lies, which RSI then points to. The first processor begins alone; any other
   * program has all of them from its first instruction on.
   */
  readonly bootParams?: number;
  /** The same of a kernel that is started by PVH, in 32-bit mode: where its `struct hvm_start_info` lies, which EBX then points to. */
  readonly startInfo?: number;
  /** Of a multiboot image. */
  readonly multiboot?: MultibootStart;
  readonly segments: readonly Segment[];
  /** Empty for a flat image, and for an ELF file without a symbol table. */
  readonly symbols: ReadonlyMap<string, bigint>;
  readonly listing: readonly Listed[];
}

/** What is left of it when its segments are in memory, which need not be there twice. */
export type Loaded = Omit<Image, 'segments'>;
export const loaded = ({ segments: _segments, ...rest }: Image): Loaded => rest;

/** Its first processor begins alone. */
export const isLinux = ({ bootParams, startInfo }: Pick<Image, 'bootParams' | 'startInfo'>): boolean =>
  bootParams !== undefined || startInfo !== undefined;

/** A file that is no image, or not one that can be run. The message is one line and says what is wrong. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
}

/** The symbol at or before an address, as `name+0x12`; undefined when none is near. */
export function nearestSymbol({ symbols }: Pick<Image, 'symbols'>, address: bigint): string | undefined {
  let best: [string, bigint] | undefined;
  for (const entry of symbols) {
    if (entry[1] <= address && (best === undefined || entry[1] > best[1])) best = entry;
  }
  if (best === undefined || address - best[1] > 0x10000n) return undefined;
  return address === best[1] ? best[0] : `${best[0]}+0x${(address - best[1]).toString(16)}`;
}
