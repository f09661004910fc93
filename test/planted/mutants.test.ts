import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ROOT } from '../docs/documents.ts';
import { isByVerifier, MUTANTS, mutantsDocument, soundJobs, stepsOfDocument } from '../mutants/all.ts';
import { alsoSound, type Judgement, judge, newCopies } from '../mutants/judge.ts';
import { COPIES } from './plant.ts';

// Bugs in the host and in the hardware that the verifier must see: the quick ones here, all of them by `npm run mutants`.

const QUICK = MUTANTS.filter(({ quick }) => quick);
const page = readFileSync(join(ROOT, 'docs/mutants.md'), 'utf8');
const recorded = stepsOfDocument(page);

test('each mutant replaces a piece of text that stands there once', () => {
  for (const { name, file, from, to } of MUTANTS) {
    const text = readFileSync(join(ROOT, 'dist/src', file.replace(/\.ts$/, '.js')), 'utf8');
    assert.deepEqual([name, text.split(from).length, from === to], [name, 2, false]);
  }
  assert.equal(new Set(MUTANTS.map(({ name }) => name)).size, MUTANTS.length);
});

test('there are enough of them, and nearly all are seen by the verifier', () => {
  const seen = MUTANTS.filter(isByVerifier);
  assert.ok(seen.length >= 100 && seen.length > 0.8 * MUTANTS.length, `${seen.length} of ${MUTANTS.length}`);
  for (const folder of ['host/perf', 'host/kvm', 'host/vpmu', 'hw/pmu', 'hw/lapic']) {
    assert.ok(seen.some(({ file }) => file.startsWith(folder)), folder);
  }
  for (const mutant of seen) assert.ok(recorded.has(mutant.name), `${mutant.name}: npm run mutants-record`);
});

test('docs/mutants.md shows them all', () => {
  assert.equal(page, mutantsDocument(({ name }) => recorded.get(name)), 'npm run mutants-record writes it anew');
});

test('mutants', { concurrency: COPIES }, async (t) => {
  const copies = newCopies();
  after(() => copies.remove());
  const judgements: Judgement[] = [];
  await Promise.all(QUICK.map((mutant) => t.test(mutant.name, async () => {
    const judgement = await judge(copies, mutant);
    judgements.push(judgement);
    assert.deepEqual([judgement.caught, judgement.steps], [true, recorded.get(mutant.name)], judgement.saw);
  })));
  await Promise.all([...soundJobs(judgements)].map(([name, { by, steps }]) => t.test(`${name} sees nothing without them`, async () => {
    assert.equal(await alsoSound(copies, by, steps), undefined);
  })));
});
