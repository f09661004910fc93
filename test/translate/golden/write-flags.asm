; All flags, and a check for interrupts.
        popfq
