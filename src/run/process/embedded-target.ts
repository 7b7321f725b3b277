// The embedded backend of a run: started before it, broken and repaired by its faults, stopped after it.
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DefectOrder, HostCall } from "../../faults/call.js";
import { faultNamed } from "../../faults/index.js";
import { isDefectName, paramsFor } from "../../reference/defects/table.js";
import { type Reference, startReference } from "../../reference/launch.js";
import type { ReferenceOptions } from "../../reference/options.js";
import { lockSqlite } from "../../reference/storage/sqlite.js";
import type { Scenario } from "../../scenarios/scenario.js";
import { asUserError, messageOf, orUserError, UserError } from "../../support/errors.js";
import { type HttpClient, plainHttpClient } from "../../wire/http/http.js";
import { cpuWaitUs } from "./cpu-wait.js";
import type { ModelAddress } from "./run-model.js";

export interface Hosted {
  /** The scenario with the address of its target filled in. */
  readonly scenario: Scenario;
  /** Applies a call to the run's own backend. @returns what went wrong, or `undefined` */
  act(call: HostCall): Promise<string | undefined>;
  /** How long an embedded backend has waited for a core of this machine, microseconds; `undefined` for any other target. */
  waitedUs(): number | undefined;
  stop(): Promise<void>;
}

/**
 * Starts the reference backend if the target is embedded; any other target is used as it is.
 * @param model the endpoint for its agent
 */
export async function hostTarget(scenario: Scenario, model?: ModelAddress): Promise<Hosted> {
  const { target, faults, name } = scenario;
  if (!target.embedded)
    return {
      scenario,
      act: async () => "the target is not the embedded backend",
      waitedUs: () => undefined,
      stop: async () => {},
    };
  refuseUnknownDefects(name, faults);
  await refuseNoTemporaryFolder();
  const lasting = await lastingOptions(faults, { ...storeUrls(target), ...(model && modelOptions(model)) });
  const backend = new EmbeddedBackend(lasting);
  await backend.start(target.stores !== undefined);
  return {
    scenario: { ...scenario, target: { ...target, url: backend.url, clock: "same" } },
    act: (call) => backend.act(call).then(() => undefined, messageOf),
    waitedUs: () => backend.waitedUs(),
    stop: () => backend.stop(),
  };
}

class EmbeddedBackend {
  readonly #lasting: LastingOptions;
  readonly #http = plainHttpClient(5_000_000, 1_048_576);
  #reference: Reference | undefined;
  #unlock: (() => void) | undefined;

  constructor(lasting: LastingOptions) {
    this.#lasting = lasting;
  }

  get url(): string {
    return this.#running().url;
  }

  waitedUs(): number | undefined {
    return this.#reference && cpuWaitUs(`/proc/${this.#reference.pid}/schedstat`);
  }

  /** @param ownStores it keeps its messages in the user's stores */
  async start(ownStores: boolean): Promise<void> {
    try {
      this.#reference = await startReference(this.#lasting.options);
    } catch (error) {
      await this.stop();
      // If our own backend does not start, that is a bug, unless it uses the user's stores.
      if (!ownStores) throw error;
      const hint = "check the URLs under `stores`: the embedded backend keeps its messages there";
      throw new UserError(messageOf(error), hint);
    }
  }

  async act(call: HostCall): Promise<void> {
    switch (call.kind) {
      case "defect":
        return tellDefect(this.#http, this.#running(), call.on, call.order);
      case "database":
        this.#unlock?.();
        this.#unlock = call.locked ? lockSqlite(this.#lasting.databasePath) : undefined;
        return;
      case "process":
        if (!call.up) await this.#running().kill();
        else {
          const port = Number(new URL(this.url).port);
          this.#reference = await startReference({ ...this.#lasting.options, port });
        }
    }
  }

  async stop(): Promise<void> {
    this.#unlock?.();
    await this.#http.close();
    await this.#reference?.stop();
    await this.#lasting.remove();
  }

  #running(): Reference {
    if (!this.#reference) throw new Error("the embedded backend was not started");
    return this.#reference;
  }
}

interface LastingOptions {
  readonly options: ReferenceOptions;
  readonly databasePath: string;
  readonly remove: () => Promise<void>;
}

/** For a backend that may be killed and restarted, or whose database may be locked: a file and a key that outlive it. */
async function lastingOptions(
  faults: Scenario["faults"],
  options: ReferenceOptions,
): Promise<LastingOptions> {
  const calls = faults.flatMap(({ action, options: told }) => {
    const named = faultNamed(action);
    return named.place === "target" ? [named.calls(told).begin.kind] : [];
  });
  const databasePath = options.databasePath ?? "";
  const plain = { options, databasePath, remove: async () => {} };
  if (databasePath !== "" || !calls.some((kind) => kind === "process" || kind === "database")) return plain;
  const folder = await mkdtemp(join(tmpdir(), "gp-load-target-"));
  const path = join(folder, "reference.db");
  return {
    options: { tokenKey: randomBytes(32).toString("base64url"), ...options, databasePath: path },
    databasePath: path,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function refuseNoTemporaryFolder(): Promise<void> {
  const what = "the embedded backend needs room for temporary files";
  const hint = "set TMPDIR to a folder that can be written";
  await mkdtemp(join(tmpdir(), "gp-load-")).then(rmdir).catch(asUserError(what, hint));
}

async function tellDefect(http: HttpClient, at: Reference, on: boolean, order: DefectOrder): Promise<void> {
  const headers = { authorization: `Bearer ${at.controlToken}` };
  const url = `${at.controlUrl}/defects`;
  const answer = await (on
    ? http.request({ method: "POST", url, headers, json: order })
    : http.request({ method: "DELETE", url: `${url}/${order.name}`, headers }));
  if (!answer.ok) throw new Error(`the backend answered ${answer.status || answer.error}: ${answer.body}`);
}

/** An unknown defect, or one with wrong parameters, is reported before anything starts. */
function refuseUnknownDefects(name: string, faults: Scenario["faults"]): void {
  for (const [at, { action, options }] of faults.entries()) {
    const named = faultNamed(action);
    const call = named.place === "target" ? named.calls(options).begin : undefined;
    if (call?.kind !== "defect") continue;
    const hint = "`gp-load reference` prints a control address whose /defects/table lists them";
    const { name: defect, params = {} } = call.order;
    if (!isDefectName(defect))
      throw new UserError(`${name}.faults[${at}]: there is no defect \`${defect}\``, hint);
    orUserError(() => paramsFor(defect, params), `${name}.faults[${at}]`, hint);
  }
}

function modelOptions({ url, key }: ModelAddress): ReferenceOptions {
  return { modelUrl: `${url}/v1`, modelFaults: true, ...(key === undefined ? {} : { modelKey: key }) };
}

/** An embedded target with stores keeps its messages in them, where they are looked up. */
function storeUrls({ stores }: Scenario["target"]): ReferenceOptions {
  const options = { postgres: "databaseUrl", redis: "redisUrl", clickhouse: "clickhouseUrl" } as const;
  return Object.fromEntries((stores?.list ?? []).map(({ store, secretUrl }) => [options[store], secretUrl]));
}
