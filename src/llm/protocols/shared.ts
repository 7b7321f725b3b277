// What the protocols share: text of content in parts, schemas of tools, OpenAI's error format.
import { z } from "zod";

/** A JSON Schema; only required to be an object. */
export const jsonSchema = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((given) => given ?? undefined);

/** The text of content that is a string or a list of parts with `text`. Images and audio have none. */
export function textOfContent(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  let text = "";
  for (const part of content) if (typeof part?.text === "string") text += part.text;
  return text;
}

const OPENAI_TYPES: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "invalid_request_error",
  404: "invalid_request_error",
  413: "invalid_request_error",
  429: "rate_limit_exceeded",
};
const OPENAI_CODES: Readonly<Record<number, string>> = {
  401: "invalid_api_key",
  404: "not_found",
  429: "rate_limit_exceeded",
};

export function openAiError(status: number, message: string) {
  return {
    error: {
      message,
      type: OPENAI_TYPES[status] ?? "server_error",
      param: null,
      code: OPENAI_CODES[status] ?? null,
    },
  };
}
