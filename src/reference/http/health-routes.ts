// Liveness, readiness, and the process's own metrics as Prometheus text.

import { messageOf } from "../../support/errors.js";
import { residentBytes } from "../../support/resident-memory.js";
import type { Service } from "../service.js";
import type { HttpApp } from "./app.js";
import { Reply } from "./reply.js";

export function addHealthRoutes(app: HttpApp, service: Service): void {
  app.get("/health", async () => ({ status: "ok" }));
  app.get("/health/ready", async () => {
    const parts = { database: () => service.store.check(), model: () => service.model.check() };
    for (const [part, check] of Object.entries(parts)) {
      try {
        await check();
      } catch (error) {
        noteFailure(service, part, error);
        return new Reply(503, { status: "unavailable", failing: part, detail: `${part} is not ready` });
      }
    }
    return { status: "ready" };
  });
  app.get("/metrics", async () => {
    const name = "process_resident_memory_bytes";
    const text = `# HELP ${name} Resident memory size in bytes.\n# TYPE ${name} gauge\n${name} ${residentBytes()}\n`;
    return new Reply(200, text, "text/plain; version=0.0.4; charset=utf-8");
  });
}

function noteFailure(service: Service, part: string, error: unknown): void {
  service.log.warn({ part, error: messageOf(error) }, "not ready");
}
