// What a machine of a fleet may be made to load, and the key file that it trusts.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { refusedHosts } from "../../../src/fleet/messaging/allowed-hosts.js";
import { readFleetKey } from "../../../src/fleet/messaging/fleet-key.js";
import type { Target } from "../../../src/scenarios/scenario.js";

const called = (target: Partial<Target>, allowed: readonly string[] = []): readonly string[] =>
  refusedHosts(
    { url: "http://127.0.0.1:1", origin: "https://origin.example.com", ...target } as Target,
    allowed,
  );

describe("the hosts that a scenario speaks to", () => {
  it("are all those off loopback", () => {
    expect(called({})).toEqual([]);
    expect(called({ url: "" })).toEqual([]);
    const away = { url: "https://api.example.com", authUrl: "https://auth.example.com" };
    expect(called(away)).toEqual(["api.example.com", "auth.example.com"]);
    expect(called(away, ["api.example.com"])).toEqual(["auth.example.com"]);
  });

  it("include proxies, stores with all their parameters, and URLs among a profile's options", () => {
    const store = (secretUrl: string) =>
      ({ list: [{ secretUrl }], probesPerSecond: 1 }) as unknown as Target["stores"];
    expect(called({ proxy: "http://proxy.example.com:3128" })).toEqual(["proxy.example.com"]);
    const db = store("postgres://u:p@127.0.0.1/db?host=db.example.com");
    expect(called(db ? { stores: db } : {})).toEqual(["db.example.com"]);
    expect(called({ options: { paths: { socket: "wss://ws.example.com/x" } } })).toEqual(["ws.example.com"]);
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
