import { type Planted, testPlanted } from './plant.ts';

// Bugs in the hardware. The tests that see them are chosen because they are quick; others would see them too.

const PMU = 'src/hw/pmu/pmu.js';
const PMU_TEST = 'src/hw/pmu/pmu.test.js';
const REGISTERS = 'src/x86/perfmon.js';
const REGISTERS_TEST = 'src/x86/perfmon.test.js';

const PLANTED: readonly Planted[] = [
  {
    name: 'the carry of an addition does not run on',
    file: 'src/x86/isa/table/arithmetic.js',
    from: 'u.carryFlags(u.or(u.and(a, b), u.and(u.or(a, b), u.invert(result))), width);', to: 'u.carryFlags(u.and(a, b), width);',
    test: 'test/vectors/vectors.test.js', only: '^ADC: the WebAssembly',
  },
  {
    name: 'AF is lost where an operand is narrower than 64 bits',
    file: 'src/hw/cpu/wasm/flag-emitter.js', from: 'code.i64(8n);', to: 'code.i64(16n);',
    test: 'test/vectors/vectors.test.js', only: '^ADC: the WebAssembly',
  },
  {
    name: 'an inexact product sets no flag',
    file: 'src/hw/cpu/wasm/exactness.js', from: "out.op('i64_add', 'i64_lt_s');", to: "out.op('i64_add', 'i64_gt_s');",
    test: 'test/vectors/vectors.test.js', only: '^MULPD: the WebAssembly',
  },
  {
    name: 'MXCSR.FTZ flushes nothing',
    file: 'src/x86/simd/round.js', from: 'if (tiny && env.flushes)', to: 'if (false)',
    test: 'test/vectors/vectors.test.js', only: '^(MUL|DIV)PS: the WebAssembly',
  },
  {
    name: 'an MMX register leaves the exponent behind it as it was',
    file: 'src/hw/cpu/wasm/packed-emitter.js', from: 'code.i32(0xffff);', to: 'code.i32(0x7fff);',
    test: 'test/vectors/vectors.test.js', only: '^PADDB: the WebAssembly',
  },
  {
    name: 'IA32_PERF_GLOBAL_CTRL takes reserved bits',
    file: REGISTERS, from: 'case MSRS.IA32_PERF_GLOBAL_CTRL: return this.onlyCounters(low, high);',
    to: 'case MSRS.IA32_PERF_GLOBAL_CTRL: return true;', test: REGISTERS_TEST,
  },
  {
    name: 'the low window does not extend the sign',
    file: REGISTERS, from: 'this.counters[legacy] = signExtended(low, caps.generalWidth);', to: 'this.counters[legacy] = low >>> 0;',
    test: REGISTERS_TEST,
  },
  { name: 'a counter overflows one event late', file: PMU, from: 'if (value < modulus)', to: 'if (value <= modulus)', test: PMU_TEST },
  {
    name: 'two overflows of one instruction are two PMIs',
    file: PMU, from: 'interrupts ||= regs.interrupts(k);', to: 'if (regs.interrupts(k)) this.ports.pmi(), interrupts = true;',
    test: PMU_TEST,
  },
  {
    name: 'a PMI forgets to freeze',
    file: 'src/x86/counter-registers.js', from: 'this.statusFlags = (this.statusFlags | STATUS_HIGH.CTR_FRZ) >>> 0;', to: ';',
    test: PMU_TEST,
  },
  {
    name: 'user and kernel are mixed up',
    file: PMU, from: 'let left = user ? this.user : this.kernel;', to: 'let left = user ? this.kernel : this.user;', test: PMU_TEST,
  },
  {
    name: 'the headroom of a counter is one too long',
    file: PMU, from: 'cycles = Math.min(cycles, left);', to: 'cycles = Math.min(cycles, left + 1);', test: 'src/hw/pmu/headroom.test.js',
  },
  {
    name: 'a snapshot forgets the PMI that is on its way',
    file: PMU, from: "this.pmiIn = s.u16('pmiIn', this.pmiIn);", to: "s.u16('pmiIn', 0);", test: PMU_TEST, only: 'saved in the middle',
  },
  {
    name: 'delivery of a PMI does not mask LVTPC',
    file: 'src/hw/lapic/lapic.js', from: "if (entry === 'perfmon' && this.masksPmi)", to: 'if (false)', test: 'src/hw/lapic/lapic.test.js',
  },
  {
    name: 'a masked entry delivers',
    file: 'src/hw/lapic/lvt.js', from: '(value & LVT_MASKED) !== 0 || ', to: '', test: 'src/hw/lapic/lvt.test.js',
  },
  {
    name: 'an interrupt in service holds off none',
    file: 'src/hw/pic/controller.js', from: 'return rank < this.rankOf(nested) ?', to: 'return rank < 8 ?', test: 'src/hw/pic/pic.test.js',
  },
  {
    name: 'a rate generator takes a new count at once',
    file: 'src/hw/pit/counter.js', from: '!isPeriodic(mode) || counting.count === 0', to: 'true', test: 'src/hw/pit/pit.test.js',
  },
  {
    name: 'an NMI does not block the next',
    file: 'src/hw/cpu/exceptions.js', from: 'cpu.nmiBlocked = true;', to: ';', test: 'test/guest/processor.test.js', only: 'an NMI waits',
  },
  {
    name: 'IRET does not end the blocking of NMIs',
    file: 'src/hw/cpu/microcode/iret.js', from: 'cpu.nmiBlocked = false;', to: ';',
    test: 'test/guest/processor.test.js', only: 'an NMI waits',
  },
  {
    name: 'a load of CR3 flushes nothing',
    file: 'src/hw/cpu/microcode/control.js', from: 'cpu.memory.tlb.flush(false);', to: ';',
    test: 'test/guest/paging.test.js', only: 'a translation stays',
  },
  {
    name: 'INVLPG flushes nothing',
    file: 'src/hw/cpu/microcode/control.js', from: 'cpu.memory.tlb.flushPage(lowOf(address), highOf(address));', to: ';',
    test: 'test/guest/paging.test.js', only: 'a translation stays',
  },
  {
    name: 'a load of CR3 forgets only what was there at the last one',
    file: 'src/hw/cpu/tlb.js', from: 'this.list(entry);', to: ';',
    test: 'test/guest/paging.test.js', only: 'a translation stays',
  },
  {
    name: 'STI lets in nothing that waits',
    file: 'src/hw/cpu/microcode/events.js', from: '!lapic.requested && ', to: '',
    test: 'test/guest/processor.test.js', only: 'STI, and a load of SS',
  },
  {
    name: 'a routine whose instruction uses up the budget does not end the slice',
    file: 'src/hw/cpu/completion.js', from: 'this.books.left > 0', to: 'this.books.left >= 0',
    test: 'test/guest/slices.test.js', only: 'a deadline at any instruction',
  },
  {
    name: 'a copy by runs does not see that it reads what it has written',
    file: 'src/hw/cpu/wasm/repeat-emitter.js', from: "code.op('i32_wrap_i64', 'i32_lt_u');", to: "code.op('drop', 'drop'); code.i32(0);",
    test: 'test/guest/strings.test.js', only: 'repeated copies and fills',
  },
  {
    name: 'a run of iterations overdraws its budget',
    file: 'src/hw/cpu/wasm/repeat-emitter.js', from: 'this.atMost(run, () => this.affordable());', to: ';',
    test: 'test/guest/strings.test.js', only: 'a deadline in the middle of a run',
  },
  {
    name: 'a slice that goes on behind a WRMSR does not ask when its counter overflows',
    file: 'src/hw/cpu/cpu.js', from: 'timer, this.pmu.headroom(this.registers.cpl !== 0)', to: 'timer',
    test: 'test/guest/counters-writes.test.js', only: 'a WRMSR that clears the status',
  },
  {
    name: 'a slice that goes on behind a write to a device does not hear of the timer that it has set',
    file: 'src/hw/cpu/cpu.js', from: 'byDevice && this.untilTimer >= this.time.left', to: 'byDevice',
    test: 'test/guest/processor.test.js', only: 'a local APIC in memory',
  },
  {
    name: 'the address of a device has no carry',
    file: 'src/hw/cpu/plain-move.js', from: '(sum - offset) / TWO_32', to: '0', test: 'test/guest/device-moves.test.js',
  },
  {
    name: 'the control of the fixed counters changes none',
    file: PMU, from: 'else if (this.regs.fixedCtrCtrl !== fixedCtrCtrl)', to: 'else if (false)', test: PMU_TEST,
  },
  {
    name: 'the emitted walk lets a supervisor read a page of a user',
    file: 'src/hw/cpu/wasm/walk-emitter.js', from: 'this.cr4(CR4_SMAP);', to: 'code.i32(0);',
    test: 'test/guest/walks.test.js',
  },
  {
    name: 'the emitted walk takes a page for dirty',
    file: 'src/hw/cpu/wasm/walk-emitter.js', from: 'this.has(pte, PTE_DIRTY);', to: 'code.i32(1);',
    test: 'test/guest/walks.test.js',
  },
  {
    name: 'a load of CR3 does not hear of what the emitted walk has found',
    file: 'src/hw/cpu/wasm/walk-emitter.js', from: "code.access('i32_store', CPU.localCount);", to: "code.op('drop', 'drop');",
    test: 'test/guest/walks.test.js',
  },
  {
    name: 'the time-stamp counter does not know what its block has used up',
    file: 'src/hw/cpu/wasm/system-emitter.js', from: "code.access('i32_load', RECORD.cycles);", to: "code.op('drop'); code.i32(0);",
    test: 'test/guest/timestamps.test.js',
  },
  {
    name: 'a block goes on behind STAC',
    file: 'src/x86/isa/variant.js', from: "'microcode', 'rights'", to: "'microcode'",
    test: 'test/guest/timestamps.test.js', only: 'what is fetched behind',
  },
  {
    name: 'a gate leads to an inner level',
    file: 'src/hw/cpu/quick-frames.js', from: 'level > cpl || level === 3', to: 'level === 3',
    test: 'test/guest/frames.test.js', only: 'an exception that a gate sends',
  },
  {
    name: 'the frame of a handler is not aligned',
    file: 'src/hw/cpu/quick-frames.js', from: '(view.getUint32(stack, true) & ~15) >>> 0', to: 'view.getUint32(stack, true)',
    test: 'test/system/system.test.js', only: '^delivery: the cases',
  },
  {
    name: 'an IRET leads to an inner level',
    file: 'src/hw/cpu/quick-frames.js', from: 'if (level < from)', to: 'if (false)',
    test: 'test/system/system.test.js', only: '^transfers: the cases',
  },
  {
    name: 'a debug register is read although DR7.GD is set',
    file: 'src/x86/isa/table/move.js', from: "u.bit(u.field('DR7'), 13)", to: 'u.never()',
    test: 'test/translate/special-registers.test.js', only: 'with DR7.GD',
  },
  {
    name: 'what is ready for RDMSR and RDPMC is not kept from a guest',
    file: 'src/hw/cpu/ready.js', from: 'nonRoot === undefined && ', to: '', test: 'test/guest/ready.test.js', only: 'a guest reads',
  },
];

testPlanted(PLANTED);
