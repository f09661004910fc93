/** A comparison as comma-separated values: a line a strategy, by RFC 4180. */
import type { Column, CompareReport } from '../../lab/compare/compare.ts';
import { EXIT_KINDS, exitKinds, exitsOf, miscounted, usersOf } from './figures.ts';

type Cell = string | number;

/** Column by column: its heading, and its value. */
function cellsOf(column: Column): [string, Cell][] {
  const { handler, traced, samples } = column;
  const kinds = exitKinds(column);
  return [
    ['strategy', column.name], ['generation', column.generation ?? ''], ['verdict', column.verdict], ['why', column.why ?? ''],
    ['pmis', column.pmis],
    ['exits', exitsOf(column)], ...EXIT_KINDS.map((kind): [string, Cell] => [`exits ${kind}`, kinds[kind]]),
    ['events created', column.created], ['events released', column.released], ['events reused', column.reused],
    ['guest cycles', column.guestCycles], ['host cycles', column.hostCycles], ['wall cycles', column.wallCycles],
    ['overhead', Number(column.overhead.toFixed(6))],
    ['handler mean ns', handler.mean], ['handler p50 ns', handler.p50], ['handler p99 ns', handler.p99], ['handler max ns', handler.max],
    ['traced mean ns', traced.mean], ['traced p50 ns', traced.p50], ['traced p99 ns', traced.p99], ['traced max ns', traced.max],
    ['max sample rate', column.maxSampleRate],
    ['samples wanted', samples.wanted], ['samples taken', samples.taken], ['samples lost', samples.lost], ['samples late', samples.late],
    ['samples early', samples.early], ['samples off by at most', samples.most], ['samples spurious', samples.spurious],
    ['samples duplicate', samples.duplicate], ['counters off by', miscounted(column)],
    ['unknown NMIs guest', column.guestUnknownNmis], ['unknown NMIs host', column.hostUnknownNmis], ['host faults', column.hostFaults],
    ...usersOf(column).flatMap((user): [string, Cell][] => [
      [`${user.kind} state`, user.state], [`${user.kind} count`, user.count], [`${user.kind} truth`, user.truth],
    ]),
  ];
}

const quoted = (cell: Cell): string => (/[",\r\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell));

export function compareCsv({ columns }: CompareReport): string[] {
  const rows = columns.map((column) => new Map(cellsOf(column)));
  // Bare metal has no host, and so no users of it.
  const heads = [...new Set(rows.flatMap((row) => [...row.keys()]))];
  return [heads.map(quoted).join(','), ...rows.map((row) => heads.map((head) => quoted(row.get(head) ?? '')).join(','))];
}
