// The control server: switches defects and shows counters, on loopback only and with a token.

import { timingSafeEqual } from "node:crypto";
import { messageOf } from "../support/errors.js";
import { defectOrder } from "./defects/book.js";
import { DEFECTS } from "./defects/table.js";
import { HttpApp } from "./http/app.js";
import { bearerOf } from "./http/authenticate.js";
import { failureReply, HttpError } from "./http/errors.js";
import type { Service } from "./service.js";
import type { Hub } from "./socket/hub.js";

/**
 * `POST /defects` switches one on, `DELETE /defects[/name]` off; `GET /defects` shows what each has done,
 * `GET /defects/table` lists all, `GET /stats` shows the server's own counters,
 * `GET /traces` the trace contexts that clients sent.
 */
export function createControl(service: Service, hub: Hub, token: string): HttpApp {
  const app = new HttpApp({
    bodyBytes: 1_000_000,
    jsonDepth: service.settings.limits.jsonDepth,
    before(_url, headers) {
      if (!sameToken(bearerOf(headers) ?? "", token))
        throw new HttpError(401, "the control token is required");
    },
    failed: (error, route) => failureReply(error, route, service.log),
  });
  app.post("/defects", async (request) => {
    const wanted = defectOrder.strict().parse(request.body);
    try {
      service.defects.switchOn(wanted);
    } catch (error) {
      throw new HttpError(422, messageOf(error));
    }
    return service.defects.accounts().find((account) => account.name === wanted.name);
  });
  app.delete("/defects", async () => {
    service.defects.switchOff();
    return { defects: service.defects.accounts() };
  });
  app.delete("/defects/:name", async (request) => {
    const { name = "" } = request.params;
    const known = service.defects.accounts().some((account) => account.name === name);
    if (!known) throw new HttpError(404, "this defect was not switched on");
    service.defects.switchOff(name);
    return service.defects.accounts().find((account) => account.name === name);
  });
  app.get("/defects", async () => ({ defects: service.defects.accounts() }));
  app.get("/defects/table", async () => DEFECTS);
  app.get("/traces", async () => ({ traces: service.traces.told() }));
  app.get("/stats", async () => {
    const { connections, users } = hub.size();
    return { ...service.counters.snapshot(), connectionsOpen: connections, usersConnected: users };
  });
  return app;
}

function sameToken(given: string, token: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(token);
  return a.length === b.length && timingSafeEqual(a, b);
}
