// A message as a stream that must be refused, on a real server: what each way to answer it says about the lock.
import type { ServerResponse } from "node:http";
import { describe, expect, it, onTestFinished } from "vitest";
import { profileNamed } from "../../../src/profiles/index.js";
import { checked } from "../../../src/scenarios/parse/explain.js";
import { type Saying, tryStream } from "../../../src/session/probe/stream-probe.js";
import type { Uses, Wire } from "../../../src/session/services.js";
import { createHttpClient } from "../../../src/wire/http/http.js";
import { openEventStream } from "../../../src/wire/http/sse.js";
import { eventStream, listen } from "../../profiles/servers/base.js";
import { defined } from "../../support/defined.js";
import { FakeClock } from "../../support/fake-clock.js";
import { SESSION, scheduleOf } from "../../support/fake-service.js";
import { TARGET } from "../../support/scenario.js";

const OPTIONS = {
  transport: "sse",
  stream: { request: { path: "/ask", body: { q: "{text}", of: "{threadId}" } } },
  events: [
    {
      path: "type",
      kinds: {
        begin: "agent_started",
        done: "agent_completed",
        no: "rejected",
        oops: "agent_error",
        beat: "ignored",
      },
    },
  ],
};

interface Tried {
  readonly clock: FakeClock;
  readonly answer: ReturnType<typeof tryStream>;
  /** Bodies of the requests that came. */
  readonly asked: readonly string[];
  /** Whether the client has let go of the stream. */
  readonly letGo: () => boolean;
}

async function tried(respond: (response: ServerResponse) => void, saying?: Saying): Promise<Tried> {
  const asked: string[] = [];
  let gone = false;
  const { url } = await listen((_request, response, body) => {
    asked.push(body);
    response.on("close", () => {
      gone = true;
    });
    respond(response);
  });
  const http = createHttpClient({ ...TARGET, timeoutUs: 5_000_000, connections: 2, bodyBytes: 10_000 });
  onTestFinished(() => http.close());
  const profile = defined(profileNamed("generic"));
  const parsed = checked(profile.schema, OPTIONS);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  const clock = new FakeClock(5_000_000);
  const services = {
    schedule: scheduleOf(clock),
    protocol: profile.open({ ...TARGET, url }, parsed.data, http),
    wire: {
      openStream: (request, idleUs, handlers) =>
        openEventStream(http, request, { frameBytes: 10_000, idleUs }, handlers),
    } satisfies Pick<Wire, "openStream">,
  } as unknown as Uses<"protocol" | "wire" | "schedule">;
  return { clock, answer: tryStream(services, SESSION, "theirs", saying), asked, letGo: () => gone };
}

const status =
  (code: number) =>
  (response: ServerResponse): void =>
    void response.writeHead(code).end("no");

const frames =
  (...types: readonly string[]) =>
  (response: ServerResponse): void => {
    const send = eventStream(response);
    for (const type of types) send(JSON.stringify({ type }));
  };

const ending =
  (begin: (response: ServerResponse) => void) =>
  (response: ServerResponse): void => {
    begin(response);
    response.end();
  };

describe("a message to someone else's thread", () => {
  it.each([
    ["a clear no", status(403), "403", "refused"],
    ["a thread that is not there", status(404), "404", "refused"],
    ["a service that is busy, which is no lock", status(429), "429", "unclear"],
    ["a service that fails, which is no lock either", status(503), "503", "unclear"],
    ["an error on the stream", frames("beat", "no"), "error", "refused"],
    ["an agent that fails at once", frames("oops"), "error", "refused"],
    ["an agent that begins", frames("beat", "begin"), "accepted", "breach"],
    ["a stream that ends without a word", ending(frames()), "200 without an event", "refused"],
    ["a stream that ends with a heartbeat only", ending(frames("beat")), "200 without an event", "refused"],
  ])("that meets %s", async (_what, respond, answer, result) => {
    const { answer: came, asked, letGo } = await tried(respond);
    expect(await came).toEqual({ answer, result });
    expect(JSON.parse(defined(asked[0]))).toMatchObject({ of: "theirs" });
    await expect.poll(letGo).toBe(true);
  });

  it("that is cut off without an answer proves nothing", async () => {
    const { answer } = await tried((response) => response.destroy());
    expect(await answer).toMatchObject({ result: "unclear" });
  });

  it("that nothing reacts to is refused after two seconds, and let go of", async () => {
    const { answer, clock, asked, letGo } = await tried(() => {});
    await expect.poll(() => asked.length).toBe(1);
    await clock.pass(1_900_000);
    expect(letGo()).toBe(false);
    await clock.pass(200_000);
    expect(await answer).toEqual({ answer: "no reaction", result: "refused" });
    await expect.poll(letGo).toBe(true);
  });
});

describe("a message with its own text", () => {
  const saying = { text: "the very words", waitUs: 60_000_000 };

  it("is followed to the end of its stream, and accepted if the agent took it up", async () => {
    let finish = (): void => {};
    const begin = frames("begin");
    const { answer, asked, letGo } = await tried((response) => {
      begin(response);
      finish = () => void response.end();
    }, saying);
    await expect.poll(() => asked.length).toBe(1);
    expect(JSON.parse(defined(asked[0]))).toMatchObject({ q: "the very words" });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(letGo()).toBe(false);
    finish();
    expect(await answer).toEqual({ answer: "accepted", result: "breach" });
  });

  it("is refused if the agent began and then said no", async () => {
    const { answer } = await tried(frames("begin", "no"), saying);
    expect(await answer).toEqual({ answer: "error", result: "refused" });
  });

  it("is accepted if the agent began and never ends", async () => {
    const { answer, clock, asked } = await tried(frames("begin"), saying);
    await expect.poll(() => asked.length).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await clock.pass(61_000_000);
    expect(await answer).toEqual({ answer: "accepted", result: "breach" });
  });
});
