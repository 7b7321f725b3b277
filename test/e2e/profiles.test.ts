// Every profile on a real server: PASS with 20 users where the service is well, and never where its model fails.
import { expect, test } from "vitest";
import { ownShapeServer } from "../profiles/servers/own-shape.js";
import { CLEAN, runFile, summary, workedExample } from "./support/profile-run.js";

/** A server that a run can be pointed at, with a model that works or fails. */
interface Subject {
  readonly start: (failing: boolean) => Promise<{ readonly url: string; readonly messages: () => number }>;
  readonly file: (url: string) => object;
}

const SUBJECTS: Readonly<Record<string, Subject>> = {
  "worked example 1, a socket of its own shape": {
    start: async (failing) => {
      const { url, book } = await ownShapeServer({ failing });
      return { url, messages: () => book.messages };
    },
    file: (url) => workedExample(0, url),
  },
};

/** Both runs side by side: nothing in them is timed against the other. */
test.each(Object.entries(SUBJECTS))(
  "%s: passes with 20 users, and never with a failing model",
  async (_name, { start, file }) => {
    const [well, ill] = await Promise.all([start(false), start(true)]);
    const [good, bad] = await Promise.all([runFile(file(well.url)), runFile(file(ill.url))]);
    expect(summary(good.report)).toEqual(CLEAN);
    expect(good.report.ledger.attempted).toBeGreaterThan(60);
    expect(well.messages()).toBeGreaterThanOrEqual(good.report.ledger.attempted);
    expect(bad.report.verdict).toBe("FAIL");
    expect(bad.report.ledger.completed).toBe(0);
    expect(bad.report.ledger.failed + bad.report.ledger.rejected).toBe(bad.report.ledger.attempted);
  },
);
