/** Lines of the test device at the I/O APIC. Intel, "82093AA I/O Advanced Programmable Interrupt Controller". */
import { type PortCase, scriptOf } from './script.ts';

/** Nothing comes by the old controllers; the lines rest. */
const BEFORE = 'out 21 ff, out a1 ff, line 14 0, line 15 0, pin 14 10000, pin 15 10000';

const ROUTINES = `
; The low half of an entry (EAX) is what EDI says, and its destination the bootstrap processor.
pin:    mov   edx, 0xfec0_0000
        lea   ecx, [rax * 2 + 0x11]
        mov   [rdx], ecx
        mov   dword [rdx + 16], 0
        dec   ecx
        mov   [rdx], ecx
        mov   [rdx + 16], edi
        ret
entry:  mov   edx, 0xfec0_0000
        lea   ecx, [rax * 2 + 0x10]
        mov   [rdx], ecx
        mov   eax, [rdx + 16]
        mov   ecx, 5
        jmp   hex
eoi:    mov   edx, APIC
        mov   dword [rdx + 0xb0], 0
        ret
`;

export const IOAPIC_CASES: readonly PortCase[] = [
  { name: 'an edge', does: 'pin 14 77, line 14 1, line 14 0, take, eoi, take', writes: '!77' },
  { name: 'one interrupt an edge', does: 'pin 14 77, line 14 1, take, eoi, take, line 14 0, line 14 1, take, eoi', writes: '!77 !77' },
  { name: 'the higher vector first', does: 'pin 14 78, pin 15 66, line 15 1, line 14 1, take, eoi, take, eoi', writes: '!78 !66' },
  { name: 'a level', does: 'pin 14 8077, line 14 1, take, entry 14, line 14 0, eoi, entry 14', writes: '!77 0c077 08077' },
  { name: 'a level that stays', does: 'pin 14 8077, line 14 1, take, eoi, take, line 14 0, eoi, take', writes: '!77 !77' },
  { name: 'a level behind the mask', does: 'pin 14 18077, line 14 1, take, pin 14 8077, take, line 14 0, eoi', writes: '!77' },
];

export const IOAPIC = scriptOf(IOAPIC_CASES, BEFORE, ROUTINES);
