import { type Planted, testPlanted } from './plant.ts';

// Wrong instructions, in the boot of a kernel beside QEMU.

const seen = { test: 'test/lockstep/lockstep.debian.test.js', only: '^a kernel that boots' };

const PLANTED: readonly Planted[] = [
  {
    name: 'the carry of an addition does not run on, beside QEMU',
    file: 'src/x86/isa/table/arithmetic.js',
    from: 'u.carryFlags(u.or(u.and(a, b), u.and(u.or(a, b), u.invert(result))), width);', to: 'u.carryFlags(u.and(a, b), width);', ...seen,
  },
  {
    name: 'a page fault tells the page only',
    file: 'src/hw/cpu/page-tables.js', from: 'u32[(base + CPU.cr2) >> 2] = low;',
    to: 'u32[(base + CPU.cr2) >> 2] = low & ~0xfff;', ...seen,
  },
];

testPlanted(PLANTED);
