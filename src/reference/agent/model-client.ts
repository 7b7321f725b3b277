// A client of an OpenAI-compatible chat completions API over a keep-alive pool.
import { Pool } from "undici";
import { z } from "zod";
import { codeOf } from "../../support/errors.js";

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON text, as the model wrote it. */
  readonly arguments: string;
}

/** One message of the conversation in the API's own form. */
export type ChatMessage = Readonly<Record<string, unknown>> & { readonly role: string };

export interface Completion {
  readonly content: string;
  readonly toolCalls: readonly ToolCall[];
  /** The assistant's message, to be sent back together with the tools' results. */
  readonly message: ChatMessage;
}

export type ModelFailure = "rate-limited" | "failed" | "timeout" | "garbage" | "unreachable";

/** A model call without an answer. */
export class ModelError extends Error {
  override readonly name = "ModelError";
  readonly fault: ModelFailure;

  constructor(fault: ModelFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}

/** A fault requested from the embedded model for one call. */
export type InjectedFault = "429" | "500" | "timeout" | "garbage";

export interface ModelClient {
  /** Whether faults can be injected: only into the embedded model. */
  readonly embedded: boolean;
  /** Rejects with a ModelError, immediately if aborted. */
  complete(
    messages: readonly ChatMessage[],
    tools: readonly Record<string, unknown>[],
    user: string,
    options?: { readonly inject?: InjectedFault | undefined; readonly signal?: AbortSignal },
  ): Promise<Completion>;
  /** Rejects if the API cannot be reached. */
  check(): Promise<void>;
  close(): Promise<void>;
}

export interface ModelTarget {
  /** Base URL with `/v1`. */
  readonly url: string;
  readonly key: string | undefined;
  readonly name: string;
  readonly timeoutMs: number;
  readonly embedded: boolean;
}

/** How faults are requested from the embedded model: by name, a rate limit by its status. */
const FAULT_NAMES: Readonly<Record<InjectedFault, string>> = {
  "429": "429",
  "500": "500",
  garbage: "malformed",
  timeout: "timeout",
};

const reply = z.object({
  choices: z
    .array(
      z.object({
        message: z.looseObject({
          role: z.string(),
          content: z.string().nullish(),
          tool_calls: z
            .array(
              z.object({ id: z.string(), function: z.object({ name: z.string(), arguments: z.string() }) }),
            )
            .nullish(),
        }),
      }),
    )
    .min(1),
});

/** Opens the pool; no request is made before the first call. */
export function createModelClient(target: ModelTarget): ModelClient {
  const base = new URL(target.url);
  const pool = new Pool(base.origin, { connections: 64, keepAliveTimeout: 30_000 });
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (target.key) headers.authorization = `Bearer ${target.key}`;
  const path = (rest: string): string => `${base.pathname.replace(/\/$/, "")}${rest}`;
  return {
    embedded: target.embedded,
    async complete(messages, tools, user, { inject, signal } = {}) {
      const body = JSON.stringify({ model: target.name, messages, tools, user });
      const extra = inject && target.embedded ? { "x-model-fault": FAULT_NAMES[inject] } : {};
      const { statusCode, text } = await post(
        pool,
        path("/chat/completions"),
        { ...headers, ...extra },
        body,
        target.timeoutMs,
        signal,
      );
      if (statusCode === 429) throw new ModelError("rate-limited", "the model API answered 429");
      if (statusCode >= 400) throw new ModelError("failed", `the model API answered ${statusCode}`);
      return completionFrom(text);
    },
    async check() {
      const { body } = await pool.request({
        method: "GET",
        path: path("/models"),
        headers,
        headersTimeout: 2000,
      });
      await body.dump();
    },
    close: () => pool.destroy(),
  };
}

async function post(
  pool: Pool,
  path: string,
  headers: Record<string, string>,
  body: string,
  timeoutMs: number,
  abort: AbortSignal | undefined,
) {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await pool.request({
      method: "POST",
      path,
      headers,
      body,
      signal: abort ? AbortSignal.any([timeout, abort]) : timeout,
    });
    return { statusCode: response.statusCode, text: await response.body.text() };
  } catch (error) {
    const timedOut = error instanceof Error && error.name === "TimeoutError";
    if (timedOut)
      throw new ModelError("timeout", `the model API did not answer within ${timeoutMs} ms`, {
        cause: error,
      });
    throw new ModelError(
      "unreachable",
      `the model API could not be reached (${codeOf(error) ?? "no code"})`,
      { cause: error },
    );
  }
}

function completionFrom(text: string): Completion {
  let message: z.infer<typeof reply>["choices"][number]["message"] | undefined;
  try {
    message = reply.parse(JSON.parse(text)).choices[0]?.message;
  } catch (error) {
    throw new ModelError("garbage", "the model API answered something that is not a completion", {
      cause: error,
    });
  }
  if (!message) throw new ModelError("garbage", "the model API answered without a choice");
  const toolCalls = (message.tool_calls ?? []).map((call) => ({ id: call.id, ...call.function }));
  return { content: message.content ?? "", toolCalls, message };
}
