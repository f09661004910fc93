/** `vpmu replay`: a counterexample from a file, told step by step; or its states for other viewers. */

import { timeline } from '../../trace/timeline.ts';
import { Ring } from '../../trace/trace.ts';
import { parsePath } from '../../verify/path-file.ts';
import { type Chapter, tell, toItf } from '../../verify/story.ts';
import { type Io, STATUS } from '../io.ts';
import { toJson } from '../json.ts';
import { jsonFile } from '../subject.ts';

export interface ReplayOptions { readonly json?: boolean; readonly itf?: boolean }

/** No step has nearly as many records. */
const RECORDS = 10_000;

export function replay(io: Io, path: string, { json, itf }: ReplayOptions): number {
  const file = jsonFile(io, path, parsePath);
  if (itf) {
    io.out(toJson(toItf(file)));
    return STATUS.success;
  }
  const chapters: Chapter[] = [];
  const ring = new Ring(RECORDS);
  let told = 0;
  if (!json) io.out(`${file.strategy}, ${file.machine}: ${file.property}`);
  tell(file, ring, (chapter) => {
    chapters.push(chapter);
    const records = ring.records().slice(told);
    told += records.length;
    if (!json) for (const line of chapterText(chapters.length, chapter, timeline(records))) io.out(line);
  });
  if (json) io.out(toJson({ file, chapters }));
  return (chapters.at(-1)?.refuted.length ?? 0) > 0 ? STATUS.success : STATUS.failure;
}

function chapterText(number: number, { step, changes, refuted }: Chapter, [, ...records]: readonly string[]): string[] {
  return [
    '', `${number}. ${step}`, ...records.map((line) => `   ${line.trim().replaceAll(/ {6,}/g, '   ')}`),
    ...changes.map(({ name, before, after }) => `     ${name}: ${before ?? 0} -> ${after ?? 0}`),
    ...refuted.map((sentence) => `   not true that ${sentence}`),
  ];
}
