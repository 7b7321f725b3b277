// How many workers a run gets by itself.
import { describe, expect, it } from "vitest";
import { type WorkerQuestion, workerCount } from "../../../src/run/plan/worker-count.js";

const auto = (fields: Partial<WorkerQuestion>): number =>
  workerCount("auto", { users: 100, startsPerSecond: 0, cores: 4, descriptors: 20_000, ...fields });

describe("the number of workers", () => {
  it("is the requested one, whatever the run", () => {
    expect(workerCount(3, { users: 1, startsPerSecond: 0, cores: 1, descriptors: 10 })).toBe(3);
  });

  it("is otherwise one for every 2,500 users or 1,000 starts per second, and at most one per core", () => {
    expect([1, 2500, 2501, 7500, 50_000].map((users) => auto({ users }))).toEqual([1, 1, 2, 3, 4]);
    expect(auto({ startsPerSecond: 1001 })).toBe(2);
    expect(auto({ users: 2, startsPerSecond: 9000 })).toBe(2);
  });

  it("exceeds the cores if a process may not open enough files", () => {
    expect(auto({ users: 15_000, cores: 2, descriptors: 1024 })).toBe(19);
    expect(auto({ users: 15_000, cores: 2, descriptors: undefined })).toBe(2);
    expect(auto({ users: 1e6, cores: 2, descriptors: 1024 })).toBe(64);
  });
});
