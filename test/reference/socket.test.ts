// The WebSocket half of the contract: opening, frames, bounds and closing.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Backend,
  type Channel,
  FIVE,
  PROMPT,
  quiet,
  refusedWith,
  startBackend,
  typesOf,
  type User,
} from "./backend.js";

let backend: Backend;
let user: User;
let thread: string;
let channel: Channel;
beforeAll(async () => {
  backend = await startBackend({ limits: { socketsPerUser: 4 }, heartbeatMs: 150 });
  user = await backend.user();
  thread = await backend.thread(user);
  channel = await backend.channel(user);
});
afterAll(() => backend.close());

describe("opening", () => {
  it("takes the token from the header, the subprotocol or the query, and welcomes", async () => {
    const carrier = `jwt.${Buffer.from(user.token).toString("base64url")}`;
    const channels = [
      await backend.channel(user),
      await backend.channel(user, { protocols: ["jwt-auth", carrier], headers: {} }),
      await backend.channel(user, { url: `${backend.wsUrl}?token=${user.token}`, headers: {} }),
    ];
    expect(channels[1]?.socket.protocol).toBe("jwt-auth");
    for (const opened of channels) {
      const welcome = await opened.frame(({ type }) => type === "connection_established");
      expect(welcome.payload).toMatchObject({ user_id: user.id, connection_id: expect.any(String) });
      expect(Math.abs(welcome.timestamp - Date.now() / 1000)).toBeLessThan(5);
    }
    expect(await refusedWith(backend.wsUrl, { authorization: `Bearer ${user.token}` })).toBe(429);
    for (const opened of channels) await opened.close();
  });

  it("refuses the upgrade with 401 without a token or with a bad one, and other paths with 404", async () => {
    expect(await refusedWith(backend.wsUrl)).toBe(401);
    expect(await refusedWith(backend.wsUrl, { authorization: `Bearer ${user.token.slice(0, -4)}AAAA` })).toBe(
      401,
    );
    expect(await refusedWith(backend.url.replace("http", "ws"))).toBe(404);
  });
});

describe("a turn", () => {
  it("is acknowledged and shows the five events in order, with ids, rising seq and rising stamps", async () => {
    const events = await channel.turn(thread, PROMPT);
    expect(typesOf(events)).toEqual(FIVE);
    expect(events.map(({ payload }) => payload.seq)).toEqual([1, 2, 3, 4, 5]);
    const [first] = events;
    const ids = {
      thread_id: thread,
      run_id: first?.payload.run_id,
      message_id: first?.payload.message_id,
      user_id: user.id,
    };
    const ack = channel.frames.find(
      ({ type, payload }) => type === "message_ack" && payload.message_id === ids.message_id,
    );
    expect(ack?.payload).toMatchObject({ ...ids, status: "accepted" });
    for (const event of events) expect(event.payload).toMatchObject(ids);
    const stamps = events.map(({ timestamp }) => timestamp);
    expect([...stamps].sort((a, b) => a - b)).toEqual(stamps);
    expect(events[2]?.payload).toMatchObject({
      tool_name: "cost_model",
      parameters: { figures: [{ value: 5300 }, { value: 40 }] },
    });
    expect(events[3]?.payload).toMatchObject({
      execution_id: events[2]?.payload.execution_id,
      result: { rows: [{ yearly: 63_600 }, {}] },
    });
  });

  it("leaves the tool out when the prompt says that none is needed", async () => {
    const events = await channel.turn(thread, "How should we approach caching? No tool needed.");
    expect(typesOf(events)).toEqual(["agent_started", "agent_thinking", "agent_completed"]);
  });

  it("is stored before its answer is announced: both rows, linked by run and message id", async () => {
    const events = await channel.turn(thread, PROMPT);
    const last = events.at(-1);
    const rows = (await backend.rows(user, thread)).slice(-2);
    expect(rows.map(({ role }) => role)).toEqual(["user", "assistant"]);
    expect(rows[1]?.content).toBe(last?.payload.response);
    for (const row of rows) {
      expect(row.metadata).toMatchObject({
        run_id: last?.payload.run_id,
        message_id: last?.payload.message_id,
      });
    }
  });

  it("understands the three names of a message, and makes an id if the client sends none", async () => {
    for (const type of ["user_message", "start_agent", "chat"]) {
      const before = channel.frames.length;
      channel.send(type, { content: "How do we plan capacity? No tool needed.", thread_id: thread });
      const ack = await channel.frame(
        (frame) => frame.type === "message_ack" && channel.frames.indexOf(frame) >= before,
      );
      await channel.frame(
        ({ type, payload }) => type === "agent_completed" && payload.run_id === ack.payload.run_id,
      );
      expect(ack.payload.message_id).toEqual(expect.any(String));
    }
  });

  it("happens once for a message id that is sent twice", async () => {
    const [first] = await channel.turn(thread, PROMPT, { message_id: "once-only" });
    const rows = (await backend.rows(user, thread)).length;
    channel.send("chat", { content: PROMPT, thread_id: thread, message_id: "once-only" });
    const again = await channel.frame(
      ({ type, payload }) => type === "message_ack" && payload.status === "duplicate",
    );
    expect(again.payload).toMatchObject({ message_id: "once-only", run_id: first?.payload.run_id });
    await quiet();
    expect(channel.eventsOf("once-only")).toHaveLength(5);
    expect(await backend.rows(user, thread)).toHaveLength(rows);
  });

  it("of another user may carry the same message id", async () => {
    const other = await backend.user();
    const theirs = await backend.channel(other);
    expect(await theirs.turn(await backend.thread(other), PROMPT, { message_id: "once-only" })).toHaveLength(
      5,
    );
    await theirs.close();
  });
});

describe("other frames", () => {
  it("answers ping with a stamped pong, and sends heartbeats", async () => {
    channel.send("ping");
    const pong = await channel.frame(({ type }) => type === "pong");
    expect(Math.abs(pong.timestamp - Date.now() / 1000)).toBeLessThan(5);
    await channel.frame(({ type }) => type === "heartbeat");
  });

  const refusals: [string, string, string][] = [
    ["no JSON", "{oops", "malformed"],
    ["no object", "[1]", "malformed"],
    ["an unknown type", `{"type":"dance"}`, "unknown_type"],
    [
      "a message without a thread",
      `{"type":"chat","payload":{"content":"x","message_id":"id-1"}}`,
      "malformed",
    ],
    ["nesting without end", `{"type":"chat","payload":${"[".repeat(60)}${"]".repeat(60)}}`, "too_deep"],
    ["a resume without a run", `{"type":"resume","payload":{}}`, "malformed"],
    ["a resume of an unknown run", `{"type":"resume","payload":{"run_id":"x","after_seq":0}}`, "unknown_run"],
  ];
  it.each(refusals)("answers %s with an error and keeps the socket", async (_what, raw, code) => {
    const before = channel.frames.length;
    channel.socket.send(raw);
    const error = await channel.frame(
      (frame) => frame.type === "error" && channel.frames.indexOf(frame) >= before,
    );
    expect(error.payload).toMatchObject({ code, error: expect.any(String) });
    expect(channel.socket.readyState).toBe(channel.socket.OPEN);
  });

  it("refuses empty, oversized and misplaced messages by their id", async () => {
    const other = await backend.user();
    const foreign = await backend.thread(other);
    const refused = async (threadId: string, content: string) =>
      (await channel.turn(threadId, content))[0]?.payload.code;
    expect(await refused(thread, "  \n ")).toBe("empty_content");
    expect(await refused(thread, "x".repeat(40_000))).toBe("too_large");
    expect(await refused(foreign, PROMPT)).toBe("forbidden");
    expect(await refused("no-such-thread", PROMPT)).toBe("thread_not_found");
    expect(await backend.rows(other, foreign)).toHaveLength(0);
  });

  it("closes with 1009 on a frame beyond the limit", async () => {
    const big = await backend.channel(user);
    const closed = new Promise<number>((resolve) => big.socket.once("close", resolve));
    big.socket.send("x".repeat(1_100_000));
    expect(await closed).toBe(1009);
  });

  it("closes with 1008 when the token expires", async () => {
    const brief = await startBackend({ tokenTtlSeconds: 1 });
    const opened = await brief.channel(await brief.user());
    expect(await new Promise<number>((resolve) => opened.socket.once("close", resolve))).toBe(1008);
    await brief.close();
  });
});
