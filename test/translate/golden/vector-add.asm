; Vectors are WebAssembly's.
        paddd xmm0, xmm1
