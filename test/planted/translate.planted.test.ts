import { type Planted, testPlanted } from './plant.ts';

// Bugs in the translator.

const TRANSLATED = 'test/translate/translate.test.js';
const OBSERVED = 'test/translate/observed.test.js';
const KEPT = 'test/translate/kept.test.js';
const SYSTEM = 'test/translate/system.test.js';
const REPEAT = 'test/translate/repeat.test.js';
const CONDITIONS = 'conditions, a carry that is kept';

const PLANTED: readonly Planted[] = [
  {
    name: 'a signed comparison is not',
    file: 'src/hw/cpu/translate/lazy-flags.js', from: "signed ? 'i64_lt_s' : 'i64_lt_u'", to: "'i64_lt_u'",
    test: TRANSLATED, only: CONDITIONS,
  },
  {
    name: 'the carry that INC keeps is lost',
    file: 'src/hw/cpu/translate/lazy-flags.js', from: 'code.i64(3n << 62n);', to: 'code.i64(3n << 61n);',
    test: TRANSLATED, only: CONDITIONS,
  },
  {
    name: 'what was not done stays in the books',
    file: 'src/hw/cpu/translate/step-writer.js', from: 'this.frame.account(rest, -1n);', to: ';',
    test: TRANSLATED, only: CONDITIONS,
  },
  {
    name: 'a budget is overdrawn by an instruction',
    file: 'src/hw/cpu/translate/frame.js', from: 'this.code.i64(0n);', to: 'this.code.i64(-1n << BUDGET);',
    test: TRANSLATED, only: 'a budget that ends anywhere',
  },
  {
    name: 'a write of 32 bits leaves the upper half',
    file: 'src/hw/cpu/translate/step-writer.js', from: 'if (width < 8) {', to: 'if (width < 4) {',
    test: TRANSLATED, only: CONDITIONS,
  },
  {
    name: 'a page is known by where it was mapped first',
    file: 'src/hw/cpu/translate/frame.js', from: 'code.set(this.page);', to: 'code.op(\'drop\'); code.i64(0x100000n); code.set(this.page);',
    test: TRANSLATED, only: 'instructions and accesses on two pages',
  },
  {
    name: 'a translation goes on to the page that was there at first',
    file: 'src/hw/cpu/wasm/emitter.js', from: "code.op('i32_ne', 'i32_or');", to: "code.op('i32_ne', 'drop');",
    test: TRANSLATED, only: 'goes on to is now one',
  },
  {
    name: 'a translation of several pages stays when one of them is written to',
    file: 'src/hw/cpu/translate/translate.js', from: 'for (const slot of [...this.pages.get(page) ?? []])',
    to: 'for (const slot of [...this.pages.get(page) ?? []].filter((it) => this.translations.get(it).begins[0] >> 12 === page >> 12))',
    test: TRANSLATED, only: 'of which one is overwritten',
  },
  {
    name: 'an instruction on two pages goes on where it did at first',
    file: 'src/hw/cpu/wasm/emitter.js', from: "code.op('i32_ne', 'i32_or');", to: "code.op('i32_ne', 'drop');",
    test: TRANSLATED, only: 'whose second page is now one',
  },
  {
    name: 'what is read from two pages is all of the first',
    file: 'src/hw/cpu/memory.js', from: 'u8[(i < first ? one : other) + i]', to: 'u8[one + i]',
    test: TRANSLATED, only: 'reads of two pages',
  },
  {
    name: 'a write to the second page of an instruction changes nothing',
    file: 'src/hw/cpu/blocks.js', from: 'for (const page of [host & ~0xfff, next])', to: 'for (const page of [host & ~0xfff])',
    test: TRANSLATED, only: 'instructions on two pages that are overwritten',
  },
  {
    name: 'a translation that was put aside is taken back, whatever is there',
    file: 'src/hw/cpu/translate/origin.js', from: 'memory[host + i] === byte', to: 'true',
    test: KEPT, only: 'switched to and fro',
  },
  {
    name: 'a translation that was put aside is taken back though nobody would tell of a write to its second page',
    file: 'src/hw/cpu/translate/translate.js', from: 'every((page) => this.blocks.holdsCode(page))', to: 'every(() => true)',
    test: KEPT, only: 'a second page',
  },
  {
    name: 'what is switched is cold each time',
    file: 'src/hw/cpu/translated-blocks.js', from: 'this.colds.set(host, cold);', to: ';',
    test: KEPT, only: 'before it is hot',
  },
  {
    name: 'iterations in a translation take no time',
    file: 'src/hw/cpu/translate/step-writer.js', from: 'frame.spend(cost);', to: ';',
    test: REPEAT, only: 'at many moments',
  },
  {
    name: 'a translation does not know how often it repeats',
    file: 'src/hw/cpu/translate/known-step.js', from: 'set.add(RCX);', to: ';',
    test: REPEAT, only: 'whose count comes from',
  },
  {
    name: 'a copy in a translation does not count',
    file: 'src/hw/cpu/translate/step-writer.js', from: 'code.set(count);', to: "code.op('drop');",
    test: REPEAT, only: 'at many moments',
  },
  {
    name: 'a copy in a translation overdraws the budget',
    file: 'src/hw/cpu/translate/step-writer.js', from: 'frame.wouldOverdraw(cost);', to: 'code.i32(0);',
    test: REPEAT, only: 'at many moments',
  },
  {
    name: 'the time that a translation reads is that of the end of its piece',
    file: 'src/hw/cpu/translate/step-writer.js', from: 'this.frame.pushBudget(this.rest[0]);', to: 'this.frame.pushBudget(this.rest[1]);',
    test: SYSTEM, only: 'the time-stamp counter',
  },
  {
    name: 'a translation goes on with the rights that it had',
    file: 'src/hw/cpu/translate/step-writer.js', from: 'this.frame.loadTlb();', to: ';',
    test: SYSTEM, only: 'rights that change',
  },
  {
    name: 'a translation does not look for its page behind STAC',
    file: 'src/hw/cpu/translate/region-writer.js', from: 'changesRights(steps.at(-1))', to: 'false',
    test: SYSTEM, only: 'rights that change',
  },
  {
    name: 'what observers take is missed at the end of a piece only',
    file: 'src/hw/cpu/translate/step-writer.js', from: 'this.frame.pay(() => this.leaveOverdrawn());', to: 'this.frame.pay(() => { });',
    test: OBSERVED, only: 'a budget of which observers take',
  },
  {
    name: 'observers give to the budget',
    file: 'src/hw/cpu/translate/frame.js', from: "code.op('i64_shl', 'i64_add');", to: "code.op('i64_shl', 'i64_sub');",
    test: OBSERVED, only: 'a budget of which observers take',
  },
  {
    name: 'observers see every branch taken',
    file: 'src/hw/cpu/translate/step-writer.js', from: "'conditional', () => code.get(isTaken)", to: "'conditional', () => code.i32(1)",
    test: OBSERVED, only: 'the loops of the benchmark',
  },
  {
    name: 'observers see one access of an instruction that has two',
    file: 'src/hw/cpu/wasm/emitter.js', from: 'for (const host of accessed) {', to: 'for (const host of accessed.slice(0, 1)) {',
    test: OBSERVED, only: 'accesses that miss',
  },
  {
    name: 'a line is known by where it is in linear memory',
    file: 'src/hw/cpu/wasm/observers.js', from: 'load(out, LEARNED.memory);', to: 'out.i32(0);',
    test: OBSERVED, only: 'accesses that miss',
  },
  {
    name: 'a return that was popped is the next one again',
    file: 'src/hw/cpu/wasm/observers.js', from: 'move(out, depth, RETURNS - 1);', to: 'move(out, depth, 0);',
    test: OBSERVED, only: 'accesses that miss',
  },
];

testPlanted(PLANTED);
