/**
 * A ROM for QEMU in place of its firmware: it holds what the firmware of our board leaves below 1 MiB, and code that brings the
 * processor from its reset to where the image is entered, in 32-bit protected mode. So both machines begin with the same bytes in the
 * same places.
 */
import type { Start } from './together.ts';

const TOP = 0x10_0000;
/** As much as a PC shows of its ROM below 1 MiB. */
export const ROM = { at: 0xe_0000, size: 0x2_0000 } as const;
const START = 0xf_ff00;
const PROTECTED = START + 0x20;
const GDT = START + 0x60;
const RESET = 0xf_fff0;

const word = (value: number): number[] => [value & 0xff, (value >>> 8) & 0xff];
const long = (value: number): number[] => [...word(value), ...word(value >>> 16)];
/** As in `bootProtected`: flat code at 08H, flat data at 10H; and the pointer for LGDT behind them. */
const DESCRIPTORS = [0n, 0x00cf_9b00_0000_ffffn, 0x00cf_9300_0000_ffffn].flatMap((descriptor) =>
  Array.from({ length: 8 }, (_, i) => Number((descriptor >> BigInt(8 * i)) & 0xffn)));
const POINTER = GDT + DESCRIPTORS.length;

/** What the ROM holds, and what our machine must have there. */
export function rom({ segments, entry, startInfo }: Start): Uint8Array {
  const bytes = new Uint8Array(ROM.size);
  const put = (at: number, content: ArrayLike<number>): void => bytes.set(content, at - ROM.at);
  for (const { at, bytes: content } of segments) if (inRom(at)) put(at, content);
  put(START, [
    0x66, 0x2e, 0x0f, 0x01, 0x16, ...word(POINTER), //      lgdt  cs:[pointer]
    0x66, 0xb8, ...long(0x11), //                           mov   eax, CR0.PE + ET
    0x0f, 0x22, 0xc0, //                                    mov   cr0, eax
    0x66, 0xea, ...long(PROTECTED), ...word(8), //          jmp   8:protected
  ]);
  put(PROTECTED, [
    0x66, 0xb8, ...word(0x10), //                           mov   ax, 10h
    0x8e, 0xd8, 0x8e, 0xc0, 0x8e, 0xd0, 0x8e, 0xe0, 0x8e, 0xe8, // mov ds, es, ss, fs, gs from ax
    0xbb, ...long(startInfo ?? 0), //                       mov   ebx, start_info
    0xe9, ...long(Number(entry) - (PROTECTED + 24)), //     jmp   entry
  ]);
  put(GDT, DESCRIPTORS);
  put(POINTER, [...word(DESCRIPTORS.length - 1), ...long(GDT)]);
  put(RESET, [0xe9, ...word(START - (RESET + 3))]); //       jmp   start
  return bytes;
}

export const inRom = (at: number): boolean => at >= ROM.at && at < TOP;
