/** Pieces of preparation that several tests share. */

/** Puts a gate on an interrupt stack. */
export const onStack = (vector: number, stack: number): string => `        or    byte [IDT + ${vector} * 16 + 4], ${stack}\n`;

/** Switches the local APIC on by software. */
export const APIC_ON = `
        mov   eax, APIC
        mov   dword [rax + 0xf0], 0x1ff
`;

/** Sends the processor an interrupt with this vector, or with 0x400 an NMI. */
export const sendSelf = (vector: number | string): string => `
        mov   eax, APIC
        mov   dword [rax + 0x300], 0x4_4000 + ${vector}
`;
export const NMI = 0x400;

/** What a hook does for each event; it ends with EAX as 1 when the event is to be resumed. It follows a RET. */
export const hook = (body: string): string => `
        lea   rax, [rel .hook]
        mov   [rel hook], rax
        ret
.hook:
${body}`;

/** Four pages of the cases from TEST_PAGE on, each with its number in every quadword; nothing behind them. */
export const MAP_PAGES = `
map_pages:
        push  rax
        push  rcx
        push  rdi
        mov   qword [PML4 + 8], TEST_PDPT + 7
        mov   qword [TEST_PDPT], TEST_DIRECTORY + 7
        mov   qword [TEST_DIRECTORY + 16], TEST_TABLE + 7
        mov   rdi, TEST_TABLE
        xor   eax, eax
        mov   ecx, 512
        rep stosq
        mov   qword [TEST_TABLE], TEST_PHYSICAL + 7
        mov   qword [TEST_TABLE + 8], TEST_PHYSICAL + 0x1007
        mov   qword [TEST_TABLE + 16], TEST_PHYSICAL + 0x2007
        mov   qword [TEST_TABLE + 24], TEST_PHYSICAL + 0x3007
        mov   rdi, TEST_PHYSICAL
map_fill:
        mov   rax, rdi
        shr   rax, 12
        mov   ecx, 512
        rep stosq
        cmp   rdi, TEST_PHYSICAL + 0x4000
        jb    map_fill
        mov   rax, cr3
        mov   cr3, rax
        pop   rdi
        pop   rcx
        pop   rax
        ret
`;
export const MAPPED = '        call  map_pages\n';

/** All 32 values of the type field of a descriptor with its S bit, S first. */
export const TYPES: readonly number[] = Array.from({ length: 32 }, (_, type) => type);
export const hex = (value: number | bigint): string => value.toString(16);
/** Bits 47:40 of a descriptor. */
export const access = (type: number, dpl: number, present = true): number => type | (dpl << 5) | (present ? 0x80 : 0);
