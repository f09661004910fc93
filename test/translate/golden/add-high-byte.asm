; AH lies in the middle of a local variable.
        add ah, bl
