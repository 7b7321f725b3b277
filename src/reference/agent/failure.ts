// The codes of the agent's failures, and the message that the user gets for each.
import { StoreUnavailable } from "../storage/store.js";
import { ModelError, type ModelFailure } from "./model-client.js";

/** A failure with everything that an `agent_error` carries. */
export class AgentFailure extends Error {
  override readonly name = "AgentFailure";
  readonly code: string;
  readonly userMessage: string;

  constructor(code: string, error: string, userMessage: string, options?: ErrorOptions) {
    super(error, options);
    this.code = code;
    this.userMessage = userMessage;
  }
}

const MODEL_FAULTS: Record<ModelFailure, { readonly code: string; readonly userMessage: string }> = {
  "rate-limited": {
    code: "model_rate_limited",
    userMessage: "The assistant is handling too many requests right now. Please try again in a minute.",
  },
  failed: {
    code: "model_failed",
    userMessage: "The assistant's language model has a problem. Please try again shortly.",
  },
  timeout: {
    code: "model_timeout",
    userMessage: "The assistant's language model took too long. Please try again shortly.",
  },
  garbage: {
    code: "model_garbage",
    userMessage: "The assistant's language model gave an answer that could not be read. Please try again.",
  },
  unreachable: {
    code: "model_unreachable",
    userMessage: "The assistant's language model cannot be reached right now. Please try again shortly.",
  },
};

/** Converts anything thrown into an AgentFailure; an unknown cause is not shown, but reported as `agent_failed`. */
export function failureFrom(error: unknown): AgentFailure {
  if (error instanceof AgentFailure) return error;
  if (error instanceof ModelError) {
    const { code, userMessage } = MODEL_FAULTS[error.fault];
    return new AgentFailure(code, error.message, userMessage, { cause: error });
  }
  if (error instanceof StoreUnavailable) {
    const userMessage = "Your conversations cannot be reached right now. Please try again shortly.";
    return new AgentFailure("store_unavailable", "the database is unavailable", userMessage, {
      cause: error,
    });
  }
  return new AgentFailure(
    "agent_failed",
    "the agent failed",
    "Something went wrong while working on your answer. Your message is saved; please send it again.",
    { cause: error },
  );
}
