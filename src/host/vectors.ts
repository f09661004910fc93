/** Vectors of the host's IDT; `mediatedPmi` is PERF_GUEST_MEDIATED_PMI_VECTOR. */
export const VECTOR = { timer: 0xec, mediatedPmi: 0xf5, kick: 0xfb } as const;
