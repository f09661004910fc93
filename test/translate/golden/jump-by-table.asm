; An indirect jump is compared with what is executed often.
        lea rsi, [rel places]
next: mov eax, ecx
        and eax, 1
        jmp [rsi + rax * 8]
odd: add rbx, 1
        jmp both
even: add rdx, 1
both: dec ecx
        jnz next
        jmp done
        align 8
places: dq even, odd
done:
