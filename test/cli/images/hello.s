# Says hello on the serial port, and ends with 0. The image beside it was made by
#   as hello.s -o hello.o && ld -n -e start -Ttext 0x200000 hello.o -o hello.elf
        .globl start
start:  lea   message(%rip), %rsi
        mov   $0x3f8, %edx
next:   lodsb
        test  %al, %al
        jz    finish
        out   %al, %dx
        jmp   next
finish: xor   %eax, %eax
        mov   $0xf4, %edx
        out   %eax, %dx
        hlt
message: .asciz "hello\n"
