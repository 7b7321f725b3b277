// Messages that are stored before the load: imported in exact number, or told as not checked.
import { describe, expect, it } from "vitest";
import { storedMessagesOf } from "../../../src/run/coordinator/stored-messages.js";

describe("the stock of earlier messages", () => {
  it("is the sum of what all workers stored; what is missing is not checked, with its cause", () => {
    const full = { stored: { stored: 500, why: undefined } };
    expect(storedMessagesOf(1000, [full, full])).toEqual({
      note: "1,000 of 1,000 earlier messages are stored",
      notChecked: [],
    });
    expect(storedMessagesOf(1000, [full, { stored: { stored: 0, why: "HTTP 404" } }]).notChecked).toEqual([
      {
        name: "searches among 1,000 stored messages",
        why: "only 500 could be stored: HTTP 404",
      },
    ]);
    expect(storedMessagesOf(undefined, [{}])).toEqual({ note: undefined, notChecked: [] });
  });
});
