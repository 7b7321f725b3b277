// A Redis of a test's own, from the system's package redis-server.
import { freePort, isInstalled, openDen, type ServerProcess, startServer } from "./server-process.js";

export interface TestServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Why there is none, or `undefined`. */
export function redisMissing(): string | undefined {
  return isInstalled("redis-server")
    ? undefined
    : "no redis-server: apt-get install redis-server, or set REDIS_URL";
}

/** One that can be stopped and started again. */
export interface TestRedis extends TestServer {
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** @param keeps what it holds outlives a stop */
export async function startRedis(keeps = false): Promise<TestRedis> {
  const den = openDen("redis");
  const port = await freePort();
  const args = [
    ...["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--dir", den.folder],
    ...["--appendonly", keeps ? "yes" : "no"],
  ];
  let server: ServerProcess | undefined;
  const start = async (): Promise<void> => {
    server = await startServer(den, "redis-server", args, port);
  };
  const stop = async (): Promise<void> => {
    await server?.stop();
    server = undefined;
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    start,
    stop,
    async close() {
      await stop();
      await den.close();
    },
  };
}
