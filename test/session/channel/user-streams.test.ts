// Turns as streams on a real server: every way in which a stream can end, and what it makes of its turn.
import type { ServerResponse } from "node:http";
import { describe, expect, it, onTestFinished } from "vitest";
import { settledTurn } from "../../../src/session/turn/ending/outcome.js";
import type { Turn } from "../../../src/session/turn/turn.js";
import { systemClock } from "../../../src/support/clock.js";
import { eventStream, listen } from "../../profiles/servers/base.js";
import { langGraphServer } from "../../profiles/servers/langgraph.js";
import { type LiveUser, liveUser } from "../../support/live-user.js";

const OPTIONS = {
  transport: "sse",
  stream: { request: { path: "/ask", body: { q: "{text}" } } },
  events: [
    { when: { path: "@frame", equals: "[DONE]" }, kind: "ignored" },
    {
      path: "type",
      kinds: { begin: "agent_started", word: "answer_delta", done: "agent_completed", oops: "agent_error" },
    },
  ],
  text: "text",
  error: { text: "why" },
};

async function on(answer: (response: ServerResponse) => void, more: object = {}): Promise<LiveUser> {
  const { url } = await listen((request, response) =>
    request.url === "/ask" ? answer(response) : void response.writeHead(healthy ? 200 : 503).end(),
  );
  const one = await liveUser("generic", url, { ...OPTIONS, ...more });
  onTestFinished(() => one.close());
  return one;
}

let healthy = true;

/** Frames one after the other, and the end of the stream. */
const saying =
  (...frames: readonly (object | string)[]) =>
  (response: ServerResponse): void => {
    const send = eventStream(response);
    for (const frame of frames) send(typeof frame === "string" ? frame : JSON.stringify(frame));
    response.end();
  };

const outcome = (turn: Turn) => {
  const { outcome: what, reason, delivery } = settledTurn(turn, undefined, []);
  return [what, reason ?? delivery];
};

describe("a turn whose stream", () => {
  it("says that it is done is completed, whatever sentinel follows", async () => {
    const { ask } = await on(
      saying({ type: "begin" }, { type: "word", text: "a" }, { type: "done" }, "[DONE]"),
    );
    const turn = await ask();
    expect([outcome(turn), turn.answerText]).toEqual([["completed", "live"], "a"]);
  });

  it("says an error first has failed, though the normal end marker follows", async () => {
    const { ask } = await on(
      saying({ type: "begin" }, { type: "oops", why: "tired" }, { type: "done" }, "[DONE]"),
    );
    const turn = await ask();
    expect([outcome(turn), turn.errorText]).toEqual([["failed", "error_event"], "tired"]);
  });

  it("is done without a word has failed, unless the profile knows of silent ends or of no text", async () => {
    const silent = saying({ type: "begin" }, { type: "word", text: " \n" }, { type: "done" });
    expect(outcome(await (await on(silent)).ask())).toEqual(["failed", "no_answer"]);
    const allowed = await on(silent, { end: { empty: "completed" } });
    expect(outcome(await allowed.ask())).toEqual(["completed", "live"]);
    const unseen = await on(silent, { text: [] });
    expect(outcome(await unseen.ask())).toEqual(["completed", "live"]);
  });

  it("ends after its first event has failed, also if only the pieces of its answer are known, and not their text", async () => {
    const unread = { text: [], end: { close: "completed" } };
    const dies = await on(saying({ type: "begin" }), unread);
    expect(outcome(await dies.ask())).toEqual(["failed", "no_answer"]);
    const answers = await on(saying({ type: "begin" }, { type: "word", a: "b" }), unread);
    expect(outcome(await answers.ask())).toEqual(["completed", "live"]);
  });

  it("is empty on HTTP 200 is lost for no events", async () => {
    const { ask } = await on(saying());
    expect(outcome(await ask())).toEqual(["lost", "no_events"]);
  });

  it("ends without an end marker is lost, unless its end is the marker", async () => {
    const words = saying({ type: "begin" }, { type: "word", text: "a" });
    expect(outcome(await (await on(words)).ask())).toEqual(["lost", "no_terminal"]);
    const closing = await on(words, { end: { close: "completed" } });
    expect(outcome(await closing.ask())).toEqual(["completed", "live"]);
    const empty = await on(saying(), { end: { close: "completed" } });
    expect(outcome(await empty.ask())).toEqual(["lost", "no_events"]);
  });

  it.each([
    [400, ["rejected", "refused"]],
    [422, ["rejected", "refused"]],
    [429, ["rejected", "busy"]],
    [503, ["rejected", "busy"]],
    [500, ["failed", "error_event"]],
  ] as const)("never begins, by HTTP %i, ends as that says", async (status, expected) => {
    const { ask } = await on((response) => void response.writeHead(status).end("no: because"));
    const turn = await ask();
    expect(outcome(turn)).toEqual(expected);
    expect(turn.errorText).toBe("no: because");
  });

  it("is redirected fails, and says where to", async () => {
    const { ask, observer } = await on(
      (response) => void response.writeHead(307, { location: "/ask/?token=secret" }).end(),
    );
    expect((await ask()).errorText).toBe("a redirect to /ask/");
    expect(observer.failures).toMatchObject([{ message: "HTTP 307, a redirect to /ask/" }]);
  });

  it("breaks after it began is lost by its channel", async () => {
    const { ask } = await on((response) => {
      eventStream(response)('{"type":"begin"}');
      setTimeout(() => response.destroy(), 20);
    });
    expect(outcome(await ask())).toEqual(["lost", "closed"]);
  });

  it.each([
    ["before any answer", (response: ServerResponse) => response.destroy()],
    [
      "in mid-answer",
      (response: ServerResponse) => {
        eventStream(response)('{"type":"begin"}');
        setTimeout(() => response.destroy(), 20);
      },
    ],
  ])("breaks %s says so", async (when, answer) => {
    const { ask, observer } = await on(answer);
    await ask();
    expect(observer.failures).toMatchObject([
      { step: "stream", message: expect.stringMatching(`^the connection broke ${when} \\(\\w+: .+\\)$`) },
    ]);
  });

  it.each([
    ["before its answer began tells how long it was waited for, and what to do", false],
    ["in mid-answer has nothing to tell of its request", true],
  ])("is given up %s", async (_, begun) => {
    const { user, ask, observer } = await on((response) => {
      if (begun) eventStream(response)('{"type":"begin"}');
    });
    const asked = ask();
    await expect.poll(() => user.open[0]?.events).toBe(begun ? 1 : 0);
    const [turn] = user.open;
    if (!turn) throw new Error("no turn");
    user.end(turn, "deadline", systemClock.nowUs());
    user.release(turn);
    await asked;
    const message = expect.stringMatching(/^no answer, not even a status, within \S+: .*turn\.timeout$/);
    expect(observer.failures).toMatchObject(begun ? [] : [{ step: "stream", status: 0, message }]);
  });

  it("is silent for longer than it may be has failed", async () => {
    const { ask, observer } = await on((response) => eventStream(response)('{"type":"begin"}'), {
      stream: { ...OPTIONS.stream, silence: "1s" },
    });
    expect(outcome(await ask())).toEqual(["failed", "error_event"]);
    expect(observer.failures).toMatchObject([
      { message: expect.stringMatching(/^silent for 1s: .*stream.silence/) },
    ]);
  });

  it("brings a frame beyond the limit has failed", async () => {
    const { ask } = await on(saying({ type: "word", text: "x".repeat(200_000) }));
    expect(outcome(await ask())).toEqual(["failed", "error_event"]);
  });

  it("marks no end is completed by silence after its text", async () => {
    const { ask } = await on(
      (response) => {
        const send = eventStream(response);
        send('{"type":"begin"}');
        setTimeout(() => send('{"type":"word","text":"a"}'), 30);
      },
      { end: { silence: "200ms" } },
    );
    const turn = await ask();
    expect(outcome(turn)).toEqual(["completed", "live"]);
    expect(turn.missing(["agent_completed"])).toEqual([]);
  });

  it("cannot be opened for want of a server was not sent", async () => {
    const one = await liveUser("generic", "http://127.0.0.1:1", OPTIONS);
    onTestFinished(() => one.close());
    expect(outcome(await one.ask())).toEqual(["failed", "not_connected"]);
  });
});

describe("a stream that was cut", () => {
  it("is resumed after its last event, without losing or repeating anything", async () => {
    const service = await langGraphServer();
    service.cutOnce = true;
    const one = await liveUser("langgraph", service.url, {});
    onTestFinished(() => one.close());
    const turn = await one.ask();
    expect(service.resumed()).toBe(1);
    expect(outcome(turn)).toEqual(["completed", "replayed"]);
    expect(turn.answerText).toContain(`You wrote: What shall we do? ${turn.nonce}`);
    expect(turn.answerText.split("Here is a plan").length).toBe(2);
    expect(one.observer.strays).toEqual([]);
  });
});

describe("a user on streams", () => {
  it("is live until a stream breaks or the health fails, and again after a success", async () => {
    let broken = false;
    healthy = true;
    const one = await on(
      (response) =>
        broken
          ? response.destroy()
          : saying({ type: "begin" }, { type: "word", text: "a" }, { type: "done" })(response),
      { stream: { ...OPTIONS.stream, health: "/health" } },
    );
    const live = (): boolean => one.user.channel.liveAt(systemClock.nowUs());
    expect(live()).toBe(false);
    await one.ask();
    expect(live()).toBe(true);
    broken = true;
    await one.ask();
    expect(live()).toBe(false);
    expect(one.user.channel.liveAt(systemClock.nowUs() + 16_000_000)).toBe(true);
    one.user.channel.tick(systemClock.nowUs(), true);
    await expect.poll(live).toBe(true);
    healthy = false;
    one.user.channel.tick(systemClock.nowUs(), true);
    await expect.poll(live).toBe(false);
    healthy = true;
  });

  it("is live though its stream breaks, if its turn had ended before", async () => {
    for (const [ended, live] of [
      [true, true],
      [false, false],
    ] as const) {
      const one = await on((response) => {
        const send = eventStream(response);
        for (const frame of [{ type: "begin" }, { type: "word", text: "a" }]) send(JSON.stringify(frame));
        if (ended) send('{"type":"done"}');
        setTimeout(() => response.destroy(), 20);
      });
      expect((await one.ask()).end).toBe(ended ? "completed" : "closed");
      await expect.poll(() => one.observer.failures.length).toBe(1);
      expect([ended, one.user.channel.liveAt(systemClock.nowUs())]).toEqual([ended, live]);
    }
  });

  it("checks the health for samples, and otherwise only after a long silence", async () => {
    let asked = 0;
    const { url } = await listen((request, response) => {
      if (request.url === "/health") asked++;
      response.writeHead(200).end();
    });
    const one = await liveUser("generic", url, {
      ...OPTIONS,
      stream: { ...OPTIONS.stream, health: "/health" },
    });
    onTestFinished(() => one.close());
    await one.user.channel.connect(systemClock.nowUs());
    expect(asked).toBe(1);
    const visit = async (afterUs: number, sampled: boolean): Promise<number> => {
      one.user.channel.tick(systemClock.nowUs() + afterUs, sampled);
      await new Promise((resolve) => setTimeout(resolve, 50));
      return asked;
    };
    expect(await visit(0, false)).toBe(1);
    expect(await visit(0, true)).toBe(2);
    // Visits come every second here, a silence of 15 s is too long, and an answer may take 5 s.
    expect(await visit(8_000_000, false)).toBe(2);
    expect(await visit(10_000_000, false)).toBe(3);
  });

  describe("whose token ends", () => {
    /** A server that takes only the new token; a user with the old one, and a refresh token that brings the new. */
    async function withOldToken(expiresInUs: number): Promise<LiveUser> {
      const { url } = await listen((request, response) => {
        if (request.headers.authorization !== "Bearer new") response.writeHead(401).end();
        else if (request.url === "/ask")
          saying({ type: "begin" }, { type: "word", text: "a" }, { type: "done" })(response);
        else response.writeHead(200).end();
      });
      const one = await liveUser("generic", url, {
        ...OPTIONS,
        stream: { ...OPTIONS.stream, health: "/health" },
      });
      onTestFinished(() => one.close());
      const session = { ...one.user.session, refreshToken: "once" };
      one.user.session = {
        ...session,
        token: "old",
        expiresAtWallUs: 1,
        endsUs: systemClock.nowUs() + expiresInUs,
      };
      Object.assign(one.protocol, {
        refresh: async () => ({
          ok: true,
          doneUs: systemClock.nowUs(),
          session: { ...session, token: "new" },
        }),
      });
      return one;
    }

    it("renews it before that", async () => {
      const { user } = await withOldToken(1_500_000);
      user.channel.tick(systemClock.nowUs(), false);
      await expect.poll(() => user.session.token).toBe("new");
    });

    it("leaves it alone while the end is far", async () => {
      const { user } = await withOldToken(3_600_000_000);
      user.channel.tick(systemClock.nowUs(), false);
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(user.session.token).toBe("old");
    });

    it("sends the message again with another one if it is refused, once", async () => {
      const { user, ask } = await withOldToken(3_600_000_000);
      const { session } = user;
      user.session = { ...session, token: "new" };
      await ask();
      user.session = session;
      expect(outcome(await ask())).toEqual(["completed", "live"]);
      expect(user.session.token).toBe("new");
    });

    it("is renewed by no clock but our own: one that is over as it comes is left until it is refused", async () => {
      const { user } = await withOldToken(3_600_000_000);
      const { endsUs, ...timeless } = user.session;
      expect(endsUs).toBeGreaterThan(0);
      user.session = timeless;
      for (let visit = 0; visit < 5; visit++) user.channel.tick(systemClock.nowUs(), false);
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(user.session.token).toBe("old");
    });

    it("connects with another one if it is refused", async () => {
      const { user } = await withOldToken(3_600_000_000);
      expect(await user.channel.connect(systemClock.nowUs())).toBeUndefined();
      expect([user.session.token, user.channel.ready]).toEqual(["new", true]);
    });
  });

  it("does not become ready if the health fails", async () => {
    healthy = false;
    const one = await on(saying(), { stream: { ...OPTIONS.stream, health: "/health" } });
    expect(await one.user.channel.connect(systemClock.nowUs())).toMatchObject({ message: "HTTP 503" });
    expect(one.user.channel.ready).toBe(false);
    healthy = true;
  });
});
