import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIRST, Seeded } from '../../src/base/choice.ts';
import { nodeWasm } from '../../src/cli/wasm.ts';
import type { Image } from '../../src/guest/image.ts';
import { flatImage } from '../../src/guest/load.ts';
import { open } from '../../src/lab/experiment.ts';
import { platformOf } from '../../src/lab/platform.ts';
import { programOf as builtIn } from '../../src/lab/program.ts';
import type { Report } from '../../src/lab/report.ts';
import { hostedOn, parseScenario, type Scenario, STRATEGY_NAMES } from '../../src/lab/scenario.ts';
import { SCENARIOS } from '../../src/lab/scenarios.ts';
import { NO_TRACE } from '../../src/trace/trace.ts';
import { MSRS, X2APIC_FIRST } from '../../src/x86/msr.ts';
import { programOf } from './program.ts';

// A guest can hang or kill itself, never the program: whatever it does, alone or under a host, there is a report in the end.

const one = <T>(random: Seeded, list: readonly T[]): T => list[random.pick(list.length, 'one of a list')]!;

/** Bytes that nobody chose. Most of them soon end in a fault for which there is no handler. */
function noise(random: Seeded): Image {
  return flatImage('noise.bin', Uint8Array.from({ length: 16 + random.pick(2000, 'length') }, () => random.pick(256, 'byte')));
}

/** A program of the package with a few of its bytes changed: code, tables and data. */
function damaged(random: Seeded): Image {
  const scenario = one(random, [...SCENARIOS.values()]);
  const program = { ...scenario.program, iterations: 300 } as Scenario['program'];
  const image = builtIn({ ...scenario, program }, undefined, platformOf(scenario));
  const segments = image.segments.map((segment) => ({ ...segment, bytes: Uint8Array.from(segment.bytes) }));
  for (let changes = 1 + random.pick(8, 'changes'); changes > 0; changes -= 1) {
    const { bytes } = one(random, segments);
    bytes[random.pick(Math.min(bytes.length, 0x1800), 'where')] = random.pick(256, 'what');
  }
  return { ...image, segments };
}

const ARRAYS = [MSRS.IA32_PMC0, MSRS.IA32_A_PMC0, MSRS.IA32_PERFEVTSEL0, MSRS.IA32_FIXED_CTR0, MSRS.PERF_CTL0];
const VALUES = [
  0n, 1n, 0xfn, 0x4300c0n, 0x5300c0n, 0x53003cn, 0x1cd00c0n, 0xbbbn, 0x400n, 0x10400n, 0xffff_ffffn, 0xffff_ff00n,
  2n ** 47n, 2n ** 64n - 1n,
];

/** Writes of any value to registers that matter to the PMU, the local APIC and the processor, with a #GP where they must not be. */
function writes(random: Seeded): Image {
  const registers = [...Object.values(MSRS), ...ARRAYS.flatMap((first) => [1, 2, 7, 9].map((i) => first + i))];
  const statement = (i: number): string => {
    const value = random.pick(4, 'value') === 0 ? (BigInt(random.next()) << 32n) | BigInt(random.next()) : one(random, VALUES);
    const kind = random.pick(12, 'what it does');
    const register = kind < 6 ? one(random, registers) : X2APIC_FIRST + random.pick(0x40, 'register');
    const access = kind < 9 ? `mov ecx, ${register}\n mov rax, ${value}\n call write_msr` : one(random, [
      'mov rax, cr4\n xor eax, 0x100\n mov cr4, rax', `mov ecx, ${random.pick(9, 'counter')}\n rdpmc`, `mov ecx, ${register}\n rdmsr`,
      'pushfq\n xor dword [rsp], 0x200\n popfq', 'sti', 'mov edx, 0x3f8\n out dx, al', 'mov eax, 1\n cpuid', 'int3', 'hlt',
      `mov eax, 0xfee00000\n mov dword [rax + ${16 * random.pick(64, 'window')}], ${value & 0xffff_ffffn}`,
    ]);
    return `lea r14, [rel after${i}]\n mov [rel expected_fault], r14\n mov ebp, esp\n ${access}\nafter${i}:\n mov esp, ebp`;
  };
  return programOf(`
main:   mov   r13d, 3
again:
${Array.from({ length: 40 }, (_, i) => statement(i)).join('\n')}
        dec   r13d
        jnz   again
        xor   eax, eax
        ret
pmi:    push  rax
        push  rcx
        push  rdx
        mov   ecx, IA32_X2APIC_LVT_PMI
        mov   eax, LVTPC
        xor   edx, edx
        wrmsr
        pop   rdx
        pop   rcx
        pop   rax
        iretq
`);
}

/** A machine of any kind; on bare metal, or as the guest of a host that uses its PMU itself, and that moves its guests about. */
function scenarioOf(random: Seeded, seed: number): Scenario {
  const number = (least: number, most: number): number => least + random.pick(most - least + 1, 'number');
  const alone = number(0, 3) === 0;
  // A host does not take any PMU.
  const [version, width] = alone ? [0, 4] : [2, 12];
  const perfmon = {
    version: number(version, 5), generalCounters: number(0, 8), generalWidth: number(width, 48), fixedCounters: number(0, 4),
    fixedWidth: number(width, 48), fullWidthWrites: number(0, 1) === 1, tsx: number(0, 1) === 1,
  };
  const machine = { memory: 4, cpus: number(1, 2), perfmon, skid: number(0, 3), masksPmi: number(0, 3) > 0 };
  const scenario = parseScenario({ name: 'wild', machine, program: { kind: 'image', file: 'wild' }, limit: 100_000 });
  if (alone) return scenario;
  const users = [{ kind: 'watchdog', period: 20_000 }, { kind: 'stat' }];
  return hostedOn(scenario, one(random, STRATEGY_NAMES), {
    vcpus: machine.cpus, hz: 10_000, migrateEvery: number(0, 2), seed, users: number(0, 1) === 1 ? users : [],
  });
}

const PROGRAMS = 60;

for (const [what, make, ends] of [
  ['random bytes', noise, ['triple fault']], ['a damaged program', damaged, ['exit', 'triple fault', 'limit']],
  ['wild writes to registers', writes, ['exit', 'halted', 'limit']],
] as const) {
  test(`${what}: a run ends with a report`, () => {
    const seen = new Set<Report['outcome']['kind']>();
    for (let seed = 1; seed <= PROGRAMS; seed += 1) {
      const random = new Seeded(seed);
      const scenario = scenarioOf(random, seed), image = make(random);
      try {
        const wasm = random.pick(2, 'with WebAssembly') === 1 ? { wasm: nodeWasm } : {};
        seen.add(open(scenario, { choice: FIRST, tracer: NO_TRACE, transmit: () => {}, ...wasm }, image).run().outcome.kind);
      } catch (error) {
        throw new Error(`seed ${seed}, on ${scenario.host?.on ?? 'bare metal'}: ${(error as Error).message}`, { cause: error });
      }
    }
    for (const end of ends) assert.ok(seen.has(end), `${end} is among ${[...seen].join(', ')}`);
  });
}
