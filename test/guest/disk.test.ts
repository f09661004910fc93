import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIRST } from '../../src/base/choice.ts';
import { load, save } from '../../src/base/pack.ts';
import type { Cycles } from '../../src/base/units.ts';
import { nodeWasm } from '../../src/cli/wasm.ts';
import { open } from '../../src/lab/experiment.ts';
import { linuxImage } from '../../src/lab/linux.ts';
import { hostedOn, parseScenario } from '../../src/lab/scenario.ts';
import { NO_TRACE } from '../../src/trace/trace.ts';
import { assemble } from '../../src/x86/isa/assemble.ts';
import { kernelOf } from './kernel.ts';

// A driver in machine code, with a disk: what the device writes to memory is what the processor finds there, also where it had decoded
// other code; and its interrupt comes by line 16.

/**
 * Calls a routine at 1800000H, has the disk write its first sector over it, sleeps until the interrupt, calls it again, writes the sector
 * to the disk's second one, and switches the machine off. Descriptors are at 1900000H, rings 1000H and 2000H behind them.
 */
const DRIVER = `
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
        mov   dword [rcx], 0x30
        mov   dword [rcx + 0x10], 0x8024
        mov   ebp, 0xfeb00000
        mov   dword [rbp + 0x70], 0
        mov   dword [rbp + 0x70], 3
        mov   dword [rbp + 0x24], 1
        mov   dword [rbp + 0x20], 1
        mov   dword [rbp + 0x70], 11
        mov   dword [rbp + 0x38], 8
        mov   dword [rbp + 0x80], 0x1900000
        mov   dword [rbp + 0x90], 0x1901000
        mov   dword [rbp + 0xa0], 0x1902000
        mov   dword [rbp + 0x44], 1
        mov   dword [rbp + 0x70], 15
        mov   r8d, 0x1900000
        ; header, 512 bytes that the device writes, status
        mov   qword [r8], 0x1903000
        mov   dword [r8 + 8], 16
        mov   dword [r8 + 12], 0x10001
        mov   qword [r8 + 16], 0x1800000
        mov   dword [r8 + 24], 512
        mov   dword [r8 + 28], 0x20003
        mov   qword [r8 + 32], 0x1904000
        mov   dword [r8 + 40], 1
        mov   dword [r8 + 44], 2
        ; mov al, 'a'; ret
        mov   dword [0x1800000], 0x00c361b0
        mov   r9d, 3
warm:   mov   eax, 0x1800000
        call  rax
        call  say
        dec   r9d
        jnz   warm
        call  ask
        mov   eax, 0x1800000
        call  rax
        call  say
        ; the same as a write of the second sector
        mov   dword [0x1903000], 1
        mov   dword [0x1903008], 1
        mov   dword [r8 + 28], 0x20001
        call  ask
        mov   al, [0x1904000]
        add   al, 48
        call  say
        mov   edx, 0x600
        mov   eax, 0x34
        out   dx, al
        hlt
ask:    mov   ax, [0x1901002]
        inc   ax
        mov   [0x1901002], ax
        mov   dword [rbp + 0x50], 0
        sti
        hlt
        cli
        ret
say:    mov   edx, 0x3f8
        out   dx, al
        ret
taken:  mov   eax, [rbp + 0x60]
        mov   [rbp + 0x64], eax
        add   al, 72
        mov   edx, 0x3f8
        out   dx, al
        mov   dword [rbx + 0xb0], 0
        iretq
table:  dw    0xfff
        dq    0
        align 16
idt:    resb  0x1000
`;

/** Two sectors, the first of which begins with a routine that another letter comes of. */
function image(): Uint8Array {
  const bytes = new Uint8Array(1024);
  bytes.set(assemble('mov al, 98\nret', 0n, new Map()).bytes);
  bytes.set(Buffer.from('first'), 500);
  return bytes;
}

const program = { kind: 'linux', commandLine: '' };
const bare = parseScenario({ name: 'linux', machine: { memory: 32 }, program, limit: 200_000_000 });

function machine(scenario = bare, wasm = true) {
  const attached = { disks: [{ bytes: image(), readOnly: false, serial: 'disk' }] };
  const outside = { choice: FIRST, tracer: NO_TRACE, transmit: () => {}, attached, ...(wasm ? { wasm: nodeWasm } : {}) };
  return open(scenario, outside, linuxImage(scenario, { kernel: kernelOf(DRIVER), initrd: undefined }));
}

/** Interrupts are I: 72 and the reason, which is 1. */
const SAID = 'aaaIbI0';
const written = (): Uint8Array => Uint8Array.from([...image().subarray(0, 512), ...image().subarray(0, 512)]);

test('the device writes to memory, also over decoded code, and interrupts: on bare metal and as a guest', () => {
  for (const scenario of [bare, hostedOn(bare, 'mediated'), hostedOn(bare, 'general')]) {
    const world = machine(scenario);
    const { outcome, console } = world.run();
    assert.deepEqual([outcome, console], [{ kind: 'power off' }, SAID]);
    assert.deepEqual(world.board.disks[0]!.written, written());
  }
});

// 1251 cycles in all; after 500 of them the routine has been called, and after 1000 read over.
test('with WebAssembly or without, and loaded in the middle, it is the same', () => {
  const whole = machine();
  const { hash } = whole.run();
  assert.equal(machine(bare, false).run().hash, hash);
  for (const until of [500, 1000]) {
    const first = machine(), second = machine();
    first.advance(until as Cycles);
    load(second, save(first));
    assert.equal(second.run().hash, hash, `${until}`);
    assert.deepEqual(second.board.disks[0]!.written, written());
  }
});
