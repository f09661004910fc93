/** A report as a person reads it. */
import { type Loaded, nearestSymbol } from '../guest/image.ts';
import { NO_PMU, type ProgramReport } from '../guest/programs.ts';
import type { CpuReport, HostReport, Report } from '../lab/report.ts';
import type { Scenario } from '../lab/scenario.ts';
import { vectorName } from '../x86/fault.ts';
import { table } from './table.ts';

export function reportText(scenario: Scenario, report: Report, image: Loaded): string[] {
  const lines = [`${scenario.name}: ${scenario.title || image.name}`, ''];
  lines.push(...table([], [['outcome', outcomeText(scenario, report)], ['state', report.hash]]), '');
  for (const [id, cpu] of report.cpus.entries()) {
    if (report.cpus.length > 1) lines.push(cpu.vcpu === undefined ? `CPU ${id}` : `virtual machine ${cpu.vcpu.vm}, vCPU ${id}`);
    lines.push(...cpuLines(scenario, cpu, image), '');
  }
  if (report.host !== undefined) lines.push(...hostLines(report.host), '');
  if (report.console !== '') lines.push('console:', report.console);
  return lines;
}

function outcomeText({ program }: Scenario, { outcome, host }: Report): string {
  switch (outcome.kind) {
    case 'exit':
      if (program.kind === 'built-in' && outcome.code === NO_PMU) {
        return `the program has found no PMU that does what it needs${host === undefined ? '' : `: it was offered ${host.offers}`}`;
      }
      return outcome.code === 0 ? 'the program ended with 0' : `the program ended with ${outcome.code}${trapped(outcome.code)}`;
    case 'halted': return 'all processors are halted, and nothing can wake them';
    case 'power off': return 'the program switched the machine off';
    case 'reset': return 'the program reset the machine';
    case 'refused': return `the host did not make the virtual machine (${outcome.error}): ${outcome.why}`;
    case 'triple fault': return `CPU ${outcome.cpu}: a fault could not be delivered, nor could the double fault: shutdown`;
    case 'limit': return 'the cycles of the scenario were used up before the program ended';
  }
}

/** Programs of the package end with 0E0H plus the vector of an exception that they did not expect. */
const trapped = (code: number): string => (code >= 0xe0 && code < 0x100 ? `: an unexpected ${vectorName(code - 0xe0)}` : '');

function cpuLines(scenario: Scenario, cpu: CpuReport, image: Loaded): string[] {
  const exceptions = Object.entries(cpu.exceptions).map(([vector, count]) => `${vectorName(Number(vector))} ${count}`).join(', ');
  const rows = [
    ['cycles', `${cpu.cycles}`], ['instructions', `${cpu.instructions}`],
    ...(cpu.overflows === undefined ? [] : [['overflows', `${cpu.overflows}`]]),
    ...(cpu.vcpu === undefined ? [] : [['cycles of the host for it', `${cpu.vcpu.hostCycles}`], ['exits', counts(cpu.vcpu.exits)]]),
    ['PMIs', `${cpu.pmis}${cpu.pmisLost > 0 ? `, and ${cpu.pmisLost} lost to a masked LVTPC` : ''}`],
    ['NMIs taken', `${cpu.nmis}`], ['interrupts taken', `${cpu.interrupts}`], ['exceptions', exceptions || '0'],
    ['RDMSR, WRMSR, RDPMC', `${cpu.rdmsr}, ${cpu.wrmsr}, ${cpu.rdpmc}`],
  ];
  const lines = table([], rows);
  if (cpu.program !== undefined) lines.push('', ...programLines(scenario, cpu.program, image));
  return lines;
}

const counts = (of: Readonly<Record<string, number>>): string =>
  Object.entries(of).map(([name, count]) => `${name} ${count}`).join(', ') || '0';

function hostLines(host: HostReport): string[] {
  const lines = table([], [
    ['host', `${host.strategy} on Linux ${host.generation}, costs of ${host.cost}`],
    ['cycles of the host', `${host.hostCycles}${host.loadCycles > 0 ? `, and ${host.loadCycles} of other tasks` : ''}`],
    ['host events', `${host.created} made, ${host.released} released, ${host.reused} used on`],
    ['NMIs of the host', `${host.nmis}, of them for an unknown reason ${host.unknownNmis}`],
    ...(host.faults > 0 ? [['faults of host code', `${host.faults}`]] : []),
  ]);
  if (host.users.length === 0) return lines;
  return [...lines, '', ...table(['host user', 'event', 'CPU', 'state', 'count', 'truth', 'samples', 'due'], host.users.map((user) => [
    user.kind, user.event, `${user.cpu}`, user.refused ?? user.state ?? '',
    ...[user.count, user.truth, user.samples, user.due].map((value) => `${value ?? ''}`),
  ]), [2, 4, 5, 6, 7])];
}

function programLines(scenario: Scenario, program: ProgramReport, image: Loaded): string[] {
  const events = scenario.program.kind === 'built-in' ? scenario.program.events : [];
  const lines = table(['event', 'period', 'count', 'overflows'], program.events.map(({ count, overflows }, i) =>
    [events[i]?.event ?? '', `${events[i]?.period ?? ''}`, `${count}`, `${overflows}`]), [1, 2, 3]);
  if (program.spurious > 0) lines.push(`PMIs without a status bit: ${program.spurious}`);
  if (program.samples.length > 0) lines.push('', ...profile(program.samples, image));
  return lines;
}

/** How many samples fell on which routine. */
function profile(samples: readonly bigint[], image: Loaded): string[] {
  const hits = new Map<string, number>();
  for (const rip of samples) {
    const routine = (nearestSymbol(image, rip) ?? `0x${rip.toString(16)}`).replace(/\+0x[0-9a-f]+$/, '');
    hits.set(routine, (hits.get(routine) ?? 0) + 1);
  }
  const share = (count: number): string => `${((100 * count) / samples.length).toFixed(1)} %`;
  const rows = [...hits].sort((a, b) => b[1] - a[1]).map(([routine, count]) => [routine, `${count}`, share(count)]);
  return table(['interrupted in', 'samples', ''], rows, [1, 2]);
}
