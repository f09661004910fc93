/**
 * `npm run differential`: boots Linux in our machine and in QEMU, and compares all registers before each instruction. It needs
 * qemu-system-x86_64 and the guest of `vpmu guest build`. `--instructions N` says how many.
 */
import { parseArgs } from 'node:util';
import { Store } from '../../src/cli/guest/store.ts';
import { bootTogether } from './boot.ts';

/** Two minutes on two idle processors. */
const INSTRUCTIONS = '10000000';

const { values } = parseArgs({ options: { instructions: { type: 'string', default: INSTRUCTIONS } } });
const store = new Store(undefined);
const guest = store.guest();
if (guest === undefined) throw new Error("there is no guest yet: 'vpmu guest build' makes one");
const { instructions, comparisons, inputs, interrupts, undefinedFlags, divergence } =
  await bootTogether(store.read(guest.kernel), store.read(guest.initrd), Number(values.instructions));
const count = (n: number, what: string): string => `${n.toLocaleString('en')} ${what}`;
console.log(`${guest.kernel.release}: ${count(instructions, 'instructions')}, registers compared ${count(comparisons, 'times')}`);
const taken = Object.entries(inputs).map(([name, n]) => `${name} ${n.toLocaleString('en')}`).join(', ');
console.log(`taken from QEMU: ${taken}; ${count(interrupts, 'interrupts')}; ${count(undefinedFlags, 'undefined flags')}`);
if (divergence !== undefined) {
  console.log(`they differ ${divergence}`);
  process.exitCode = 1;
}
