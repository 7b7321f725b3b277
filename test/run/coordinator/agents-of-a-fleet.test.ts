// The workers of a fleet in the live view.
import { describe, expect, it } from "vitest";
import { agentsOf } from "../../../src/run/coordinator/progress-source.js";
import type { Snapshot } from "../../../src/run/process/messages.js";

const told = (worker: number, second: number, usersLive: number, turnsEnded: number): Snapshot =>
  ({ worker, second, usersLive, turnsEnded, generator: { loopDelayP99Us: 1000 * worker } }) as Snapshot;

describe("the workers of a fleet, as a view shows them", () => {
  it("are summed over all processes of each", () => {
    const agents = agentsOf([told(0, 7, 10, 3), told(1, 7, 20, 4), told(2, 6, 30, 5)], ["a", "b", "a"]);
    expect(agents).toEqual([
      { name: "a", usersLive: 40, turnsEnded: 8, loopDelayP99Us: 2000, silentSeconds: 0 },
      { name: "b", usersLive: 20, turnsEnded: 4, loopDelayP99Us: 1000, silentSeconds: 0 },
    ]);
  });

  it("count as silent when their seconds fall behind, and are listed before they report anything", () => {
    const agents = agentsOf([told(0, 9, 1, 1), told(1, 4, 1, 1)], ["a", "b", "c"]);
    expect(agents.map(({ name, silentSeconds }) => [name, silentSeconds])).toEqual([
      ["a", 0],
      ["b", 5],
      ["c", 0],
    ]);
  });
});
