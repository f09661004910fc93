/** Sequences at the ports of the two interrupt controllers of a PC. Intel, "8259A Programmable Interrupt Controller". */
import { type PortCase, scriptOf } from './script.ts';

const LINES = [3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15];
/**
 * Vectors from 20H and 28H on; what a PC has at inputs 0, 1 and 8 is masked. A masked input still shows in the requests: counter 0 of
 * the timer, which a BIOS leaves ticking, waits in mode 1 for a gate that never rises.
 */
const BEFORE = [
  'out 43 32, out 40 0, out 40 0',
  ...LINES.map((line) => `line ${line} 0`), 'out 4d0 0, out 4d1 0', 'out 20 11, out 21 20, out 21 4, out 21 1, out 21 3',
  'out a0 11, out a1 28, out a1 2, out a1 1, out a1 1',
].join(', ');
/** The first controller again, with another last initialization command word. */
const again = (icw4: number): string => `out 20 11, out 21 20, out 21 4, out 21 ${icw4.toString(16)}, out 21 3`;

export const PIC_CASES: readonly PortCase[] = [
  { name: 'an edge', does: 'line 3 1, in 20, take, in 20', writes: '08 !23 00' },
  { name: 'one interrupt an edge', does: 'line 3 1, take, out 20 20, take, line 3 0, line 3 1, take', writes: '!23 !23' },
  {
    name: 'a request that falls', does: 'line 3 1, line 3 0, in 20, take', writes: '00',
    qemu: ['an edge is kept, where the input would have to stay until it is acknowledged', '08 !23'],
  },
  { name: 'a mask', does: 'out 21 a5, in 21', writes: 'a5' },
  { name: 'a masked request waits', does: 'out 21 b, line 3 1, in 20, take, out 21 3, take', writes: '08 !23' },
  { name: 'a lower input waits', does: 'line 5 1, line 3 1, take, in 20, out 20 b, in 20, take, out 20 20, take', writes: '!23 20 08 !25' },
  { name: 'a higher input interrupts', does: 'line 5 1, take, line 3 1, take, out 20 b, in 20', writes: '!25 !23 28' },
  { name: 'specific end', does: 'line 5 1, take, line 3 1, take, out 20 65, out 20 b, in 20', writes: '!25 !23 08' },
  { name: 'end without interrupt', does: 'out 20 20, line 3 1, take, out 20 63, out 20 63, out 20 b, in 20', writes: '!23 00' },
  {
    name: 'rotation on end', does: 'line 3 1, take, out 20 a0, line 4 1, line 3 0, line 3 1, take, out 20 20, take', writes: '!23 !24 !23',
  },
  {
    name: 'rotation on specific end', does: 'line 3 1, take, out 20 e3, out 20 b, in 20, line 4 1, line 3 0, line 3 1, take',
    writes: '!23 00 !24',
  },
  { name: 'priority that is set', does: 'out 20 c4, line 3 1, line 5 1, take, out 20 20, take', writes: '!25 !23' },
  { name: 'automatic end', does: `${again(3)}, line 3 1, take, out 20 b, in 20, line 5 1, take`, writes: '!23 00 !25' },
  {
    name: 'rotation on automatic end', does: `${again(3)}, out 20 80, line 3 1, take, line 3 0, line 3 1, line 5 1, take`,
    writes: '!23 !25 !23',
  },
  {
    name: 'rotation switched off', does: `${again(3)}, out 20 80, out 20 0, line 3 1, take, line 3 0, line 3 1, line 5 1, take`,
    writes: '!23 !23 !25',
  },
  {
    name: 'special mask', does: 'line 3 1, take, out 21 b, line 5 1, take, out 20 68, take, out 20 b, in 20', writes: '!23 !25 28',
    qemu: ['it does not look at its requests when the mode changes', '!23 08'],
  },
  {
    name: 'end in special mask mode',
    does: 'line 3 1, take, out 21 b, out 20 68, line 5 1, take, out 20 b, out 20 20, in 20, out 20 20, in 20',
    writes: '!23 !25 08 08', qemu: ['an end that names no input ends a masked one, too', '!23 !25 20 00'],
  },
  { name: 'poll', does: 'line 3 1, line 5 1, out 20 c, in 20, out 20 b, in 20, out 20 c, in 20', writes: '83 08 00' },
  { name: 'poll at the other port', does: 'line 3 1, out 20 c, in 21, in 21', writes: '83 03' },
  {
    name: 'poll of the second', does: 'line 10 1, out a0 c, in a0, out a0 b, in a0, in 20', writes: '82 04 00',
    qemu: ['the first keeps the edge of the second, which asks for nothing any more', '82 04 04'],
  },
  { name: 'the second', does: 'line 10 1, in 20, in a0, take, out 20 b, in 20, out a0 b, in a0', writes: '04 04 !2a 04 04' },
  { name: 'two ends', does: 'line 10 1, line 12 1, take, out a0 20, take, out 20 20, take', writes: '!2a !2c' },
  { name: 'the second does not interrupt itself', does: 'line 12 1, take, line 9 1, take', writes: '!2c' },
  { name: 'special fully nested', does: `${again(0x11)}, line 12 1, take, line 9 1, take`, writes: '!2c !29' },
  { name: 'the second lies between inputs 1 and 3', does: 'line 3 1, line 15 1, take, out a0 20, out 20 20, take', writes: '!2f !23' },
  {
    name: 'masked in the second', does: 'line 11 1, in 20, out a1 9, in 20, take', writes: '04 00',
    qemu: ['the first keeps the edge, and the second then has no request: a spurious one', '04 04 !2f'],
  },
  { name: 'which register is read stays', does: 'out 20 b, line 3 1, in 20, take, in 20, out 20 a, in 20', writes: '00 !23 08 00' },
  {
    name: 'initialization clears',
    does: 'line 3 1, take, out 21 ff, out 20 11, out 21 20, out 21 4, out 21 1, in 21, in 20, out 20 b, in 20',
    writes: '!23 00 00 00',
  },
  {
    name: 'an edge after initialization',
    does: `line 3 1, ${again(1)}, in 20, line 3 1, in 20, line 3 0, line 3 1, in 20`,
    writes: '00 00 08',
    qemu: ['an input that stayed asserted makes an edge', '00 08 08'],
  },
  { name: 'alone', does: 'out 20 13, out 21 40, out 21 1, out 21 3, in 21, line 3 1, take', writes: '03 !43' },
  { name: 'low bits of the vector', does: 'out 20 11, out 21 27, out 21 4, out 21 1, out 21 3, line 3 1, take', writes: '!23' },
  { name: 'a level', does: 'out 4d0 20, line 5 1, take, out 20 20, take, line 5 0, out 20 20, take, in 4d0', writes: '!25 !25 20' },
  { name: 'a level that falls', does: 'out 4d0 20, line 5 1, line 5 0, in 20, take', writes: '00' },
  { name: 'a level of the second', does: 'out 4d1 4, line 10 1, take, out a0 20, out 20 20, take', writes: '!2a !2a' },
  { name: 'inputs that have no level', does: 'out 4d0 ff, out 4d1 ff, in 4d0, in 4d1', writes: 'f8 de' },
];

export const PIC = scriptOf(PIC_CASES, BEFORE);
