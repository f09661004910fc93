import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIRST } from '../../src/base/choice.ts';
import { load, save } from '../../src/base/pack.ts';
import type { Cycles } from '../../src/base/units.ts';
import { nodeWasm } from '../../src/cli/wasm.ts';
import type { LinuxProtocol } from '../../src/guest/linux/kernel.ts';
import { open } from '../../src/lab/experiment.ts';
import { linuxImage } from '../../src/lab/linux.ts';
import { succeeded } from '../../src/lab/report.ts';
import { hostedOn, parseScenario, type Scenario } from '../../src/lab/scenario.ts';
import { NO_TRACE } from '../../src/trace/trace.ts';
import { bzKernelOf, KERNEL, kernelOf, pvhKernelOf } from './kernel.ts';

/** Prints what RDI points to, up to a zero or ECX letters; sleep type 5 with the enable bit is soft off. */
const ROUTINES = `
print:  mov   al, [edi]
        test  al, al
        jz    printed
        mov   edx, 0x3f8
        out   dx, al
        add   edi, 1
        dec   ecx
        jnz   print
printed: ret
off:    mov   edx, 0x600
        mov   eax, 0x34
        out   dx, al
        hlt
`;

const scenarioOf = (commandLine: string, machine: object = {}, protocol: LinuxProtocol = '64-bit'): Scenario =>
  parseScenario({
    name: 'linux', machine: { memory: 32, ...machine }, program: { kind: 'linux', commandLine, protocol }, limit: 200_000_000,
  });

function run(scenario: Scenario, program: string | Uint8Array, initrd?: string, typed = '') {
  const kernel = typeof program === 'string' ? kernelOf(program) : program;
  const image = linuxImage(scenario, { kernel, initrd: initrd === undefined ? undefined : Buffer.from(initrd) });
  const world = open(scenario, { choice: FIRST, tracer: NO_TRACE, transmit: () => {}, wasm: nodeWasm }, image);
  world.type(Buffer.from(typed));
  return world.run();
}

/** What the boot protocol promises: the command line, where the initrd is, ACPI's root pointer, the map of memory. */
const READER = `
        mov   rbx, rsi
        mov   edi, [rbx + 0x228]
        mov   ecx, 99
        call  print
        mov   edi, [rbx + 0x218]
        mov   ecx, [rbx + 0x21c]
        call  print
        mov   rdi, [rbx + 0x70]
        mov   ecx, 7
        call  print
        ; the last of the ranges, and their number
        movzx eax, byte [rbx + 0x1e8]
        imul  ecx, eax, 20
        mov   rdx, [rbx + rcx + 0x2bc]
        add   rdx, [rbx + rcx + 0x2c4]
        cmp   rdx, 0x2000000
        jne   off
        cmp   dword [rbx + 0x202], 0x53726448
        jne   off
        add   al, 48
        mov   edx, 0x3f8
        out   dx, al
        jmp   off
${ROUTINES}`;

test('a kernel finds its command line, its initrd, ACPI and a map of memory by boot_params', () => {
  const report = run(scenarioOf('console=ttyS0 '), READER, 'initrd ');
  assert.deepEqual([report.outcome, report.console], [{ kind: 'power off' }, 'console=ttyS0 initrd RSD PTR4']);
  assert.ok(succeeded(report));
});

/** The same by PVH's start information, in 32-bit code. */
const PVH_READER = `
        mov   esp, 0x8000
        mov   esi, ebx
        cmp   dword [esi], 0x336ec578
        jne   off
        mov   edi, [esi + 24]
        mov   ecx, 99
        call  print
        ; the first module
        mov   ebp, [esi + 16]
        mov   edi, [ebp]
        mov   ecx, [ebp + 8]
        call  print
        mov   edi, [esi + 32]
        mov   ecx, 7
        call  print
        ; the last of the ranges, and their number
        mov   eax, [esi + 48]
        imul  ecx, eax, 24
        add   ecx, [esi + 40]
        mov   edx, [ecx - 24]
        add   edx, [ecx - 16]
        cmp   edx, 0x2000000
        jne   off
        add   al, 48
        mov   edx, 0x3f8
        out   dx, al
        jmp   off
${ROUTINES}`;

test('a kernel with a PVH entry finds the same in 32-bit mode, on bare metal and as a guest', () => {
  const bare = scenarioOf('console=ttyS0 ', {}, 'pvh');
  for (const scenario of [bare, hostedOn(bare, 'mediated')]) {
    const { outcome, console } = run(scenario, pvhKernelOf(PVH_READER), 'initrd ');
    assert.deepEqual([outcome, console], [{ kind: 'power off' }, 'console=ttyS0 initrd RSD PTR4']);
  }
});

test('a bzImage is entered by its own code, and finds the same', () => {
  const { outcome, console } = run(scenarioOf('console=ttyS0 ', {}, 'bzimage'), bzKernelOf(READER), 'initrd ');
  assert.deepEqual([outcome, console], [{ kind: 'power off' }, 'console=ttyS0 initrd RSD PTR4']);
});

test('it finds the same as the guest of a host', () => {
  const report = run(hostedOn(scenarioOf('quiet '), 'mediated'), READER);
  assert.deepEqual([report.outcome, report.console], [{ kind: 'power off' }, 'quiet RSD PTR4']);
});

/** Sleeps until line 4 of the I/O APIC interrupts, and sends back what was received, up to a "q". */
const ECHO = `
        lea   rax, [rel taken]
        lea   rdi, [rel idt + 0x240]
        mov   [rdi], ax
        mov   word [rdi + 2], 8
        mov   word [rdi + 4], 0x8e00
        shr   rax, 16
        mov   [rdi + 6], ax
        mov   qword [rdi + 8], 0
        lea   rax, [rel idt]
        mov   [rel table + 2], rax
        lidt  [rel table]
        mov   ebx, 0xfee00000
        mov   dword [rbx + 0xf0], 0x1ff
        mov   ecx, 0xfec00000
        mov   dword [rcx], 0x18
        mov   dword [rcx + 0x10], 0x24
        mov   edx, 0x3f9
        mov   al, 1
        out   dx, al
again:  sti
        hlt
        cli
        jmp   again
taken:  mov   edx, 0x3f8
        in    al, dx
        cmp   al, 113
        je    off
        out   dx, al
        mov   dword [rbx + 0xb0], 0
        iretq
${ROUTINES}
table:  dw    0xfff
        dq    0
        align 16
idt:    resb  0x1000
`;

test('what is typed wakes a guest that sleeps, to the last letter', () => {
  const typed = 'The quick brown fox jumps over the lazy dog, and over sixteen others.'.replaceAll('q', 'Q');
  for (const scenario of [scenarioOf(''), hostedOn(scenarioOf(''), 'mediated')]) {
    const report = run(scenario, ECHO, undefined, `${typed}q`);
    assert.deepEqual([report.outcome, report.console], [{ kind: 'power off' }, typed]);
  }
});

test('what does not fit, or is no kernel, is told in one line', () => {
  const refuse = (files: { kernel: Uint8Array; initrd?: Uint8Array }, pattern: RegExp, commandLine = ''): void => {
    assert.throws(() => linuxImage(scenarioOf(commandLine), { initrd: undefined, ...files }), pattern);
  };
  const kernel = kernelOf('hlt');
  refuse({ kernel, initrd: new Uint8Array(0x100_0000) }, /need more than the machine's 32 MiB: at least 33$/);
  refuse({ kernel: kernelOf('hlt', 0x8000n) }, /^ImageError: the kernel wants address 0x8000, which is below 1 MiB$/);
  refuse({ kernel: kernelOf('hlt', KERNEL, KERNEL - 1n) }, /^ImageError: the kernel's entry point 0xffffff is in none of its segments$/);
  const wrong = (protocol: LinuxProtocol) => () => linuxImage(scenarioOf('', {}, protocol), { kernel, initrd: undefined });
  assert.throws(wrong('pvh'), /^ImageError: the kernel has no PVH entry$/);
  assert.throws(wrong('bzimage'), /^ImageError: the kernel is no bzImage$/);
  refuse({ kernel }, /^ImageError: the kernel's command line has 2048 letters; it may have 2047$/, 'x'.repeat(2048));
  refuse({ kernel }, /^ImageError: the kernel's command line has letters that are not ASCII$/, 'ä');
});

/** From 64-bit mode to 16-bit code, to real-address mode, and by the reset vector: what Linux does where it knows no other way. */
const RESTART = `
        ; 16-bit code at 9010H: MOV EAX, CR0; AND AL, 0FEH; MOV CR0, EAX; JMP FFFFH:0
        mov   dword [0x9010], 0x24c0200f
        mov   dword [0x9014], 0xc0220ffe
        mov   dword [0x9018], 0xff0000ea
        mov   dword [0x901c], 0x000000ff
        lgdt  [rel table]
        lea   rax, [rel narrow]
        push  8
        push  rax
        retfq
table:  dw    31
        dq    gdt
        align 8
gdt:    dq    0, 0x00cf9b000000ffff, 0x00009b000000ffff, 0
        bits  32
narrow: mov   eax, cr0
        and   eax, 0x7fffffff
        mov   cr0, eax
        jmp   16:0x9010
`;

test('a processor that begins anew at the reset vector resets the machine', () => {
  const report = run(scenarioOf(''), RESTART);
  assert.deepEqual([report.outcome, succeeded(report)], [{ kind: 'reset' }, false]);
});

/** Starts processor 1 at 8000H, as the SDM's "MP Initialization Protocol Algorithm" says, and waits until it has said something. */
const START_OTHER = `
        ; 16-bit code: MOV DX, 3F8H; MOV AL, "2"; OUT DX, AL; MOV [8100H], AL; HLT
        mov   rax, 0xee32b003f8ba
        mov   [0x8000], rax
        mov   dword [0x8006], 0xf48100a2
        mov   ebx, 0xfee00000
        mov   dword [rbx + 0xf0], 0x1ff
        mov   dword [rbx + 0x310], 0x1000000
        mov   dword [rbx + 0x300], 0x4500
        mov   ecx, 100000
delay:  loop  delay
        mov   dword [rbx + 0x300], 0x4608
        mov   ecx, 40000000
wait:   cmp   byte [0x8100], 0
        jne   said
        loop  wait
        hlt
said:   mov   edx, 0x3f8
        mov   al, 49
        out   dx, al
        jmp   off
${ROUTINES}`;

test('a kernel starts another processor by INIT and SIPI', () => {
  const bare = scenarioOf('', { cpus: 2 });
  for (const scenario of [bare, hostedOn(bare, 'mediated'), hostedOn(scenarioOf(''), 'reuse', { vcpus: 2 })]) {
    const report = run(scenario, START_OTHER);
    assert.deepEqual([report.outcome, report.console], [{ kind: 'power off' }, '21']);
  }
});

test('a machine that is loaded in the middle goes on as the one that was saved, and ends the same', () => {
  const bare = scenarioOf('', { cpus: 2 });
  for (const scenario of [bare, hostedOn(bare, 'general')]) {
    const world = (): ReturnType<typeof open> => {
      const image = linuxImage(scenario, { kernel: kernelOf(START_OTHER), initrd: undefined });
      return open(scenario, { choice: FIRST, tracer: NO_TRACE, transmit: () => {}, wasm: nodeWasm }, image);
    };
    const whole = world().run();
    // Before the INIT, between it and the SIPI, and behind it: the delay takes 100 000 cycles.
    for (const until of [50, 60_000, 150_000]) {
      const begun = world(), resumed = world();
      begun.advance(until as Cycles);
      load(resumed, save(begun));
      const { outcome, hash } = resumed.run();
      assert.deepEqual([outcome, hash], [whole.outcome, whole.hash], `saved at ${until}`);
    }
  }
});
