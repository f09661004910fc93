import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Ran, runEveryWay } from './program.ts';

// What a kernel's perf core asks of a PMU when it boots, before it trusts it: what CPUID says, that nobody else uses the
// counters, that a counter keeps what is written to it, that the registers which are missing are #GP and no more, and that LVTPC
// takes an NMI. On all versions and numbers of counters.

/** RDMSR of what is not there goes on behind it; `faults` counts. */
const PROBE = (msr: string): string => `
        lea   rax, [rel behind_${msr}]
        mov   [rel expected_fault], rax
        mov   ecx, 0x${msr}
        rdmsr
behind_${msr}:
        mov   qword [rel expected_fault], 0`;

const BOOT = `
main:   cli
        ; What there is: leaf 0AH, and whether there is IA32_PERF_CAPABILITIES
        mov   eax, 0xa
        xor   ecx, ecx
        cpuid
        mov   [rel leaf], eax
        mov   [rel leaf + 4], ebx
        mov   [rel leaf + 8], ecx
        mov   [rel leaf + 12], edx
        movzx ecx, ah
        mov   r12d, ecx
        mov   [rel generals], r12d
        mov   r13d, eax
        and   r13d, 0xff
        and   edx, 31
        mov   r14d, edx
        mov   eax, 1
        cpuid
        bt    ecx, 15
        jnc   no_capabilities
        mov   ecx, IA32_PERF_CAPABILITIES
        rdmsr
        mov   [rel capabilities], eax
no_capabilities:
        mov   ecx, IA32_MISC_ENABLE
        rdmsr
        mov   [rel misc_enable], eax
        ; Nobody uses a counter: neither selectors nor the control of the fixed counters enable one
        xor   r8d, r8d
in_use: cmp   r8d, r12d
        jae   in_use_fixed
        lea   ecx, [r8 + IA32_PERFEVTSEL0]
        rdmsr
        or    eax, edx
        or    [rel used], eax
        inc   r8d
        jmp   in_use
in_use_fixed:
        cmp   r13d, 2
        jb    no_globals
        mov   ecx, IA32_FIXED_CTR_CTRL
        rdmsr
        or    eax, edx
        or    [rel used], eax
        mov   ecx, IA32_PERF_GLOBAL_CTRL
        rdmsr
        mov   [rel enabled], eax
        mov   [rel enabled + 4], edx
no_globals:
        ; A counter keeps what is written: its value with the low 16 bits changed, and back
        xor   r8d, r8d
keeps:  cmp   r8d, r12d
        jae   keeps_fixed
        lea   ecx, [r8 + IA32_PMC0]
        call  change
        inc   r8d
        jmp   keeps
keeps_fixed:
        xor   r8d, r8d
        cmp   r13d, 2
        jb    probe
next_fixed:
        cmp   r8d, r14d
        jae   probe
        lea   ecx, [r8 + IA32_FIXED_CTR0]
        call  change
        inc   r8d
        jmp   next_fixed
        ; What other models have: last-branch records, off-core responses, PEBS, the debug store, performance metrics
probe:  ${['1c9', '1a6', '3f1', '600', '329', '3f6'].map(PROBE).join('')}
        ; PMIs are NMIs
        mov   ecx, IA32_X2APIC_LVT_PMI
        mov   eax, 0x400
        xor   edx, edx
        wrmsr
        rdmsr
        mov   [rel lvtpc], eax
        xor   eax, eax
        ret
change: rdmsr
        mov   r9d, eax
        xor   eax, 0xffff
        mov   r10d, eax
        wrmsr
        xor   eax, eax
        rdmsr
        cmp   eax, r10d
        jne   changed
        inc   qword [rel kept]
        mov   eax, r9d
        wrmsr
changed: ret
pmi:    iretq
        align 8
leaf:   dq    0, 0
generals: dq  0
capabilities: dq 0
misc_enable: dq 0
used:   dq    0
enabled: dq   0
kept:   dq    0
lvtpc:  dq    0
`;

function boots(perfmon: object): Ran {
  const ran = runEveryWay(BOOT, { machine: { perfmon } });
  assert.deepEqual(ran.report.outcome, { kind: 'exit', code: 0 });
  // Six registers of other models.
  assert.deepEqual(ran.report.cpus[0]!.exceptions, { 13: 6 });
  assert.deepEqual([ran.word('used'), ran.word('lvtpc')], [0n, 0x400n]);
  return ran;
}

test('a kernel finds its counters, in every version and number', () => {
  for (const version of [1, 2, 3, 4, 5]) {
    for (const [general, fixed, width] of [[1, 0, 48], [2, 3, 40], [4, 3, 48], [8, 4, 48], [8, 4, 32]] as const) {
      const ran = boots({ version, generalCounters: general, fixedCounters: fixed, generalWidth: width, fixedWidth: width });
      const [eaxEbx, ecxEdx] = ran.words('leaf', 2);
      // EAX: version, counters, width, eight events; EDX: fixed counters and their width, from version 2 on; ECX from version 5 on.
      const eax = version | (general << 8) | (width << 16) | (8 << 24), ecx = version === 5 ? 2 ** fixed - 1 : 0;
      assert.deepEqual(eaxEbx, BigInt(eax));
      assert.deepEqual(ecxEdx, (BigInt(version > 1 ? fixed | (width << 5) : 0) << 32n) | BigInt(ecx));
      assert.deepEqual([ran.word('generals'), ran.word('capabilities')], [BigInt(general), 0x2000n]);
      // After reset the general counters are globally enabled.
      assert.equal(ran.word('enabled'), version > 1 ? (1n << BigInt(general)) - 1n : 0n);
      assert.equal(ran.word('kept'), BigInt(general + (version > 1 ? fixed : 0)));
      // Performance monitoring is available; branch trace store and PEBS are not.
      assert.equal(ran.word('misc_enable'), 0x1881n);
    }
  }
});

test('without performance monitoring there is nothing to find', () => {
  const ran = boots({ version: 0 });
  assert.deepEqual(ran.words('leaf', 2), [0n, 0n]);
  assert.deepEqual(['generals', 'capabilities', 'enabled', 'kept'].map((label) => ran.word(label)), [0n, 0n, 0n, 0n]);
  assert.equal(ran.word('misc_enable'), 0x1801n);
});
