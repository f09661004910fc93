/** A script in a Linux guest here: what has been used up when each of its marks is printed. */
import { FIRST } from '../src/base/choice.ts';
import { nodeWasm } from '../src/cli/wasm.ts';
import { open } from '../src/lab/experiment.ts';
import { linuxImage } from '../src/lab/linux.ts';
import type { CpuReport } from '../src/lab/report.ts';
import { parseScenario } from '../src/lab/scenario.ts';
import { NO_TRACE } from '../src/trace/trace.ts';

const MARK = '@@';
const MARKED = new RegExp(`${MARK}([^@]+)${MARK}`);
const COMMAND_LINE = 'console=ttyS0 panic=-1 nokaslr mitigations=off cryptomgr.notests random.trust_cpu=1 quiet';

/** Seconds of processor time, and of real time; of the guest, instructions and PMIs. */
export interface Used { readonly seconds: number; readonly real: number; readonly instructions: number; readonly pmis: number }

/** Seconds of real time since some moment. */
export const realSeconds = (): number => performance.now() / 1e3;

/** A shell command: what comes behind it, up to the next, is a stretch of this name. */
export const mark = (name: string): string => `echo ${MARK}${name.replaceAll(' ', '_')}${MARK}`;

/** Notes what each stretch has used, as it hears of their beginnings. */
export class Stopwatch {
  private readonly stretches = new Map<string, Used[]>();
  private text = '';
  private last: { readonly name: string; readonly at: Used } | undefined;
  private readonly used: () => Used;

  /** `used`: so far. */
  constructor(used: () => Used) {
    this.used = used;
  }

  hear(text: string): void {
    this.text += text;
    for (let found = MARKED.exec(this.text); found !== null; found = MARKED.exec(this.text)) {
      this.text = this.text.slice(found.index + found[0].length);
      const at = this.used();
      if (this.last !== undefined) {
        const of = this.stretches.get(this.last.name) ?? [];
        this.stretches.set(this.last.name, of);
        of.push(less(at, this.last.at));
      }
      this.last = { name: found[1]!.replaceAll('_', ' '), at };
    }
  }

  /** Of the stretches of that name, without the first `leftOut`, the one of median time; undefined when there was none. */
  median(name: string, leftOut = 0, by: 'seconds' | 'real' = 'seconds'): Used | undefined {
    const of = (this.stretches.get(name) ?? []).slice(leftOut).sort((a, b) => a[by] - b[by]);
    return of[of.length >> 1];
  }

  /** All of them, one after the other. */
  all(name: string): readonly Used[] {
    return this.stretches.get(name) ?? [];
  }

  /** The one that came first. */
  first(name: string): Used | undefined {
    return this.stretches.get(name)?.[0];
  }
}

const less = (to: Used, from: Used): Used => ({
  seconds: to.seconds - from.seconds, real: to.real - from.real,
  instructions: to.instructions - from.instructions, pmis: to.pmis - from.pmis,
});

/** `memory` in MiB; `initrd` brings the script. */
export function sessionHere(kernel: Uint8Array, initrd: Uint8Array, memory: number): Stopwatch {
  const scenario = parseScenario({
    name: 'benchmark', machine: { memory }, program: { kind: 'linux', commandLine: COMMAND_LINE }, limit: 1e12,
  });
  const watch = new Stopwatch(() => {
    const { user, system } = process.cpuUsage();
    const [{ instructions, pmis }] = world.cpuReports as [CpuReport];
    return { seconds: (user + system) / 1e6, real: realSeconds(), instructions, pmis };
  });
  const transmit = (byte: number): void => watch.hear(String.fromCharCode(byte));
  const world = open(scenario, { choice: FIRST, tracer: NO_TRACE, transmit, wasm: nodeWasm }, linuxImage(scenario, { kernel, initrd }));
  world.run();
  return watch;
}
