; CF and OF are known to be clear.
next: test eax, eax
        js next
