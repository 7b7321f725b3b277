// Starts the three stores for all test files, or takes those that the environment names.
import type { TestProject } from "vitest/node";
import { missing, type ServiceName } from "../../support/services.js";
import { startClickhouse } from "./clickhouse.js";
import { startPostgres } from "./postgres.js";
import { startRedis, type TestServer } from "./redis.js";
import type { SharedStore, StoreName } from "./stores.js";

interface Source {
  readonly variable: string;
  readonly service: ServiceName;
  start(): Promise<TestServer>;
}

const SOURCES: Readonly<Record<StoreName, Source>> = {
  postgres: { variable: "DATABASE_URL", service: "postgres", start: startPostgres },
  redis: { variable: "REDIS_URL", service: "redis", start: startRedis },
  clickhouse: { variable: "CLICKHOUSE_URL", service: "clickhouse", start: startClickhouse },
};

/** A store that does not start is the business of the suites that need it; the others run all the same. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const started: Pick<TestServer, "close">[] = [];
  const one = async ({ variable, service, start }: Source): Promise<SharedStore> => {
    const given = process.env[variable];
    if (given) return { url: given };
    const why = missing([service]);
    if (why !== undefined) return { why };
    try {
      const server = await start();
      started.push(server);
      return { url: server.url };
    } catch (error) {
      return { why: `${service} is here, but does not start: ${String(error)}` };
    }
  };
  const [postgres, redis, clickhouse] = await Promise.all([
    one(SOURCES.postgres),
    one(SOURCES.redis),
    one(SOURCES.clickhouse),
  ]);
  project.provide("stores", { postgres, redis, clickhouse });
  return async () => {
    await Promise.all(started.map((server) => server.close()));
  };
}
