/** Commands in a Linux guest on this machine: as `vpmu run --linux` runs them, in this process. */
import { FIRST } from '../../src/base/choice.ts';
import type { Cycles } from '../../src/base/units.ts';
import { nodeWasm } from '../../src/cli/wasm.ts';
import { withBrought } from '../../src/guest/linux/initramfs.ts';
import type { LinuxProtocol } from '../../src/guest/linux/kernel.ts';
import { Transcript } from '../../src/guest/linux/transcript.ts';
import { open } from '../../src/lab/experiment.ts';
import { linuxImage } from '../../src/lab/linux.ts';
import type { Report } from '../../src/lab/report.ts';
import { hostedOn, parseScenario, type StrategyName } from '../../src/lab/scenario.ts';
import { NO_TRACE } from '../../src/trace/trace.ts';
import type { Built, Heard } from './guest.ts';

export interface MachineOptions {
  readonly machine?: object;
  /** The strategy of its host; on bare metal without one. */
  readonly on?: StrategyName | undefined;
  /** What else is to be said of the host. */
  readonly host?: object;
  /** Of the guest's time. */
  readonly seconds?: number;
  /** To the kernel's command line. */
  readonly append?: string;
  readonly protocol?: LinuxProtocol;
  readonly files?: readonly { readonly path: string; readonly bytes: Uint8Array; readonly executable: boolean }[];
}

export const COMMAND_LINE = 'console=ttyS0 panic=-1 nokaslr mitigations=off cryptomgr.notests random.trust_cpu=1 quiet';
/** Cycles in a second of the guest's time. */
const HZ = 2_400_000_000;

export function inMachine({ kernel, initrd }: Built, command: string, options: MachineOptions = {}): Heard & { readonly report: Report } {
  const machine = { memory: 512, ...options.machine };
  const limit = (options.seconds ?? 30) * HZ;
  const commandLine = [COMMAND_LINE, options.append].join(' ').trimEnd();
  const program = { kind: 'linux', commandLine, protocol: options.protocol ?? '64-bit' };
  const bare = parseScenario({ name: 'linux', machine, program, limit });
  const scenario = options.on === undefined ? bare : hostedOn(bare, options.on, options.host);
  const image = linuxImage(scenario, { kernel, initrd: withBrought(initrd, { command, files: options.files ?? [] }) });
  const log: number[] = [], output: number[] = [];
  const transcript = new Transcript((byte) => log.push(byte), (byte) => output.push(byte));
  const world = open(scenario, { choice: FIRST, tracer: NO_TRACE, transmit: (byte) => transcript.put(byte), wasm: nodeWasm }, image);
  world.advance(limit as Cycles);
  return {
    output: Buffer.from(output).toString(), log: Buffer.from(log).toString(), status: transcript.status, report: world.report(),
  };
}
