// What gp-load can use but does not need: optional packages, servers named in the environment, a browser.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { connect } from "node:net";
import { delimiter, join } from "node:path";
import { codeOf, messageOf } from "../../support/errors.js";
import type { Check, Examined, Finding } from "./check.js";

const ANSWER_MS = 1500;

/** Package → what it is needed for. */
const PACKAGES = {
  pg: "the store postgres",
  "@clickhouse/client": "the store clickhouse",
  ioredis: "the store redis, and fleets",
  bullmq: "fleets",
  "socket.io-client": "backends on Socket.IO",
} as const;

/** Servers by the variable that names them, each with its default port. */
const SERVERS = {
  PostgreSQL: { variable: "DATABASE_URL", port: 5432, use: "stores of the target reference-stores" },
  Redis: { variable: "REDIS_URL", port: 6379, use: "stores of the target reference-stores" },
  ClickHouse: { variable: "CLICKHOUSE_URL", port: 8123, use: "stores of the target reference-stores" },
  fleet: { variable: "GP_LOAD_FLEET", port: 6379, use: "`gp-load worker`" },
} as const;

const BROWSERS = ["chromium", "chromium-browser", "google-chrome"];

export const SERVICE_CHECKS: readonly Check[] = [
  ...Object.entries(PACKAGES).map(([name, use]): Check => ({ name, look: () => packageFinding(name, use) })),
  ...Object.entries(SERVERS).map(
    ([name, server]): Check => ({ name, look: (examined) => serverFinding(server, examined) }),
  ),
  { name: "Chromium", look: browserFinding },
];

function packageFinding(name: string, use: string): Finding {
  const version = versionOf(name);
  if (version !== undefined) return { state: "ok", found: version };
  return { state: "note", found: `not installed; only for ${use}`, todo: `npm install ${name}` };
}

/** Resolved as gp-load itself would. Reads package.json from disk: not all packages export it. */
function versionOf(name: string): string | undefined {
  const require = createRequire(import.meta.url);
  const folder = (require.resolve.paths(name) ?? [])
    .map((base) => join(base, name))
    .find((path) => existsSync(join(path, "package.json")));
  if (folder === undefined) return undefined;
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version?: string };
  return version ?? "unknown version";
}

async function serverFinding(
  { variable, port, use }: { readonly variable: string; readonly port: number; readonly use: string },
  { context: { env } }: Examined,
): Promise<Finding> {
  const given = env[variable];
  if (!given) return { state: "note", found: `not named by ${variable}; only for ${use}` };
  // The URL may hold a password: only host and port are shown.
  if (!URL.canParse(given))
    return { state: "warn", found: `${variable} is not a valid URL`, todo: "write it as scheme://host:port" };
  const url = new URL(given);
  const host = url.hostname.replace(/^\[|\]$/g, "") || "127.0.0.1";
  const where = { host, port: Number(url.port) || port };
  const why = await noAnswer(where);
  const shown = `${url.hostname || host}:${where.port}`;
  if (why === undefined) return { state: "ok", found: `answers at ${shown}` };
  return { state: "warn", found: `no answer at ${shown}: ${why}`, todo: `start it, or unset ${variable}` };
}

/** Why there is no answer; `undefined` if there is one. */
function noAnswer(where: { readonly host: string; readonly port: number }): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ ...where, timeout: ANSWER_MS });
    const end = (why: string | undefined): void => {
      socket.destroy();
      resolve(why);
    };
    socket.once("connect", () => end(undefined));
    socket.once("timeout", () => end(`silent for ${ANSWER_MS} ms`));
    socket.once("error", (error) => end(codeOf(error) ?? messageOf(error)));
  });
}

function browserFinding({ context: { env } }: Examined): Finding {
  const named = env.CHROMIUM_PATH;
  const all = named
    ? [named]
    : (env.PATH ?? "").split(delimiter).flatMap((base) => BROWSERS.map((one) => join(base, one)));
  const path = all.find((one) => existsSync(one));
  if (path !== undefined) return { state: "ok", found: path };
  const found = "not found; only for gp-load's own tests of its pages";
  return { state: "note", found, todo: "install chromium, or set CHROMIUM_PATH" };
}
