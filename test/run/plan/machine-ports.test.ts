// Whether this machine has the source ports for a run.
import { describe, expect, it } from "vitest";
import { HTTP_CONNECTIONS, type PortQuestion, sourceAddresses } from "../../../src/run/plan/machine-ports.js";
import { UserError } from "../../../src/support/errors.js";

const RANGE = "32768\t60999\n";
const PORTS = 28_232;

const ask = (fields: Partial<PortQuestion>): readonly string[] =>
  sourceAddresses({
    users: 100,
    workers: 1,
    url: "http://127.0.0.1:8000",
    proxy: undefined,
    range: RANGE,
    platform: "linux",
    ...fields,
  });

function refusal(fields: Partial<PortQuestion>): UserError {
  try {
    ask(fields);
  } catch (error) {
    if (error instanceof UserError) return error;
  }
  throw new Error("not refused");
}

describe("source ports", () => {
  it("are the system's own choice while one address has enough of them, HTTP connections included", () => {
    const most = PORTS - HTTP_CONNECTIONS;
    expect(ask({ users: most })).toEqual([]);
    expect(ask({ users: most + 1 })).toEqual(["127.0.0.1", "127.0.0.2"]);
    expect(ask({ users: most, workers: 2 })).toHaveLength(2);
  });

  it("come from as many loopback addresses as it takes if the target is on loopback", () => {
    expect(ask({ users: 100_000 })).toEqual([1, 2, 3, 4].map((last) => `127.0.0.${last}`));
  });

  it.each<[string, Partial<PortQuestion>, RegExp]>([
    ["another host", { url: "https://api.example.com" }, /more machines.*ip_local_port_range/],
    ["a proxy", { proxy: "http://127.0.0.1:3128" }, /more machines/],
    ["a system whose loopback has one address", { platform: "darwin" }, /more machines/],
    ["localhost, which may be ::1", { url: "http://localhost:8000" }, /127\.0\.0\.1 instead of localhost/],
    ["more than all loopback addresses", { users: 10_000_000 }, /fewer users/],
  ])("are refused with the numbers and the remedy for %s", (_, fields, remedy) => {
    const error = refusal({ users: 40_000, ...fields });
    expect(error.message).toMatch(
      /users need [\d,]+ source ports, and this machine has 28,232 for one target/,
    );
    expect(error.hint).toMatch(remedy);
  });

  it("are not limited if the system does not report a limit", () => {
    expect(ask({ users: 1e6, range: "" })).toEqual([]);
  });
});
