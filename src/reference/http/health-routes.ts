// Liveness, readiness, and what the process tells of itself as Prometheus text.
import type { FastifyInstance } from "fastify";
import { messageOf } from "../../support/errors.js";
import type { Service } from "../service.js";

export function addHealthRoutes(app: FastifyInstance, service: Service): void {
  app.get("/health", async () => ({ status: "ok" }));
  app.get("/health/ready", async (_request, reply) => {
    const parts = { database: () => service.store.check(), model: () => service.model.check() };
    for (const [part, check] of Object.entries(parts)) {
      try {
        await check();
      } catch (error) {
        noteFailure(service, part, error);
        return reply.code(503).send({ status: "unavailable", failing: part, detail: `${part} is not ready` });
      }
    }
    return { status: "ready" };
  });
  app.get("/metrics", async (_request, reply) => {
    const name = "process_resident_memory_bytes";
    const text = `# HELP ${name} Resident memory size in bytes.\n# TYPE ${name} gauge\n${name} ${process.memoryUsage.rss()}\n`;
    return reply.type("text/plain; version=0.0.4; charset=utf-8").send(text);
  });
}

function noteFailure(service: Service, part: string, error: unknown): void {
  service.log.warn({ part, error: messageOf(error) }, "not ready");
}
