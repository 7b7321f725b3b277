// One model call in terms common to all protocols: request and answer.

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
  /** Streamed, instead of one body. */
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

/** Decides the answer; pure, so that the same call gets the same answer. */
export type Brain = (request: ModelRequest) => ModelReply;

/** Tokens as this endpoint counts them: one per four bytes of UTF-8, rounded up. */
export interface Usage {
  readonly input: number;
  /** Tokens of `input` that start the same as in the conversation's previous call. */
  readonly cached: number;
  readonly output: number;
}

/** Everything a protocol needs to write one answer. */
export interface Answer {
  /** Random characters for ids. */
  readonly id: string;
  /** Unix seconds. */
  readonly created: number;
  readonly request: ModelRequest;
  readonly reply: ModelReply;
  /** The reply's text in the pieces that a stream sends. */
  readonly pieces: readonly string[];
  readonly usage: Usage;
}

/** One server-sent event of a stream. */
export interface StreamPart {
  /** Name of the event; absent if the protocol has none. */
  readonly event?: string;
  readonly data: string;
  /** A piece of the answer waits for its token's time; everything else is sent at once. */
  readonly token?: true;
}

/** One API: reads its requests and writes its answers. */
export interface ModelProtocol {
  /** @throws ZodError if the body does not fit this API */
  read(body: unknown): ModelRequest;
  whole(answer: Answer): unknown;
  stream(answer: Answer): Iterable<StreamPart>;
  /** The body of an error, in the real API's format. */
  error(status: number, message: string): unknown;
}

/** The text of the last message of the user; empty if there is none. */
export function promptOf(request: ModelRequest): string {
  return request.messages.findLast(({ role }) => role === "user")?.text ?? "";
}

/** Results of tools sent after the user's last message. */
export function toolResults(request: ModelRequest): readonly string[] {
  const asked = request.messages.findLastIndex(({ role }) => role === "user");
  return request.messages
    .slice(asked + 1)
    .filter(({ role }) => role === "tool")
    .map(({ text }) => text);
}
