// Another user's words in streams of the presets, wherever they stand; and ends that withhold the rest of an answer.
import { describe, expect, it } from "vitest";
import { playing } from "../support/replay.js";
import { CODEC } from "../support/turns.js";

const OTHER = CODEC.encode(7, 3);
const OWN = CODEC.encode(0, 0);

const pieces = (text: string): readonly string[] => text.match(/.{1,4}/g) ?? [];
const frames = (all: readonly unknown[], before = ""): string =>
  all.map((one) => `${before}data: ${JSON.stringify(one)}\n\n`).join("");

const chunk = (delta: object) => ({ id: "c-1", choices: [{ delta }] });
const message = (fields: object, id = "m-1") => [{ type: "AIMessageChunk", content: "", id, ...fields }, {}];

/** The arguments of a tool, piece by piece, as each protocol streams them. */
const ARGUMENTS: Readonly<Record<string, (text: string) => string>> = {
  "ai-sdk": (text) =>
    frames(
      pieces(text).map((inputTextDelta) => ({ type: "tool-input-delta", toolCallId: "t", inputTextDelta })),
    ),
  "ag-ui": (text) =>
    frames(pieces(text).map((delta) => ({ type: "TOOL_CALL_ARGS", toolCallId: "t", delta }))),
  "openai-chat": (text) =>
    frames(
      pieces(text).map((args, at) =>
        chunk({
          tool_calls: [{ index: 0, function: { arguments: args, ...(at === 0 ? { name: "notes" } : {}) } }],
        }),
      ),
    ),
  "anthropic-messages": (text) =>
    frames(
      pieces(text).map((partial_json) => ({
        type: "content_block_delta",
        delta: { type: "input_json_delta", partial_json },
      })),
    ),
  "openai-responses": (text) =>
    frames(pieces(text).map((delta) => ({ type: "response.function_call_arguments.delta", delta }))),
  langgraph: (text) =>
    frames(
      pieces(text).map((args, at) =>
        message({ tool_call_chunks: [{ name: at === 0 ? "notes" : null, args, index: 0 }] }),
      ),
      "event: messages\n",
    ),
};

describe.each(Object.entries(ARGUMENTS))("arguments of a tool by %s", (preset, streamed) => {
  const leaksOf = async (text: string) => {
    const play = await playing(preset);
    play.head();
    play.data(Buffer.from(streamed(text)));
    play.end();
    await play.over();
    return play.observer.leaks;
  };

  it("are a leak if their pieces make up another user's nonce", async () => {
    expect(await leaksOf(`{"q":"${OTHER}"}`)).toMatchObject([{ user: 0, owner: 7, turn: 3, by: "nonce" }]);
  });

  it("are none if they quote the user's own", async () => {
    expect(await leaksOf(`{"q":"${OWN}"}`)).toEqual([]);
  });
});

describe("next to the frames of a stream", () => {
  const leaksOf = async (body: string, status = 200) => {
    const play = await playing("ai-sdk");
    play.head(status);
    play.data(Buffer.from(body));
    play.end();
    await play.over();
    return play.observer.leaks.map(({ owner, what }) => [owner, what]);
  };

  it.each([
    ["a comment", (nonce: string) => `: for ${nonce}\n\n`, "comment"],
    ["an event's id", (nonce: string) => `id: ${nonce}:1\ndata: {"type":"data-x"}\n\n`, "id of an event"],
    [
      "an event's name",
      (nonce: string) => `event: ${nonce}\ndata: {"type":"data-x"}\n\n`,
      "name of an event",
    ],
  ] as const)("another user's nonce in %s is a leak, and one's own is none", async (_where, body, what) => {
    expect(await leaksOf(body(OTHER))).toEqual([[7, what]]);
    expect(await leaksOf(body(OWN))).toEqual([]);
  });

  it("it is one in the words of a refusal as well", async () => {
    expect(await leaksOf(`failed at ${OTHER}`, 500)).toEqual([[7, "refusal"]]);
    expect(await leaksOf(`failed at ${OWN}`, 500)).toEqual([]);
  });
});

describe("a stream of the AI SDK that finishes", () => {
  const endOf = async (finishReason: string | undefined) => {
    const play = await playing("ai-sdk");
    play.head();
    const start = [{ type: "start" }, { type: "text-delta", id: "0", delta: "Lower the" }];
    play.data(Buffer.from(frames([...start, { type: "finish", finishReason }])));
    play.data(Buffer.from("data: [DONE]\n\n"));
    play.end();
    return [play.turn.end, play.turn.errorText];
  };

  it.each(["length", "content-filter", "error", "tool-calls"])(
    "by %s has no whole answer",
    async (reason) => {
      expect(await endOf(reason)).toEqual(["error", reason]);
    },
  );

  it.each(["stop", "other", "unknown", undefined])("by %s has its answer", async (reason) => {
    expect(await endOf(reason)).toEqual(["completed", undefined]);
  });
});
