/**
 * What a region keeps in local variables: general registers, what status flags follow from, and the books. All are read from the
 * processor's block where it is entered, and written back where it is left.
 *
 * The books are one word: budget, instructions and branches, 21 bits each, the budget on top, so that one addition keeps all
 * three, and the sign tells that the budget would not last. What counts beyond that only exists where somebody counts it.
 */
import type { Counts } from '../../../x86/isa/traits.ts';
import type { Counted } from '../books.ts';
import { COUNT_BITS, CPU, gprOffset, STATUS } from '../layout.ts';
import { isElsewhere, PROCESSOR, tlbOffset } from '../wasm/emitter.ts';
import type { FlagSource } from '../wasm/flag-emitter.ts';
import { PAGE } from './region.ts';
import type { Label, RegionCode } from './region-code.ts';

/** What steps add to the books. */
export interface Sums { readonly cycles: number; readonly counts: readonly Counts[] }

/** How a region is left. */
type Exit = (typeof STATUS)['branch' | 'returned' | 'check' | 'interpret'];

/** The parameter that says where in linear memory the region is entered. */
const ENTERED = 1;

const SOURCES: readonly FlagSource[] = ['zeroSource', 'signSource', 'carries'];
/** Of the books: budget, instructions, branches. */
const BUDGET = 2n * BigInt(COUNT_BITS), RETIRED = BigInt(COUNT_BITS);
const COUNT = (1n << BigInt(COUNT_BITS)) - 1n;

const total = (counts: readonly Counts[], what: keyof Counts): bigint => counts.reduce((sum, each) => sum + BigInt(each[what]), 0n);

export class Frame {
  readonly code: RegionCode;
  readonly gprs: readonly number[];
  readonly sources: Readonly<Record<FlagSource, number>>;
  /** Address of the TLB of the present mode; linear address of page 0. */
  readonly tlb: number;
  readonly page: number;
  /** Where the dispatcher goes. */
  readonly place: number;
  /** Where an indirect branch goes. */
  readonly target: number;
  private readonly counted: Counted;
  private readonly observed: boolean;
  private readonly books: number;
  private readonly kinds: number;
  private readonly accesses: number;
  private readonly rip: number;
  private readonly status: number;
  private out: Label = 0;

  constructor(code: RegionCode, counted: Counted, observed: boolean) {
    this.code = code;
    this.counted = counted;
    this.observed = observed;
    this.place = code.fixed('i64');
    this.gprs = Array.from({ length: 16 }, () => code.fixed('i64'));
    this.sources = { zeroSource: code.fixed('i64'), signSource: code.fixed('i64'), carries: code.fixed('i64') };
    this.tlb = code.fixed('i32');
    this.page = code.fixed('i64');
    this.target = code.fixed('i64');
    this.books = code.fixed('i64');
    this.kinds = code.fixed('i64');
    this.accesses = code.fixed('i64');
    this.rip = code.fixed('i64');
    this.status = code.fixed('i32');
  }

  /**
   * `used` and `changed` are general registers; after it comes the body, and then `leave`. Notes that translation `slot` is in use.
   * `pages` are those on which it is entered: the place of each, and where it lies.
   */
  enter(used: ReadonlySet<number>, uses: number, slot: number, pages: readonly (readonly [page: number, host: number])[]): void {
    const { code } = this;
    code.i32(0);
    code.i32(0);
    code.access('i32_load', uses);
    code.access('i32_store', uses + 4 * slot);
    for (const n of used) this.load(this.gprs[n]!, 'i64_load', gprOffset(n));
    this.loadFlags();
    this.loadTlb();
    code.get(PROCESSOR);
    code.access('i64_load', CPU.rip);
    code.i64(-0x1000n);
    code.op('i64_and');
    code.set(this.page);
    code.get(PROCESSOR);
    code.access('i64_load32_u', CPU.budget);
    code.i64(BUDGET);
    code.op('i64_shl');
    code.set(this.books);
    if (this.observed) this.storeDebt();
    this.enterOn(pages);
    code.block();
    this.out = code.label;
  }

  /** Which place is the one in linear memory that is entered, and what is the linear address of page 0? */
  private enterOn(pages: readonly (readonly [page: number, host: number])[]): void {
    const { code, place, page: linear } = this;
    const elsewhere = pages.filter(([page]) => page !== 0);
    code.get(ENTERED);
    code.i32(PAGE - 1);
    code.op('i32_and', 'i64_extend_i32_u');
    code.set(place);
    for (const [page, host] of elsewhere) {
      code.get(ENTERED);
      code.i32(-PAGE);
      code.op('i32_and');
      code.i32(host);
      code.op('i32_eq');
      code.if();
      for (const [local, distance] of [[place, page], [linear, -page]] as const) {
        code.get(local);
        code.i64(BigInt(distance));
        code.op('i64_add');
        code.set(local);
      }
      code.op('end');
    }
  }

  /** `exits` is where it is counted how often each translation is left. */
  leave(changed: ReadonlySet<number>, exits: number, slot: number): void {
    const { code } = this;
    code.op('end');
    for (const n of changed) this.store(gprOffset(n), () => code.get(this.gprs[n]!));
    this.storeFlags();
    this.store(CPU.rip, () => code.get(this.rip));
    this.store(CPU.budget, () => {
      // Observers may have taken more than there was.
      this.field(BUDGET, this.observed ? 'i64_shr_s' : 'i64_shr_u');
      code.op('i32_wrap_i64');
    }, 'i32_store');
    this.store(CPU.retired, () => {
      code.get(PROCESSOR);
      code.access('i32_load', CPU.retired);
      this.field(RETIRED);
      code.i64(COUNT);
      code.op('i64_and', 'i32_wrap_i64', 'i32_add');
    }, 'i32_store');
    this.addTo64(CPU.branches, () => {
      this.field(0n);
      code.i64(COUNT);
      code.op('i64_and');
      code.get(this.kinds);
      code.op('i64_add');
    });
    if (this.counted.accesses) this.addTo64(CPU.accesses, () => code.get(this.accesses));
    this.countExit(slot, exits);
    code.get(this.status);
  }

  /** One that is left over and over again by a branch that is no return should be larger. */
  private countExit(slot: number, exits: number): void {
    const { code, status } = this;
    code.get(status);
    code.i32(STATUS.branch);
    code.op('i32_eq');
    code.if();
    code.i32(0);
    code.i32(0);
    code.access('i32_load', exits + 4 * slot);
    code.i32(1);
    code.op('i32_sub');
    code.tee(ENTERED);
    code.access('i32_store', exits + 4 * slot);
    code.get(ENTERED);
    code.op('i32_eqz');
    code.rarely();
    this.store(CPU.leftBy, () => code.i32(slot), 'i32_store');
    this.store(CPU.leftPage, () => code.get(this.page));
    code.i32(STATUS.left);
    code.set(status);
    code.op('end', 'end');
  }

  loadFlags(): void {
    for (const source of SOURCES) this.load(this.sources[source], 'i64_load', CPU[source]);
  }

  storeFlags(): void {
    for (const source of SOURCES) this.store(CPU[source], () => this.code.get(this.sources[source]));
  }

  loadTlb(): void {
    this.load(this.tlb, 'i32_load', CPU.tlb);
  }

  private load(local: number, op: 'i32_load' | 'i64_load', offset: number): void {
    this.code.get(PROCESSOR);
    this.code.access(op, offset);
    this.code.set(local);
  }

  private store(offset: number, push: () => void, op: 'i64_store' | 'i32_store' = 'i64_store'): void {
    this.code.get(PROCESSOR);
    push();
    this.code.access(op, offset);
  }

  private addTo64(offset: number, push: () => void): void {
    this.store(offset, () => {
      this.code.get(PROCESSOR);
      this.code.access('i64_load', offset);
      push();
      this.code.op('i64_add');
    });
  }

  private field(shift: bigint, op: 'i64_shr_s' | 'i64_shr_u' = 'i64_shr_u'): void {
    this.code.get(this.books);
    this.code.i64(shift);
    this.code.op(op);
  }

  /**
   * Observers take cycles from the budget in memory, which is 0 while a region runs whose processor is observed: pays what they have
   * taken from the books, and if there was something does what comes `then`.
   */
  pay(then: () => void): void {
    const { code } = this;
    const debt = code.local('i64');
    code.get(PROCESSOR);
    code.access('i64_load32_s', CPU.budget);
    code.tee(debt);
    code.i64(0n);
    code.op('i64_ne');
    code.if();
    code.get(this.books);
    code.get(debt);
    code.i64(BUDGET);
    code.op('i64_shl', 'i64_add');
    code.set(this.books);
    this.storeDebt();
    then();
    code.op('end');
  }

  private storeDebt(): void {
    this.store(CPU.budget, () => this.code.i32(0), 'i32_store');
  }

  /** Enters steps in the books, or with `sign` -1 takes them out again. */
  account({ cycles, counts }: Sums, sign: 1n | -1n): void {
    if (counts.length === 0) return;
    const sum = (what: keyof Counts): bigint => total(counts, what);
    this.addTo(this.books, sign * ((BigInt(counts.length) << RETIRED) + sum('branches') - (BigInt(cycles) << BUDGET)));
    if (this.counted.kinds) {
      this.addTo(this.kinds, sign * ((sum('conditional') << BigInt(COUNT_BITS)) + (sum('nearCalls') << BigInt(2 * COUNT_BITS))));
    }
    if (this.counted.accesses) this.addTo(this.accesses, sign * (sum('loads') + (sum('stores') << 32n)));
  }

  /** Pushes the budget as it is before steps that are in the books already. */
  pushBudget({ cycles }: Sums): void {
    this.field(BUDGET, 'i64_shr_s');
    this.code.op('i32_wrap_i64');
    this.code.i32(cycles);
    this.code.op('i32_add');
  }

  private addTo(local: number, value: bigint): void {
    if (value === 0n) return;
    const { code } = this;
    code.get(local);
    code.i64(value);
    code.op('i64_add');
    code.set(local);
  }

  /** Takes cycles from the budget that are no step's own. */
  spend(cycles: number): void {
    this.addTo(this.books, -(BigInt(cycles) << BUDGET));
  }

  /** Pushes whether it would not last for so many cycles more. */
  wouldOverdraw(cycles: number): void {
    this.code.get(this.books);
    this.code.i64(BigInt(cycles) << BUDGET);
    this.code.op('i64_lt_s');
  }

  /** Pushes whether the budget would not last for what the books say. */
  overdrawn(): void {
    this.code.get(this.books);
    this.code.i64(0n);
    this.code.op('i64_lt_s');
  }

  /** Pushes whether the page of memory at `host` is not, or is not known to be, the one at the place `page`. */
  isElsewhere(page: number, host: number): void {
    const { code } = this;
    const address = code.local('i64'), entry = code.local('i32');
    this.address(page);
    code.set(address);
    code.get(this.tlb);
    code.get(address);
    code.op('i32_wrap_i64');
    tlbOffset(code);
    code.op('i32_add');
    code.set(entry);
    isElsewhere(code, entry, address, () => code.i32(host));
  }

  /** Notes that the branch at a place goes to the frame's target, which is not known here. */
  notice(at: number): void {
    this.store(CPU.branchedFrom, () => this.address(at));
    this.store(CPU.branchedTo, () => this.code.get(this.target));
  }

  /** Pushes the linear address of a place. */
  address(place: number): void {
    const { code } = this;
    code.get(this.page);
    if (place === 0) return;
    code.i64(BigInt(place));
    code.op('i64_add');
  }

  /** Leaves the region, to go on where `pushRip` says. */
  exit(status: Exit, pushRip: () => void): void {
    const { code } = this;
    pushRip();
    code.set(this.rip);
    code.i32(status);
    code.set(this.status);
    code.goto(this.out);
  }
}
