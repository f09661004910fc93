/**
 * A guest that has run on a machine goes on in a virtual machine, as one does that is migrated: each of its processors becomes a
 * virtual one.
 *
 *     registers; halted, or held off from interrupts --> vCPU          local APICs, devices --> those of the virtual machine
 *     counters, which must be at rest --> MSRs of the virtual PMU      caches, TLBs, branch predictors stay behind
 *     clocks --> the host's, which begin there                         memory: whoever calls brings it
 *
 * Deviation: the host was switched on when the guest was. A real one has another time-stamp counter, and hides it by an offset.
 */
import { assert } from '../base/assert.ts';
import { load, save } from '../base/pack.ts';
import type { Refused } from '../host/vpmu/vpmu.ts';
import { CpuCore } from '../hw/cpu/nonroot.ts';
import type { Machine } from '../hw/machine.ts';
import type { HostedWorld } from './hosted.ts';

/** Before the host's first step. A guest that cannot go on there is refused. */
export function takeOver(world: HostedWorld, from: Machine): void {
  const { vms: [vm, ...others], vcpus, timing } = world;
  assert(vm !== undefined && others.length === 0 && from.cpus.length === vcpus.length, 'each processor becomes a virtual one');
  world.refused ??= obstacle(world, from);
  if (world.refused !== undefined) return;
  load(vm.board, save(from.board));
  for (const [id, cpu] of from.cpus.entries()) {
    const vcpu = vcpus[id]!;
    vcpu.takeOver(new CpuCore(cpu, timing), cpu);
    load(vcpu.lapic, save(cpu.lapic));
    vcpu.vpmu.restore(cpu.pmu.regs);
  }
}

function obstacle({ vcpus: [vcpu] }: HostedWorld, { cpus }: Machine): Refused | undefined {
  if (!vcpu!.vpmu.asKnown) return { error: 'EINVAL', why: 'the guest was told of more counters, or of other ones, than it would get' };
  if (cpus.some(({ pmu }) => !pmu.regs.atRest)) return { error: 'EBUSY', why: 'a counter of the guest is in use' };
  return undefined;
}
