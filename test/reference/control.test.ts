// Stops and approvals of the reference backend: over real sockets, with each defect, and as it should be.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { ReferenceOptions } from "../../src/reference/options.js";
import { type Backend, type Channel, type Frame, isEndOf, quiet, startBackend, typesOf } from "./backend.js";

const ASKS = "Our bill is 5,300 dollars. Use both of your tools, and ask me before you run any tool.";
const PACE = { settleMs: 1, thinkMs: 1, toolMs: 1, answerMs: 60 };

const open: Backend[] = [];
afterEach(async () => {
  for (const backend of open.splice(0)) await backend.close();
});

async function start(options: ReferenceOptions = {}) {
  const backend = await startBackend({ pace: PACE, ...options });
  open.push(backend);
  const user = await backend.user();
  const thread = await backend.thread(user);
  return { backend, user, thread, channel: await backend.channel(user) };
}

const STREAMED = { metadata: { stream: true } };
const stop = (channel: Channel, id: string): void => channel.send("stop", { message_id: id });
const isAsk = ({ type }: Frame): boolean => type === "approval_required";

/** Decides the how-many-th request of a turn, from 0. */
async function decide(channel: Channel, id: string, which: number, decision: string, extra = {}) {
  await channel.frame(() => channel.eventsOf(id).filter(isAsk).length > which);
  const { approval_id } = channel.eventsOf(id).filter(isAsk)[which]?.payload ?? {};
  channel.send("approval", { approval_id, decision, ...extra });
}

const isStopped =
  (id: string) =>
  ({ type, payload }: Frame): boolean =>
    type === "agent_stopped" && payload.message_id === id;
const isError =
  (code: string) =>
  ({ type, payload }: Frame): boolean =>
    type === "error" && payload.code === code;

async function stoppedMidAnswer(options: ReferenceOptions = {}) {
  const made = await start(options);
  const id = made.channel.say(made.thread, "Our bill is 5,300 dollars. No tool is needed.", STREAMED);
  await made.channel.frame(({ type }) => type === "agent_response_chunk");
  stop(made.channel, id);
  await made.channel.frame(isStopped(id));
  await quiet();
  return { ...made, id };
}

describe("a stop", () => {
  it("ends the turn at once, stores what was shown as a part, once, and leaves the thread free", async () => {
    const { backend, user, thread, channel, id } = await stoppedMidAnswer();
    const types = typesOf(channel.eventsOf(id));
    expect(types.at(-1)).toBe("agent_stopped");
    expect(types).not.toContain("agent_completed");
    const shown = channel
      .eventsOf(id)
      .map(({ payload }) => payload.content ?? "")
      .join("");
    const [, answer, ...more] = await backend.rows(user, thread);
    expect(more).toEqual([]);
    expect([answer?.content, answer?.metadata.partial]).toEqual([shown, true]);
    const next = channel.say(thread, "And what else? No tool is needed.");
    await channel.frame(isEndOf(next));
  });

  it("of a turn that is over, or another user's, is refused and changes nothing", async () => {
    const { backend, thread, channel, id } = await stoppedMidAnswer();
    stop(channel, id);
    await channel.frame(isError("not_running"));
    const other = await backend.channel(await backend.user());
    const mine = channel.say(thread, "Our bill is 5,300 dollars.", STREAMED);
    await channel.frame(({ type, payload }) => type === "agent_started" && payload.message_id === mine);
    stop(other, mine);
    await other.frame(isError("not_running"));
    await channel.frame(isEndOf(mine));
  });

  it("frees a turn that waits for its user", async () => {
    const { thread, channel } = await start();
    const id = channel.say(thread, ASKS);
    await channel.frame(isAsk);
    stop(channel, id);
    await channel.frame(isStopped(id));
  });

  it("is followed by text, or by a thread that is not free, only if a defect says so", async () => {
    const defects = [
      { name: "late-text", count: 1 },
      { name: "zombie-model-call", count: 1 },
    ];
    const { backend, thread, channel, id } = await stoppedMidAnswer({ defects });
    expect(typesOf(channel.eventsOf(id)).slice(-2)).toEqual(["agent_stopped", "agent_response_chunk"]);
    const next = channel.say(thread, "And what else? No tool is needed.");
    await quiet(600);
    expect(typesOf(channel.eventsOf(next))).not.toContain("agent_started");
    expect((await backend.defect("late-text")).injected).toBe(1);
    expect((await backend.defect("zombie-model-call")).injected).toBe(1);
  });
});

describe("an approval", () => {
  it("lets the tool run once, and a rejection does not", async () => {
    const { thread, channel } = await start();
    const id = channel.say(thread, ASKS);
    await decide(channel, id, 0, "reject");
    await decide(channel, id, 1, "approve");
    await channel.frame(isEndOf(id));
    const ran = channel.eventsOf(id).filter(({ type }) => type.startsWith("tool_"));
    const [, second] = channel.eventsOf(id).filter(isAsk);
    expect(ran.map(({ type, payload }) => [type, payload.approval_id])).toEqual([
      ["tool_executing", second?.payload.approval_id],
      ["tool_completed", second?.payload.approval_id],
    ]);
  });

  it("is refused from another user, for what was decided, and for what nobody asked", async () => {
    const { backend, thread, channel } = await start();
    const id = channel.say(thread, ASKS);
    await channel.frame(isAsk);
    const { approval_id } = channel.eventsOf(id).find(isAsk)?.payload ?? {};
    const other = await backend.channel(await backend.user());
    other.send("approval", { approval_id, decision: "approve" });
    const refusal = await other.frame(isError("forbidden"));
    expect(refusal.payload.approval_id).toBe(approval_id);
    await quiet();
    expect(typesOf(channel.eventsOf(id))).not.toContain("tool_executing");
    await decide(channel, id, 0, "approve");
    await channel.frame(({ type }) => type === "tool_completed");
    channel.send("approval", { approval_id, decision: "approve" });
    await channel.frame(isError("unknown_approval"));
  });

  it("may be an answer, which the agent uses", async () => {
    const { thread, channel } = await start();
    const id = channel.say(thread, "We spend 5,300 dollars. Ask me one question first.");
    await decide(channel, id, 0, "answer", { text: "Quality, above all." });
    const end = await channel.frame(isEndOf(id));
    expect(String(end.payload.response)).toContain("Quality, above all.");
  });

  it.each([
    [
      "double-execution",
      (types: readonly string[]) => types.filter((type) => type === "tool_completed").length,
      2,
    ],
    [
      "second-approval-stuck",
      (types: readonly string[]) => types.filter((type) => type === "tool_completed").length,
      1,
    ],
  ] as const)("goes wrong as %s says", async (name, count, most) => {
    const { thread, channel } = await start({ defects: [{ name, count: 1 }] });
    const id = channel.say(thread, ASKS);
    await decide(channel, id, 0, "approve");
    if (name === "second-approval-stuck") await decide(channel, id, 1, "approve");
    else await channel.frame(() => channel.eventsOf(id).filter(isAsk).length > 1);
    await quiet(300);
    expect(count(typesOf(channel.eventsOf(id)))).toBe(most);
  });

  it("runs what was rejected, or heeds another user, only if a defect says so", async () => {
    const defects = [
      { name: "rejection-ignored", count: 1 },
      { name: "wrong-approver", count: 1 },
    ];
    const { backend, thread, channel } = await start({ defects });
    const id = channel.say(thread, ASKS);
    await decide(channel, id, 0, "reject");
    await channel.frame(() => channel.eventsOf(id).filter(isAsk).length > 1);
    expect(typesOf(channel.eventsOf(id))).toContain("tool_completed");
    const other = await backend.channel(await backend.user());
    other.send("approval", {
      approval_id: channel.eventsOf(id).filter(isAsk)[1]?.payload.approval_id,
      decision: "approve",
    });
    await channel.frame(isEndOf(id));
  });

  it.each([
    ["outlives its user's socket", [], ({ type }: Frame) => type === "tool_completed"],
    [
      "is forgotten with it where a defect says so",
      [{ name: "lost-pause", count: 1 }],
      isError("unknown_approval"),
    ],
  ] as const)("%s", async (_what, defects, follows) => {
    const { backend, user, thread, channel } = await start({ defects });
    const id = channel.say(thread, ASKS);
    await channel.frame(isAsk);
    await channel.close();
    const back = await backend.channel(user);
    const { approval_id } = channel.eventsOf(id).find(isAsk)?.payload ?? {};
    back.send("approval", { approval_id, decision: "approve" });
    await back.frame(follows);
  });
});

describe("a pause over a restart", () => {
  async function restarted(options: ReferenceOptions = {}) {
    const folder = mkdtempSync(join(tmpdir(), "gp-load-control-"));
    const lasting = { databasePath: join(folder, "reference.db"), tokenKey: "the same for both" };
    const { backend, user, thread, channel } = await start(lasting);
    const id = channel.say(thread, ASKS);
    await decide(channel, id, 0, "approve");
    await channel.frame(() => channel.eventsOf(id).filter(isAsk).length > 1);
    const asks = channel.eventsOf(id).filter(isAsk);
    await backend.close();
    open.splice(open.indexOf(backend), 1);
    const next = await startBackend({ pace: PACE, ...lasting, ...options });
    open.push(next);
    const back = await next.channel(user);
    return { id, back, approval: asks[1]?.payload.approval_id, folder };
  }

  it("continues with what was decided, and asks the rest under the same id, also of who is early", async () => {
    const { id, back, approval, folder } = await restarted();
    back.send("approval", { approval_id: approval, decision: "approve" });
    await back.frame(isEndOf(id));
    expect(back.eventsOf(id).filter(isAsk).length).toBe(2);
    rmSync(folder, { recursive: true, force: true });
  });

  it("is lost only if a defect says so", async () => {
    const { back, approval, folder } = await restarted({
      defects: [{ name: "approval-forgotten-at-restart", count: 1 }],
    });
    back.send("approval", { approval_id: approval, decision: "approve" });
    await back.frame(isError("unknown_approval"));
    rmSync(folder, { recursive: true, force: true });
  });
});
