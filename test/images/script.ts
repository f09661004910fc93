/**
 * Cases that are written as what they do to a board's ports: an image does one after the other, and writes a line for each.
 *
 *     out 20 11       a byte to a port              in 20          a byte from it, which is written
 *     line 3 1        a line of the test device     take           opens for interrupts, which write !vv
 *     until 61 20 20  reads until bits are so       others         routines of the image, with a number in EAX
 */
export interface PortCase {
  readonly name: string;
  readonly does: string;
  /** What it writes, by the manual. */
  readonly writes: string;
  /** Why an emulator writes something else, and what. */
  readonly qemu?: readonly [why: string, writes: string];
}

const hex = (text: string | undefined): string => `0x${text}`;

function codeOf(operation: string): string[] {
  const [word, first = '0', second, third] = operation.trim().split(/\s+/);
  switch (word) {
    case 'out': return [`mov   edx, ${hex(first)}`, `mov   al, ${hex(second)}`, 'out   dx, al'];
    case 'in': return [`mov   edx, ${hex(first)}`, 'in    al, dx', 'call  hex2'];
    case 'line': return [`mov   edx, ${0x2000 + Number(first)}`, `mov   al, ${second}`, 'out   dx, al'];
    case 'take': return ['sti', 'nop', 'nop', 'cli'];
    case 'until': return [`mov   edx, ${hex(first)}`, `mov   esi, ${hex(second)}`, `mov   edi, ${hex(third)}`, 'call  until'];
    default: return [`mov   eax, ${first}`, ...(second === undefined ? [] : [`mov   edi, ${hex(second)}`]), `call  ${word}`];
  }
}

/** The code of operations that are separated by commas. */
const codeOfAll = (operations: string): string => operations.split(',').flatMap(codeOf).join('\n        ');

/** A `main` that runs cases; `before` is done before each. */
export function scriptOf(cases: readonly PortCase[], before: string, routines = ''): string {
  const bodies = cases.map(({ name, does }, i) => `
        lea   rsi, [rel name_${i}]
        call  puts
        call  before
        ${codeOfAll(does)}
        call  newline
        jmp   case_${i + 1}
name_${i}: db "${name}:", 0
case_${i + 1}:`);
  return `
main:   lea   rax, [rel taken]
        mov   [rel hook], rax
        ; the timer has come to the end of its only count, and changes no more
        ${codeOfAll('out 43 30, out 40 1, out 40 0')}
main_timer:
        ${codeOfAll('out 43 e2')}
        mov   edx, 0x40
        in    al, dx
        test  al, 0x80
        jz    main_timer
        ${bodies.join('\n')}
        xor   eax, eax
        ret
; An interrupt, by its vector.
taken:  mov   al, 32
        call  putc
        mov   al, 33
        call  putc
        mov   eax, edi
        mov   ecx, 2
        jmp   digits
until:  mov   ecx, 1_000_000
until_next:
        in    al, dx
        and   eax, esi
        cmp   eax, edi
        je    until_end
        loop  until_next
        lea   rsi, [rel never]
        call  puts
until_end:
        ret
never:  db    " never", 0
before: ${codeOfAll(before)}
        ret
${routines}
`;
}

/** What an image writes in the end, here or in an emulator. */
export const written = (cases: readonly PortCase[], emulated = false): string =>
  cases.map(({ name, writes, qemu }) => `${name}:${[emulated && qemu !== undefined ? qemu[1] : writes].map((text) =>
    (text === '' ? '' : ` ${text}`)).join('')}\n`).join('');
