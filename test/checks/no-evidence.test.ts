// A check that saw nothing to judge never says that all is well.
import { describe, expect, it } from "vitest";
import { CHECKS } from "../../src/checks/index.js";

describe("a check without evidence", () => {
  // What looks into stores has none here: that is told as not checked, store by store.
  const others = Object.entries(CHECKS).filter(([name]) => name !== "persistence");

  it.each(others)("%s is no-data", (name, check) => {
    const options = check.schema.parse(undefined);
    const state = check.start(options as never, () => 0);
    const part = state.part();
    const merged = "conclude" in check && check.conclude ? check.conclude(part) : part;
    const result = check.judge(merged);
    expect(result).toMatchObject({ check: name, status: "no-data", judged: 0 });
    expect(result.note).toBeTruthy();
  });

  it("persistence is not checked", () => {
    const { judge, start } = CHECKS.persistence;
    expect(judge(start({} as never, () => 0).part())).toMatchObject({ status: "not-checked", judged: 0 });
  });
});
