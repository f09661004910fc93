import { type Planted, testPlanted } from './plant.ts';

// Bugs in modes other than 64-bit mode, and in breakpoints.

const VECTORS = 'test/vectors/legacy.test.js';
const SYSTEM = 'test/system/legacy.test.js';

const PLANTED: readonly Planted[] = [
  {
    name: 'a segment is one byte longer than its limit says',
    file: 'src/hw/cpu/segmentation.js', from: 'else if (last > limit)', to: 'else if (last > limit + 1)',
    test: VECTORS, only: '^segments-16',
  },
  {
    name: 'a stack of 16 bits uses all of ESP',
    file: 'src/x86/isa/lift.js', from: "return this.legacy ? this.and(pointer, this.word('stackMask')) : pointer;",
    to: 'return this.legacy ? this.zeroExtend(pointer, 4) : pointer;', test: VECTORS, only: '^narrow-stack',
  },
  {
    name: 'INT n in virtual-8086 mode does not ask IOPL',
    file: 'src/hw/cpu/microcode/calls.js', from: 'if (mode.virtual8086 && (system & IOPL) !== IOPL)', to: 'if (false)', test: SYSTEM,
  },
  {
    name: 'a gate of 16 bits pushes 32',
    file: 'src/hw/cpu/legacy-delivery.js', from: 'width: wide ? 4 : 2', to: 'width: 4', test: SYSTEM,
  },
  {
    name: 'a selector of real-address mode is not the number of a paragraph',
    file: 'src/hw/cpu/descriptors.js', from: 'BigInt(selector << 4)', to: 'BigInt(selector << 3)', test: SYSTEM,
  },
  {
    name: 'an instruction meets its breakpoint again behind the handler',
    file: 'src/hw/cpu/completion.js', from: 'armed && !resume &&', to: 'armed &&',
    test: 'test/system/system.test.js', only: '^breakpoints: the cases',
  },
  {
    name: 'a SIPI right behind an INIT is lost',
    file: 'src/hw/cpu/start.js', from: 'lapic.initPending = false;', to: 'lapic.initPending = false; lapic.startupVector = NEVER;',
    test: 'test/guest/modes.test.js', only: '^INIT and SIPI',
  },
];

testPlanted(PLANTED);
