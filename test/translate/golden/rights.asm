; Behind STAC and CLAC the TLB is another one, which is asked for the page.
        stac
        mov   rax, [rsi]
        clac
        add   rbx, rax
