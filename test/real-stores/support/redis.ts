// A Redis of a test's own, from the system's package redis-server.
import { freePort, isInstalled, openDen, startServer } from "./server-process.js";

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

export async function startRedis(): Promise<TestServer> {
  const den = openDen("redis");
  const port = await freePort();
  const args = [
    "--port",
    String(port),
    "--bind",
    "127.0.0.1",
    "--save",
    "",
    "--appendonly",
    "no",
    "--dir",
    den.folder,
  ];
  const server = await startServer(den, "redis-server", args, port);
  return {
    url: `redis://127.0.0.1:${port}`,
    async close() {
      await server.stop();
      await den.close();
    },
  };
}
