import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cpuidOf, GENERIC } from './model.ts';
import { GENERIC_PERFMON, MODEL_NAMES, MODELS, type ModelName } from './models.ts';

const ask = (name: ModelName, leaf: number, subleaf = 0, cpus = 1) =>
  cpuidOf(MODELS[name].cpu, MODELS[name].perfmon, 0, cpus)(leaf, subleaf);
const hex = (value: number): string => (value >>> 0).toString(16);
const letters = (...words: readonly number[]): string => {
  const bytes = Buffer.alloc(4 * words.length);
  for (const [i, word] of words.entries()) bytes.writeUInt32LE(word >>> 0, 4 * i);
  return bytes.toString('latin1').replace(/\0+$/, '');
};

// The signatures by which Intel's and AMD's documents of errata name these processors.
test('each processor has the signature of its kind', () => {
  const signatures = Object.fromEntries(MODEL_NAMES.map((name) => [name, hex(ask(name, 1).eax)]));
  assert.deepEqual(signatures, { 'x86-64-v2': '600', broadwell: '406f1', skylake: '506e3', 'sapphire-rapids': '806f8', zen4: 'a10f11' });
});

test('each says its name', () => {
  const name = (model: ModelName): string => letters(...[0x8000_0002, 0x8000_0003, 0x8000_0004].flatMap((leaf) => {
    const { eax, ebx, ecx, edx } = ask(model, leaf);
    return [eax, ebx, ecx, edx];
  }));
  assert.equal(name('skylake'), 'Intel(R) Core(TM) i7-6700 CPU @ 3.40GHz');
  const { ebx, edx, ecx } = ask('zen4', 0);
  assert.equal(letters(ebx, edx, ecx), 'AuthenticAMD');
});

// SDM, "Time Stamp Counter and Nominal Core Crystal Clock Information Leaf": crystal x EBX / EAX is the time-stamp counter's frequency.
test('the time-stamp counter is a whole multiple of the crystal, as leaf 15H says', () => {
  const frequency = (name: ModelName): number => {
    const { eax, ebx, ecx } = ask(name, 0x15);
    return (ecx * ebx) / eax;
  };
  assert.deepEqual(MODEL_NAMES.map(frequency), [2_400_000_000, 2_200_000_000, 3_408_000_000, 2_000_000_000, 2_400_000_000]);
});

// SDM, "Architectural Performance Monitoring Leaf": EAX has version, counters, width and events by bytes.
test('each has the counters of its kind', () => {
  assert.deepEqual(['broadwell', 'skylake', 'sapphire-rapids'].map((name) => hex(ask(name as ModelName, 0xa).eax)),
    ['8300403', '8300404', '8300805']);
  assert.deepEqual([hex(ask('skylake', 0xa).edx), hex(ask('sapphire-rapids', 0xa).ecx)], ['603', 'f']);
  // AMD: PerfMonV2, and six counters.
  const { eax, ebx } = ask('zen4', 0x8000_0022);
  assert.deepEqual([eax, ebx, ask('zen4', 0xa).eax], [1, 6, 0]);
});

// SDM, "Deterministic Cache Parameters Leaf": ways x partitions x line x sets, each field one less than what it says.
test('leaf 4 tells of the data cache and of the last level, which all cores share', () => {
  const size = (subleaf: number): number => {
    const { ebx, ecx } = ask('skylake', 4, subleaf, 2);
    return ((ebx >>> 22) + 1) * (((ebx >>> 12) & 0x3ff) + 1) * ((ebx & 0xfff) + 1) * (ecx + 1);
  };
  const kind = (subleaf: number): number[] => {
    const { eax } = ask('skylake', 4, subleaf, 2);
    return [eax & 31, (eax >> 5) & 7, ((eax >> 14) & 0xfff) + 1, (eax >>> 26) + 1];
  };
  assert.deepEqual([kind(0), size(0)], [[1, 1, 1, 2], 32 << 10]);
  assert.deepEqual([kind(1), size(1)], [[3, 3, 2, 2], 2 << 20]);
  assert.equal(ask('skylake', 4, 2).eax, 0);
  // AMD: 32 KiB in 8 ways; 4 x 512 KiB, code 8 for 16 ways.
  assert.deepEqual([ask('zen4', 0x8000_0005).ecx, ask('zen4', 0x8000_0006).edx].map(hex), ['20080140', '108140']);
});

// System V ABI, AMD64 supplement, "Micro-Architecture Levels": CMPXCHG16B, LAHF-SAHF, POPCNT, SSE3, SSE4.1, SSE4.2 and SSSE3.
test('all of them offer x86-64-v2, and the generic processor x86-64 alone', () => {
  const level = 1 << 0 | 1 << 9 | 1 << 13 | 1 << 19 | 1 << 20 | 1 << 23;
  for (const name of MODEL_NAMES) {
    assert.deepEqual([ask(name, 1).ecx & level, ask(name, 0x8000_0001).ecx & 1], [level, 1], name);
  }
  const generic = cpuidOf(GENERIC, GENERIC_PERFMON, 0, 1);
  assert.equal(generic(1, 0).ecx & (1 << 0 | 1 << 9 | 1 << 19 | 1 << 20), 0);
});

// SDM, "Processor Extended State Enumeration Main Leaf", "Sub-leaf 1": XSAVEOPT, XSAVEC, XGETBV with ECX = 1; 512 bytes and a header of 64.
test('XSAVE is offered as far as each has it, for an area of 576 bytes', () => {
  const offered = MODEL_NAMES.map((name) => [ask(name, 1).ecx >>> 26 & 1, ask(name, 0xd).eax, ask(name, 0xd).ecx, ask(name, 0xd, 1).eax]);
  assert.deepEqual(offered, [[0, 0, 0, 0], [1, 3, 576, 1], [1, 3, 576, 7], [1, 3, 576, 7], [1, 3, 576, 7]]);
});
