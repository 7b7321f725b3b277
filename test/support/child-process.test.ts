// A child process: asked and answered, and gone for certain, whatever it does.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { exitText, PendingRequests, startChild, untilReady } from "../../src/support/child-process.js";

const DIST = fileURLToPath(new URL("../../dist", import.meta.url));
const parse = (message: unknown) => z.object({ say: z.string() }).parse(message);
const READY = "process.send({ say: 'ready' });";

/** @param script CommonJS; the process ends with its parent unless it says otherwise */
function child(script: string) {
  const path = join(mkdtempSync(join(tmpdir(), "gp-load-child-")), "child.js");
  writeFileSync(path, `process.on("message", () => {});\n${script}`);
  const started = startChild<{ readonly say: string }, { readonly say: string }>({
    entry: relative(DIST, path.replace(/\.js$/, "")),
    parse,
  });
  onTestFinished(async () => {
    await started.kill();
  });
  return started;
}

const isAlive = (pid: number | undefined): boolean => {
  try {
    return process.kill(pid ?? 0, 0);
  } catch {
    return false;
  }
};

const ready = { name: "the helper", withinMs: 5000, answerIn: ({ say }: { say: string }) => say };

describe("waiting for a child", () => {
  it("gives what it said", async () => {
    expect(await untilReady(child(READY), ready)).toBe("ready");
  });

  it("passes over what is not the answer", async () => {
    const started = child(`process.send({ say: "not yet" }); ${READY}`);
    const answerIn = ({ say }: { say: string }) => (say === "ready" ? 1 : undefined);
    expect(await untilReady(started, { ...ready, answerIn })).toBe(1);
  });

  it("rejects at once when it ends before, with how it ended", async () => {
    await expect(untilReady(child("process.exit(7)"), ready)).rejects.toThrow(
      "the helper ended before it was ready (exit 7)",
    );
  });

  it("kills one that is late", async () => {
    const started = child("setInterval(() => {}, 1000);");
    await expect(untilReady(started, { ...ready, withinMs: 50 })).rejects.toThrow("not ready within 0.05 s");
    expect(isAlive(started.pid)).toBe(false);
  });

  it("kills one that refuses", async () => {
    const started = child(`${READY} setInterval(() => {}, 1000);`);
    const answerIn = (): never => {
      throw new Error("it said no");
    };
    await expect(untilReady(started, { ...ready, answerIn })).rejects.toThrow("it said no");
    expect(isAlive(started.pid)).toBe(false);
  });

  it("kills one that sends what it must not, and says so", async () => {
    const started = child("process.send({ port: 1 }); setInterval(() => {}, 1000);");
    await expect(untilReady(started, ready)).rejects.toThrow("a message that is not valid");
    expect(isAlive(started.pid)).toBe(false);
  });
});

describe("ending a child", () => {
  it("lets it end by itself when its channel closes", async () => {
    const started = child(READY);
    await untilReady(started, ready);
    expect(exitText(await started.end({ killMs: 5000 }))).toBe("exit 0");
  });

  it("says farewell if there is one, and leaves the channel open for the answer", async () => {
    const started = child(
      `${READY} process.on("message", ({ say }) => process.exit(say === "bye" ? 3 : 4));`,
    );
    await untilReady(started, ready);
    expect(exitText(await started.end({ killMs: 5000 }, { say: "bye" }))).toBe("exit 3");
  });

  it("sends TERM to one that stays, and KILL to one that ignores it", async () => {
    const stays = `${READY} setInterval(() => {}, 1000);`;
    const first = child(stays);
    await untilReady(first, ready);
    expect(exitText(await first.end({ termMs: 20, killMs: 5000 }))).toBe("SIGTERM");
    const second = child(`process.on("SIGTERM", () => {}); ${stays}`);
    await untilReady(second, ready);
    expect(exitText(await second.end({ termMs: 20, killMs: 200 }))).toBe("SIGKILL");
  });

  it("may be asked twice, also of one that is gone", async () => {
    const started = child(READY);
    await untilReady(started, ready);
    await started.end({ killMs: 5000 });
    expect(exitText(await started.end({ killMs: 5000 }, { say: "bye" }))).toBe("exit 0");
  });
});

describe("requests to a child", () => {
  it("each get their own answer, in any order", async () => {
    const requests = new PendingRequests<string>({ exited: new Promise(() => {}) }, "gone");
    const first = requests.ask(1, () => {});
    const second = requests.ask(2, () => {});
    requests.answer(2, "two");
    requests.answer(1, "one");
    expect(await Promise.all([first, second])).toEqual(["one", "two"]);
  });

  it("are all answered when it goes, and at once from then on", async () => {
    const exited = Promise.resolve({ code: 0, signal: null });
    const requests = new PendingRequests<string>({ exited }, "gone");
    const sent: number[] = [];
    expect(await requests.ask(1, () => sent.push(1))).toBe("gone");
    expect(await requests.ask(2, () => sent.push(2))).toBe("gone");
    expect(sent).toEqual([1]);
  });
});
