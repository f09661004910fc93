; Memory is written in either case.
        lock cmpxchg [rbx], rcx
