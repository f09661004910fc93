/** What KVM does about each VM exit: one line a reason. The host's interrupts are on again. */
import { lowWord } from '../../base/u64.ts';
import type { VmExit } from '../../hw/vmx/vmx.ts';
import type { ExitReason } from '../../x86/exit-reason.ts';
import { MSRS, X2APIC_FIRST, X2APIC_LAST } from '../../x86/msr.ts';
import { type MsrValue, newMsrValue } from '../../x86/perfmon.ts';
import { EMULATED_EVENTS } from '../vpmu/vpmu.ts';
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
  EPT_MISCONFIG: emulate,
  PREEMPTION_TIMER: (vcpu) => vcpu.lapic.advance(),
};

const value = newMsrValue();

/** kvm_skip_emulated_instruction: the instruction is done. */
function done(vcpu: Vcpu): void {
  vcpu.vpmu.strategy.retired(EMULATED_EVENTS.instruction, false);
}

function cpuid(vcpu: Vcpu): void {
  vcpu.cpu.root.core.completeCpuid();
  done(vcpu);
}

function halt(vcpu: Vcpu): void {
  vcpu.cpu.root.core.skip();
  done(vcpu);
  vcpu.halted = true;
  vcpu.cpu.trace('kvm_halt', vcpu.id);
}

/** SDM: "RDPMC - Read Performance-Monitoring Counters", and who may. */
function rdpmc(vcpu: Vcpu, { qualification }: VmExit): void {
  const { core } = vcpu.cpu.root;
  vcpu.cpu.work('emulate msr');
  const allowed = core.guestCpl === 0 || core.guestAllowsRdpmc;
  if (!allowed || !vcpu.vpmu.rdpmc(qualification, value)) return vcpu.fault();
  core.completeRead(value.low, value.high);
  done(vcpu);
}

function rdmsr(vcpu: Vcpu, { qualification }: VmExit): void {
  vcpu.cpu.work('emulate msr');
  if (!readMsr(vcpu, qualification, value)) return vcpu.fault();
  vcpu.cpu.root.core.completeRead(value.low, value.high);
  done(vcpu);
}

function wrmsr(vcpu: Vcpu, { qualification, low, high }: VmExit): void {
  vcpu.cpu.work('emulate msr');
  if (!writeMsr(vcpu, qualification, low, high)) return vcpu.fault();
  vcpu.cpu.root.core.skip();
  done(vcpu);
}

function emulate(vcpu: Vcpu): void {
  vcpu.cpu.work('emulate instruction');
  vcpu.cpu.root.core.emulate(vcpu.vmcs);
  done(vcpu);
}

function readMsr({ vpmu, lapic }: Vcpu, msr: number, out: MsrValue): boolean {
  if (vpmu.owns(msr)) return vpmu.getMsr(msr, out);
  if (msr >= X2APIC_FIRST && msr <= X2APIC_LAST) {
    const found = lapic.readMsr(msr);
    if (found !== undefined) Object.assign(out, found);
    return found !== undefined;
  }
  out.high = 0;
  if (msr === MSRS.IA32_APIC_BASE) out.low = lapic.apicBase;
  else if (msr === MSRS.IA32_TSC_DEADLINE) {
    out.low = lowWord(lapic.tscDeadline);
    out.high = Math.floor(lapic.tscDeadline / 2 ** 32);
  } else return false;
  return true;
}

function writeMsr({ vpmu, lapic }: Vcpu, msr: number, low: number, high: number): boolean {
  if (vpmu.owns(msr)) return vpmu.setMsr(msr, low, high);
  if (msr >= X2APIC_FIRST && msr <= X2APIC_LAST) return lapic.writeMsr(msr, low, high);
  if (msr === MSRS.IA32_APIC_BASE) return high === 0 && lapic.setApicBase(low);
  if (msr !== MSRS.IA32_TSC_DEADLINE || high >= 2 ** 21) return false;
  lapic.tscDeadline = high * 2 ** 32 + low;
  return true;
}
