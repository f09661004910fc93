; Both words must be in reach before either is written.
        lock cmpxchg16b [rdi]
