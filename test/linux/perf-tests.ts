/**
 * All of perf's own tests, in this machine and in QEMU, whose processors have no PMU: what came of each. Each may take so long, since some
 * reckon for minutes whatever is under them.
 */
import { inQemu, withTools } from './guest.ts';
import { inMachine } from './machine.ts';

/** Of the guest's time; in QEMU an instruction is 2 ns. */
const SECONDS = { here: 6, qemu: 30 };

/** perf numbers its tests from 1, and says nothing of one that it has not. */
const commandOf = (seconds: number): string => `export PAGER=cat
for n in $(perf test list 2>&1 | sed -n 's/^ *\\([0-9]*\\): .*/\\1/p' | uniq); do
  timeout -k 1 ${seconds} perf test $n 2>&1 </dev/null
done`;

export type Results = ReadonlyMap<string, string>;

/** What came of each that is no heading, by its number and name. One that was ended has no result. */
export function resultsOf(output: string): Results {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: perf colours what it says
  const plain = output.replaceAll(/\x1b\[\d*m/g, '');
  const lines = [...plain.matchAll(/^ *([\d.]+): (.*?) +:(.*)$/gm)].map(([, number, name, result]) =>
    [number!, name!, result!.trim()] as const);
  const isHeading = (number: string): boolean => lines.some(([other]) => other.startsWith(`${number}.`));
  return new Map(lines.filter(([number]) => !isHeading(number)).map(([number, name, result]) =>
    [`${number} ${name}`, /^(Ok|FAILED|Skip)/.exec(result)?.[0] ?? 'time is over']));
}

export interface Outcome { readonly test: string; readonly here: string; readonly qemu: string }

/** By number. */
export function outcomesOf(here: Results, qemu: Results): readonly Outcome[] {
  const tests = [...new Set([...here.keys(), ...qemu.keys()])].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  return tests.map((test) => ({ test, here: here.get(test) ?? '-', qemu: qemu.get(test) ?? '-' }));
}

/** With two processors here, and one there. Takes many minutes. */
export async function perfTests(): Promise<readonly Outcome[]> {
  const guest = withTools();
  const here = inMachine(guest, commandOf(SECONDS.here), { machine: { cpus: 2 }, seconds: 900 });
  const there = await inQemu(guest, commandOf(SECONDS.qemu), '', '', 60);
  return outcomesOf(resultsOf(here.output), resultsOf(there.output));
}

/** A document that says so. */
export function pageOf(outcomes: readonly Outcome[], kernel: string, perf: string): string {
  const count = (of: 'here' | 'qemu', result: string): number => outcomes.filter((outcome) => outcome[of] === result).length;
  const results = [...new Set(outcomes.flatMap(({ here, qemu }) => [here, qemu]))].sort();
  const table = (head: string, rows: readonly (readonly (string | number)[])[]): string =>
    [[head, 'here', 'QEMU'], ['---', '---', '---'], ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  return `# perf's own tests

What came of \`perf test\` of perf ${perf} on Linux ${kernel}, here with two processors, and in QEMU with one, which has no PMU.
A test may take ${SECONDS.here} s of the guest's time here, and ${SECONDS.qemu} s in QEMU, where an instruction is 2 ns.
\`npm run perf-tests\` writes this page; [what differs, and why](perf-in-the-guest.md#perfs-own-tests).

${table('', results.map((result) => [result, count('here', result), count('qemu', result)]))}

${table('test', outcomes.map(({ test, here, qemu }) => [test, here, qemu]))}
`;
}
