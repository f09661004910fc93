/**
 * Where the code of each command is. It is loaded when the command is called: loading that of all of them takes longer than most take.
 */
export const COMMANDS = {
  compare: async () => (await import('./commands/compare.ts')).compare,
  compareLinux: async () => (await import('./commands/compare-linux.ts')).compareLinux,
  disasm: async () => (await import('./commands/disasm.ts')).disasm,
  fuzz: async () => (await import('./commands/fuzz.ts')).fuzz,
  guestBuild: async () => (await import('./commands/guest.ts')).guestBuild,
  holes: async () => (await import('./commands/holes.ts')).holes,
  list: async () => (await import('./commands/list.ts')).list,
  published: async () => (await import('./commands/published.ts')).published,
  replay: async () => (await import('./commands/replay.ts')).replay,
  run: async () => (await import('./commands/run.ts')).run,
  runLinux: async () => (await import('./commands/run-linux.ts')).runLinux,
  snapshot: async () => (await import('./commands/snapshot.ts')).snapshot,
  trace: async () => (await import('./commands/trace.ts')).trace,
  verify: async () => (await import('./commands/verify.ts')).verify,
  worker: async () => (await import('./commands/worker.ts')).worker,
} as const;
