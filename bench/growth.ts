/**
 * `npm run bench:growth`: how cost grows with a guest's memory, its processors, its code, and the counters that it has enabled. Prints
 * tables; with the name of a file, draws them there as well: docs/engine-growth.svg is what was drawn last.
 */
import { writeFileSync } from 'node:fs';
import type { Cycles } from '../src/base/units.ts';
import type { Cpu } from '../src/hw/cpu/cpu.ts';
import type { Machine } from '../src/hw/machine.ts';
import type { WasmHost } from '../src/hw/outside.ts';
import { boot, PROGRAM } from '../src/lab/boot.ts';
import { perfmonShape } from '../src/lab/scenario.ts';
import { EVENT, EVENTS, type EventName } from '../src/x86/event.ts';
import { assemble } from '../src/x86/isa/assemble.ts';
import { MSRS } from '../src/x86/msr.ts';
import { EVTSEL } from '../src/x86/perfmon.ts';
import { endless, interpreting, LOOPS, type Loop, newMachine, translating } from './loops.ts';
import { type Panel, plot } from './plot.ts';
import { digits, numbers } from './section.ts';
import { inTurns, type Work } from './turns.ts';

const TURNS = 100;
/** Of each turn and processor, interpreted and translated: a millisecond or two. One that takes longer is sure to be disturbed. */
const CYCLES = { loops: [60_000, 600_000], spread: [15_000, 150_000] } as const;
const WANDERING_CYCLES = 3_000;
const STARTS = 15;
const WAYS: readonly (readonly [name: string, wasm: WasmHost])[] = [['interpreted', interpreting], ['translated', translating]];
const [ALU, LOAD_STORE] = LOOPS as readonly [Loop, Loop];

const MEMORIES = [64, 128, 256, 512, 1024, 2048];
const PROCESSORS = [1, 2, 3, 4];
/** Each has 64 instructions. */
const PAGES = [1, 4, 16, 64, 256, 1024];
const COUNTERS = [0, 1, 2, 4, 6, 8];
const COUNTED: readonly EventName[] = [
  'instructions retired', 'branch instructions retired', 'core cycles', 'reference cycles', 'conditional branches retired',
  'near calls retired', 'loads retired', 'stores retired',
];

/** A turn of each of its processors. */
function workOf(machine: Machine, cycles: number): Work {
  const { cpus } = machine, [alone] = cpus as readonly [Cpu];
  const done = (): number => cpus.reduce((sum, { instructions }) => sum + instructions, 0);
  return () => {
    const before = done(), until = alone.clock + cycles as Cycles;
    if (cpus.length === 1) alone.run(until);
    else machine.run(until);
    return done() - before;
  };
}

/** Nanoseconds an instruction, of both ways. */
function bothWays(
  title: string, axis: string, at: readonly number[], machine: (x: number, wasm: WasmHost) => Machine,
  cycles: readonly [number, number] = CYCLES.loops,
): Panel {
  const times = inTurns(TURNS, WAYS.flatMap(([, wasm], way) => at.map((x) => workOf(machine(x, wasm), cycles[way]!))));
  const nanoseconds = times.map((time) => 1000 * time);
  const series = WAYS.map(([name], way) => ({ name, values: nanoseconds.slice(way * at.length, (way + 1) * at.length) }));
  return { title, axis, unit: 'ns an instruction', at, series };
}

/** Reads and writes quadwords all over memory, in an order that nothing foresees. */
const wandering = (mebibytes: number): Loop => ({
  name: 'wandering', source: `
loop1:  imul  rax, rax, 1103515245
        add   rax, 12345
        mov   rdi, rax
        shr   rdi, 8
        and   rdi, ${mebibytes * 2 ** 20 - 8}
        or    rdi, 0x200000
        add   qword [rdi], 3
        dec   ecx
        jnz   loop1`,
});

const wandered = (mebibytes: number): Work => workOf(endless(wandering(mebibytes), translating, {}, mebibytes), WANDERING_CYCLES);

/** Bytes from a piece of code to the next, which is on the next page, but not at the same place in it. */
const STRIDE = 4096 + 256;
const PIECE = '        add   rax, rcx\n        xor   rdx, rax\n        sub   rbx, rax\n'.repeat(21);

/** A loop over so many pages: on each the same, and a jump to the next. It is translated early, so that a turn is as any later one. */
function spread(pages: number, wasm: WasmHost): Machine {
  const eager = wasm.translating === undefined ? wasm : { ...wasm, translating: { ...wasm.translating, after: 50 } };
  const machine = newMachine(128, eager);
  const piece = (to: number): Uint8Array => assemble(`here:   nop\n${PIECE}        jmp   here + ${to}`, BigInt(PROGRAM)).bytes;
  const toNext = piece(STRIDE), last = STRIDE * (pages - 1);
  for (let at = 0; at < last; at += STRIDE) machine.poke(PROGRAM + at, toNext);
  machine.poke(PROGRAM + last, piece(-last));
  boot(machine, { entry: BigInt(PROGRAM) });
  return machine;
}

/** Milliseconds, when nothing disturbs. */
function start(mebibytes: number): number {
  newMachine(mebibytes);
  const times = Array.from({ length: STARTS }, () => {
    const begun = performance.now();
    newMachine(mebibytes);
    return performance.now() - begun;
  });
  return Math.min(...times);
}

function counting(counters: number, wasm: WasmHost): Machine {
  const machine = endless(LOAD_STORE, wasm, { perfmon: perfmonShape.check({ generalCounters: COUNTED.length }, '$') });
  for (const [i, name] of COUNTED.slice(0, counters).entries()) {
    const [event, umask] = EVENTS[EVENT[name]!]!.codes[0];
    machine.cpus[0]!.pmu.wrmsr(MSRS.IA32_PERFEVTSEL0 + i, event | (umask << 8) | EVTSEL.USR | EVTSEL.OS | EVTSEL.EN, 0);
  }
  return machine;
}

const PANELS: readonly (() => Panel)[] = [
  () => ({
    title: 'A machine is made', axis: 'guest memory, MiB', unit: 'ms', at: MEMORIES, series: [{ name: '', values: MEMORIES.map(start) }],
  }),
  () => ({
    title: 'Accesses all over memory', axis: 'guest memory, MiB', unit: 'ns an instruction', at: MEMORIES,
    // One after the other: they would not all find room.
    series: [{ name: 'translated', values: MEMORIES.map((size) => 1000 * inTurns(TURNS, [wandered(size)])[0]!) }],
  }),
  () => bothWays('The ALU loop on each of', 'processors', PROCESSORS, (cpus, wasm) => endless(ALU, wasm, { cpus })),
  () => bothWays('A loop over so much code', 'pages with 65 instructions', PAGES, spread, CYCLES.spread),
  () => bothWays('Load, modify, store, counted', 'enabled counters', COUNTERS, counting),
];

const panels = PANELS.map((measure) => {
  const panel = measure(), { title, axis, unit, at, series } = panel;
  const rows = at.map((x, i) => [`${x}`, ...series.map(({ values }) => digits(values[i], 2))]);
  console.log(`${numbers([`${title}: ${axis}`, ...series.map(({ name }) => `${name} ${unit}`.trimStart())], rows).join('\n')}\n`);
  return panel;
});
const [file] = process.argv.slice(2);
if (file !== undefined) writeFileSync(file, plot(panels));
