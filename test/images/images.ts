/** The test images by name, what they are told, and what they write. */
import { buildImage } from './image.ts';
import { IOAPIC, IOAPIC_CASES } from './ioapic.ts';
import { PIC, PIC_CASES } from './pic.ts';
import { PIT, PIT_CASES } from './pit.ts';
import { PMU } from './pmu.ts';
import { PMU_CHECKS } from './pmu-checks.ts';
import { written } from './script.ts';
import { SMP } from './smp.ts';

export interface TestImage {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly cpus: number;
  /** Behind its name on the command line; and a module, by its words behind its name, and what is in it. */
  readonly append: string;
  readonly module: readonly [words: string, content: string] | undefined;
  /** Here, and in QEMU. */
  readonly writes: readonly [ours: string, qemu: string];
}

const MEMORY = '0000000001000000';

const ports = (name: string, main: string, cases: Parameters<typeof written>[0]): TestImage => ({
  name, bytes: buildImage(main), cpus: 1, append: '', module: undefined, writes: [written(cases), written(cases, true)],
});

const SMP_WRITES = `arguments one two=3
module words:NR=4\n
memory ${MEMORY}
processors 04
interrupted 01
interrupted 02
interrupted 03
`;

/** QEMU has no PMU to offer. */
export const PMU_IMAGE: TestImage = {
  name: 'pmu', bytes: buildImage(PMU), cpus: 1, append: '', module: undefined,
  writes: [PMU_CHECKS.map(({ name }) => `PASS: ${name}\n`).join(''), 'SKIP: there is no PMU\n'],
};

/** All of them on 16 MiB. */
export const IMAGES: readonly TestImage[] = [
  { name: 'smp', bytes: buildImage(SMP), cpus: 4, append: 'one two=3', module: ['words', 'NR=4\n'], writes: [SMP_WRITES, SMP_WRITES] },
  ports('pic', PIC, PIC_CASES), ports('pit', PIT, PIT_CASES), ports('ioapic', IOAPIC, IOAPIC_CASES), PMU_IMAGE,
];
