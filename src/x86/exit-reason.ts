/** Why a guest left non-root mode. SDM: "VMX Basic Exit Reasons", by the names under which KVM prints them. */
export const EXIT_REASON = {
  EXCEPTION_NMI: 0, EXTERNAL_INTERRUPT: 1, TRIPLE_FAULT: 2, INTERRUPT_WINDOW: 7, NMI_WINDOW: 8, CPUID: 10, HLT: 12, RDPMC: 15,
  IO_INSTRUCTION: 30, MSR_READ: 31, MSR_WRITE: 32, TPR_BELOW_THRESHOLD: 43, EPT_MISCONFIG: 49, PREEMPTION_TIMER: 52, XSETBV: 55,
} as const;
export type ExitReason = keyof typeof EXIT_REASON;
export const EXIT_REASONS = Object.keys(EXIT_REASON) as ExitReason[];

export const exitReasonName = (reason: number): string => EXIT_REASONS.find((name) => EXIT_REASON[name] === reason) ?? `reason ${reason}`;
