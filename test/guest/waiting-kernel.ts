/**
 * A kernel that waits as Linux' init does: it writes a letter to memory, says that it is ready, and then says that letter and all that it
 * is sent up to an empty line, as its output, and ends with status 7. The port's FIFO holds what comes meanwhile.
 */
import { kernelOf } from './kernel.ts';

const text = (letters: string): string => [...Buffer.from(letters), 0].join(', ');

export const WAITING = kernelOf(`
        mov   byte [0x2000000], 109
        mov   edx, 0x3fa
        mov   al, 1
        out   dx, al
        lea   rsi, [rel ready]
        call  print
        call  take
        lea   rsi, [rel begin]
        call  print
        mov   esi, 0x2000000
        call  print
echo:   mov   al, bl
        mov   edx, 0x3f8
        out   dx, al
        mov   bh, bl
        call  take
        cmp   bx, 0x0a0a
        jne   echo
        lea   rsi, [rel end]
        call  print
here:   jmp   here
take:   mov   ecx, 100
delay:  dec   ecx
        jnz   delay
        mov   edx, 0x3fd
        in    al, dx
        test  al, 1
        jz    take
        mov   edx, 0x3f8
        in    al, dx
        mov   bl, al
        ret
print:  mov   edx, 0x3f8
next:   mov   al, [rsi]
        out   dx, al
        inc   rsi
        cmp   byte [rsi], 0
        jne   next
        ret
ready:  db    ${text('\x01vpmu ready\x02')}
begin:  db    ${text('\x01vpmu\x02')}
end:    db    ${text('\x03vpmu 7\x04')}
`);
