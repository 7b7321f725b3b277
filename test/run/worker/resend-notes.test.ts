// Requests that went out again: each is counted, and the first, tenth, hundredth are told.
import { expect, it } from "vitest";
import { resendNotes } from "../../../src/run/worker/resend-notes.js";

it("counts every request that was resent, and reports fewer and fewer of them", () => {
  const counted: string[] = [];
  const told: string[] = [];
  const resent = resendNotes(
    (cause) => counted.push(cause),
    (text) => told.push(text),
  );
  expect(told).toEqual([]);
  for (let request = 0; request < 150; request++) resent();
  expect(counted.length).toBe(150);
  expect(told.map((text) => text.split(" sent again")[0])).toEqual([
    "a request was",
    "10 requests were",
    "100 requests were",
  ]);
});
