// A streamed HTTP answer as its reader sees it: head, pieces of the body as they arrive, and exactly one end.

export interface StreamRequest {
  readonly method: "GET" | "POST" | "PUT";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Already encoded; `undefined` for none. */
  readonly body: string | undefined;
}

/** Called synchronously, in this order; `onEnd` exactly once, and nothing after it. */
export interface HttpStreamHandlers {
  /** @param headers values of all headers, one per line @param location where it redirects to */
  onHead(status: number, contentType: string, headers: string, location?: string): void;
  onData(chunk: Buffer, receivedAtUs: number): void;
  onEnd(end: HttpStreamEnd): void;
}

/** `done`: the body is complete; otherwise what went wrong. */
export interface HttpStreamEnd {
  readonly done: boolean;
  /** The reader cancelled it. */
  readonly ours: boolean;
  readonly atUs: number;
  /** System or client error code such as ECONNREFUSED or UND_ERR_BODY_TIMEOUT. */
  readonly code: string | undefined;
  readonly message: string;
}

export interface HttpStream {
  /** Drops the connection; `onEnd` follows. */
  cancel(): void;
}
