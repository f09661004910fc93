/** Pieces of preparation that several tests share. */
import type { Asm } from './program.ts';

/** Puts a gate on an interrupt stack. */
export const onStack = (vector: number, stack: number): string => `or    byte [IDT + ${vector} * 16 + 4], ${stack}`;

/** Gives the user a gate. */
export const forUser = (vector: number): string => `or    byte [IDT + ${vector} * 16 + 5], 0x60`;

/** Interrupt stacks for what a bad stack leads to: 2 for #DF, 3 for #TS to #PF. */
export const FAULT_STACKS: Asm = [onStack(8, 2), [10, 11, 12, 13, 14].map((vector) => onStack(vector, 3))];

/** Switches the local APIC on by software. */
export const APIC_ON: Asm = ['mov   eax, APIC', 'mov   dword [rax + 0xf0], 0x1ff'];

/** Sends the processor an interrupt with this vector, or with 0x400 an NMI. */
export const sendSelf = (vector: number | string): Asm => ['mov   eax, APIC', `mov   dword [rax + 0x300], 0x4_4000 + ${vector}`];
export const NMI = 0x400;

/** What a hook does for each event; it ends with EAX as 1 when the event is to be resumed. It is the end of a preparation. */
export const hook = (...body: readonly Asm[]): Asm => ['lea   rax, [rel .hook]', 'mov   [rel hook], rax', 'ret', '.hook:', body];

/** Loads GDTR or IDTR. */
export const loadTable = (name: 'gdt' | 'idt', base: string, limit: number | string): Asm => [
  `mov   rax, ${base}`, 'mov   [SCRATCH + 2], rax', `mov   word [SCRATCH], ${limit}`, `l${name}  [SCRATCH]`,
];

/** Loads TR anew, after a change of its descriptor. */
export const RELOAD_TR: Asm = ['mov   byte [GDT + TSS_SELECTOR + 5], 0x89', 'mov   eax, TSS_SELECTOR', 'ltr   ax'];

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
export const MAPPED = 'call  map_pages';

/** What the cases address them with. */
export const PAGE = { rdi: 'TEST_PAGE', rsi: 'TEST_PAGE + 0x1000' } as const;

/** All 32 values of the type field of a descriptor with its S bit, S first. */
export const TYPES: readonly number[] = Array.from({ length: 32 }, (_, type) => type);
export const hex = (value: number | bigint): string => value.toString(16);
/** Bits 47:40 of a descriptor. */
export const access = (type: number, dpl: number, present = true): number => type | (dpl << 5) | (present ? 0x80 : 0);
