// Frames and streams of every profile, damaged at random: nothing is thrown, nothing hangs, nothing grows.
import { describe, expect, it } from "vitest";
import { blankEvent } from "../../src/model/turn/event.js";
import { PROFILES, profileNamed } from "../../src/profiles/index.js";
import { checked } from "../../src/scenarios/parse/explain.js";
import { randomFrom } from "../../src/support/random.js";
import type { HttpClient } from "../../src/wire/http/http.js";
import { createHttpClient } from "../../src/wire/http/http.js";
import type { HttpStreamHandlers } from "../../src/wire/http/http-stream.js";
import { openEventStream, type StreamEnd } from "../../src/wire/http/sse.js";
import { TARGET } from "../support/scenario.js";

/** One good frame of each kind of shape that the profiles know, with its label. */
const FRAMES: readonly (readonly [frame: string, label?: string])[] = [
  ['{"type":"agent_started","payload":{"thread_id":"t","run_id":"r"},"timestamp":1764000000.5}'],
  ['{"type":"system_message","data":{"type":"tool_executing","payload":{"tool_name":"x"},"status":"ok"}}'],
  ['{"type":"agent_completed","data":{"result":{"content":[{"type":"text","text":{"value":"an answer"}}]}}}'],
  ['{"type":"RUN_FINISHED","threadId":"t","runId":"r","outcome":{"type":"interrupt"}}'],
  ['{"type":"tool-output-available","toolCallId":"c","output":{"found":[1,2,3]}}'],
  [
    '{"type":"response.output_item.added","item":{"type":"function_call","name":"x","id":"i"},"sequence_number":3}',
  ],
  ['{"type":"response.completed","response":{"id":"r","output":[{"content":[{"text":"an answer"}]}]}}'],
  ['[{"type":"AIMessageChunk","content":"","tool_call_chunks":[{"name":"x","id":"c"}]},{}]', "messages"],
  ['{"run_id":"r","attempt":1}', "metadata"],
  ['{"op":"push","re":7,"body":"{\\"phase\\":\\"word\\",\\"word\\":\\"a\\"}"}'],
  ["[DONE]"],
];

const GENERIC = {
  send: { id: "{requestId}", text: "{text}" },
  parse: ["body", "payload", "data"],
  events: [
    { path: ["type", "body.phase"], kinds: { word: "answer_delta", agent_completed: "agent_completed" } },
    { when: { path: "@frame", matches: "^a+\\d" }, kind: "ignored" },
  ],
  ids: { run: ["run_id", "payload.run_id"], request: "re", thread: "[0].type" },
  text: ["body.word", "data.result", "item"],
  timestamp: "timestamp",
};

const random = randomFrom(7, "hostile", 0);
const below = (end: number): number => Math.min(end - 1, Math.floor(random.between(0, end)));

/** A few bytes changed, cut out, doubled or exchanged with a piece of another frame. */
function damaged(text: string): string {
  let made = text;
  for (let left = 1 + below(4); left > 0; left--) {
    const at = below(made.length + 1);
    const size = below(8);
    const other = FRAMES[below(FRAMES.length)]?.[0] ?? "";
    const piece = [
      "",
      made.slice(at, at + size).repeat(2 + below(3)),
      String.fromCharCode(below(0x300)),
      other.slice(below(other.length)),
      ["null", '"__proto__"', "[[[[", "}{", "1e999", "\\\\u0000", "\\n\\ndata:"][below(7)] ?? "",
    ][below(5)];
    made = (made.slice(0, at) + piece + made.slice(at + size)).slice(0, 4000);
  }
  return made;
}

describe("100,000 damaged frames and streams", () => {
  it.each(Object.keys(PROFILES))("do no harm to the decoder of %s", (name) => {
    const profile = profileNamed(name);
    const parsed = profile && checked(profile.schema, name === "generic" ? GENERIC : {});
    if (!parsed?.ok) throw new Error(JSON.stringify(parsed?.faults));
    const http = createHttpClient({
      tls: TARGET.tls,
      proxy: undefined,
      headers: {},
      timeoutUs: 1,
      connections: 1,
      bodyBytes: 1,
    });
    const protocol = profile?.open({ ...TARGET, url: "http://h" }, parsed.data, http);
    const event = blankEvent();
    for (let count = 0; count < 12_000; count++) {
      const [frame, label] = FRAMES[below(FRAMES.length)] ?? [""];
      const bad = damaged(frame);
      protocol?.decode(bad, event, label);
      if (event.name.length > 200 || (event.text?.length ?? 0) > 20_000) throw new Error(`grew on ${bad}`);
      if (count % 50 === 0 && (protocol?.shapeOf(bad, event.name).length ?? 0) > 200)
        throw new Error(`a shape grew on ${bad}`);
    }
    expect(event.kind).toBeTypeOf("string");
  });

  it("leave a reader of streams at its end, each reported once", async () => {
    const whole = FRAMES.map(
      ([frame, label]) => `${label ? `event: ${label}\n` : ""}data: ${frame}\n\n`,
    ).join("");
    let ended = 0;
    for (let count = 0; count < 16_000; count++) {
      const from = below(whole.length);
      const bytes = Buffer.from(damaged(whole.slice(from, from + 400)));
      const cut = below(bytes.length + 1);
      const http = {
        stream(_request: unknown, _idleUs: number, handlers: HttpStreamHandlers) {
          handlers.onHead(200, "text/event-stream", "");
          handlers.onData(bytes.subarray(0, cut), 1);
          handlers.onData(bytes.subarray(cut), 2);
          queueMicrotask(() =>
            handlers.onEnd({ done: true, ours: false, atUs: 3, code: undefined, message: "" }),
          );
          return { cancel() {} };
        },
      } as unknown as HttpClient;
      const { frames } = await new Promise<StreamEnd>((resolve) => {
        openEventStream(
          http,
          { method: "GET", url: "http://h", headers: {}, body: undefined },
          { frameBytes: 5000, idleUs: 0 },
          { onOpen() {}, onSign() {}, onFrame() {}, onEnd: resolve },
        );
      });
      if (frames < 200) ended++;
    }
    expect(ended).toBe(16_000);
  });
});
