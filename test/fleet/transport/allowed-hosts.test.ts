// What a machine of a fleet may be made to load, and the key file that it trusts.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { refusedHosts } from "../../../src/fleet/transport/allowed-hosts.js";
import { readFleetKey } from "../../../src/fleet/transport/fleet-key.js";
import type { Scenario, Target } from "../../../src/scenarios/scenario.js";

const scenario = (target: Partial<Target>): Scenario =>
  ({
    name: "s",
    target: { url: "http://127.0.0.1:1", origin: "https://origin.example.com", ...target },
  }) as Scenario;

describe("the hosts that a scenario speaks to", () => {
  it("are loopback, or allowed by the machine's owner", () => {
    expect(refusedHosts(scenario({}), [])).toEqual([]);
    expect(refusedHosts(scenario({ url: "" }), [])).toEqual([]);
    const away = scenario({ url: "https://api.example.com", authUrl: "https://auth.example.com" });
    expect(refusedHosts(away, ["api.example.com"])).toEqual(["auth.example.com"]);
    expect(refusedHosts(away, ["api.example.com", "auth.example.com"])).toEqual([]);
  });

  it("include proxies, stores with all their parameters, and URLs among a profile's options", () => {
    const store = (secretUrl: string) =>
      ({ list: [{ secretUrl }], probesPerSecond: 1 }) as unknown as Target["stores"];
    const refused = (target: Partial<Target>) => refusedHosts(scenario(target), []);
    expect(refused({ proxy: "http://proxy.example.com:3128" })).toEqual(["proxy.example.com"]);
    const db = store("postgres://u:p@127.0.0.1/db?host=db.example.com");
    expect(refused(db ? { stores: db } : {})).toEqual(["db.example.com"]);
    expect(refused({ options: { paths: { socket: "wss://ws.example.com/x" } } })).toEqual(["ws.example.com"]);
  });
});

describe("the key of a fleet", () => {
  it("is refused when it is missing or weak, with the command that makes one", () => {
    const folder = mkdtempSync(join(tmpdir(), "gp-load-key-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, "fleet.key");
    expect(() => readFleetKey(path)).toThrow(/cannot read the fleet's key/);
    for (const weak of ["", "short", "a".repeat(64)]) {
      writeFileSync(path, weak);
      expect(() => readFleetKey(path)).toThrow(/too weak/);
    }
    writeFileSync(path, "q3v9XcYt0pLk2mNb8sDf7gHj4aZw1eRu\n");
    expect(readFleetKey(path).name).toMatch(/^[0-9a-f]{8}$/);
  });
});
