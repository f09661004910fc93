/**
 * The page tables: every permission at every level, for reads, writes and fetches by supervisor and user, under CR0.WP,
 * CR4.SMEP, CR4.SMAP, EFLAGS.AC and EFER.NXE. A line has the six accesses; each says `ok`, with the accessed bits of the
 * entries from the top (8 4 2 1) and the dirty bits, or the error code of its #PF, and what about it is unexpected.
 */
import type { Case, Program } from '../program.ts';

const PRESENT = 1n, WRITE = 2n, USER = 4n, LARGE = 0x80n, NX = 1n << 63n;
const ALL = PRESENT | WRITE | USER;
const LEVELS = ['pml4', 'pdpt', 'pd', 'pt'] as const;
/** The flags of the four entries; the entry with LARGE, or the last, maps the page. */
type Entries = readonly [bigint, bigint, bigint, bigint];

const PAGES: Readonly<Record<string, { readonly entries: Entries; readonly leaf: number }>> = {
  '4k': { entries: [ALL, ALL, ALL, ALL], leaf: 3 },
  '2m': { entries: [ALL, ALL, ALL | LARGE, 0n], leaf: 2 },
  '1g': { entries: [ALL, ALL | LARGE, 0n, 0n], leaf: 1 },
};

/** Bits of the case's RSI. */
const MODES = { wp: 1, smep: 2, smap: 4, ac: 8, nonx: 16 } as const;
const modeNames = (mode: number): string => Object.entries(MODES).filter(([, bit]) => mode & bit).map(([name]) => ` ${name}`).join('');

const changed = (entries: Entries, level: number, change: (entry: bigint) => bigint): Entries =>
  entries.map((entry, i) => (i === level ? change(entry) : entry)) as unknown as Entries;

/** Where an entry points, besides its flags. */
const ADDRESSES = ['TEST_PDPT', 'TEST_DIRECTORY', 'TEST_TABLE', 'TEST_PHYSICAL'] as const;

function pageCase(name: string, entries: Entries, leaf: number, mode: number): Case {
  const target = (level: number): string =>
    level === leaf ? (leaf === 1 ? '0' : 'TEST_PHYSICAL') : ADDRESSES[level]!;
  const [rax, rcx, rdx, rbx] = entries.map((entry, level) => (level <= leaf ? `${target(level)} + ${entry}` : '0'));
  return {
    name: name + modeNames(mode), quiet: true, code: 'jmp   try_page',
    registers: { rax: rax!, rcx: rcx!, rdx: rdx!, rbx: rbx!, rsi: mode },
  };
}

function* configurations(): Generator<readonly [name: string, entries: Entries, leaf: number]> {
  for (const [size, { entries, leaf }] of Object.entries(PAGES)) {
    for (let flags = 0; flags < 8; flags += 1) {
      const removed = (flags & 1 ? WRITE : 0n) | (flags & 2 ? USER : 0n);
      const letters = `${flags & 1 ? 'r' : 'w'}${flags & 2 ? 's' : 'u'}${flags & 4 ? 'n' : 'x'}`;
      yield [`${size} ${letters}`, changed(entries, leaf, (entry) => (entry & ~removed) | (flags & 4 ? NX : 0n)), leaf];
    }
    for (let level = 0; level < leaf; level += 1) {
      yield [`${size} ${LEVELS[level]} r`, changed(entries, level, (entry) => entry & ~WRITE), leaf];
      yield [`${size} ${LEVELS[level]} s`, changed(entries, level, (entry) => entry & ~USER), leaf];
      yield [`${size} ${LEVELS[level]} n`, changed(entries, level, (entry) => entry | NX), leaf];
    }
  }
}

/** What faults whatever the mode is: absent entries and reserved bits. */
function* faulty(): Generator<readonly [name: string, entries: Entries, leaf: number]> {
  for (const [size, { entries, leaf }] of Object.entries(PAGES)) {
    for (let level = 0; level <= leaf; level += 1) {
      const at = `${size} ${LEVELS[level]}`;
      yield [`${at} absent`, changed(entries, level, (entry) => entry & ~PRESENT), leaf];
      yield [`${at} absent bit51`, changed(entries, level, (entry) => (entry & ~PRESENT) | (1n << 51n)), leaf];
      const inLeaf: readonly number[] = level < leaf ? [] : leaf === 2 ? [13, 20] : leaf === 1 ? [13, 29] : [];
      for (const bit of [46, 51, ...(level === 0 ? [7] : []), ...inLeaf]) {
        yield [`${at} bit${bit}`, changed(entries, level, (entry) => entry | (1n << BigInt(bit))), leaf];
      }
      yield [`${at} r bit51`, changed(entries, level, (entry) => (entry & ~WRITE) | (1n << 51n)), leaf];
      // Bits that mean nothing.
      for (const bit of [9, 11, 52, 58]) yield [`${at} bit${bit}`, changed(entries, level, (entry) => entry | (1n << BigInt(bit))), leaf];
      if (level === leaf && leaf < 3) yield [`${at} bit12`, changed(entries, level, (entry) => entry | 0x1000n), leaf];
    }
  }
}

const matrix: Case[] = [];
for (const [name, entries, leaf] of configurations()) {
  for (let mode = 0; mode < 16; mode += 1) matrix.push(pageCase(name, entries, leaf, mode));
}
for (const [name, entries, leaf] of faulty()) {
  for (const mode of [0, 1, 7]) matrix.push(pageCase(name, entries, leaf, mode));
}
for (const [size, { entries, leaf }] of Object.entries(PAGES)) {
  for (let level = 0; level <= leaf; level += 1) {
    const nx = changed(entries, level, (entry) => entry | NX);
    for (const mode of [0, 1, 2, 6]) matrix.push(pageCase(`${size} ${LEVELS[level]} nx`, nx, leaf, mode | MODES.nonx));
  }
  const without = (bit: bigint): Entries => changed(entries, leaf, (entry) => entry & ~bit);
  for (const mode of [0, 1, 2]) matrix.push(pageCase(`${size} plain`, entries, leaf, mode | MODES.nonx));
  for (const mode of [0, 2]) matrix.push(pageCase(`${size} supervisor`, without(USER), leaf, mode | MODES.nonx));
  for (const mode of [0, 2]) matrix.push(pageCase(`${size} absent`, without(PRESENT), leaf, mode | MODES.nonx));
}

/** Puts the four entries of the case in place, does the six accesses, and ends. */
const LIBRARY = `
try_page:
        lea   rdi, [rel page_entries]
        mov   [rdi], rax
        mov   [rdi + 8], rcx
        mov   [rdi + 16], rdx
        mov   [rdi + 24], rbx
        mov   [rel page_mode], esi
        mov   dword [TEST_PHYSICAL], 0x81cd     ; INT 81H: the access worked
        mov   dword [rel page_access], 0
try_access:
        lea   rdi, [rel page_entries]
        mov   rax, [rdi]
        mov   [PML4 + 8], rax
        mov   rax, [rdi + 8]
        mov   [TEST_PDPT], rax
        mov   rax, [rdi + 16]
        mov   [TEST_DIRECTORY + 16], rax
        mov   rax, [rdi + 24]
        mov   [TEST_TABLE], rax
        mov   ebx, [rel page_mode]
        mov   rax, CR0_DEFAULT & ~0x1_0000
        mov   edx, ebx
        and   edx, 1
        shl   edx, 16
        or    eax, edx
        mov   cr0, rax
        mov   eax, ebx
        and   eax, 6
        shl   eax, 19                           ; SMEP and SMAP are bits 20 and 21
        or    eax, CR4_DEFAULT
        mov   cr4, rax
        mov   eax, ebx
        shl   eax, 7
        and   eax, 0x800
        xor   eax, EFER_DEFAULT
        xor   edx, edx
        mov   ecx, IA32_EFER
        wrmsr
        mov   rax, cr3
        mov   cr3, rax
        mov   al, ' '
        call  putc
        mov   ecx, [rel page_access]
        lea   rdx, [rel page_letters]
        mov   al, [rdx + rcx]
        call  putc
        mov   al, ':'
        call  putc
        lea   rax, [rel tried]
        mov   [rel probe_rsp], rsp
        mov   rdi, TEST_PAGE
        mov   [rel probe_address], rdi
        cmp   byte [rdx + rcx], 'w'
        je    try_write
        cmp   byte [rdx + rcx], 'W'
        jne   try_known
try_write:
        add   qword [rel probe_address], 8
try_known:
        lea   rdx, [rel page_accesses]
        mov   rdx, [rdx + rcx * 8]              ; where it lies
        mov   [rel probe_rip], rdx
        cmp   ecx, 3
        jae   try_user
        cmp   ecx, 2
        jne   try_supervisor
        mov   [rel probe_rip], rdi
try_supervisor:
        mov   [rel probe], rax
        ; EFLAGS.AC
        and   ebx, 8
        shl   ebx, 15
        or    ebx, 2
        push  rbx
        popfq
        jmp   rdx
try_user:
        mov   rbp, rdx
        mov   rbx, ALIAS
        add   rbp, rbx
        mov   [rel probe_rip], rbp
        cmp   ecx, 5
        jne   try_user_enter
        mov   [rel probe_rip], rdi
try_user_enter:
        mov   rbx, rsp
        push  USER_DATA
        push  rbx
        push  2
        push  USER_CODE
        push  rbp
        mov   [rel probe], rax
        iretq
tried:  push  2
        popfq
        cmp   dword [rel probe_ok], 0
        je    tried_next
        ; the accessed and dirty bits
        mov   al, '/'
        call  putc
        mov   rax, [PML4 + 8]
        mov   rcx, [TEST_PDPT]
        mov   rdx, [TEST_DIRECTORY + 16]
        mov   rbx, [TEST_TABLE]
        xor   edi, edi
        mov   esi, 5
tried_bits:
        xor   ebp, ebp
        bt    rax, rsi
        adc   ebp, ebp
        bt    rcx, rsi
        adc   ebp, ebp
        bt    rdx, rsi
        adc   ebp, ebp
        bt    rbx, rsi
        adc   ebp, ebp
        shl   edi, 4
        or    edi, ebp
        inc   esi
        cmp   esi, 6
        je    tried_bits
        mov   eax, edi
        call  put_hex
tried_next:
        inc   dword [rel page_access]
        cmp   dword [rel page_access], 6
        jb    try_access
        int   0x80

read_it: mov  eax, [rdi]
        int   0x81
write_it: mov [rdi + 8], eax
        int   0x81
fetch_it: jmp rdi
page_letters: db "rwxRWX"
        align 8
page_accesses: dq read_it, write_it, fetch_it, read_it, write_it, fetch_it
page_entries: dq 0, 0, 0, 0
page_mode: dd 0
page_access: dd 0
`;

export const PAGING: Program = { name: 'paging', cases: matrix, library: LIBRARY };
