import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { COMMAND, type Done, folder, vpmu } from './command.ts';
import { RedisServer } from './redis.ts';

let redis: RedisServer;
const workers = new Set<ChildProcess>();

before(async () => void (redis = await RedisServer.start()));
after(async () => {
  for (const worker of workers) worker.kill('SIGKILL');
  await redis.stop();
});

/** A worker that waits for searches. `says` comes true when it has printed a line like this. */
async function startWorker(): Promise<{ readonly worker: ChildProcess; says(line: RegExp): Promise<void> }> {
  const args = ['worker', '--queue', redis.url, '--jobs', '1'];
  const worker = spawn(process.execPath, [COMMAND, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  workers.add(worker);
  worker.on('exit', () => workers.delete(worker));
  let printed = '';
  worker.stdout.on('data', (data: Buffer) => (printed += data.toString()));
  const says = async (line: RegExp): Promise<void> => {
    while (!line.test(printed)) {
      assert.equal(worker.exitCode, null, `it has ended, and not printed ${line}: ${printed}`);
      await Promise.race([once(worker.stdout, 'data'), once(worker, 'exit')]);
    }
  };
  await says(/^waits for searches at redis:/m);
  return { worker, says };
}

async function verifyThere(...args: readonly string[]): Promise<Done> {
  const all = ['verify', ...args, '--queue', redis.url];
  const child = spawn(process.execPath, [COMMAND, ...all], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '', err = '';
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (err += data.toString()));
  const [status] = await once(child, 'close') as [number];
  return { status, out, err };
}

test('a queue prints what the embedded pool prints, however many workers there are', async () => {
  const { worker } = await startWorker();
  const second = await startWorker();
  const search = ['general', 'reuse', 'guest-pmi', '--machines', 'lawful,filter'];
  assert.deepEqual(await verifyThere(...search), vpmu('verify', ...search));
  for (const each of [worker, second.worker]) {
    each.kill('SIGINT');
    // It ends by itself, and with success: that is how a worker ends.
    assert.deepEqual(await once(each, 'exit'), [0, null]);
  }
});

test('a worker that is killed in the middle of a search loses nothing: another one does it', async () => {
  const { worker, says } = await startWorker();
  const search = ['general', '--machines', 'any guest', '--states', '20000'];
  const done = verifyThere(...search);
  await says(/^general, any guest: begun/m);
  worker.kill('SIGKILL');
  await once(worker, 'exit');
  const second = await startWorker();
  const result = await done;
  await second.says(/^general, any guest: \d+ states, 0 fail/m);
  assert.deepEqual(result, vpmu('verify', ...search));
  assert.equal(result.status, 3);
});

test('where there is no queue, that is said in one line', () => {
  const cases: readonly (readonly [RegExp, ...string[]])[] = [
    [/^vpmu: --queue redis:\/\/127\.0\.0\.1:1: .*ECONNREFUSED.*; name a Redis or Valkey that runs/, 'redis://127.0.0.1:1'],
    [/^vpmu: --queue localhost: it is no address; name a Redis/, 'localhost'],
  ];
  for (const [line, url] of cases) {
    for (const command of ['verify', 'worker']) {
      const { status, out, err } = vpmu(command, '--queue', url!);
      assert.deepEqual([status, out, err.trimEnd().split('\n').length], [2, '', 1], err);
      assert.match(err, line);
    }
  }
  const { status, err } = vpmu('verify', 'general', '--machines', 'lawful', '--queue', redis.url, '--resume', 'kept');
  assert.deepEqual([status, err], [2, 'vpmu: --resume is for a search of this process, not for --queue\n']);
});
