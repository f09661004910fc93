/**
 * A driver of a disk in machine code, which says what it does as the output of a command with status 3, and the disk that it is made for.
 */
import { assemble } from '../../src/x86/isa/assemble.ts';
import { kernelOf } from './kernel.ts';

/**
 * Calls a routine at 1800000H, has the disk write its first sector over it, sleeps until the interrupt, calls it again, writes the sector
 * to the disk's second one, and switches the machine off. Descriptors are at 1900000H, rings 1000H and 2000H behind them.
 */
export const DISK_KERNEL = kernelOf(`
        lea   rax, [rel taken]
        lea   rdi, [rel idt + 0x240]
        mov   [rdi], ax
        mov   word [rdi + 2], 8
        mov   word [rdi + 4], 0x8e00
        shr   rax, 16
        mov   [rdi + 6], ax
        mov   qword [rdi + 8], 0
        lea   rax, [rel idt]
        mov   [rel table + 2], rax
        lidt  [rel table]
        lea   rsi, [rel begin]
        call  print
        mov   ebx, 0xfee00000
        mov   dword [rbx + 0xf0], 0x1ff
        mov   ecx, 0xfec00000
        mov   dword [rcx], 0x30
        mov   dword [rcx + 0x10], 0x8024
        mov   ebp, 0xfeb00000
        mov   dword [rbp + 0x70], 0
        mov   dword [rbp + 0x70], 3
        mov   dword [rbp + 0x24], 1
        mov   dword [rbp + 0x20], 1
        mov   dword [rbp + 0x70], 11
        mov   dword [rbp + 0x38], 8
        mov   dword [rbp + 0x80], 0x1900000
        mov   dword [rbp + 0x90], 0x1901000
        mov   dword [rbp + 0xa0], 0x1902000
        mov   dword [rbp + 0x44], 1
        mov   dword [rbp + 0x70], 15
        mov   r8d, 0x1900000
        ; header, 512 bytes that the device writes, status
        mov   qword [r8], 0x1903000
        mov   dword [r8 + 8], 16
        mov   dword [r8 + 12], 0x10001
        mov   qword [r8 + 16], 0x1800000
        mov   dword [r8 + 24], 512
        mov   dword [r8 + 28], 0x20003
        mov   qword [r8 + 32], 0x1904000
        mov   dword [r8 + 40], 1
        mov   dword [r8 + 44], 2
        ; mov al, 'a'; ret
        mov   dword [0x1800000], 0x00c361b0
        mov   r9d, 3
warm:   mov   eax, 0x1800000
        call  rax
        call  say
        dec   r9d
        jnz   warm
        call  ask
        mov   eax, 0x1800000
        call  rax
        call  say
        ; the same as a write of the second sector
        mov   dword [0x1903000], 1
        mov   dword [0x1903008], 1
        mov   dword [r8 + 28], 0x20001
        call  ask
        mov   al, [0x1904000]
        add   al, 48
        call  say
        lea   rsi, [rel end]
        call  print
        mov   edx, 0x600
        mov   eax, 0x34
        out   dx, al
        hlt
ask:    mov   ax, [0x1901002]
        inc   ax
        mov   [0x1901002], ax
        mov   dword [rbp + 0x50], 0
        sti
        hlt
        cli
        ret
say:    mov   edx, 0x3f8
        out   dx, al
        ret
print:  mov   al, [rsi]
        call  say
        inc   rsi
        cmp   byte [rsi], 0
        jne   print
        ret
taken:  mov   eax, [rbp + 0x60]
        mov   [rbp + 0x64], eax
        add   al, 72
        mov   edx, 0x3f8
        out   dx, al
        mov   dword [rbx + 0xb0], 0
        iretq
begin:  db    ${[...Buffer.from('\x01vpmu\x02'), 0].join(', ')}
end:    db    ${[...Buffer.from('\x03vpmu 3\x04'), 0].join(', ')}
table:  dw    0xfff
        dq    0
        align 16
idt:    resb  0x1000
`);

/** Two sectors, the first of which begins with a routine that another letter comes of. */
export const DISK_IMAGE = new Uint8Array(1024);
DISK_IMAGE.set(assemble('mov al, 98\nret', 0n, new Map()).bytes);
DISK_IMAGE.set(Buffer.from('first'), 500);

/** The routine's letter three times, an interrupt, whose letter is 72 and its reason, the other letter, an interrupt, and the status. */
export const DISK_OUTPUT = 'aaaIbI0';
export const DISK_SAID = `\x01vpmu\x02${DISK_OUTPUT}\x03vpmu 3\x04`;
