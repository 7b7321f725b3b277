// A conversation that goes with each message, and bare numbers in a request, against a real server.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sendJson, startHttpServer, type TestServer } from "../../support/http-server.js";
import { runHere } from "../../support/run-here.js";

let server: TestServer;
beforeEach(async () => {
  server = await startHttpServer();
});
afterEach(() => server.close());

interface Said {
  readonly role: string;
  readonly content: string;
}

/** Messages as one user's requests held them, for so many turns; the turn of that number fails. */
async function asked(turns: number, options: object, failing = -1): Promise<readonly (readonly Said[])[]> {
  let turn = 0;
  server.answer = (_asked, response) => {
    if (turn++ === failing) return sendJson(response, 500, {});
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(`data: {"end":"answer ${turn}"}\n\n`);
  };
  const target = {
    ...{ profile: "generic", url: server.url },
    options: {
      transport: "sse",
      stream: { request: { path: "/ask", query: { n: 5, deep: true }, body: { said: "{messages}" } } },
      events: [{ when: { path: "end", exists: true }, kind: "agent_completed", text: "end" }],
      ...options,
    },
  };
  const load = { users: 1, ramp: "0s", hold: "20s", baseline: false };
  const journey = ["connect", ...Array.from({ length: turns }, () => "send")];
  await runHere(target, { load, journey, turn: { grace: "20ms", timeout: "70s" } });
  return server.asked.map(({ body }) => (body as { said: readonly Said[] }).said);
}

const roles = (said: readonly Said[] = []) => said.map(({ role }) => role).join(" ");

describe("a message of {messages}", () => {
  it("holds what was said before it, in order, and itself at the end", async () => {
    const requests = await asked(3, {});
    expect(requests.map(roles)).toEqual([
      "user",
      "user assistant user",
      "user assistant user assistant user",
    ]);
    const [first, second, third] = requests;
    expect(third?.slice(0, 3)).toEqual(second);
    expect(third?.[0]).toEqual(first?.[0]);
    expect(third?.[3]?.content).toBe("answer 2");
    expect(server.asked[0]?.path).toBe("/ask?n=5&deep=true");
  });

  it("holds no more than the file says, and nothing of a turn that failed", async () => {
    const few = await asked(4, { conversation: { most: 2 } }, 2);
    expect(few.map(roles)).toEqual(["user", ...Array.from({ length: 3 }, () => "user assistant user")]);
    expect(few[3]?.[1]?.content).toBe("answer 2");
    expect(few[3]?.[0]).toEqual(few[1]?.[2]);
  });

  it("is written as the file says", async () => {
    const item = { from: "{role}", parts: [{ text: "{text}" }] };
    const [, second] = await asked(2, { conversation: { item, roles: { assistant: "model" } } });
    expect(second).toMatchObject([
      { from: "user", parts: [{ text: expect.any(String) }] },
      { from: "model", parts: [{ text: "answer 1" }] },
      { from: "user" },
    ]);
  });
});
