/**
 * Random programs, with four narrow counters of all kinds that interrupt all the time, a running timer, stores to code, accesses to
 * two pages and to devices. What they leave behind is at `taken`, `sum`, `final` and `data`.
 */
import { Seeded } from '../../src/base/choice.ts';
import { EVENTS } from '../../src/x86/event.ts';

const REGISTERS = ['rax', 'rcx', 'rdx', 'rsi', 'rdi', 'r8', 'r9', 'r10', 'r11', 'r12'];
const HALVES = ['eax', 'ecx', 'edx', 'esi', 'edi', 'r8d', 'r9d', 'r10d', 'r11d', 'r12d'];
const BYTES = ['al', 'cl', 'dl', 'sil', 'dil', 'r8b', 'r9b', 'r10b', 'r11b', 'r12b'];
const CONDITIONS = ['o', 'no', 'b', 'ae', 'e', 'ne', 'be', 'a', 's', 'ns', 'p', 'np', 'l', 'ge', 'le', 'g'];

/**
 * What a program may do. Without `time` it asks for none, so that where time passes otherwise it ends in the same state; of some
 * events it may not ask besides. Without `conditions` no counter has a CMASK.
 */
export interface Traits { readonly time: boolean; readonly without?: RegExp; readonly conditions?: boolean }

export class Generator {
  private readonly random: Seeded;
  private readonly traits: Traits;
  private labels = 0;

  constructor(seed: number, traits: Traits = { time: true }) {
    this.random = new Seeded(seed);
    this.traits = traits;
  }

  number(n: number): number {
    return this.random.pick(n, 'a random program');
  }

  one<T>(list: readonly T[]): T {
    return list[this.number(list.length)]!;
  }

  /** A register of some size, another of that size, and how memory of that size is called. */
  private operands(): [string, string, string] {
    const [names, size] = this.one([[REGISTERS, 'qword'], [HALVES, 'dword'], [BYTES, 'byte']] as const);
    return [this.one(names), this.one(names), size];
  }

  /** Somewhere in four pages of data, often where two of them meet; RBX points at the first. */
  private place(): string {
    const boundary = 0x1000 * (1 + this.number(3)) - this.number(9);
    return this.one([`[rbx + ${8 * this.number(64)}]`, `[rbx + ${this.number(0x3ff0)}]`, `[rbx + ${boundary}]`]);
  }

  private label(): string {
    this.labels += 1;
    return `l${this.labels}`;
  }

  private readonly statements: readonly (() => string)[] = [
    () => {
      const [a, b] = this.operands();
      return `${this.one(['add', 'sub', 'adc', 'sbb', 'and', 'or', 'xor', 'cmp', 'test', 'mov', 'xchg'])} ${a}, ${b}`;
    },
    () => {
      const [a] = this.operands();
      return `${this.one(['inc', 'dec', 'neg', 'not'])} ${a}`;
    },
    () => `${this.one(['shl', 'shr', 'sar', 'rol', 'ror', 'rcl', 'rcr'])} ${this.one(REGISTERS)}, ${this.number(64)}`,
    () => `imul ${this.one(HALVES)}, ${this.one(HALVES)}`,
    () => `set${this.one(CONDITIONS)} ${this.one(BYTES)}`,
    () => `cmov${this.one(CONDITIONS)} ${this.one(REGISTERS)}, ${this.one(REGISTERS)}`,
    () => {
      const [a] = this.operands();
      return `${this.one(['add', 'mov', 'sub', 'xor', 'cmp'])} ${a}, ${this.place()}`;
    },
    () => {
      const [a] = this.operands();
      return `${this.one(['add', 'mov', 'adc', 'or', 'xchg'])} ${this.place()}, ${a}`;
    },
    () => `lock add ${this.operands()[2]} ${this.place()}, 1`,
    () => `push ${this.one(REGISTERS)}\n pop ${this.one(REGISTERS)}`,
    () => `push qword ${this.place()}\n pop qword ${this.place()}`,
    () => 'pushfq\n popfq',
    // Forward, over a few instructions; down to the count of a loop; to a routine.
    () => {
      const [label, inside] = [this.label(), this.simple(1 + this.number(4))];
      return `j${this.one(CONDITIONS)} ${label}\n${inside}\n${label}:`;
    },
    () => {
      const label = this.label();
      return `mov r13d, ${1 + this.number(12)}\n${label}:\n${this.simple(1 + this.number(3))}\n dec r13d\n jnz ${label}`;
    },
    () => 'call routine',
    () => 'lea r14, [rel routine]\n call r14',
    // Repeated string instructions, sometimes over two pages.
    () => {
      const [from, to] = [this.number(0x3f00), this.number(0x3f00)];
      const what = this.one(['rep movsb', 'rep movsq', 'rep stosd', 'repe cmpsb', 'repne scasb', 'lodsw', 'movsb']);
      return `lea rsi, [rbx + ${from}]\n lea rdi, [rbx + ${to}]\n mov ecx, ${this.number(24)}\n ${what}`;
    },
    // Code that changes the code behind it: the immediate of an instruction of three bytes.
    () => {
      const label = this.label();
      return `mov byte [rel ${label} + 2], ${this.number(256)}\n nop\n${label}: mov r8b, 1`;
    },
    // Time, counters, CPUID, a device in memory, a port.
    () => (this.traits.time ? 'rdtsc' : 'nop'),
    () => `mov ecx, ${this.number(4)}\n rdpmc`,
    () => 'xor eax, eax\n push rbx\n cpuid\n pop rbx',
    () => 'mov r14d, 0xfee00000\n mov r9d, [r14 + 0x390]',
    () => 'mov edx, 0x3ff\n out dx, al\n in al, dx',
    () => 'cli\n nop\n sti',
    () => `mov ecx, IA32_PMC0 + ${this.number(4)}\n mov eax, ${-1 - this.number(200)}\n cdq\n wrmsr`,
  ];

  private simple(count: number): string {
    return Array.from({ length: count }, () => this.statements[this.number(12)]!()).join('\n');
  }

  body(count: number): string {
    return Array.from({ length: count }, () => this.one(this.statements)()).join('\n');
  }

  /** A counter of a random event: it interrupts, now and then has CMASK, INV or EDGE, and begins near its wrap. */
  counter(i: number, tail: number): Counter {
    const { time, without, conditions = true } = this.traits;
    const event = this.one(EVENTS.filter(({ name }) => (time || !OF_TIME.test(name)) && !without?.test(name)));
    const [code, umask] = event.codes[0];
    const cmask = conditions && this.number(4) === 0 ? (1 + this.number(3)) << 24 : 0;
    const edge = time && this.number(6) === 0 ? 1 << 18 : 0, inverted = time && this.number(4) === 0 ? 1 << 23 : 0;
    const selector = (code | (umask << 8) | 0x53_0000 | cmask | edge | inverted) >>> 0;
    const countsTime = OF_TIME.test(event.name) || inverted !== 0;
    return {
      setUp: `
        mov   ecx, IA32_PERFEVTSEL0 + ${i}
        mov   eax, ${selector}
        xor   edx, edx
        wrmsr${write(i, 1 + this.number(150))}`,
      rearm: `
        test  bl, ${1 << i}
        jz    armed${i}${write(i, (countsTime ? tail : 20) + this.number(80))}
armed${i}:`,
    };
  }
}

/** Events that pass with time. */
const OF_TIME = /cycles|slots/;

/** What sets a counter up, and what the handler does with it when it has wrapped; EBX has the status there. */
export interface Counter { readonly setUp: string; readonly rearm: string }

/**
 * More issue slots than pass from the WRMSR that lets the counters go on to the first instruction of the program: three
 * instructions, four POP, IRETQ and a delivery, each a cycle, or 9 + 2 x 80 cycles in all, and two misses of the cache. A counter
 * that wraps sooner would interrupt before anything of the program is run, for ever.
 */
export const tailOf = (timing: string): number => 4 * (timing === 'unit' ? 10 : 9 + 2 * 80 + 2 * 200);

/** So many events are missing to the next overflow of a general counter. */
const write = (i: number, period: number): string => `
        mov   ecx, IA32_PMC0 + ${i}
        mov   eax, ${-period}
        cdq
        wrmsr`;

/** The local APIC is in xAPIC mode, with a periodic timer; counters stop in the handler and are armed anew. */
export const programOf = (g: Generator, counters: readonly Counter[], { time = true, freezes = true } = {}): string => `
main:   cli
        mov   ecx, IA32_APIC_BASE
        mov   eax, 0xfee00100
        xor   edx, edx
        wrmsr
        mov   eax, 0xfee00900
        wrmsr
        mov   ebx, 0xfee00000
        mov   dword [rbx + 0xf0], 0x1ff
        mov   dword [rbx + 0x340], PMI_VECTOR
        mov   dword [rbx + 0x3e0], 0xb
        mov   dword [rbx + 0x320], 0x20000 + PMI_VECTOR
        mov   dword [rbx + 0x380], ${(20 + g.number(20)) * (time ? 1 : 0)}
        mov   ecx, IA32_PERF_GLOBAL_CTRL
        xor   eax, eax
        xor   edx, edx
        wrmsr
        ${counters.map(({ setUp }) => setUp).join('\n')}
        mov   ecx, IA32_FIXED_CTR_CTRL
        mov   eax, ${[0xbbb, 0x333, 0xb0b, 0][g.number(4)]! & (time ? 0xfff : 0xf)}
        xor   edx, edx
        wrmsr
        mov   ecx, IA32_DEBUGCTL
        mov   eax, ${g.one(['0', freezes ? 'DEBUGCTL_FREEZE_PERFMON_ON_PMI' : '0'])}
        xor   edx, edx
        wrmsr
        lea   rbx, [rel data]
        mov   rbp, rsp
        mov   r15d, ${8 + g.number(8)}
        mov   ecx, IA32_PERF_GLOBAL_CTRL
        mov   eax, 0xf
        mov   edx, 7
        sti
        wrmsr
body:
${g.body(40)}
        dec   r15d
        jnz   body
        cli
        mov   ecx, IA32_PERF_GLOBAL_CTRL
        xor   eax, eax
        xor   edx, edx
        wrmsr
        lea   rbx, [rel final]
        ${REGISTERS.map((name, i) => `mov [rbx + ${8 * i}], ${name}`).join('\n')}
        ${counters.map((_, i) => `mov ecx, ${i}\n rdpmc\n mov [rbx + ${80 + 8 * i}], eax\n mov [rbx + ${84 + 8 * i}], edx`).join('\n')}
        mov   ecx, 0x40000000
        rdpmc
        mov   [rbx + 112], eax
        mov   [rbx + 116], edx
        mov   ecx, IA32_PERF_GLOBAL_STATUS
        rdmsr
        mov   [rbx + 120], eax
        mov   [rbx + 124], edx
        xor   eax, eax
        ret
routine:
        add   r10, r11
        ret
pmi:    push  rax
        push  rcx
        push  rdx
        push  rbx
        inc   qword [rel taken]
        mov   rcx, [rsp + 32]
        add   [rel sum], rcx
        mov   ecx, IA32_PERF_GLOBAL_CTRL
        xor   eax, eax
        xor   edx, edx
        wrmsr
        mov   ecx, IA32_PERF_GLOBAL_STATUS
        rdmsr
        mov   ebx, eax
        mov   ecx, IA32_PERF_GLOBAL_STATUS_RESET
        wrmsr
        ${counters.map(({ rearm }) => rearm).join('\n')}
        mov   ecx, IA32_PERF_GLOBAL_CTRL
        mov   eax, 0xf
        mov   edx, 7
        wrmsr
        mov   ebx, 0xfee00000
        mov   dword [rbx + 0x340], PMI_VECTOR
        mov   dword [rbx + 0xb0], 0
        pop   rbx
        pop   rdx
        pop   rcx
        pop   rax
        iretq
        align 8
taken:  dq    0
sum:    dq    0
final:  resb  128                 ; the registers, four counters, a fixed one, the status
        align 4096
data:   resb  0x4000
`;
