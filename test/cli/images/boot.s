# A multiboot image that says in its header where it goes. The image beside it was made by
#   as --32 boot.s -o boot.o && ld -m elf_i386 -n -e start -Ttext 0x100000 boot.o -o boot.elf && objcopy -O binary boot.elf boot.bin
        .long 0x1badb002, 0x10000, -(0x1badb002 + 0x10000)
        .long 0x100000, 0x100000, 0, 0, 0x100020
        .globl start
start:  hlt
