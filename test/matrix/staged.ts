// The backend of a row, and hooks that break it as the faults of its scenario would break an embedded one.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Reference, startReference } from "../../src/reference/launch.js";
import type { ReferenceOptions } from "../../src/reference/options.js";
import { lockSqlite } from "../../src/reference/storage/sqlite.js";
import { messageOf } from "../../src/support/errors.js";
import { controlOf, type Order } from "../support/control.js";
import type { ScenarioKeys } from "./row.js";

export interface Staged {
  /** The process that is there now: another one after it was killed and started again. */
  readonly backend: Reference;
  /** What the scenario says otherwise, so that its faults call the hooks. */
  readonly change: ScenarioKeys;
  stop(): Promise<void>;
}

type Fault = Readonly<Record<string, unknown>>;

/** Only the process that starts a backend can do these to it. */
const OF_THE_HOST = ["defect", "kill", "lock-database"];

/** Starts a backend for this scenario. It keeps its port, its key and its database when it is killed. */
export async function stage(scenario: ScenarioKeys, options: ReferenceOptions): Promise<Staged> {
  const faults = (scenario.faults ?? []) as readonly Fault[];
  if (!faults.some((fault) => OF_THE_HOST.some((name) => name in fault))) {
    const backend = await startReference(options);
    return { backend, change: {}, stop: async () => void (await backend.stop()) };
  }
  const folder = mkdtempSync(join(tmpdir(), "gp-load-staged-"));
  const databasePath = join(folder, "reference.db");
  const lasting = { tokenKey: "a key that outlives the process", ...options, databasePath };
  let backend = await startReference(lasting);
  const port = Number(new URL(backend.url).port);
  let unlock: (() => void) | undefined;
  const act: Readonly<Record<string, (order: Order) => Promise<unknown>>> = {
    "/defect": (order) => controlOf(backend).misbehave(order),
    "/defect/undo": ({ name }) => controlOf(backend).behave(name),
    "/kill": () => backend.kill(),
    "/kill/undo": async () => {
      backend = await startReference({ ...lasting, port });
    },
    "/lock-database": async () => {
      unlock = lockSqlite(databasePath);
    },
    "/lock-database/undo": async () => unlock?.(),
  };
  const server = createServer((request, response) => {
    const done = async (): Promise<unknown> => act[request.url ?? ""]?.(await bodyOf(request));
    done().then(
      () => response.end("{}"),
      (error) => response.writeHead(500).end(messageOf(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const hooks = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    get backend() {
      return backend;
    },
    change: { faults: faults.map((fault) => hooked(fault, hooks)) },
    async stop() {
      await closed(server);
      await backend.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The same fault on the same timeline, by a hook. */
function hooked(fault: Fault, hooks: string): Fault {
  const name = OF_THE_HOST.find((one) => one in fault);
  if (name === undefined) return fault;
  const { [name]: told, ...timeline } = fault;
  const body = typeof told === "string" ? { name: told } : (told ?? {});
  const url = `${hooks}/${name}`;
  const method = "POST";
  return { ...timeline, http: { method, url, body, undo: { method, url: `${url}/undo`, body } } };
}

async function bodyOf(request: IncomingMessage): Promise<Order> {
  let text = "";
  for await (const piece of request.setEncoding("utf8")) text += piece;
  return JSON.parse(text) as Order;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
