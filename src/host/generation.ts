/**
 * Which kernel the host runs. Strategies are compared on the host of their time: what else differs between these two, and
 * matters to a guest's PMU, is here, as data.
 */
export const GENERATION_NAMES = ['4.19', '7.1'] as const;
export type GenerationName = (typeof GENERATION_NAMES)[number];

export interface Generation {
  readonly name: GenerationName;
  /** Delivery of a PMI by KVM sets the mask bit of the virtual LVTPC (since 6.7; not for AMD-compatible guests). */
  readonly masksLvtpc: boolean;
  /** A PMI that interrupted the host, not the guest, is delivered by irq_work besides the request (until 6.7). */
  readonly irqWork: boolean;
  /** KVM counts the instructions that it completes for the guest (since 5.17). */
  readonly countsEmulated: boolean;
  /** IA32_PERF_CAPABILITIES and the full-width window exist for the guest (since 5.8). */
  readonly fullWidthWrites: boolean;
  /** AMD's guests get the global registers of PerfMonV2 (since 6.5). */
  readonly perfMonV2: boolean;
  /** There is an event filter (since 5.3). */
  readonly eventFilter: boolean;
  /** Writes of fixed counters are sign-extended from bit 31 (until 5.8); today they are cut to their width. */
  readonly signExtendsFixed: boolean;
  /** IA32_PERF_GLOBAL_CTRL after CPUID was set: with the fixed counters' bits. */
  readonly globalCtrlWithFixed: boolean;
  /** IA32_PERF_GLOBAL_OVF_CTRL reads as what was last written; today as 0. */
  readonly ovfCtrlReadsBack: boolean;
  /** CPUID.0AH:EDX[15]: AnyThread is said to be gone. It never was there for a guest. */
  readonly anyThreadDeprecated: boolean;
  /** What IA32_FIXED_CTR_CTRL takes is what three fixed counters would, however many there are. */
  readonly threeFixed: boolean;
  /** With TSX, IN_TXCP is taken by every selector; today by that of counter 2. */
  readonly txcpAnywhere: boolean;
  /** RDPMC ignores bit 31 of ECX and bits above the index; today only the two architectural forms are taken. */
  readonly rdpmcIgnoresFast: boolean;
}

export const GENERATIONS: Readonly<Record<GenerationName, Generation>> = {
  '4.19': {
    name: '4.19', masksLvtpc: false, irqWork: true, countsEmulated: false, fullWidthWrites: false, perfMonV2: false,
    eventFilter: false, signExtendsFixed: true, globalCtrlWithFixed: true, ovfCtrlReadsBack: true, anyThreadDeprecated: false,
    threeFixed: true, txcpAnywhere: true, rdpmcIgnoresFast: true,
  },
  '7.1': {
    name: '7.1', masksLvtpc: true, irqWork: false, countsEmulated: true, fullWidthWrites: true, perfMonV2: true,
    eventFilter: true, signExtendsFixed: false, globalCtrlWithFixed: false, ovfCtrlReadsBack: false, anyThreadDeprecated: true,
    threeFixed: false, txcpAnywhere: false, rdpmcIgnoresFast: false,
  },
};
