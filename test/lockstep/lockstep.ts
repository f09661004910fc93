/**
 * Our machine beside another one, instruction by instruction. Before each of them both must have the same registers. What a program cannot
 * compute from its registers and memory is input: what the other machine got, ours gets too, so that both go the same way.
 *
 *     the other one's registers --> equal? --yes--> our machine does one instruction
 *                                     |
 *                                     no --> an input of the last instruction? a flag that it leaves undefined? take the other one's
 *                                     |
 *                                     '--> they have diverged: that is what is looked for
 */
import { NEVER } from '../../src/base/state.ts';
import type { Cycles } from '../../src/base/units.ts';
import type { Cpu } from '../../src/hw/cpu/cpu.ts';
import { CPU } from '../../src/hw/cpu/layout.ts';
import { DELIVERY } from '../../src/hw/lapic/lapic.ts';
import type { Machine } from '../../src/hw/machine.ts';
import { RF, STATUS_FLAGS } from '../../src/x86/flags.ts';
import { MSRS } from '../../src/x86/msr.ts';
import { GPR64, RCX } from '../../src/x86/registers.ts';
import { undefinedFlags } from '../vectors/undefined.ts';
import { Code } from './code.ts';
import { type Listener, type Logged, RIP_WORD } from './log.ts';
import { adoptTables, differing, differs, ourSystem, printedSystem, SYSTEM_STATE } from './system.ts';

/** What the two machines came to. */
export interface Agreement {
  /** Instructions; one that repeats itself is one. */
  instructions: number;
  /** How often registers were compared. */
  comparisons: number;
  /** How often the other machine's input was taken, by instruction; "device" is a read of a device in memory. */
  readonly inputs: Record<string, number>;
  interrupts: number;
  /** How often a flag that the manual leaves undefined differed. */
  undefinedFlags: number;
  /** Where they no longer agree, and in what. */
  divergence: string | undefined;
  /** An instruction that repeats itself so often that it is not worth being told each time. */
  tedious: bigint | undefined;
}

/** Their results come from outside of the program; those of RDMSR but for the registers below. */
const INPUT = /^(RDTSCP?|RDRAND|RDSEED|CPUID|IN|INS|RDMSR)$/;
/** What software reads of these, it has written. */
const WRITTEN_MSRS: ReadonlySet<number> = new Set([
  MSRS.IA32_EFER, MSRS.IA32_STAR, MSRS.IA32_LSTAR, MSRS.IA32_CSTAR, MSRS.IA32_FMASK, MSRS.IA32_FS_BASE, MSRS.IA32_GS_BASE,
  MSRS.IA32_KERNEL_GS_BASE, MSRS.IA32_SYSENTER_CS, MSRS.IA32_SYSENTER_ESP, MSRS.IA32_SYSENTER_EIP, MSRS.IA32_PAT, MSRS.IA32_TSC_AUX,
]);
/** QEMU has every MSR: what it does not know reads as 0. */
const EVERY_MSR: Pick<ReadonlyMap<number, bigint>, 'get' | 'has'> = { get: () => 0n, has: () => true };
const GPR_WORDS = 32;
const TEDIOUS = 20_000;

export class Lockstep implements Listener {
  readonly agreement: Agreement = {
    instructions: 0, comparisons: 0, inputs: {}, interrupts: 0, undefinedFlags: 0, divergence: undefined, tedious: undefined,
  };
  private readonly machine: Machine;
  private readonly cpu: Cpu;
  private readonly limit: number;
  private readonly code: Code;
  /** Addresses of instructions that the other machine does not tell of. */
  private readonly quiet: readonly bigint[];
  /** General registers of our processor, and from `ripWord` on RIP, low halves first. */
  private readonly here: Uint32Array;
  private readonly ripWord = (CPU.rip - CPU.gpr) >> 2;
  private readonly systemState: Buffer;
  private readonly lastSystemState: Buffer;
  private lastSystem = '';
  /** The registers before the last instruction, as those of `Logged`. */
  private readonly before = new Uint32Array(GPR_WORDS + 2);
  private deviceRead = false;
  private started = false;
  private iterations = 0;

  /** Compares so many instructions, from where the machine stands. */
  constructor(machine: Machine, limit: number, quiet: readonly bigint[]) {
    this.machine = machine;
    this.limit = limit;
    this.quiet = quiet;
    const [cpu] = machine.cpus;
    this.cpu = cpu!;
    const { base } = this.cpu;
    this.code = new Code(machine);
    this.here = new Uint32Array(machine.memory, base + CPU.gpr, this.ripWord + 2);
    this.systemState = Buffer.from(machine.memory, base + SYSTEM_STATE.from, SYSTEM_STATE.to - SYSTEM_STATE.from);
    this.lastSystemState = Buffer.alloc(this.systemState.length);
    this.takeInputsFromOutside();
  }

  /** Time and devices are the other machine's. */
  private takeInputsFromOutside(): void {
    const { bus, lapic } = this.cpu;
    const read = bus.read.bind(bus);
    bus.read = (address, width) => {
      this.deviceRead = true;
      return read(address, width);
    };
    lapic.advance = () => {};
    lapic.deadline = () => NEVER;
    Object.assign(this.cpu, { constantMsrs: EVERY_MSR });
  }

  interrupt(vector: number): void {
    if (!this.started) return;
    this.agreement.interrupts += 1;
    this.cpu.lapic.accept(DELIVERY.fixed, vector);
    this.machine.step();
  }

  state(logged: Logged): boolean {
    if (!this.started && !this.starts(logged)) return true;
    const { agreement, before } = this;
    if (!this.agrees(logged)) {
      if (this.isTwice(logged) || this.isLastIteration(logged)) return true;
      agreement.divergence = this.settle(logged);
      if (agreement.divergence !== undefined) return false;
    }
    agreement.comparisons += 1;
    if (!this.counts(logged)) return false;
    before.set(logged.words);
    this.deviceRead = false;
    this.machine.step();
    while (this.isQuiet()) this.skip();
    return true;
  }

  /** False when there are enough of them. */
  private counts({ words }: Logged): boolean {
    const { agreement, before } = this;
    const again = words[RIP_WORD] === before[RIP_WORD] && words[RIP_WORD + 1] === before[RIP_WORD + 1];
    this.iterations = again ? this.iterations + 1 : 0;
    if (this.iterations === TEDIOUS) agreement.tedious = rip(words);
    if (!again) agreement.instructions += 1;
    return agreement.tedious === undefined && agreement.instructions <= this.limit;
  }

  /** On in an instruction that repeats itself, but not past it: no iteration takes less than a cycle. */
  private skip(): void {
    const { cpu, machine } = this;
    const surely = Math.floor(Number(cpu.registers.gpr(RCX)) / 2);
    if (surely > 0) cpu.run((cpu.clock + surely) as Cycles);
    else machine.step();
  }

  private isQuiet(): boolean {
    const { quiet, cpu } = this;
    return quiet.length > 0 && quiet.includes(cpu.registers.rip);
  }

  /** Both are where the program begins. */
  private starts({ words, rflags, system }: Logged): boolean {
    const { here, ripWord, cpu } = this;
    if (words[RIP_WORD] !== here[ripWord] || words[RIP_WORD + 1] !== 0) return false;
    here.set(words.subarray(0, GPR_WORDS));
    cpu.registers.rflags = rflags;
    adoptTables(cpu.registers, printedSystem(system));
    this.started = true;
    return true;
  }

  private agrees(logged: Logged): boolean {
    const { here } = this;
    const { words } = logged;
    for (let i = 0; i < GPR_WORDS; i += 1) if (here[i] !== words[i]) return false;
    return this.isAt(words) && this.flagsDiffer(logged) === 0 && this.systemDiffers(logged).length === 0;
  }

  private isAt(words: Uint32Array): boolean {
    const { here, ripWord } = this;
    return here[ripWord] === words[RIP_WORD] && here[ripWord + 1] === words[RIP_WORD + 1];
  }

  /** QEMU does not set RF in what an exception leaves on the stack. */
  private flagsDiffer({ rflags }: Logged): number {
    return (this.cpu.registers.rflags ^ rflags) & ~RF;
  }

  /** Looked at only where something has changed in one of them. */
  private systemDiffers({ system }: Logged): readonly string[] {
    const { systemState, lastSystemState } = this;
    if (system === this.lastSystem && systemState.equals(lastSystemState)) return [];
    const differences = differing(ourSystem(this.cpu.registers), printedSystem(system));
    if (differences.length === 0) {
      systemState.copy(lastSystemState);
      this.lastSystem = system;
    }
    return differences;
  }

  /** QEMU tells of an instruction twice which it has not done the first time because its time was up. */
  private isTwice({ words }: Logged): boolean {
    return this.before.every((word, i) => word === words[i]);
  }

  /** With RCX used up, QEMU comes to an instruction that repeats itself once more, to leave it. */
  private isLastIteration({ words }: Logged): boolean {
    const { here, before } = this;
    if (words[RIP_WORD] !== before[RIP_WORD] || words[2 * RCX] !== 0 || words[2 * RCX + 1] !== 0) return false;
    return this.code.at(rip(before))?.repeat !== 0 && words.subarray(0, GPR_WORDS).every((word, i) => word === here[i]);
  }

  /** Takes what the program could not know. Returns what else differs. */
  private settle(logged: Logged): string | undefined {
    const { agreement, here, before, cpu: { registers } } = this;
    const input = this.inputOf();
    if (input !== undefined && this.isAt(logged.words)) {
      agreement.inputs[input] = (agreement.inputs[input] ?? 0) + 1;
      here.set(logged.words.subarray(0, GPR_WORDS));
      registers.rflags = (registers.rflags & ~STATUS_FLAGS) | (logged.rflags & STATUS_FLAGS);
    } else {
      const decoded = this.code.at(rip(before));
      const open = decoded === undefined ? 0 : undefinedFlags(decoded, { registers: general(before) });
      if ((this.flagsDiffer(logged) & open) !== 0) {
        agreement.undefinedFlags += 1;
        registers.rflags = (registers.rflags & ~open) | (logged.rflags & open);
      }
    }
    return this.agrees(logged) ? undefined : this.story(logged);
  }

  /** Where the result of the last instruction came from, if from outside. */
  private inputOf(): string | undefined {
    const { before } = this;
    if (this.deviceRead) return 'device';
    const mnemonic = this.code.at(rip(before))?.instruction.mnemonic ?? '';
    return INPUT.test(mnemonic) && !(mnemonic === 'RDMSR' && WRITTEN_MSRS.has(before[2 * RCX]!)) ? mnemonic : undefined;
  }

  private story(logged: Logged): string {
    const { agreement, before, code, cpu: { registers } } = this;
    const here = [...general(this.here), registers.rip], there = [...general(logged.words), rip(logged.words)];
    const flags = this.flagsDiffer(logged) === 0 ? [] : [differs('RFLAGS', BigInt(registers.rflags), BigInt(logged.rflags))];
    return [
      `after ${agreement.instructions} instructions, the last one ${code.text(rip(before))}`,
      ...[...GPR64, 'RIP'].flatMap((name, i) => (here[i] === there[i] ? [] : [differs(name, here[i]!, there[i]!)])),
      ...flags, ...this.systemDiffers(logged),
    ].join('\n  ');
  }
}

const wide = (words: Uint32Array, at: number): bigint => (BigInt(words[at + 1]!) << 32n) | BigInt(words[at]!);
const rip = (words: Uint32Array): bigint => wide(words, RIP_WORD);
const general = (words: Uint32Array): readonly bigint[] => Array.from({ length: GPR_WORDS / 2 }, (_, i) => wide(words, 2 * i));
