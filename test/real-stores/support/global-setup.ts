// Starts the three stores for all test files, or takes those that the environment names.
import type { TestProject } from "vitest/node";
import { clickhouseMissing, startClickhouse } from "./clickhouse.js";
import { postgresMissing, startPostgres } from "./postgres.js";
import { redisMissing, startRedis, type TestServer } from "./redis.js";

declare module "vitest" {
  export interface ProvidedContext {
    /** URLs of the stores that are there. */
    readonly stores: Readonly<Record<"postgres" | "redis" | "clickhouse", string | undefined>>;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const started: Pick<TestServer, "close">[] = [];
  const one = async (
    variable: string,
    missing: string | undefined,
    start: () => Promise<TestServer>,
  ): Promise<string | undefined> => {
    const given = process.env[variable];
    if (given) return given;
    if (missing !== undefined) {
      if (process.env.CI) throw new Error(missing);
      process.stderr.write(`tests with a real store are skipped: ${missing}\n`);
      return undefined;
    }
    const server = await start();
    started.push(server);
    return server.url;
  };
  const [postgres, redis, clickhouse] = await Promise.all([
    one("DATABASE_URL", postgresMissing(), startPostgres),
    one("REDIS_URL", redisMissing(), startRedis),
    one("CLICKHOUSE_URL", clickhouseMissing(), startClickhouse),
  ]);
  project.provide("stores", { postgres, redis, clickhouse });
  return async () => {
    await Promise.all(started.map((server) => server.close()));
  };
}
