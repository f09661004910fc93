; CF is read.
        rcl eax, 1
