/** A Redis of a test's own: on a free port of this computer, without files, and gone with the test. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

const TRIES = 200;
const PAUSE_MS = 50;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false)).on('connect', () => socket.destroy());
  });
}

export class RedisServer {
  readonly url: string;
  private readonly server: ChildProcess;

  private constructor(port: number) {
    this.url = `redis://127.0.0.1:${port}`;
    const options = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    this.server = spawn('redis-server', options, { stdio: 'ignore' });
  }

  static async start(): Promise<RedisServer> {
    if (spawnSync('redis-server', ['--version']).status !== 0) {
      throw new Error('there is no redis-server here; install Debian\'s package redis-server, or see .ci/run');
    }
    const port = await freePort();
    const redis = new RedisServer(port);
    for (let i = 0; i < TRIES && !await answers(port); i += 1) await pause();
    return redis;
  }

  async stop(): Promise<void> {
    const exit = once(this.server, 'exit');
    this.server.kill();
    await exit;
  }
}
