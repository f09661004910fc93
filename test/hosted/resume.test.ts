import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cycles } from '../../src/base/units.ts';
import type { HostedRun } from '../../src/lab/hosted-run.ts';
import { type Kept, keep, resume, resumeHosted } from '../../src/lab/resume.ts';
import { hostedOn, parseScenario, STRATEGY_NAMES, type StrategyName } from '../../src/lab/scenario.ts';
import { withSharedPmu } from '../../src/lab/shared-pmu.ts';
import { World } from '../../src/lab/world.ts';
import { pmiHandler, programOf } from '../guest/program.ts';
import { outside } from './runs.ts';

// A program begins on bare metal, and goes on as the guest of a host: it cannot tell where.

const WAKES = 8;
/**
 * The first processor keeps something in registers of each kind, in a device and in a counter that is switched off, sleeps until its
 * time-stamp counter, which it has set ahead, has reached a deadline, WAKES times, wakes the second one, which sleeps too, and counts two
 * loops.
 */
const PROGRAM = programOf(`
main:   mov   rax, [gs:PER_CPU_NUMBER]
        test  rax, rax
        jnz   second
        cli
        mov   rax, cr4
        or    eax, OSFXSR
        mov   cr4, rax
        fninit
        mov   rax, 0x123456789abcdef
        movq  xmm7, rax
        fldpi
        mov   edx, SCRATCH
        mov   al, 0x5a
        out   dx, al
        mov   ecx, IA32_PMC0 + 1
        mov   eax, 0x1234
        xor   edx, edx
        wrmsr
        mov   ecx, IA32_PERFEVTSEL0 + 1
        mov   eax, OS | INSTRUCTIONS
        wrmsr
        mov   ecx, 0x832
        mov   eax, 0x40000 + PMI_VECTOR
        xor   edx, edx
        wrmsr
        mov   ecx, IA32_TSC_ADJUST
        mov   eax, 0x12345678
        mov   edx, 0x1
        wrmsr
        mov   r8d, ${WAKES}
sleep:  rdtsc
        shl   rdx, 32
        or    rax, rdx
        add   rax, 30000
        mov   rbx, rax
        mov   ecx, IA32_TSC_DEADLINE
        call  write_msr
        sti
        hlt
        cli
        rdtsc
        shl   rdx, 32
        or    rax, rdx
        sub   rax, rbx
        jb    wrong
        cmp   rax, 400000
        ja    wrong
        dec   r8d
        jnz   sleep
        mov   ecx, 0x830
        mov   eax, PMI_VECTOR
        mov   edx, 1
        wrmsr
asked:  pause
        cmp   qword [rel answers], ${WAKES} + 1
        jne   asked
        mov   r8d, 1000
        call  measure
        mov   [rel count], eax
        mov   r8d, 400
        call  measure
        sub   [rel count], eax
        fldpi
        fcomip st0, st1
        jne   wrong
        mov   edx, SCRATCH
        in    al, dx
        cmp   al, 0x5a
        jne   wrong
        mov   ecx, IA32_PMC0 + 1
        rdmsr
        cmp   eax, 0x1234
        jne   wrong
        mov   ecx, IA32_PERFEVTSEL0 + 1
        rdmsr
        cmp   eax, OS | INSTRUCTIONS
        jne   wrong
        movq  rax, xmm7
        mov   rbx, 0x123456789abcdef
        cmp   rax, rbx
        jne   wrong
        xor   eax, eax
        ret
wrong:  mov   eax, 1
        ret
measure: xor  eax, eax
        xor   edx, edx
        mov   ecx, IA32_PMC0
        wrmsr
        mov   ecx, IA32_PERFEVTSEL0
        mov   eax, EN | OS | INSTRUCTIONS
        wrmsr
again:  dec   r8d
        jnz   again
        xor   eax, eax
        wrmsr
        mov   ecx, IA32_PMC0
        rdmsr
        ret
second: sti
        hlt
        jmp   second
${pmiHandler('lock inc qword [rel answers]')}
        align 8
answers: dq   0
count:  dq    0
`, { CPUS: 2, OSFXSR: 1 << 9, EN: 1 << 22, OS: 1 << 17, INSTRUCTIONS: 0xc0, SCRATCH: 0x3ff });

const SCENARIO = parseScenario({
  name: 'moves', machine: { cpus: 2, memory: 2, timing: 'unit' }, program: { kind: 'image', file: 'moves' }, limit: 50_000_000,
});
const BARE = withSharedPmu(SCENARIO);

/** What a world has counted, and how it ended. */
function endOf(world: World | HostedRun): unknown {
  const { outcome } = world.run();
  const memory = 'world' in world ? world.world.memoryOf(0) : world.machine.ram;
  return [outcome, Buffer.from(memory).readUInt32LE(Number(PROGRAM.symbols.get('count')!))];
}
/** DEC and JNZ in each round. What strategies count differently, the two WRMSRs, is in both counts. */
const END = [{ kind: 'exit', code: 0 }, 2 * (1000 - 400)];

/** The state after each so many cycles, while nothing counts. */
const kept: Kept[] = [];
const world = new World(BARE, outside(), PROGRAM);
for (let at = 0; world.outcome.kind === 'limit'; at += 7919, world.machine.run(at as Cycles)) kept.push(keep(world));
const hosted = (each: Kept, on: StrategyName, bare = BARE): HostedRun =>
  resumeHosted({ kept: each, bare, image: PROGRAM }, hostedOn(SCENARIO, on), outside());

test('it goes on from anywhere, on bare metal and with every strategy that has counters', () => {
  // 8 x 30,000 cycles, and what comes before and between.
  assert.ok(kept.length > 30, `${kept.length}`);
  assert.deepEqual(endOf(new World(BARE, outside(), PROGRAM)), END);
  assert.deepEqual(kept.map((each) => endOf(resume({ kept: each, bare: BARE, image: PROGRAM }, outside()))), kept.map(() => END));
  for (const on of STRATEGY_NAMES) {
    if (on === 'none') continue;
    for (let i = 0; i < kept.length; i += 10) assert.deepEqual(endOf(hosted(kept[i]!, on)), END, `${on}, ${i}`);
  }
});

test('and twice in the same way', () => {
  for (const on of ['reallocate', 'mediated', 'general'] as const) {
    const hashes = [1, 2].map(() => hosted(kept[20]!, on).run().hash);
    assert.equal(hashes[0], hashes[1], on);
  }
});

test('a guest whose counters it would not find again is refused, and one whose counters count', () => {
  const why = ({ outcome }: HostedRun): unknown => (outcome.kind === 'refused' ? [outcome.error, outcome.why] : outcome);
  const more = ['EINVAL', 'the guest was told of more counters, or of other ones, than it would get'];
  assert.deepEqual(why(hosted(kept[0]!, 'none')), more);
  const full = keep(new World(SCENARIO, outside(), PROGRAM));
  for (const on of ['reallocate', 'reuse', 'mediated'] as const) assert.deepEqual(why(hosted(full, on, SCENARIO)), more, on);
  assert.deepEqual(endOf(hosted(full, 'general', SCENARIO)), END);
  const counting = new World(BARE, outside(), PROGRAM);
  while (counting.machine.cpus[0]!.registers.rip !== PROGRAM.symbols.get('again')!) assert.ok(counting.step());
  assert.deepEqual(why(hosted(keep(counting), 'general')), ['EBUSY', 'a counter of the guest is in use']);
});
