/** A Linux guest that boots once and is kept, and then runs one command after another, each from the same state, on whatever host. */
import { FIRST } from '../../src/base/choice.ts';
import type { Cycles } from '../../src/base/units.ts';
import { typedForm } from '../../src/cli/guest/resumed.ts';
import { nodeWasm } from '../../src/cli/wasm.ts';
import { broughtArchive, withBrought } from '../../src/guest/linux/initramfs.ts';
import { Transcript } from '../../src/guest/linux/transcript.ts';
import { linuxImage } from '../../src/lab/linux.ts';
import { platformOf } from '../../src/lab/platform.ts';
import type { Report } from '../../src/lab/report.ts';
import { type Kept, keep, resume, resumeHosted } from '../../src/lab/resume.ts';
import { hostedOn, parseScenario, type Scenario, type StrategyName } from '../../src/lab/scenario.ts';
import { withSharedPmu } from '../../src/lab/shared-pmu.ts';
import { World } from '../../src/lab/world.ts';
import { NO_TRACE } from '../../src/trace/trace.ts';
import type { Built, Heard } from './guest.ts';
import { COMMAND_LINE, type MachineOptions } from './machine.ts';

export interface KeptOptions {
  /** On bare metal without it. */
  readonly on?: StrategyName | undefined;
  /** What else is to be said of the host, and of its processors. */
  readonly host?: object;
  readonly machine?: object;
}

/** Of the guest's time, half a minute for the boot and for each command. */
const SECONDS = 30;
/** How often it is looked at whether the guest waits, in core cycles. */
const LOOK = 10_000_000;

export class KeptGuest {
  private readonly scenario: Scenario;
  private readonly bare: Scenario;
  private readonly kept: Kept;
  private readonly cycles: number;
  private readonly hz: number;

  /** Boots, and waits for commands. `files` are there in each. */
  constructor({ kernel, initrd }: Built, { machine, append, files = [] }: Pick<MachineOptions, 'machine' | 'append' | 'files'>) {
    const program = { kind: 'linux', commandLine: [COMMAND_LINE, 'vpmu=wait', append].join(' ').trimEnd() };
    this.scenario = parseScenario({ name: 'linux', machine: { memory: 512, ...machine }, program, limit: 2 ** 52 });
    this.bare = withSharedPmu(this.scenario);
    this.hz = platformOf(this.bare).model.core;
    const image = linuxImage(this.bare, { kernel, initrd: withBrought(initrd, { command: undefined, files }, true) });
    const transcript = new Transcript(() => {}, () => {});
    const world = new World(this.bare, outside(transcript), image);
    let at = 0, over = false;
    while (!transcript.ready && !over && at < SECONDS * this.hz) over = world.advance((at += LOOK) as Cycles);
    if (!transcript.ready) throw new Error('the guest does not wait for a command');
    this.kept = keep(world);
    this.cycles = at;
  }

  run(command: string, { on, host, machine }: KeptOptions = {}): Heard & { readonly report: Report } {
    const log: number[] = [], output: number[] = [];
    const transcript = new Transcript((byte) => log.push(byte), (byte) => output.push(byte));
    const resumed = { kept: this.kept, bare: this.bare };
    const onHost = (strategy: StrategyName) => hostedOn(this.scenario, strategy, { vcpus: this.scenario.machine.cpus, ...host });
    const hosted = on === undefined ? undefined : onHost(on);
    const world = hosted === undefined ? resume(resumed, outside(transcript))
      : resumeHosted(resumed, { ...hosted, machine: { ...hosted.machine, ...machine } }, outside(transcript));
    world.type(typedForm(broughtArchive({ command, files: [] })));
    world.advance((this.cycles + SECONDS * this.hz) as Cycles);
    return {
      output: Buffer.from(output).toString(), log: Buffer.from(log).toString(), status: transcript.status, report: world.report(),
    };
  }
}

const outside = (transcript: Transcript) =>
  ({ choice: FIRST, tracer: NO_TRACE, transmit: (byte: number) => transcript.put(byte), wasm: nodeWasm });
