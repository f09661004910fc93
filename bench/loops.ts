/**
 * The four loops that speed is measured on, and a way to run them. Each counts RCX down from its number of iterations and
 * ends by the exit port.
 */
import { FIRST } from '../src/base/choice.ts';
import type { Cycles } from '../src/base/units.ts';
import { nodeWasm } from '../src/cli/wasm.ts';
import { CONSTANTS } from '../src/guest/constants.ts';
import { type TimingModel, UNIT_TIMING } from '../src/hw/cpu/timing.ts';
import { Machine, type MachineConfig } from '../src/hw/machine.ts';
import { GENERIC } from '../src/hw/model.ts';
import type { WasmHost } from '../src/hw/outside.ts';
import { boot, PROGRAM } from '../src/lab/boot.ts';
import { perfmonShape } from '../src/lab/scenario.ts';
import { NO_TRACE } from '../src/trace/trace.ts';
import { assemble } from '../src/x86/isa/assemble.ts';
import { EVTSEL } from '../src/x86/perfmon.ts';

export interface Loop { readonly name: string; readonly source: string }

export const LOOPS: readonly Loop[] = [
  {
    name: 'ALU', source: `
loop1:  add   rax, rcx
        xor   rdx, rax
        lea   rbx, [rax + rdx * 4 + 5]
        shl   rdx, 3
        sub   rbx, rax
        and   rsi, rbx
        dec   ecx
        jnz   loop1`,
  },
  {
    name: 'load/modify/store', source: `
        mov   rdi, 0x200000
loop1:  mov   eax, ecx
        and   eax, 0xfff
        mov   rdx, [rdi + rax * 8]
        add   rdx, rcx
        mov   [rdi + rax * 8], rdx
        add   qword [rdi + 64], 3
        dec   ecx
        jnz   loop1`,
  },
  {
    name: 'call + return + unpredictable branch', source: `
        mov   eax, 12345
loop1:  imul  eax, eax, 1103515245
        add   eax, 12345
        test  eax, 0x10000
        jz    skip
        call  leaf
skip:   dec   ecx
        jnz   loop1
        jmp   done
leaf:   add   rbx, 1
        ret
done:`,
  },
  {
    name: 'indirect jumps', source: `
        lea   rsi, [rel targets]
loop1:  mov   eax, ecx
        imul  eax, eax, 0x9e3779b1
        shr   eax, 30
        jmp   [rsi + rax * 8]
first:  add   rbx, 1
        jmp   next
second: add   rbx, 2
        jmp   next
third:  add   rbx, 3
        jmp   next
fourth: add   rbx, 4
next:   dec   ecx
        jnz   loop1
        jmp   done
        align 8
targets: dq   first, second, third, fourth
done:`,
  },
];

/** Two events on general counters, as `perf stat -e instructions,branches` would have them. */
const TWO = ['EVENT_INSTRUCTIONS_RETIRED', 'EVENT_BRANCH_INSTRUCTIONS_RETIRED'];
/** Their selectors. */
export const countedTwo: readonly number[] = TWO.map((event) => Number(CONSTANTS.get(event)!) | EVTSEL.USR | EVTSEL.OS | EVTSEL.EN);
const COUNT_TWO = countedTwo.map((selector, i) => `
        mov   ecx, IA32_PERFEVTSEL0 + ${i}
        mov   eax, ${selector}
        xor   edx, edx
        wrmsr`).join('\n');

/** `milliseconds` of processor time. */
export interface Run { readonly instructions: number; readonly milliseconds: number }

const { translating: _, ...withoutTranslator } = nodeWasm;
/** Two ways to run. */
export const interpreting: WasmHost = withoutTranslator;
export const translating: WasmHost = nodeWasm;

const MIB = 1 << 20;

/** `config`: what is to be otherwise. */
export function newMachine(mebibytes: number, wasm: WasmHost = nodeWasm, config: Partial<MachineConfig> = {}): Machine {
  return new Machine(
    {
      cpus: 1, memory: mebibytes * MIB, model: GENERIC, perfmon: perfmonShape.check({}, '$'), skid: 0, masksPmi: true, timing: UNIT_TIMING,
      quantum: 1000, ...config,
    },
    { choice: FIRST, tracer: NO_TRACE, transmit: () => {}, wasm },
  );
}

interface RunOptions { readonly counting?: boolean; readonly translating?: boolean; readonly timing?: TimingModel }

export function runLoop(
  { source }: Loop, iterations: number, { counting = false, translating: translates = true, timing = UNIT_TIMING }: RunOptions = {},
): Run {
  const machine = newMachine(4, translates ? translating : interpreting, { timing });
  load(machine, `${counting ? COUNT_TWO : ''}\n        mov   ecx, ${iterations}\n${source}\n        out   EXIT_PORT, al\n        hlt`);
  const start = process.cpuUsage();
  machine.run(Number.MAX_SAFE_INTEGER as Cycles);
  const { user, system } = process.cpuUsage(start);
  return { milliseconds: (user + system) / 1000, instructions: machine.cpus[0]!.instructions };
}

/** A machine in which a loop runs for ever, on each of its processors. */
export function endless({ source }: Loop, wasm: WasmHost, config: Partial<MachineConfig> = {}, mebibytes = 4): Machine {
  const machine = newMachine(mebibytes, wasm, config);
  load(machine, `again:  xor   ecx, ecx\n${source}\n        jmp   again`);
  return machine;
}

function load(machine: Machine, program: string): void {
  machine.poke(PROGRAM, assemble(program, BigInt(PROGRAM), CONSTANTS).bytes);
  boot(machine, { entry: BigInt(PROGRAM) });
}
