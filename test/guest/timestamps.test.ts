import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CPU } from '../../src/hw/cpu/layout.ts';
import { programOf, Ran, runEveryWay, worldOf } from './program.ts';
import { ended } from './recording.ts';

// RDTSC, RDTSCP, STAC and CLAC in the middle of blocks, where what went before is in no books yet. Run in every way, one of which ends
// each block behind each instruction.

const LATER = 0x12_3456_789an;

/** Reads the time into a word of `seen`: nine instructions, of which RDTSC is the first. */
const note = (word: number, read = 'rdtsc'): string => `
        ${read}
        shl   rdx, 32
        or    rax, rdx
        mov   [rel seen + ${8 * word}], rax
        nop
        nop
        mov   rbx, [rel seen]
        push  rbx
        pop   rbx`;

const PROGRAM = `
main:   ${note(0)}${note(1, 'rdtscp')}
        mov   ecx, 0x3b                 ; IA32_TSC_ADJUST
        mov   eax, ${LATER & 0xffff_ffffn}
        mov   edx, ${LATER >> 32n}
        wrmsr
        ${note(2)}${note(3)}
        xor   eax, eax
        ret
pmi:    iretq
        align 8
seen:   dq    0, 0, 0, 0`;

test('the time-stamp counter is read as it is when the instruction begins, with what was added to it', () => {
  const [first, ...others] = ended(runEveryWay(PROGRAM)).words('seen', 4);
  // A cycle an instruction, and a tick a cycle: 9; and 9 with 4 between; and 9.
  assert.deepEqual(others.map((time) => time - first!), [9n, 22n + LATER, 31n + LATER]);
});

test('where the core is faster than the time-stamp counter, its ticks are whole ones', () => {
  const times = (wasm: boolean, ticks: number, cycles: number): bigint[] => {
    const world = worldOf(programOf(PROGRAM), { wasm });
    const { machine: { cpus: [cpu], memory } } = world;
    const view = new DataView(memory);
    view.setFloat64(cpu!.base + CPU.ticks, ticks, true);
    view.setFloat64(cpu!.base + CPU.cycles, cycles, true);
    return new Ran(world).words('seen', 4);
  };
  const exact = times(true, 1, 1);
  const slower = exact.map((time, i) => (i < 2 ? time * 3n / 4n : (time - LATER) * 3n / 4n + LATER));
  for (const wasm of [true, false]) assert.deepEqual(times(wasm, 3, 4), slower);
});

test('what is fetched behind STAC and CLAC is fetched with the rights of EFLAGS.AC', () => {
  ended(runEveryWay(`
main:   stac                            ; all pages are a user's, the stack's too
        mov   rax, cr4
        or    eax, 1 << 21              ; SMAP
        mov   cr4, rax
        nop
        clac
        mov   ecx, 3
        nop
        stac
        nop
        clac
        stac
        xor   eax, eax
        ret
pmi:    iretq`));
});
