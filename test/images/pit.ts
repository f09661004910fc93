/** The interval timer as software can see it without a clock of its own. Intel, "8254 Programmable Interval Timer". */
import { type PortCase, scriptOf } from './script.ts';

/** Line 0 at vector 20H, alone; the gate of the third counter is down. */
const BEFORE = 'out 20 11, out 21 20, out 21 4, out 21 1, out 21 fe, out a1 ff, out 61 0';
/** The first counter comes to rest. */
const STOP = 'out 43 30, out 40 1, out 40 0';

const ROUTINES = `
; Waits until the count of the third counter is loaded.
loaded: mov   edx, 0x43
        mov   al, 0xe8
        out   dx, al
        dec   edx
        in    al, dx
        test  al, 0x40
        jnz   loaded
        ret
; So many interrupts, each with its end.
ticks:  mov   ebx, eax
ticks_next:
        sti
        hlt
        cli
        mov   al, 0x20
        out   0x20, al
        dec   ebx
        jnz   ticks_next
        ret
; So many times the refresh of memory, open for interrupts.
idle:   lea   ebx, [rax * 2]
        sti
idle_next:
        in    al, 0x61
        and   al, 0x10
        cmp   al, [rel refresh]
        je    idle_next
        mov   [rel refresh], al
        dec   ebx
        jnz   idle_next
        cli
        ret
refresh: db   0
ok:     lea   rsi, [rel ok_text]
        jmp   puts
ok_text: db   " ok", 0
`;

export const PIT_CASES: readonly PortCase[] = [
  { name: 'mode 0 gives one interrupt', does: 'out 43 30, out 40 40, out 40 0, ticks 1, idle 20', writes: '!20' },
  {
    name: 'and one more for the next count',
    does: 'out 43 30, out 40 40, out 40 0, ticks 1, out 40 40, out 40 0, ticks 1',
    writes: '!20 !20',
  },
  { name: 'mode 2 goes on', does: `out 43 34, out 40 0, out 40 8, ticks 4, ${STOP}`, writes: '!20 !20 !20 !20' },
  { name: 'mode 3 goes on', does: `out 43 36, out 40 1, out 40 8, ticks 4, ${STOP}`, writes: '!20 !20 !20 !20' },
  { name: 'mode 4 strobes once', does: `out 43 38, out 40 40, out 40 0, ticks 1, idle 20, ${STOP}`, writes: '!20' },
  { name: 'one byte', does: 'out 43 10, out 40 ff, ticks 1, out 43 20, out 40 1, ticks 1', writes: '!20 !20' },
  { name: 'OUT in mode 0', does: 'out 61 1, out 43 b0, out 42 ff, out 42 ff, loaded, out 43 e8, in 42', writes: '30' },
  { name: 'OUT at the end of mode 0', does: 'out 61 1, out 43 b0, out 42 10, out 42 0, until 61 20 20, out 43 e8, in 42', writes: 'b0' },
  {
    name: 'OUT in mode 1', does: 'out 43 b2, out 42 0, out 42 2, out 61 1, until 61 20 0, until 61 20 20, out 61 0, ok', writes: 'ok',
    qemu: ['its pulse is high', 'never ok'],
  },
  {
    name: 'OUT in mode 3',
    does: 'out 61 1, out 43 b6, out 42 0, out 42 2, until 61 20 20, until 61 20 0, until 61 20 20, ok',
    writes: 'ok',
  },
  { name: 'the gate can be read', does: 'out 61 3, until 61 3 3, out 61 0, until 61 3 0, ok', writes: 'ok' },
];

export const PIT = scriptOf(PIT_CASES, BEFORE, ROUTINES);
