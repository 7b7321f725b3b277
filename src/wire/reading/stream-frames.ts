// Text of a streamed answer → frames: server-sent events or lines. Only this file imports eventsource-parser.
import { createParser } from "eventsource-parser";
import { isJsonValue } from "./texts.js";

export interface FrameHandlers {
  /** `label` is the event's name, `id` lets the stream resume after it; both `undefined` if it has none. */
  onFrame(frame: string, label: string | undefined, id: string | undefined): void;
  /** A comment: a sign of life. */
  onSign(comment: string): void;
  /** An incomplete frame exceeds the limit: no more frames follow. */
  onTooBig(): void;
}

export interface FrameSource {
  feed(text: string): void;
  /** The body has ended. @param whole it is complete: the connection did not break */
  end(whole: boolean): void;
}

/**
 * Splits a body of that type into frames. A body declared neither as events nor as lines may still be lines.
 * @param limit longest incomplete frame to buffer, in characters; `onFrame` judges the bytes of a complete one
 */
export function frameSource(contentType: string, limit: number, handlers: FrameHandlers): FrameSource {
  if (/^\s*text\/event-stream\b/i.test(contentType)) return new EventFrames(limit, handlers);
  if (
    /^\s*application\/(x-ndjson|ndjson|x-jsonlines|jsonl|json-lines|json-seq|stream\+json)\b/i.test(
      contentType,
    )
  )
    return new LineFrames(limit, handlers);
  return new UndeclaredFrames(limit, handlers);
}

class EventFrames implements FrameSource {
  readonly #parser: ReturnType<typeof createParser>;
  readonly #dataless = new DatalessEvents();
  readonly #handlers: FrameHandlers;
  /** After a carriage return, the parser waits for a possible line feed. */
  #afterReturn = false;
  #over = false;

  constructor(limit: number, handlers: FrameHandlers) {
    this.#handlers = handlers;
    this.#parser = createParser({
      maxBufferSize: limit,
      onEvent: ({ data, event, id }) => handlers.onFrame(data, event, id),
      onComment: (comment) => handlers.onSign(comment),
      onError: ({ type }) => {
        if (type === "max-buffer-size-exceeded") this.#tooBig();
      },
    });
  }

  feed(text: string): void {
    if (text !== "") this.#afterReturn = text.endsWith("\r");
    this.#feed(this.#dataless.completed(text));
  }

  /** Nothing follows the last carriage return, so its line is complete. An incomplete event is dropped. */
  end(): void {
    if (this.#afterReturn) this.#feed("\n");
  }

  #feed(text: string): void {
    if (this.#over) return;
    try {
      this.#parser.feed(text);
    } catch {
      // The parser has given up for good: its buffer limit was exceeded.
      this.#tooBig();
    }
  }

  #tooBig(): void {
    if (!this.#over) this.#handlers.onTooBig();
    this.#over = true;
  }
}

/**
 * Adds empty data to events with a name but no data: parsers drop these, as the standard requires, but services end
 * streams with `event: done` alone.
 */
class DatalessEvents {
  /** The first characters of the current line: enough to recognise its field. */
  #line = "";
  #named = false;
  #data = false;
  #afterReturn = false;

  /** The text, with `data:` before the end of each event that has only a name. */
  completed(text: string): string {
    let made = "";
    let copied = 0;
    let from = 0;
    // A line feed after a carriage return does not end another line.
    if (this.#afterReturn && text.startsWith("\n")) from = 1;
    const lineEnd = lineEnds(text);
    for (let end = lineEnd(from); end >= 0; end = lineEnd(from)) {
      const field = this.#line + text.slice(from, Math.min(end, from + FIELD));
      this.#line = "";
      if (field === "") {
        if (this.#named && !this.#data) {
          made += `${text.slice(copied, end)}data:\n`;
          copied = end;
        }
        this.#named = false;
        this.#data = false;
      } else {
        this.#named ||= field.startsWith("event:");
        this.#data ||= field.startsWith("data:") || field === "data";
      }
      from = text[end] === "\r" && text[end + 1] === "\n" ? end + 2 : end + 1;
    }
    this.#line = (this.#line + text.slice(from, from + FIELD)).slice(0, FIELD);
    if (text !== "") this.#afterReturn = text.endsWith("\r");
    return made === "" ? text : made + text.slice(copied);
  }
}

const FIELD = 6;

/** End of the line that starts at `from`; -1 if the text ends first. Call with ascending positions. */
function lineEnds(text: string): (from: number) => number {
  let back = text.indexOf("\r");
  return (from) => {
    if (back >= 0 && back < from) back = text.indexOf("\r", from);
    const feed = text.indexOf("\n", from);
    return feed < 0 || (back >= 0 && back < feed) ? back : feed;
  };
}

/** JSON texts, one per line. */
class LineFrames implements FrameSource {
  readonly #limit: number;
  readonly #handlers: FrameHandlers;
  readonly #held: string[] = [];
  #length = 0;
  #over = false;

  constructor(limit: number, handlers: FrameHandlers) {
    this.#limit = limit;
    this.#handlers = handlers;
  }

  feed(text: string): void {
    if (this.#over) return;
    let from = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", from)) {
      this.#held.push(text.slice(from, end));
      this.#flush();
      from = end + 1;
    }
    const rest = text.slice(from);
    if (rest === "") return;
    this.#held.push(rest);
    this.#length += rest.length;
    if (this.#length <= this.#limit) return;
    this.#over = true;
    this.#held.length = 0;
    this.#handlers.onTooBig();
  }

  /** If the body is complete, a last line without a line break is a frame too. */
  end(whole: boolean): void {
    if (whole && !this.#over) this.#flush();
  }

  #flush(): void {
    const line = this.#held.join("").trim();
    this.#held.length = 0;
    this.#length = 0;
    if (line !== "") this.#handlers.onFrame(line, undefined, undefined);
  }
}

/**
 * A body whose type does not say how to split it. If its first line is a JSON value (some services stream such lines as
 * `application/json`), each line is a frame; otherwise the complete body is one.
 */
class UndeclaredFrames implements FrameSource {
  readonly #limit: number;
  readonly #handlers: FrameHandlers;
  #body = "";
  #lines: LineFrames | undefined;
  /** The first line is complete, and not a value. */
  #whole = false;
  #over = false;

  constructor(limit: number, handlers: FrameHandlers) {
    this.#limit = limit;
    this.#handlers = handlers;
  }

  feed(text: string): void {
    if (this.#over) return;
    if (this.#lines) {
      this.#lines.feed(text);
      return;
    }
    this.#body += text;
    const first = this.#whole || !text.includes("\n") ? undefined : firstLine(this.#body);
    if (first !== undefined && isJsonValue(first)) {
      this.#lines = new LineFrames(this.#limit, this.#handlers);
      this.#lines.feed(this.#body);
      this.#body = "";
      return;
    }
    this.#whole ||= first !== undefined;
    if (this.#body.length <= this.#limit) return;
    this.#over = true;
    this.#body = "";
    this.#handlers.onTooBig();
  }

  end(whole: boolean): void {
    this.#lines?.end(whole);
    if (whole && this.#body !== "") this.#handlers.onFrame(this.#body, undefined, undefined);
  }
}

/** The first line that is not blank; `undefined` until it is complete. */
function firstLine(text: string): string | undefined {
  const start = text.search(/\S/);
  const end = start < 0 ? -1 : text.indexOf("\n", start);
  return end < 0 ? undefined : text.slice(start, end);
}
