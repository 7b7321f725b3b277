// The fault proxy between users and target: starts before the run, takes orders during it, stops after it.

import type { NetworkOrder } from "../../faults/proxy/conditions.js";
import { type FromProxy, fromProxy, type ToProxy } from "../../faults/proxy/messages.js";
import type { Scenario } from "../../scenarios/scenario.js";
import { PendingRequests, startChild, untilReady } from "../../support/child-process.js";

export interface FaultProxy {
  /** The scenario as the users' processes need it: its target is the proxy. */
  readonly scenario: Scenario;
  /** Resolves when the order is carried out; with an error text if the proxy is gone. */
  obey(order: NetworkOrder): Promise<string | undefined>;
  stop(): Promise<void>;
}

/** Starts the fault proxy if the scenario has `via: proxy`; otherwise users reach the target directly, and orders are refused. */
export async function openFaultProxy(scenario: Scenario): Promise<FaultProxy> {
  if (scenario.via !== "proxy")
    return { scenario, obey: async () => "there is no fault proxy", stop: async () => {} };
  const child = startChild<ToProxy, FromProxy>({
    entry: "faults/proxy/main",
    parse: (message) => fromProxy.parse(message),
  });
  const url = new URL(scenario.target.url);
  const upstream = { host: url.hostname.replace(/^\[|\]$/g, ""), port: Number(url.port || 80) };
  child.tell({ type: "start", upstream, seed: scenario.seed });
  const port = await untilReady(child, {
    name: "the fault proxy",
    answerIn(message) {
      if (message.type === "failed")
        throw new Error(`the fault proxy could not be started: ${message.message}`);
      return message.type === "ready" ? message.port : undefined;
    },
  });
  const orders = new PendingRequests<string | undefined>(child, "the fault proxy's process is gone");
  child.listen((message) => {
    if (message.type === "obeyed") orders.answer(message.id, undefined);
  });
  return {
    scenario: throughPort(scenario, port),
    obey: (order) => orders.askNumbered((id) => child.tell({ type: "order", id, order })),
    async stop() {
      await child.end();
    },
  };
}

/** Requests keep the target's own host name, since a service may check it. */
function throughPort(scenario: Scenario, port: number): Scenario {
  const { target } = scenario;
  const url = new URL(target.url);
  const { host } = url;
  url.hostname = "127.0.0.1";
  url.port = String(port);
  const headers = target.embedded ? target.headers : { host, ...target.headers };
  return { ...scenario, target: { ...target, url: url.href.replace(/\/$/, ""), headers } };
}
