# Adds 5, 4, 3, 2 and 1 in memory, and ends with the sum as its status: something to watch with a debugger.
        .globl _start
        .text
_start: mov $5, %ecx
again:  add %ecx, counter(%rip)
        dec %ecx
        jnz again
last:   mov counter(%rip), %edi
        mov $60, %eax
        syscall
        .data
        .globl counter
counter: .long 0
