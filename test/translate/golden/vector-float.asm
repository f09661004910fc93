; Where it is exact.
        addsd xmm0, xmm1
