; All flags together.
        pushfq
