// An answer to an HTTP request.

export const JSON_TYPE = "application/json; charset=utf-8";

/** An answer that is more than a JSON text with status 200. */
export class Reply {
  constructor(
    readonly status: number,
    readonly body: unknown,
    /** With any type other than JSON, the body is text, sent as it is. */
    readonly type = JSON_TYPE,
  ) {}
}
