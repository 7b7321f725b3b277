// An answer to an HTTP request.

export const JSON_TYPE = "application/json; charset=utf-8";

/** An answer that is more than a JSON text with status 200. */
export class Reply {
  constructor(
    readonly status: number,
    readonly body: unknown,
    /** With another type than JSON the body is a text, sent as it is. */
    readonly type = JSON_TYPE,
  ) {}
}
