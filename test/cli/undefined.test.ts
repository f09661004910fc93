import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIRST } from '../../src/base/choice.ts';
import type { Cycles } from '../../src/base/units.ts';
import { StuckWatch } from '../../src/cli/guest/stuck-watch.ts';
import { nodeWasm } from '../../src/cli/wasm.ts';
import { cpio } from '../../src/guest/linux/cpio.ts';
import { open } from '../../src/lab/experiment.ts';
import { readLinear } from '../../src/lab/linear.ts';
import { linuxImage } from '../../src/lab/linux.ts';
import { hostedOn, parseScenario } from '../../src/lab/scenario.ts';
import { NO_TRACE } from '../../src/trace/trace.ts';
import { CR0_PG, EFER_LMA } from '../../src/x86/paging.ts';
import { kernelOf } from '../guest/kernel.ts';
import { file, vpmu } from './command.ts';

const text = (letters: string): string => [...Buffer.from(letters), 0].join(', ');

/** It has a handler of #UD, which says that the command has ended as SIGILL ends one. */
const undefining = (instruction: string): Uint8Array => kernelOf(`
        mov   edi, 0x2000000
        lea   rax, [rel handler]
        mov   [rdi + 96], ax
        mov   [rdi + 98], cs
        mov   word [rdi + 100], 0x8e00
        shr   rax, 16
        mov   [rdi + 102], ax
        shr   rax, 16
        mov   [rdi + 104], eax
        mov   dword [rdi + 108], 0
        lidt  [rel idtr]
        lea   rsi, [rel begin]
        call  print
        ${instruction}
handler: lea  rsi, [rel end]
        call  print
here:   jmp   here
print:  mov   edx, 0x3f8
next:   mov   al, [rsi]
        out   dx, al
        inc   rsi
        cmp   byte [rsi], 0
        jne   next
        ret
idtr:   dw    4095
        dq    0x2000000
begin:  db    ${text('\x01vpmu\x02')}
end:    db    ${text('\x03vpmu 132\x04')}
`);

test('an instruction that this machine has not is told when the command ends of it', () => {
  for (const [instruction, told] of [
    ['db 0xc5, 0xf8, 0x77', /^c5 f8 77 48 8d 35 \w\w 00\.\.\. \(VEX: AVX or later\), behind .*; call 0x\w+$/],
    ['db 0x0f, 0x04', /^0f 04 48 8d 35 \w\w 00 00\.\.\., behind .*; call 0x\w+$/],
    ['ud2', undefined],
  ] as const) {
    for (const on of ['bare', 'general']) {
      const initrd = file('initrd', cpio([{ path: 'bin/busybox', kind: 'file', bytes: new Uint8Array() }]));
      const kernel = ['--kernel', file('kernel', undefining(instruction)), '--initrd', initrd, '--memory', '128'];
      const { status, out, err } = vpmu('run', '--linux', ...kernel, '--exec', 'x', '--on', on);
      assert.deepEqual([status, out], [132, ''], err);
      if (told === undefined) assert.equal(err, '');
      else {
        const line = 'vpmu: the guest executed what this machine has not: processor 0 is at 0x1000042 with its interrupts off: ';
        assert.ok(err.startsWith(line), err);
        assert.match(err.slice(line.length).trimEnd(), told);
      }
    }
  }
});

test('a processor that runs on with its interrupts off is stuck, and one that is halted or takes them is not', () => {
  for (const [code, stuck] of [['cli\nhere: jmp here', 0], ['sti\nhere: jmp here', undefined], ['cli\nhlt', undefined]] as const) {
    const bare = parseScenario({ name: 'x', machine: { memory: 32 }, program: { kind: 'linux' } });
    for (const scenario of [bare, hostedOn(bare, 'reuse')]) {
      const image = linuxImage(scenario, { kernel: kernelOf(code), initrd: undefined });
      const world = open(scenario, { choice: FIRST, tracer: NO_TRACE, transmit: () => {}, wasm: nodeWasm }, image);
      const watch = new StuckWatch(1, 3);
      const looks = [1, 2, 3, 4].map((i) => {
        world.advance((1_000_000 * i) as Cycles);
        return watch.look(world);
      });
      assert.deepEqual(looks, [undefined, undefined, undefined, stuck], code);
    }
  }
});

test('memory is read by the page tables, as far as there is any', () => {
  const ram = new Uint8Array(0x8000);
  const view = new DataView(ram.buffer);
  // 4 KiB at 1000H, then 2 MiB of which the first 8 pages exist: SDM, "Formats of ... Entries".
  for (const [at, entry] of [[0x1000, 0x2003], [0x2000, 0x3003], [0x3000, 0x4003], [0x3008, 0x83], [0x4008, 0x5003]] as const) {
    view.setBigUint64(at, BigInt(entry), true);
  }
  for (let i = 0; i < 0x1000; i += 1) ram[0x5000 + i] = i & 0xff;
  const paging = { cr0: CR0_PG | 1, cr3: 0x1000n, efer: EFER_LMA };
  assert.deepEqual([...readLinear(ram, paging, 0x1ffen, 8)], [0xfe, 0xff]);
  assert.deepEqual([...readLinear(ram, paging, 0x205001n, 3)], [1, 2, 3]);
  assert.deepEqual([readLinear(ram, paging, 0x3000n, 1).length, readLinear(ram, paging, 0x207ffen, 9).length], [0, 2]);
  assert.deepEqual([...readLinear(ram, { ...paging, cr0: 1 }, 0x5002n, 2)], [2, 3]);
});
