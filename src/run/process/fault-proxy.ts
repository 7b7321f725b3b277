// The way from the users to the target through the fault proxy: started before the run, obeyed during it, closed after.

import type { WayOrder } from "../../faults/proxy/conditions.js";
import type { FromProxy, ToProxy } from "../../faults/proxy/messages.js";
import type { Scenario } from "../../scenarios/scenario.js";
import { startChild } from "./child-process.js";

const READY_MS = 10_000;
const PATIENCE_MS = 2000;

export interface FaultProxy {
  /** The scenario as the users' processes need it: its target is the proxy. */
  readonly scenario: Scenario;
  /** Resolves when the order is carried out; with an error's text where the proxy is gone. */
  obey(order: WayOrder): Promise<string | undefined>;
  stop(): Promise<void>;
}

/** Starts the fault proxy where the scenario goes `via: proxy`; else the way is straight and obeys nothing. */
export async function openFaultProxy(scenario: Scenario): Promise<FaultProxy> {
  if (scenario.via !== "proxy")
    return { scenario, obey: async () => "there is no fault proxy", stop: async () => {} };
  const waiting = new Map<number, (failure: string | undefined) => void>();
  let next = 0;
  let started: (answer: FromProxy) => void = () => {};
  const child = startChild<ToProxy, FromProxy>("faults/proxy/main", (message) => {
    if (message.type === "obeyed") {
      waiting.get(message.id)?.(undefined);
      waiting.delete(message.id);
    } else started(message);
  });
  void child.gone.then(() => {
    started({ type: "failed", message: "its process ended" });
    for (const done of waiting.values()) done("the fault proxy's process is gone");
  });
  const url = new URL(scenario.target.url);
  const upstream = { host: url.hostname.replace(/^\[|\]$/g, ""), port: Number(url.port || 80) };
  const answer = await new Promise<FromProxy>((resolve) => {
    started = resolve;
    setTimeout(() => resolve({ type: "failed", message: "it was not ready in time" }), READY_MS).unref();
    child.tell({ type: "start", upstream, seed: scenario.seed });
  });
  if (answer.type !== "ready") {
    await child.end(PATIENCE_MS);
    throw new Error(
      `the fault proxy could not be started: ${answer.type === "failed" ? answer.message : ""}`,
    );
  }
  return {
    scenario: throughPort(scenario, answer.port),
    obey(order) {
      const id = next++;
      return new Promise((resolve) => {
        waiting.set(id, resolve);
        child.tell({ type: "order", id, order });
      });
    },
    stop: () => child.end(PATIENCE_MS),
  };
}

/** The host that the target is known by stays in the requests, since a service may look at it. */
function throughPort(scenario: Scenario, port: number): Scenario {
  const { target } = scenario;
  const url = new URL(target.url);
  const { host } = url;
  url.hostname = "127.0.0.1";
  url.port = String(port);
  const headers = target.embedded ? target.headers : { host, ...target.headers };
  return { ...scenario, target: { ...target, url: url.href.replace(/\/$/, ""), headers } };
}
