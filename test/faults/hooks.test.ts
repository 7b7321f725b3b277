// Hooks: requests and commands, what counts as their failure, and that they end whatever happens.
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { callHook } from "../../src/faults/hook-runner/hooks.js";
import { nowUs } from "../../src/support/clock.js";
import { withServer } from "./hook-server.js";

const exec = (command: string, timeoutMs = 5000) => callHook({ kind: "exec", command, timeoutMs });

/** A command that does nothing for so long; Node itself, since a bare machine has no `sleep` on its PATH. */
const asleep = (seconds: number): string =>
  `"${process.execPath}" -e "setTimeout(() => {}, ${seconds * 1000})"`;

describe("a command", () => {
  it("that ends with 0 is done", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "gp-load-hook-")), "seen");
    expect(await exec(`echo done > ${file}`)).toBeUndefined();
    expect(readFileSync(file, "utf8")).toBe("done\n");
  });

  it("that fails says how, with its own words, bounded", async () => {
    expect(await exec("echo out; echo no such cluster >&2; exit 3")).toMatch(
      /^the command ended with exit 3: (out\n)?no such cluster/,
    );
    const long = await exec("head -c 100000 /dev/zero | tr '\\0' x; echo the end; exit 1");
    expect(long).toMatch(/the end$/);
    expect(long?.length).toBeLessThan(2100);
  });

  it("that hangs is ended with all that it started", async () => {
    const fromUs = nowUs();
    expect(await exec(`${asleep(30)} & echo $!; wait`, 300)).toMatch(/did not end within 0\.3 s: \d+/);
    expect(nowUs() - fromUs).toBeLessThan(5_000_000);
  });

  it("that leaves a daemon behind, holding its output, is over when it is over", async () => {
    const fromUs = nowUs();
    expect(await exec(`${asleep(9)} & true`)).toBeUndefined();
    expect(nowUs() - fromUs).toBeLessThan(7_000_000);
  });
});

describe("a request", () => {
  it("is sent as it is written, and 2xx is success", async () => {
    await withServer(204, "", async (url, seen) => {
      const call = { kind: "http", method: "PUT", url: `${url}/break?x=1`, timeoutMs: 2000 } as const;
      expect(await callHook({ ...call, headers: { "x-key": "k" }, body: { on: true } })).toBeUndefined();
      expect(seen).toEqual([{ method: "PUT", url: "/break?x=1", key: "k", body: '{"on":true}' }]);
    });
  });

  it("that is refused fails with the answer, and one that finds nobody with the cause", async () => {
    const bare = { kind: "http", method: "POST", headers: {}, body: undefined, timeoutMs: 2000 } as const;
    const gone = await withServer(503, "cannot break it", async (url) => {
      expect(await callHook({ ...bare, url: `${url}/a?token=s3cret` })).toMatch(
        /^POST 127\.0\.0\.1:\d+\/a answered 503: cannot break it$/,
      );
      return url;
    });
    expect(await callHook({ ...bare, url: gone })).toMatch(/ECONNREFUSED/);
  });
});
