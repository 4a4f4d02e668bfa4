// The real server as a child process: started on free ports, stopped by its process id.
import { createServer } from 'node:net';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { once } from 'node:events';
import path from 'node:path';
import { startChild, stopChild } from './children.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));
export const binary = ['release', 'debug']
  .map((kind) => path.join(root, 'artifacts/bin/Crosspoint.Cli', kind, 'crosspoint'))
  .find(existsSync);

/** A TCP port nobody listens on at the moment. */
export async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  return port;
}

let nextRtcPort = 42000 + (process.pid % 50) * 100;

/** Starts `crosspoint serve` and waits until it says it is ready. */
export async function startServer({ port, rtcPort, env = {} } = {}) {
  if (!binary) throw new Error('crosspoint is not built: run dotnet build -c Release first');
  const listen = port ?? (await freePort());
  const rtc = rtcPort ?? (nextRtcPort += 20);
  const child = startChild(binary, ['serve'], {
    cwd: root,
    env: {
      ...process.env,
      NODE_ENV: 'development',
      CALLS_DEV_INSECURE_AUTH: '1',
      SFU_PORT: String(listen),
      SFU_RTC_MIN_PORT: String(rtc),
      SFU_RTC_MAX_PORT: String(rtc + 19),
      SFU_ANNOUNCED_IP: process.env.CROSSPOINT_TEST_ADDRESS ?? '127.0.0.1',
      CROSSPOINT_WEB_ROOT: path.join(root, 'web/app/dist'),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      log.push(text);
      if (log.length > 2000) log.shift();
    });
  }
  const server = {
    port: listen,
    rtcPort: rtc,
    pid: child.pid,
    url: `http://127.0.0.1:${listen}`,
    wsUrl: `ws://127.0.0.1:${listen}/ws`,
    log: () => log.join(''),
    stop: (signal = 'SIGTERM') => stopChild(child, signal),
  };
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}:\n${server.log()}`);
    try {
      const response = await fetch(`${server.url}/healthz`);
      if (response.ok) return server;
    } catch {
      // not listening yet
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await server.stop('SIGKILL');
  throw new Error(`the server was not ready in 30 s:\n${server.log()}`);
}
