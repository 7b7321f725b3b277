// The one shape of an HTTP error, `{"detail"}`, and how every thrown thing becomes it.
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import { ZodError } from "zod";
import { codeOf, messageOf } from "../../support/errors.js";
import { deeperThan } from "../json-depth.js";
import { StoreUnavailable } from "../storage/store.js";

/** Thrown by handlers; becomes its status and `{"detail": message}`. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly status: number;

  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

/** Refuses bodies that are nested too deep, before a handler sees them. */
export function refuseDeepBodies(app: FastifyInstance, maxDepth: number): void {
  app.addHook("preHandler", async (request) => {
    if (deeperThan(request.body, maxDepth))
      throw new HttpError(422, `the body is nested deeper than ${maxDepth} levels`);
  });
}

/** Installs the error and not-found handlers. Unknown errors are logged and answered 500 without their text. */
export function installErrorHandlers(app: FastifyInstance, log: Logger): void {
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ detail: "not found" }));
  app.setErrorHandler((error, request, reply) => {
    const { status, detail } = describe(error);
    if (status === 500)
      log.error({ error: messageOf(error), route: request.routeOptions.url }, "request failed");
    return reply.code(status).send({ detail });
  });
}

function describe(error: unknown): { status: number; detail: string } {
  if (error instanceof HttpError) return { status: error.status, detail: error.message };
  if (error instanceof StoreUnavailable) return { status: 503, detail: "the database is unavailable" };
  if (error instanceof ZodError) {
    const issue = error.issues[0];
    const place = issue?.path.join(".");
    return {
      status: 422,
      detail: place ? `${place}: ${issue?.message}` : (issue?.message ?? "invalid input"),
    };
  }
  const code = codeOf(error);
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE") return { status: 413, detail: "the body is too large" };
  if (code?.startsWith("FST_ERR_CTP_") || error instanceof SyntaxError)
    return { status: 400, detail: "the body is not valid JSON" };
  return { status: 500, detail: "internal error" };
}
