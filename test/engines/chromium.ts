/** A page in a headless Chromium, whose worker imports modules of this project, as they are compiled, from a server here. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What is compiled: the folder `dist`. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage',
];

/** Runs a module in the worker, for which `dist` is the server's root. What it has told by POST /told, as JSON. */
export async function toldInChromium(source: string): Promise<unknown> {
  const profile = mkdtempSync(join(tmpdir(), 'vpmu-chromium-'));
  let browser: ChildProcess | undefined, server: Server | undefined;
  try {
    return await new Promise((resolve, reject) => {
      server = createServer((request, response) => {
        if (request.url !== '/told') return serve(request.url ?? '/', source, response);
        let body = '';
        request.setEncoding('utf8').on('data', (text: string) => {
          body += text;
        });
        request.on('end', () => {
          response.end();
          resolve(JSON.parse(body));
        });
      }).listen(0, '127.0.0.1', () => {
        const { port } = server!.address() as AddressInfo;
        browser = spawn('chromium', [...FLAGS, `--user-data-dir=${profile}`, `http://127.0.0.1:${port}/`], { stdio: 'ignore' });
        browser.on('error', (error) => reject(new Error(`Debian's chromium runs: ${error.message}`)));
        browser.on('exit', (code) => reject(new Error(`chromium has ended with ${code} before anything was told`)));
      });
    });
  } finally {
    server?.closeAllConnections();
    server?.close();
    await ended(browser);
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

async function ended(browser: ChildProcess | undefined): Promise<void> {
  if (browser?.pid === undefined || browser.exitCode !== null) return;
  const gone = new Promise((resolve) => browser.on('exit', resolve));
  browser.kill();
  await gone;
}

const PAGE = "<!doctype html><script>new Worker('/worker.js', { type: 'module' })</script>";

/** The page, what its worker runs, or what is compiled. */
function serve(url: string, source: string, response: ServerResponse): void {
  const page = url === '/';
  response.setHeader('content-type', page ? 'text/html' : 'text/javascript');
  try {
    response.end(page ? PAGE : url === '/worker.js' ? source : readFileSync(join(ROOT, normalize(url))));
  } catch {
    response.statusCode = 404;
    response.end();
  }
}
