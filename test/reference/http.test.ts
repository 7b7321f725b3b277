// The HTTP half of the contract, call by call.
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Backend, PROMPT, startBackend } from "./backend.js";

let backend: Backend;
beforeAll(async () => {
  backend = await startBackend();
});
afterAll(() => backend.close());

const account = { email: "ada@north.example", password: "correct horse" };

describe("registration and login", () => {
  it("registers, and refuses the same email a second time whatever its case", async () => {
    const first = await backend.call("POST", "/auth/register", { body: account });
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({
      token_type: "Bearer",
      user: { email: account.email, org: "north.example" },
    });
    const again = await backend.call("POST", "/auth/register", {
      body: { ...account, email: "Ada@North.example" },
    });
    expect(again).toMatchObject({ status: 409, body: { detail: expect.any(String) } });
  });

  it("logs in with the right password and answers 401 to a wrong one and to an unknown user", async () => {
    const right = await backend.call("POST", "/auth/login", { body: account });
    const exp = decodeJwt(String(right.body.access_token)).exp ?? 0;
    expect(right.status).toBe(200);
    expect(exp * 1000).toBeGreaterThan(Date.now() + 3_500_000);
    const wrong = { ...account, password: "wrong" };
    const unknown = { ...account, email: "nobody@north.example" };
    expect((await backend.call("POST", "/auth/login", { body: wrong })).status).toBe(401);
    expect((await backend.call("POST", "/auth/login", { body: unknown })).status).toBe(401);
  });

  it("takes the organisation from the registration's metadata", async () => {
    const { body } = await backend.call("POST", "/auth/register", {
      body: { email: "bo@north.example", password: "x", metadata: { org: "south" } },
    });
    expect(body.user).toMatchObject({ org: "south" });
  });

  it("renews with a refresh token exactly once", async () => {
    const user = await backend.user();
    const body = { refresh_token: user.refreshToken };
    const renewed = await backend.call("POST", "/auth/refresh", { body });
    expect(renewed).toMatchObject({ status: 200, body: { user: { id: user.id } } });
    expect((await backend.call("POST", "/auth/refresh", { body })).status).toBe(401);
    const next = { refresh_token: renewed.body.refresh_token };
    expect((await backend.call("POST", "/auth/refresh", { body: next })).status).toBe(200);
  });

  it("answers 422 to fields that are missing or wrong, and 400 to a body that is no JSON", async () => {
    const noEmail = await backend.call("POST", "/auth/register", {
      body: { email: "no address", password: "x" },
    });
    expect(noEmail).toMatchObject({ status: 422, body: { detail: expect.stringContaining("email") } });
    expect((await backend.call("POST", "/auth/login", { raw: "{oops" })).status).toBe(400);
    const deep = `{"email":${"[".repeat(100)}${"]".repeat(100)}}`;
    expect((await backend.call("POST", "/auth/login", { raw: deep })).status).toBe(422);
  });
});

describe("threads", () => {
  it("creates, lists newest first, and deletes once", async () => {
    const user = await backend.user();
    const first = await backend.thread(user);
    const second = await backend.thread(user);
    const listed = await backend.call("GET", "/api/threads?limit=10", { token: user.token });
    expect((listed.body as unknown as { id: string }[]).map(({ id }) => id)).toEqual([second, first]);
    const page = await backend.call("GET", "/api/threads?limit=1&offset=1", { token: user.token });
    expect((page.body as unknown as { id: string }[]).map(({ id }) => id)).toEqual([first]);
    expect((await backend.call("DELETE", `/api/threads/${first}`, { token: user.token })).status).toBe(200);
    expect((await backend.call("DELETE", `/api/threads/${first}`, { token: user.token })).status).toBe(404);
    expect((await backend.call("GET", `/api/threads/${first}/messages`, { token: user.token })).status).toBe(
      404,
    );
  });

  it("shows messages and deletes threads for their owner only", async () => {
    const [owner, other] = [await backend.user(), await backend.user()];
    const thread = await backend.thread(owner);
    const path = `/api/threads/${thread}`;
    expect((await backend.call("GET", `${path}/messages`, { token: other.token })).status).toBe(403);
    expect((await backend.call("DELETE", path, { token: other.token })).status).toBe(403);
    expect((await backend.call("GET", `${path}/messages`, { token: owner.token })).status).toBe(200);
  });

  it("answers 401 without a token, with a forged one and with another scheme", async () => {
    for (const path of ["/api/threads", "/api/history", "/api/threads/x/messages"]) {
      expect((await backend.call("GET", path)).status).toBe(401);
      expect((await backend.call("GET", path, { token: "a.b.c" })).status).toBe(401);
    }
    expect((await backend.call("POST", "/api/threads", { body: {} })).status).toBe(401);
    expect((await backend.call("DELETE", "/api/threads/x")).status).toBe(401);
  });

  it("pages through messages in both orders, and refuses limits beyond 100", async () => {
    const user = await backend.user();
    const thread = await backend.thread(user);
    const channel = await backend.channel(user);
    for (const n of [1, 2, 3]) await channel.turn(thread, `${PROMPT} Round ${n}, no tool needed.`);
    const get = (query: string) =>
      backend.call("GET", `/api/threads/${thread}/messages?${query}`, { token: user.token });
    const all = (await get("limit=100")).body as {
      messages: { id: string; role: string; created_at: string }[];
      total: number;
    };
    expect(all.total).toBe(6);
    expect(all.messages.map(({ role }) => role)).toEqual([
      "user",
      "assistant",
      "user",
      "assistant",
      "user",
      "assistant",
    ]);
    expect([...all.messages].map((m) => m.created_at).sort()).toEqual(all.messages.map((m) => m.created_at));
    const pages = [];
    for (const offset of [0, 2, 4, 6]) {
      const { body } = await get(`limit=2&offset=${offset}`);
      expect(body).toMatchObject({ thread_id: thread, total: 6, limit: 2, offset });
      pages.push(...(body.messages as { id: string }[]));
    }
    expect(pages.map(({ id }) => id)).toEqual(all.messages.map(({ id }) => id));
    const turned = (await get("order=desc")).body.messages as { id: string }[];
    expect(turned.map(({ id }) => id).reverse()).toEqual(all.messages.map(({ id }) => id));
    expect((await get("limit=101")).status).toBe(422);
    await channel.close();
  });
});

describe("the history search", () => {
  it("finds own messages by word, role and thread, in any case, with totals and pages", async () => {
    const [user, other] = [await backend.user(), await backend.user()];
    const [one, two] = [await backend.thread(user), await backend.thread(user)];
    const channel = await backend.channel(user);
    const foreign = await backend.channel(other);
    await foreign.turn(
      await backend.thread(other),
      "Our churn of 7 percent, keyword Plover100%_x, no tool needed.",
    );
    await channel.turn(one, "Our churn of 4 percent, keyword Plover100%_x, no tool needed.");
    await channel.turn(two, "Our churn of 5 percent, keyword plover100%_X, no tool needed.");
    await channel.turn(two, "Our churn of 6 percent, keyword plover100zzx, no tool needed.");
    const find = async (query: Record<string, string>) => {
      const { body } = await backend.call("GET", `/api/history?${new URLSearchParams(query)}`, {
        token: user.token,
      });
      const { history, pagination } = body as {
        history: { role: string; content: string }[];
        pagination: object;
      };
      return {
        contents: history.filter(({ role }) => role === "user").map(({ content }) => content.slice(13, 14)),
        pagination,
      };
    };
    const word = { content_search: "PLOVER100%_x", role: "user" };
    expect(await find(word)).toEqual({
      contents: ["4", "5"],
      pagination: { limit: 50, offset: 0, total: 2, has_more: false },
    });
    expect((await find({ ...word, thread_id: two })).contents).toEqual(["5"]);
    expect(await find({ ...word, order: "desc", limit: "1" })).toEqual({
      contents: ["5"],
      pagination: { limit: 1, offset: 0, total: 2, has_more: true },
    });
    expect((await find({ role: "user" })).contents).toEqual(["4", "5", "6"]);
    expect((await find({ content_search: "no such word" })).pagination).toMatchObject({
      total: 0,
      has_more: false,
    });
    await channel.close();
    await foreign.close();
  });
});

describe("health", () => {
  it("is alive and ready, and names what fails", async () => {
    expect(await backend.call("GET", "/health")).toEqual({ status: 200, body: { status: "ok" } });
    expect((await backend.call("GET", "/health/ready")).status).toBe(200);
    await backend.switchOn({ name: "store-unavailable", count: 1 });
    expect(await backend.call("GET", "/health/ready")).toMatchObject({
      status: 503,
      body: { failing: "database" },
    });
    expect((await backend.call("GET", "/health/ready")).status).toBe(200);
  });

  it("answers unknown paths with 404 in the same shape", async () => {
    expect(await backend.call("GET", "/nowhere")).toEqual({ status: 404, body: { detail: "not found" } });
  });
});
