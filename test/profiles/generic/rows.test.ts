// Rows of histories: an assistant's rows of one turn joined to one answer, held to states of real LangGraph servers.
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compilePage, type PageReader } from "../../../src/profiles/generic/requests/rows.js";
import { genericOptions } from "../../../src/profiles/generic/schema/options.js";

const ALL = { limit: 100, offset: 0, order: "asc" } as const;

function reader(history: object): PageReader {
  const parsed = genericOptions.parse({
    send: "{text}",
    events: [{ path: "type", kinds: { done: "agent_completed" } }],
    history: { request: { path: "/state" }, rows: "values.messages", row: { role: "type" }, ...history },
  });
  if (!parsed.history) throw new Error("no history");
  return compilePage(parsed.history);
}

const joining = reader({ paging: "none", join: true });
const rowsOf = (read: PageReader, messages: readonly object[], slice: Parameters<PageReader>[1] = ALL) => {
  const page = read(JSON.stringify({ values: { messages } }), slice);
  return typeof page === "string" ? page : page.rows.map(({ role, text }) => `${role}: ${text}`);
};
const human = (content: string) => ({ type: "human", content });
const ai = (content: string) => ({ type: "ai", content });

it("reads the usual roles however they are written, and those of the file as it writes them", () => {
  const roles = (read: PageReader, ...types: readonly unknown[]) =>
    rowsOf(
      read,
      types.map((type) => ({ type, content: "" })),
    );
  const usual = reader({ paging: "none" });
  expect(roles(usual, "user", "USER", "Human", "Assistant", "AI", "bot", "model")).toEqual([
    ...["user: ", "user: ", "user: "],
    ...["assistant: ", "assistant: ", "assistant: ", "assistant: "],
  ]);
  expect(roles(usual, "system", "users", 1, null, undefined)).toEqual(Array(5).fill("other: "));
  const own = reader({
    paging: "none",
    roles: { "1": "user", Q: "user", q: "assistant", true: "assistant" },
  });
  expect(roles(own, 1, "Q", "q", true, "user")).toEqual([
    ...["user: ", "user: ", "assistant: ", "assistant: ", "other: "],
  ]);
});

describe("rows that are joined", () => {
  it("make the call of a tool, its words and the answer one answer, in every state that LangGraph stored", () => {
    const folder = new URL("../recordings/langgraph/", import.meta.url);
    const states = readdirSync(folder).filter((name) => name.endsWith(".state.json"));
    expect(states.length).toBeGreaterThan(10);
    for (const name of states) {
      const page = joining(readFileSync(new URL(name, folder), "utf8"), ALL);
      const roles = typeof page === "string" ? [page] : page.rows.map(({ role }) => role);
      // A run that broke off, or that waits for an approval, has stored no answer.
      const answers = /-(broken|down|approve)\./.test(name) ? 0 : 1;
      expect([name, roles.filter((role) => role === "user").length]).toEqual([name, 1]);
      expect([name, roles.filter((role) => role === "assistant").length]).toEqual([name, answers]);
    }
  });

  it("keep turns apart, and a text that was stored twice stays two rows", () => {
    const tool = { type: "tool", content: "18 degrees" };
    expect(
      rowsOf(joining, [human("a?"), ai("Let me see. "), tool, ai("18."), human("b?"), ai("So."), ai("So.")]),
    ).toEqual([
      "user: a?",
      "assistant: Let me see. 18.",
      "other: 18 degrees",
      "user: b?",
      "assistant: So.",
      "assistant: So.",
    ]);
  });

  it("are cut into pages after they were joined", () => {
    const rows = [human("a?"), ai("1"), ai("2"), human("b?"), ai("3")];
    expect(rowsOf(joining, rows, { limit: 2, offset: 1, order: "desc" })).toEqual([
      "user: b?",
      "assistant: 12",
    ]);
  });

  it("are left alone if nobody says that they are one", () => {
    const plain = reader({ paging: "none" });
    expect(rowsOf(plain, [human("a?"), ai(""), ai("1")])).toEqual([
      "user: a?",
      "assistant: ",
      "assistant: 1",
    ]);
  });

  it("are refused of a service that pages", () => {
    const paged = { paging: "server", join: true, request: { path: "/x", query: { n: "{limit}" } } };
    expect(() => reader(paged)).toThrow(/joined if all of them come at once/);
  });
});

describe("rows that come all at once", () => {
  const rows = [ai("2"), human("b?"), ai("1"), human("a?")];

  it("may come newest first, and are joined and paged as if they came oldest first", () => {
    const newest = reader({ paging: "none", sorted: "newest-first" });
    expect(rowsOf(newest, rows)).toEqual(["user: a?", "assistant: 1", "user: b?", "assistant: 2"]);
    expect(rowsOf(newest, rows, { limit: 2, offset: 0, order: "desc" })).toEqual([
      "assistant: 2",
      "user: b?",
    ]);
    const both = reader({ paging: "none", sorted: "newest-first", join: true });
    expect(rowsOf(both, [ai("!"), ...rows])).toEqual([
      "user: a?",
      "assistant: 1",
      "user: b?",
      "assistant: 2!",
    ]);
    expect(rowsOf(reader({ paging: "none" }), rows)[0]).toBe("assistant: 2");
  });

  it("are not sorted here for a service that pages", () => {
    const paged = { sorted: "newest-first", request: { path: "/x", query: { n: "{limit}" } } };
    expect(() => reader(paged)).toThrow(/says how all rows are sorted/);
  });
});

describe("rows under a condition", () => {
  const stored = [human("a?"), { type: "ai", content: "why", draft: true }, ai("1")];
  const final = { where: { not: { path: "draft", equals: true } } };

  it("are messages if they meet it; the others keep their place and show nothing", () => {
    expect(rowsOf(reader({ paging: "none", ...final }), stored)).toEqual([
      "user: a?",
      "other: ",
      "assistant: 1",
    ]);
    expect(rowsOf(reader({ paging: "none" }), stored)[1]).toBe("assistant: why");
  });

  it("leave the pages of a service as long as it made them", () => {
    const paged = reader({ ...final, total: "n", request: { path: "/x", query: { n: "{limit}" } } });
    const page = paged(JSON.stringify({ n: 3, values: { messages: stored } }), ALL);
    expect(typeof page === "string" ? page : [page.rows.length, page.total]).toEqual([3, 3]);
  });
});
