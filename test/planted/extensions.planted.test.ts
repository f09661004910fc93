import { type Planted, testPlanted } from './plant.ts';

// Bugs in what x86-64-v2 and XSAVE brought, and the vectors of a real processor, or QEMU's output, that see them.

const VECTORS = 'test/vectors/vectors.test.js', SYSTEM = 'test/system/system.test.js';
const TABLE = 'src/x86/isa/table', XSAVE = 'src/hw/cpu/microcode/xsave.js', TEXT = 'src/x86/simd/text.js';
const extensions = '^extensions: the cases';
const micro = (mnemonic: string): string => `^${mnemonic}: the interpreter of micro-ops`;
const emitted = (mnemonic: string): string => `^${mnemonic}: the WebAssembly`;

const PLANTED: readonly Planted[] = [
  {
    name: 'a NaN is negated before it is added', file: `${TABLE}/sse3.js`,
    from: "u.each('andNot', nan, signs, 8)", to: 'signs', test: VECTORS, only: micro('ADDSUBPD'),
  },
  {
    name: 'a product of halves is not rounded', file: `${TABLE}/ssse3.js`,
    from: "u.shifted('shl', low, 1, 2), 15, 2)", to: "u.shifted('shl', low, 1, 2), 16, 2)", test: VECTORS, only: micro('PMULHRSW'),
  },
  {
    name: 'bytes are chosen modulo 16, whatever the topmost bit', file: `${TABLE}/ssse3.js`,
    from: '0x8f8f8f8f8f8f8f8fn', to: '0x0f0f0f0f0f0f0f0fn', test: VECTORS, only: emitted('PSHUFB'),
  },
  {
    name: 'INSERTPS clears nothing', file: `${TABLE}/sse4-move.js`,
    from: "u.each('andNot', lanesOfBits(u, splat(u, choice, 4), 4), whole, 8)", to: 'whole', test: VECTORS, only: micro('INSERTPS'),
  },
  {
    name: 'inexactness is told although the constant suppresses it', file: 'src/x86/simd/convert.js',
    from: 'if (inexact && (choice & SUPPRESS) === 0)', to: 'if (inexact)', test: VECTORS, only: micro('ROUNDPD'),
  },
  {
    name: 'emitted rounding goes by MXCSR alone', file: 'src/hw/cpu/wasm/convert-emitter.js',
    from: "code.i32(4);\n        code.op('i32_and', 'select');", to: "code.i32(0);\n        code.op('i32_or', 'select');",
    test: VECTORS, only: emitted('ROUNDSD'),
  },
  {
    name: 'all products count', file: 'src/x86/simd/dot.js', from: 'has(4 + i)', to: 'true', test: VECTORS, only: micro('DPPS'),
  },
  {
    name: 'a string is not cut off where the other ends', file: TEXT,
    from: 'Math.min(lengthA, count - j)', to: 'lengthA', test: VECTORS, only: micro('PCMPISTRI'),
  },
  {
    name: 'elements beyond the end are negated too', file: TEXT,
    from: '((choice & MASKED) === 0 || j < lengthB)', to: 'true', test: VECTORS, only: micro('PCMPESTRM'),
  },
  {
    name: 'a checksum is of 64 bits whatever the operand', file: 'src/hw/cpu/wasm/handlers.js',
    from: 'this.code.i32(8 * width);', to: 'this.code.i32(64);', test: VECTORS, only: emitted('CRC32'),
  },
  {
    name: 'XSAVE forgets the other parts', file: XSAVE, from: '(before & ~BigInt(parts)) |', to: '', test: VECTORS, only: micro('XSAVE'),
  },
  {
    name: 'XSAVEOPT writes what is initial', file: XSAVE, from: 'optimized ? parts & used : parts', to: 'parts',
    test: SYSTEM, only: extensions,
  },
  {
    name: 'XSAVEC takes MXCSR for no part', file: XSAVE, from: 'registers.mxcsr === MXCSR_RESET ? 0 : XCR0_SSE', to: '0',
    test: SYSTEM, only: extensions,
  },
  {
    name: 'what is not in the area stays as it is', file: XSAVE,
    from: 'const area = INITIAL.slice();', to: 'const area = stateOf(registers, wide);', test: SYSTEM, only: extensions,
  },
  {
    name: 'a header with reserved words is taken', file: XSAVE, from: ' || reserved.some((n) => word(n) !== 0n)', to: '',
    test: SYSTEM, only: extensions,
  },
  {
    name: 'XCR0 may do without the x87 FPU', file: XSAVE, from: ' || (low & XCR0_X87) === 0', to: '', test: SYSTEM, only: extensions,
  },
  {
    name: 'CPUID does not show that XSAVE is enabled', file: 'src/hw/cpu/microcode/monitor.js', from: 'ecx | enabled', to: 'ecx',
    test: SYSTEM, only: extensions,
  },
];

testPlanted(PLANTED);
