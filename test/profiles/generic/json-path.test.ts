// Paths into frames: what they lead to, and that what is not there stays absent.
import { describe, expect, it } from "vitest";
import { compilePath } from "../../../src/profiles/generic/language/json-path.js";

const at = (path: string, root: unknown): unknown =>
  compilePath(path)({ root, frame: JSON.stringify(root), label: undefined });

describe("a path into a frame", () => {
  it("finds items of lists by their index, from either end", () => {
    const frame = ["1", "2", "chat:1", "event", { run_id: "r7", items: [{ n: 1 }, { n: 2 }] }];
    expect(at("[2]", frame)).toBe("chat:1");
    expect(at("[4].run_id", frame)).toBe("r7");
    expect(at("[4].items[-1].n", frame)).toBe(2);
    expect(at("4.items.0.n", frame)).toBe(1);
  });

  it("leads to nothing if a key is asked of a list", () => {
    const frame = [{ error: "boom" }, { error: "bang" }];
    for (const path of ["error", "run_id", "length", "[0].error.code", "at", "1e0", '["0 "]'])
      expect(at(path, frame), path).toBeUndefined();
    expect(at("[0].error", frame)).toBe("boom");
  });

  it("leads to nothing beyond a list's ends", () => {
    expect(at("[2]", ["a", "b"])).toBeUndefined();
    expect(at("[-3]", ["a", "b"])).toBeUndefined();
  });
});
