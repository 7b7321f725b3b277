// Entry point of the reference backend: a child process controlled by its parent's IPC, or a standalone service.
import { parseArgs } from "node:util";
import { messageOf } from "../support/errors.js";
import { type FromReference, toReference } from "./messages.js";
import type { ReferenceOptions } from "./options.js";
import { createReferenceServer, type ReferenceServer } from "./server.js";

const CLOSE_DEADLINE_MS = 4000;

let server: ReferenceServer | undefined;
let stopping = false;

async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  setTimeout(() => process.exit(1), CLOSE_DEADLINE_MS).unref();
  await server?.close();
  process.exit(0);
}

function say(message: FromReference, after?: () => void): void {
  process.send?.(message, undefined, undefined, () => after?.());
}

async function startAsChild(options: ReferenceOptions): Promise<void> {
  try {
    server = await createReferenceServer(options);
    const { url, wsUrl, controlUrl, controlToken, temporaryDirectory } = server;
    say({ type: "ready", address: { url, wsUrl, controlUrl, controlToken }, temporaryDirectory });
  } catch (error) {
    say({ type: "failed", message: messageOf(error) }, () => process.exit(1));
  }
}

function obeyParent(): void {
  process.on("message", (received) => {
    const message = toReference.parse(received);
    if (message.type === "start") void startAsChild(message.options);
    else void stop();
  });
  // The parent is gone, perhaps killed: nothing else would ever end this process.
  process.on("disconnect", () => void stop());
  // Signals of a terminal or a job reach the whole process group; the parent decides when to stop.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);
  say({ type: "listening" });
}

async function runAlone(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: "string" }, database: { type: "string" } } });
  const { GP_LOAD_DATABASE_URL, GP_LOAD_REDIS_URL, GP_LOAD_CLICKHOUSE_URL } = process.env;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop());
  server = await createReferenceServer({
    port: Number(values.port ?? 8000),
    ...(values.database === undefined ? {} : { databasePath: values.database }),
    ...(GP_LOAD_DATABASE_URL ? { databaseUrl: GP_LOAD_DATABASE_URL } : {}),
    ...(GP_LOAD_REDIS_URL ? { redisUrl: GP_LOAD_REDIS_URL } : {}),
    ...(GP_LOAD_CLICKHOUSE_URL ? { clickhouseUrl: GP_LOAD_CLICKHOUSE_URL } : {}),
  });
  const { url, wsUrl, controlUrl, controlToken } = server;
  process.stdout.write(`${JSON.stringify({ url, wsUrl, controlUrl, controlToken, pid: process.pid })}\n`);
}

if (process.send) obeyParent();
else {
  runAlone().catch((error) => {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(1);
  });
}
