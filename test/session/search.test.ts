// Searches against the reference backend with a stock of earlier messages: exact hits, and each fault as often as it was made.
import { describe, it } from "vitest";
import type { DefectOrder } from "../../src/reference/defects/book.js";
import { startBackend } from "../reference/backend.js";
import { runHere } from "../support/run-here.js";

const STORED = 1205;
const WORD = { search: { text: "reference", role: "user", limit: 2, pages: 20 } };

async function run(search: object | string, defects: readonly DefectOrder[] = [], workers = 1) {
  const backend = await startBackend({ defects });
  try {
    const result = await runHere(
      { url: backend.url },
      {
        stored: STORED,
        load: { users: 4, ramp: "0s", hold: "90s", baseline: false },
        journey: ["connect", { loop: { times: 5, steps: [{ send: {} }, { think: "350ms" }, search] } }],
        checks: ["search", "isolation"],
      },
      { workers },
    );
    const accounts = await Promise.all(defects.map(({ name }) => backend.defect(name)));
    const user = await backend.user("archivist@example.com");
    const thread = await backend.thread(user);
    const body = { messages: [{ role: "user", content: "of the past" }] };
    const imported = await backend.call("POST", `/api/threads/${thread}/import`, { token: user.token, body });
    return { ...result, imported, injected: accounts.map(({ injected }) => injected) };
  } finally {
    await backend.close();
  }
}

describe.concurrent("searching for a word among a stock of messages", { timeout: 60_000 }, () => {
  it("is clean if every hit is shown, page by page", async ({ expect }) => {
    const result = await run(WORD, [], 2);
    expect(result.stored).toBe(STORED);
    expect(result.checks[0]).toMatchObject({ status: "clean", judged: 20 });
    expect(result.imported.body).toMatchObject({ imported: 1 });
  });

  it("misses a hit as often as one was left out", async ({ expect }) => {
    const result = await run(WORD, [{ name: "search-misses-hit", count: 3 }]);
    expect(result.injected).toEqual([3]);
    expect(result.failures).toEqual({ "search/hit-missing": 3 });
  });

  it("sees another user's message as often as one was shown", async ({ expect }) => {
    const result = await run(WORD, [{ name: "search-foreign-hit", count: 3 }]);
    expect(result.injected).toEqual([3]);
    expect(result.failures).toEqual({ "search/foreign-hit": 3, "isolation/leak-search": 3 });
  });

  it("knows another user's stock, which quotes nobody, by its thread", async ({ expect }) => {
    const result = await run("search", [{ name: "search-foreign-hit", count: 3 }]);
    expect(result.injected).toEqual([3]);
    expect(result.failures).toEqual({ "search/foreign-hit": 3, "isolation/leak-search": 3 });
  });
});
