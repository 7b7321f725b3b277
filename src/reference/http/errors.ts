// The only form of an HTTP error, `{"detail"}`, and the conversion of anything thrown to it.
import type { Logger } from "pino";
import { ZodError } from "zod";
import { messageOf } from "../../support/errors.js";
import { StoreUnavailable } from "../storage/store.js";
import { Reply } from "./reply.js";

/** Thrown by handlers; becomes its status and `{"detail": message}`. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly status: number;

  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

/** The answer to anything thrown. Unknown errors are logged and answered with 500, without their text. */
export function failureReply(error: unknown, route: string | undefined, log: Logger): Reply {
  const { status, detail } = described(error);
  if (status === 500) log.error({ error: messageOf(error), route }, "request failed");
  return new Reply(status, { detail });
}

function described(error: unknown): { readonly status: number; readonly detail: string } {
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
  return { status: 500, detail: "internal error" };
}
