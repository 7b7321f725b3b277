// Failed requests, connections and turns, counted by cause for the report.
import { z } from "zod";
import { count } from "../values.js";

export const FAILED_STEPS = [
  "login",
  "connect",
  "thread",
  "channel",
  "stream",
  "health",
  "history",
  "search",
  "turn",
] as const;
/** What the user was doing. `channel`: an open channel was closed; `turn`: the agent reported an error. */
export type FailedStep = (typeof FAILED_STEPS)[number];

/** Bounded texts, no secrets. */
export interface RequestFailure {
  readonly step: FailedStep;
  /** Method and URL without its query, such as `POST https://api.example.com/auth/login`; absent if there is none. */
  readonly request?: string | undefined;
  /** HTTP status, 0 if no answer came. */
  readonly status: number;
  /** WebSocket close code, 0 if none came. */
  readonly closeCode: number;
  /** System error code such as ECONNREFUSED. */
  readonly errorCode?: string | undefined;
  readonly message: string;
}

export const failedRequests = z.object({
  step: z.enum(FAILED_STEPS),
  request: z.string().exactOptional(),
  status: z.int(),
  closeCode: z.int(),
  errorCode: z.string().exactOptional(),
  /** Of the first of them. */
  message: z.string(),
  count,
  /** Users affected. */
  users: count,
  /** The first of them, milliseconds since the start barrier; 0 if it came before. */
  firstMs: z.number(),
});
/** All failures of one cause. */
export type FailedRequests = Readonly<z.infer<typeof failedRequests>>;

export const REQUEST_FAILED = "request failed";

/** Failures counted separately; a target that keeps inventing new ones must not fill the memory. */
const MAX_CAUSES = 50;
const LONGEST_MESSAGE = 200;
/** Of these, errors reported by agents, which differ only in their wording. */
const MAX_WORDINGS = 10;

/**
 * Identifies the cause: the request, and the answer in numbers. The wording of an answer may differ from user to user;
 * errors of turns have nothing else, and are compared without numbers and ids.
 */
function causeKey({ step, request, status, closeCode, errorCode, message }: RequestFailure): string {
  if (step === "turn") return `turn ${message.slice(0, LONGEST_MESSAGE).replace(/[\w-]*\d[\w-]*/g, "#")}`;
  return [step, withoutIds(request ?? ""), status, closeCode, errorCode ?? ""].join(" ");
}

/** Ids in a path belong to one user or thread: the same request for another one is the same cause. */
function withoutIds(request: string): string {
  return request.replace(/(?<=\/)(?:\d+|(?=[^/]*\d)[^/]{16,})(?=\/|$)/g, "{id}");
}

export class FailureTally {
  readonly #causes = new Map<
    string,
    { readonly first: RequestFailure; count: number; readonly users: Set<number>; readonly firstMs: number }
  >();

  /** Wordings of errors of turns so far. */
  #wordings = 0;

  /** @param atMs milliseconds since the start barrier */
  add(failure: RequestFailure, user: number, atMs: number): void {
    const key = causeKey(failure);
    let cause = this.#causes.get(key);
    if (!cause) {
      if (this.#causes.size >= MAX_CAUSES) return;
      if (failure.step === "turn" && ++this.#wordings > MAX_WORDINGS) return;
      const message = failure.message.slice(0, LONGEST_MESSAGE);
      const request = failure.request === undefined ? undefined : withoutIds(failure.request);
      cause = {
        first: { ...failure, request, message },
        count: 0,
        users: new Set(),
        firstMs: Math.max(0, Math.round(atMs)),
      };
      this.#causes.set(key, cause);
    }
    cause.count++;
    cause.users.add(user);
  }

  /** The first cause first. */
  list(): readonly FailedRequests[] {
    return firstFirst(
      [...this.#causes.values()].map(({ first, count, users, firstMs }) => ({
        step: first.step,
        ...(first.request ? { request: first.request } : {}),
        status: first.status,
        closeCode: first.closeCode,
        ...(first.errorCode === undefined ? {} : { errorCode: first.errorCode }),
        message: first.message,
        count,
        users: users.size,
        firstMs,
      })),
    );
  }
}

/** Merges the lists of several workers, which have different users. */
export function mergeFailures(lists: readonly (readonly FailedRequests[])[]): readonly FailedRequests[] {
  const merged = new Map<string, FailedRequests>();
  for (const one of firstFirst(lists.flat())) {
    const key = causeKey(one);
    const known = merged.get(key);
    merged.set(
      key,
      known ? { ...known, count: known.count + one.count, users: known.users + one.users } : one,
    );
  }
  return [...merged.values()].slice(0, MAX_CAUSES);
}

function firstFirst(causes: readonly FailedRequests[]): readonly FailedRequests[] {
  return [...causes].sort((a, b) => a.firstMs - b.firstMs);
}
