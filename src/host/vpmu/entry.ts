/** What strategies do at VM entry whose guests share the counters with the host through the perf core. */
import type { Vmcs } from '../../hw/vmx/vmx.ts';
import { type CounterSet, NO_COUNTERS, without } from '../../x86/counter-set.ts';
import type { Refused, StrategyParts } from './vpmu.ts';

/** Everything exits: the registers that the guest sees are not those of the hardware. */
export function interceptEverything(vmcs: Vmcs): void {
  vmcs.interceptAll();
  vmcs.rdpmcExiting = true;
}

/** Why a strategy that lives from what VM entry loads has no virtual machine on a processor whose VM entry does not load it. */
export const withoutSwitch = ({ perf }: StrategyParts): Refused | undefined => (perf.vendor.switchesGlobalCtrl ? undefined : {
  error: 'EOPNOTSUPP', why: 'it is made for Intel\'s processors, whose VM entry loads the global control; VMRUN does not',
});

/**
 * KVM: atomic_switch_perf_msrs. VM entry and exit load IA32_PERF_GLOBAL_CTRL when guest and host differ. `off` are counters
 * that stand still in this guest besides. Where VM entry loads no such thing each selector says where it counts, and those
 * are held by it.
 */
export function switchGlobalCtrl(vmcs: Vmcs, { perf, port }: StrategyParts, off: CounterSet = NO_COUNTERS): void {
  const { guestCtrl, hostCtrl: host } = perf.guestMsrs(port.cpu());
  const wanted = without(guestCtrl, off);
  if (!perf.vendor.switchesGlobalCtrl) return perf.hardwareOf(port.cpu()).hold(off);
  const differs = wanted !== host;
  vmcs.entryLoadsGlobalCtrl = differs;
  vmcs.exitLoadsGlobalCtrl = differs;
  vmcs.guestGlobalCtrl = wanted;
  vmcs.hostGlobalCtrl = host;
}
