/** What KVM does about each VM exit: one line a reason. The host's interrupts are on again. */
import { bigFromWords } from '../../base/u64.ts';
import type { VmExit } from '../../hw/vmx/vmx.ts';
import type { ExitReason } from '../../x86/exit-reason.ts';
import { MSRS, X2APIC_FIRST, X2APIC_LAST } from '../../x86/msr.ts';
import { type MsrValue, newMsrValue } from '../../x86/perfmon.ts';
import type { Vcpu } from './kvm.ts';

type ExitHandler = (vcpu: Vcpu, exit: VmExit) => void;

const nothing: ExitHandler = () => {};

export const EXIT_HANDLERS: Readonly<Record<ExitReason, ExitHandler>> = {
  EXCEPTION_NMI: nothing,
  EXTERNAL_INTERRUPT: nothing,
  TRIPLE_FAULT: (vcpu) => void (vcpu.ended = true),
  INTERRUPT_WINDOW: nothing,
  NMI_WINDOW: nothing,
  CPUID: cpuid,
  HLT: halt,
  RDPMC: rdpmc,
  IO_INSTRUCTION: emulate,
  MSR_READ: rdmsr,
  MSR_WRITE: wrmsr,
  TPR_BELOW_THRESHOLD: nothing,
  EPT_MISCONFIG: emulate,
  PREEMPTION_TIMER: (vcpu) => vcpu.lapic.advance(),
  XSETBV: (vcpu, exit) => (vcpu.cpu.root.core.completeXsetbv(exit) ? vcpu.done() : vcpu.fault()),
};

const value = newMsrValue();

function cpuid(vcpu: Vcpu): void {
  vcpu.cpu.root.core.completeCpuid();
  vcpu.done();
}

function halt(vcpu: Vcpu): void {
  vcpu.cpu.root.core.skip();
  vcpu.done();
  vcpu.halt();
}

/** SDM: "RDPMC - Read Performance-Monitoring Counters", and who may. */
function rdpmc(vcpu: Vcpu, { qualification }: VmExit): void {
  const { core } = vcpu.cpu.root;
  vcpu.cpu.work('emulate msr');
  const allowed = core.guestCpl === 0 || core.guestAllowsRdpmc;
  if (!allowed || !vcpu.vpmu.rdpmc(qualification, value)) return vcpu.fault();
  core.completeRead(value.low, value.high);
  vcpu.done();
}

function rdmsr(vcpu: Vcpu, { qualification }: VmExit): void {
  vcpu.cpu.work('emulate msr');
  if (!readMsr(vcpu, qualification, value)) return vcpu.fault();
  vcpu.cpu.root.core.completeRead(value.low, value.high);
  vcpu.done();
}

function wrmsr(vcpu: Vcpu, { qualification, low, high }: VmExit): void {
  vcpu.cpu.work('emulate msr');
  if (!writeMsr(vcpu, qualification, low, high)) return vcpu.fault();
  vcpu.cpu.root.core.skip();
  vcpu.done();
}

/** What it has done counts. When the instruction is another one by now, it may exit in its own way. */
function emulate(vcpu: Vcpu): void {
  const { core } = vcpu.cpu.root;
  vcpu.cpu.work('emulate instruction');
  const exit = core.emulate(vcpu.vmcs);
  if (exit === undefined) vcpu.vpmu.strategy.retired(core.emulated, false);
  else EXIT_HANDLERS[exit.reason](vcpu, exit);
}

function readMsr({ vpmu, lapic, cpu }: Vcpu, msr: number, out: MsrValue): boolean {
  if (vpmu.owns(msr)) return vpmu.getMsr(msr, out);
  if (msr >= X2APIC_FIRST && msr <= X2APIC_LAST) {
    const found = lapic.readMsr(msr);
    if (found !== undefined) Object.assign(out, found);
    return found !== undefined;
  }
  out.high = 0;
  if (msr === MSRS.IA32_APIC_BASE) out.low = lapic.apicBase;
  else if (msr === MSRS.IA32_TSC_DEADLINE) {
    const deadline = lapic.readDeadline(cpu.root.core.guestTscAdjust);
    out.low = Number(deadline & 0xffff_ffffn);
    out.high = Number(deadline >> 32n);
  } else return false;
  return true;
}

function writeMsr({ vpmu, lapic, cpu }: Vcpu, msr: number, low: number, high: number): boolean {
  if (vpmu.owns(msr)) return vpmu.setMsr(msr, low, high);
  if (msr >= X2APIC_FIRST && msr <= X2APIC_LAST) return lapic.writeMsr(msr, low, high);
  if (msr === MSRS.IA32_APIC_BASE) return high === 0 && lapic.setApicBase(low);
  if (msr !== MSRS.IA32_TSC_DEADLINE) return false;
  lapic.writeDeadline(bigFromWords(low, high), cpu.root.core.guestTscAdjust);
  return true;
}
