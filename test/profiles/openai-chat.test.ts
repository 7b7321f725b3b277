// Chat Completions as servers that imitate them stream them: which chunks begin a turn, over a real socket.
import { expect, it, onTestFinished } from "vitest";
import { settledTurn } from "../../src/session/turn/ending/outcome.js";
import { liveUser } from "../support/live-user.js";
import { eventStream, listen } from "./servers/base.js";

const STOP = { finish_reason: "stop" };

/** A turn whose answer is streamed in these deltas. */
async function streamed(...deltas: readonly object[]) {
  const { url } = await listen((_request, response) => {
    const send = eventStream(response);
    for (const [index, delta] of [...deltas, {}].entries()) {
      const choice = { index: 0, delta, ...(index === deltas.length ? STOP : {}) };
      send(JSON.stringify({ id: "c1", object: "chat.completion.chunk", choices: [choice] }));
    }
    send("[DONE]");
    response.end();
  });
  const one = await liveUser("openai-chat", url, {});
  onTestFinished(() => one.close());
  const turn = await one.ask();
  const { outcome, anomalies } = settledTurn(turn, undefined, []);
  const { duplicate, outOfOrder, unrecognised } = anomalies;
  return { outcome, text: turn.answerText, odd: [duplicate, outOfOrder, unrecognised, turn.suspected] };
}

const role = "assistant";

it.each([
  ["in a chunk of its own", [{ role, content: "" }, { reasoning: "hm" }, { content: "yes" }]],
  [
    "beside the first thought",
    [{ role, reasoning_content: "hm" }, { role, content: "" }, { content: "yes" }],
  ],
  [
    "in every chunk",
    [
      { role, content: "" },
      { role, content: "", reasoning: "hm " },
      { role, content: "", reasoning: "hm " },
      { role, content: "" },
      { role, content: "yes" },
    ],
  ],
])("a server may name the role %s", async (_, deltas) => {
  expect(await streamed(...deltas)).toEqual({ outcome: "completed", text: "yes", odd: [0, 0, 0, false] });
});

it("a turn of nothing but thoughts has no answer", async () => {
  expect(await streamed({ role, content: "" }, { reasoning: "hm" })).toMatchObject({ outcome: "failed" });
});
