// Text of a streamed answer → frames: of server-sent events, by eventsource-parser, its sole importer, or of lines.
import { createParser } from "eventsource-parser";
import { isJsonValue } from "./texts.js";

export interface FrameHandlers {
  /** `label` is the event's name, `id` what it can be taken up after; `undefined` where it has none. */
  onFrame(frame: string, label: string | undefined, id: string | undefined): void;
  /** A comment: the service is there and says nothing. */
  onSign(comment: string): void;
  /** What is held back of a frame is longer than the limit: nothing more will come. */
  onTooBig(): void;
}

export interface FrameSource {
  feed(text: string): void;
  /** Nothing follows. @param whole the body is complete, and did not break off */
  end(whole: boolean): void;
}

/**
 * How a body of that type is cut into frames. One that is neither said to be events nor lines may be lines all the same.
 * @param limit longest frame, and most of a frame that is held back, in characters
 */
export function frameSource(contentType: string, limit: number, handlers: FrameHandlers): FrameSource {
  if (/^\s*text\/event-stream\b/i.test(contentType)) return new EventFrames(limit, handlers);
  if (
    /^\s*application\/(x-ndjson|ndjson|x-jsonlines|jsonl|json-lines|json-seq|stream\+json)\b/i.test(
      contentType,
    )
  )
    return new LineFrames(limit, handlers);
  return new UntoldFrames(limit, handlers);
}

class EventFrames implements FrameSource {
  readonly #parser: ReturnType<typeof createParser>;
  readonly #dataless = new DatalessEvents();
  readonly #handlers: FrameHandlers;
  /** The parser waits behind a carriage return for a line feed that may follow it. */
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

  /** Nothing follows the last carriage return: the line that it ends is whole. What is no whole event is dropped. */
  end(): void {
    if (this.#afterReturn) this.#feed("\n");
  }

  #feed(text: string): void {
    if (this.#over) return;
    try {
      this.#parser.feed(text);
    } catch {
      // The parser has given up for good: what it held was beyond its bound.
      this.#tooBig();
    }
  }

  #tooBig(): void {
    if (!this.#over) this.#handlers.onTooBig();
    this.#over = true;
  }
}

/**
 * Gives events that have a name and no data the empty data that a parser wants, since it drops them as the standard
 * says: services end streams with `event: done` alone.
 */
class DatalessEvents {
  /** The first characters of the line under way: enough to tell its field. */
  #line = "";
  #named = false;
  #data = false;
  #afterReturn = false;

  /** The text, with `data:` before the end of each event that has only a name. */
  completed(text: string): string {
    let made = "";
    let copied = 0;
    let from = 0;
    // A line feed behind a carriage return ends no line of its own.
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

/** Where the line that starts at `from` ends; -1 where the text ends first. Asked in ascending order. */
function lineEnds(text: string): (from: number) => number {
  let back = text.indexOf("\r");
  return (from) => {
    if (back >= 0 && back < from) back = text.indexOf("\r", from);
    const feed = text.indexOf("\n", from);
    return feed < 0 || (back >= 0 && back < feed) ? back : feed;
  };
}

/** JSON texts, one to a line. */
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

  /** A last line without its end is a frame where the body is whole. */
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
 * A body whose type does not say how it is cut: lines of JSON as they come, where its first line is a JSON value, as of
 * services that stream such lines as `application/json`; otherwise one frame, once it is whole.
 */
class UntoldFrames implements FrameSource {
  readonly #limit: number;
  readonly #handlers: FrameHandlers;
  #body = "";
  #lines: LineFrames | undefined;
  /** Its first line is known, and is no value. */
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

/** The first line that is not blank; `undefined` while its end has not come. */
function firstLine(text: string): string | undefined {
  const start = text.search(/\S/);
  const end = start < 0 ? -1 : text.indexOf("\n", start);
  return end < 0 ? undefined : text.slice(start, end);
}
