/**
 * What a PMI takes of real time, with all that its handler does: in a program on bare metal, and in Linux under `perf record`, where it is
 * the difference between a program that is sampled and the same one alone, so that what perf does before and afterwards is left out.
 */
import { FIRST } from '../src/base/choice.ts';
import type { Cycles } from '../src/base/units.ts';
import { Store } from '../src/cli/guest/store.ts';
import { nodeWasm } from '../src/cli/wasm.ts';
import { withBrought } from '../src/guest/linux/initramfs.ts';
import type { CpuReport } from '../src/lab/report.ts';
import { parseScenario } from '../src/lab/scenario.ts';
import { World } from '../src/lab/world.ts';
import { NO_TRACE } from '../src/trace/trace.ts';
import { staticProgram } from '../test/linux/elf-file.ts';
import { mark, sessionHere, type Used } from './guest-session.ts';
import { NO_GUEST } from './linux-guest.ts';
import { digits, numbers, type Section } from './section.ts';
import { inTurns, type Work } from './turns.ts';

const TURNS = 300;
const CYCLES = 1_000_000;
/** Instructions between two PMIs, and far more than there are. */
const PERIOD = { often: 10_006, never: 2 ** 40 };
/** Rounds, and how many of them are only to make what is run hot. */
const ROUNDS = 10, WARMING = 5;
const MEMORY = 256;
/** Four seconds of the guest's time, and little of ours: PAUSE takes 40 cycles, and is nothing to do. */
const LOOPS = 15_000_000;
const BUSY = staticProgram({ busy: `        mov   ecx, ${LOOPS}
again:
${'        pause\n'.repeat(16)}        dec   ecx
        jnz   again
        xor   edi, edi
        mov   eax, 60
        syscall` });
const FREQUENCY = 1000;
const ALONE = 'alone', SAMPLED = 'sampled';

export function pmis(): Section {
  const bare = onBareMetal(), linux = inLinux();
  const rows = [['a program of ours, on bare metal', digits(bare, 1)]];
  if (linux !== undefined) {
    rows.push([`Linux, perf record -F ${FREQUENCY}`, digits(linux.later, 1)]);
    rows.push([`the same, with what is compiled in the first ${linux.count}`, digits(linux.all, 1)]);
  }
  const lines = [...numbers(['microseconds for a PMI', ''], rows), ...(linux === undefined ? [NO_GUEST] : [])];
  return { values: { bare, linux: linux?.later, all: linux?.all }, lines };
}

/** Microseconds of real time. */
function onBareMetal(): number {
  const often = sampling(PERIOD.often), never = sampling(PERIOD.never);
  const [sampled, alone] = inTurns(TURNS, [workOf(often), workOf(never)]) as [number, number];
  const [{ pmis, instructions }] = often.cpuReports as [CpuReport];
  return (sampled - alone) * instructions / pmis;
}

const sampling = (period: number): World => new World(parseScenario({
  name: 'pmi', machine: { memory: 2 },
  program: {
    kind: 'built-in', main: 'sampling', workload: 'hot spots', iterations: 2 ** 31, events: [{ event: 'instructions retired', period }],
  },
}), { choice: FIRST, tracer: NO_TRACE, transmit: () => {}, wasm: nodeWasm });

function workOf({ machine: { cpus: [cpu] } }: World): Work {
  return () => {
    const before = cpu!.instructions;
    cpu!.run(cpu!.clock + CYCLES as Cycles);
    return cpu!.instructions - before;
  };
}

/** What a PMI in Linux takes, in microseconds: in the later rounds, the median one; and on average in all, which have so many. */
interface InLinux { readonly later: number; readonly all: number; readonly count: number }

/** In processor time of all threads, of which the marks leave out what perf does before and afterwards. */
function inLinux(): InLinux | undefined {
  const store = new Store(undefined), guest = store.guest();
  if (guest === undefined) return undefined;
  const busy = (name: string): string => [mark(name), '/root/busy', mark('rest')].join('; ');
  const round = [busy(ALONE), `perf record -F ${FREQUENCY} -o /tmp/data sh -c '${busy(SAMPLED)}' 2>&1`];
  const command = Array.from({ length: ROUNDS }, () => round).flat().join('\n');
  const files = [{ path: '/root/busy', bytes: BUSY, executable: true }];
  const watch = sessionHere(store.read(guest.kernel), withBrought(store.read(guest.initrd), { command, files }), MEMORY);
  const sum = (name: string, of: (used: Used) => number): number => watch.all(name).reduce((total, used) => total + of(used), 0);
  const more = (of: (used: Used) => number): number => sum(SAMPLED, of) - sum(ALONE, of);
  const alone = watch.median(ALONE, WARMING), sampled = watch.median(SAMPLED, WARMING);
  if (alone === undefined || sampled === undefined) throw new Error('the guest has not come to the end of its rounds');
  const count = more(({ pmis }) => pmis);
  return {
    later: 1e6 * (sampled.seconds - alone.seconds) / (sampled.pmis - alone.pmis), all: 1e6 * more(({ seconds }) => seconds) / count, count,
  };
}
