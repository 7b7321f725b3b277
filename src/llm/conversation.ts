// One call of a model in the terms that all protocols share: what was asked, and what is answered.

export interface ModelMessage {
  readonly role: "system" | "user" | "assistant" | "tool";
  readonly text: string;
}

export interface OfferedTool {
  readonly name: string;
  /** JSON Schema of the arguments; absent if the caller gave none. */
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
}

export interface ModelRequest {
  readonly model: string;
  readonly messages: readonly ModelMessage[];
  readonly tools: readonly OfferedTool[];
  /** Pieces as they come, rather than one body. */
  readonly stream: boolean;
  /** The answer must be a JSON text. */
  readonly json: boolean;
  /** A stream reports its usage as well. */
  readonly streamUsage: boolean;
  /** The caller's own name for its user, as sent. */
  readonly user: string | undefined;
}

export interface AskedTool {
  readonly name: string;
  /** A JSON text. */
  readonly arguments: string;
}

export interface ModelReply {
  readonly text: string;
  readonly tools: readonly AskedTool[];
}

/** Decides what is answered; pure, so that the same call gets the same answer. */
export type Brain = (request: ModelRequest) => ModelReply;

/** Tokens as this endpoint counts them: a token for each four bytes of UTF-8, rounded up. */
export interface Usage {
  readonly input: number;
  /** Tokens of `input` that the last call of the same conversation began with, too. */
  readonly cached: number;
  readonly output: number;
}

/** Everything that a protocol needs to write one answer. */
export interface Answer {
  /** Random characters that ids are made from. */
  readonly id: string;
  /** Unix seconds. */
  readonly created: number;
  readonly request: ModelRequest;
  readonly reply: ModelReply;
  /** The reply's text, in the pieces that a stream sends. */
  readonly pieces: readonly string[];
  readonly usage: Usage;
}

/** One server-sent event of a stream. */
export interface StreamPart {
  /** Name of the event; absent if the protocol has none. */
  readonly event?: string;
  readonly data: string;
  /** A piece of the answer comes only after its token's time; all else at once. */
  readonly token?: true;
}

/** One API: how its requests are read and its answers are written. */
export interface ModelProtocol {
  /** @throws ZodError if the body is not one of this API */
  read(body: unknown): ModelRequest;
  whole(answer: Answer): unknown;
  stream(answer: Answer): Iterable<StreamPart>;
  /** The body of an error, as the real API shapes it. */
  error(status: number, message: string): unknown;
}

/** The text of the last message of the user; empty if there is none. */
export function promptOf(request: ModelRequest): string {
  return request.messages.findLast(({ role }) => role === "user")?.text ?? "";
}

/** Results of tools that were sent after the user's last message. */
export function toolResults(request: ModelRequest): readonly string[] {
  const asked = request.messages.findLastIndex(({ role }) => role === "user");
  return request.messages
    .slice(asked + 1)
    .filter(({ role }) => role === "tool")
    .map(({ text }) => text);
}
