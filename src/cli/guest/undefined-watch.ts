/** Remembers the last instruction that a guest's processor did not know, for it to be told when the guest or its command ends of it. */
import { type Scene, sceneOf } from '../../lab/scene.ts';
import type { TracepointName, Tracer } from '../../trace/trace.ts';
import { UD } from '../../x86/fault.ts';
import { type GuestMachine, machineOf } from './machine.ts';
import type { LinuxWorld } from './subject.ts';

/** UD2: whoever executes it wants #UD. */
const WANTED = 'ud2';

export class UndefinedWatch implements Tracer {
  readonly on = true;
  last: Scene | undefined;
  private guest: GuestMachine | undefined;

  /** Before its first step. */
  attach(world: LinuxWorld): void {
    this.guest = machineOf(world);
  }

  emit(name: TracepointName, cpu: number, _time: number, ...values: (number | bigint)[]): void {
    if (name !== 'exception_entry' || values[0] !== UD || this.guest === undefined) return;
    const scene = sceneOf(this.guest.hardware[cpu]!, this.guest.ram);
    if (scene.at !== WANTED) this.last = scene;
  }
}
