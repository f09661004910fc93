/**
 * A program as a multiboot image, for an emulator that loads those: a header, and code that brings the processor from 32-bit
 * protected mode, where the loader leaves it, to what `boot` of src/lab makes of our machine: the same page tables, GDT, stack
 * and registers. It also silences what a PC has and our machine has not, the interrupt controllers and the firmware's
 * setting of the local APIC.
 */
import { ORIGIN } from './program.ts';

export const LOAD = ORIGIN - 0x1000;
const HEADER = 48;
/** Where the loader enters the code. */
export const ENTRY = LOAD + HEADER;
const MAGIC = 0x1bad_b002;
/** The header has addresses: the image need not be ELF. */
const ADDRESSES = 1 << 16;

/*
 * Assembled by nasm from:
 *
 *         bits  32
 *         org   0x100030
 *         cli
 *         cld
 *         mov   al, 0xff                ; both interrupt controllers
 *         out   0x21, al
 *         out   0xa1, al
 *         mov   eax, 0x10000            ; LVT: masked
 *         mov   [0xfee00320], eax
 *         mov   [0xfee00350], eax
 *         mov   [0xfee00360], eax
 *         mov   [0xfee00370], eax
 *         mov   dword [0xfee000f0], 0xff
 *         mov   edi, 0x1000             ; page tables
 *         xor   eax, eax
 *         mov   ecx, 0x3c00
 *         rep   stosd
 *         mov   dword [0x1000], 0x2007
 *         mov   edi, 0x2000
 *         mov   eax, 0x3007
 *         mov   ecx, 4
 * pdpt:   mov   [edi], eax
 *         add   eax, 0x1000
 *         add   edi, 8
 *         loop  pdpt
 *         mov   edi, 0x3000
 *         mov   eax, 0x87
 *         mov   ecx, 2048
 * pages:  mov   [edi], eax
 *         add   eax, 0x200000
 *         add   edi, 8
 *         loop  pages
 *         mov   esi, gdt
 *         mov   edi, 0x7000
 *         mov   ecx, 14
 *         rep   movsd
 *         lgdt  [gdtr]
 *         mov   eax, 0x20               ; CR4.PAE
 *         mov   cr4, eax
 *         mov   eax, 0x1000
 *         mov   cr3, eax
 *         mov   ecx, 0xc0000080         ; EFER.LME
 *         mov   eax, 0x100
 *         xor   edx, edx
 *         wrmsr
 *         mov   eax, 0x80010031         ; CR0.PG, WP, NE, ET, PE
 *         mov   cr0, eax
 *         jmp   dword 8:wide
 *         bits  64
 * wide:   mov   eax, 0x10
 *         mov   ds, eax
 *         mov   es, eax
 *         mov   fs, eax
 *         mov   gs, eax
 *         mov   ss, eax
 *         mov   esp, 0x11000
 *         lidt  [rel idtr]
 *         xor   eax, eax
 *         lldt  ax
 *         xor   ebx, ebx
 *         xor   ecx, ecx
 *         xor   edx, edx
 *         xor   esi, esi
 *         xor   edi, edi
 *         xor   ebp, ebp
 *         push  2
 *         popf
 *         jmp   0x101000
 *         align 8
 * gdt:    dq    0, 0x00af9b000000ffff, 0x00cf93000000ffff, 0x00cff3000000ffff, 0x00affb000000ffff, 0, 0
 * gdtr:   dw    55
 *         dd    0x7000
 * idtr:   dw    0
 *         dq    0
 */
const TRAMPOLINE = Buffer.from([
  'fafcb0ffe621e6a1b800000100a32003e0fea35003e0fea36003e0fea37003e0fec705f000e0feff000000bf0010000031c0b9003c0000f3abc70500',
  '10000007200000bf00200000b807300000b9040000008907050010000083c708e2f4bf00300000b887000000b9000800008907050000200083c708e2',
  'f4be28011000bf00700000b90e000000f3a50f011560011000b8200000000f22e0b8001000000f22d8b9800000c0b80001000031d20f30b831000180',
  '0f22c0eaee0010000800b8100000008ed88ec08ee08ee88ed0bc001001000f011d5d00000031c00f00d031db31c931d231f631ff31ed6a029de9de0e',
  '00009090909090900000000000000000ffff0000009baf00ffff00000093cf00ffff000000f3cf00ffff000000fbaf00000000000000000000000000',
  '0000000037000070000000000000000000000000',
].join(''), 'hex');

export function multibootImage(program: Uint8Array): Uint8Array {
  const code = new Uint8Array(ORIGIN - ENTRY + program.length);
  code.set(TRAMPOLINE);
  code.set(program, ORIGIN - ENTRY);
  return protectedModeImage(code);
}

/** Of 32-bit code, for ENTRY, where it is entered in 32-bit protected mode. */
export function protectedModeImage(code: Uint8Array): Uint8Array {
  const image = new Uint8Array(HEADER + code.length);
  const end = LOAD + image.length;
  const view = new DataView(image.buffer);
  const fields = [MAGIC, ADDRESSES, -(MAGIC + ADDRESSES), LOAD, LOAD, end, end, ENTRY];
  for (const [i, field] of fields.entries()) view.setUint32(4 * i, field >>> 0, true);
  image.set(code, HEADER);
  return image;
}
