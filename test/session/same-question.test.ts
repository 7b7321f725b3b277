// What all users ask alike, in several wordings, is answered alike by the reference backend; contradictions are counted.
import { describe, it } from "vitest";
import type { DefectOrder } from "../../src/reference/defects/book.js";
import { promptSet } from "../../src/scenarios/prompts/library.js";
import { startBackend } from "../reference/backend.js";
import { runHere } from "../support/run-here.js";

const STEPS = [
  { send: { prompt: "optimisation", same: true } },
  { send: { prompt: "monitoring", same: true } },
  { think: "20ms" },
];

async function run(...defects: readonly DefectOrder[]) {
  const backend = await startBackend({ defects });
  try {
    return await runHere(
      { url: backend.url },
      {
        load: { users: 6, ramp: "0s", hold: "90s", baseline: false },
        journey: ["connect", { loop: { times: 3, steps: STEPS } }],
        checks: ["consistency", "quality"],
      },
      { workers: 2 },
    );
  } finally {
    await backend.close();
  }
}

describe.concurrent("a question that all users ask alike", { timeout: 60_000 }, () => {
  it("has the same figures in every wording", ({ expect }) => {
    const asked = [0, 1, 2, 3].map((wording) => promptSet().renderShared("optimisation", wording));
    expect(new Set(asked.map(({ text }) => text)).size).toBe(3);
    expect(new Set(asked.map(({ values }) => values.join())).size).toBe(1);
    for (const { text, values } of asked) for (const value of values) expect(text).toContain(value);
  });

  it("is answered alike, over users, wordings and workers", async ({ expect }) => {
    const { checks, failures } = await run();
    expect(failures).toEqual({});
    expect(checks[0]).toMatchObject({
      status: "clean",
      note: "36 of 36 answers had another one to the same question",
    });
  });

  it("contradicts itself as often as its figures were made false", async ({ expect }) => {
    const { failures } = await run({ name: "contradicting-figures", count: 4 });
    expect(failures["consistency/contradicting-figures"]).toBe(4);
    expect(failures["consistency/disagreeing-facts"]).toBeUndefined();
  });

  it("is not an alarm if it gets the same text again, and one if another question gets it", async ({
    expect,
  }) => {
    const { failures } = await run({ name: "cached-answer", count: 4 });
    expect(failures["quality/cached"]).toBe(4);
  });
});
