; BT.
        bt rax, 5
