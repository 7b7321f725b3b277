// Messages into another user's thread: what answers them is kept away from the turns.
import { describe, expect, it } from "vitest";
import type { Uses } from "../../../src/session/services.js";
import { isOfProbe } from "../../../src/session/turn/probe-message.js";
import { type ProbeReply, SocketProbes } from "../../../src/session/user/socket-probes.js";
import { FakeClock } from "../../support/fake-clock.js";
import { SESSION, scheduleOf } from "../../support/fake-service.js";
import { event } from "../../support/turns.js";

async function sent() {
  const clock = new FakeClock(5_000_000);
  const ids: string[] = [];
  const protocol = {
    encodeMessage: ({ messageId }: { messageId: string }) => {
      ids.push(messageId);
      return "frame";
    },
  };
  const services = { schedule: scheduleOf(clock), protocol } as unknown as Uses<"schedule" | "protocol">;
  const probes = new SocketProbes(services, () => SESSION);
  const frames: string[] = [];
  const told: (ProbeReply | "late")[] = [];
  void probes
    .send(
      "theirs",
      (frame) => frames.push(frame),
      () => told.push("late"),
    )
    .then((reply) => told.push(reply));
  await clock.pass(0);
  return { clock, probes, told, frames, id: ids[0] ?? "" };
}

describe("a probe on the socket", () => {
  it("is refused by an error that names it, and accepted by anything else that does", async () => {
    for (const [kind, reply] of [
      ["rejected", "refused"],
      ["agent_error", "refused"],
      ["ack", "accepted"],
      ["agent_started", "accepted"],
    ] as const) {
      const { clock, probes, told, frames, id } = await sent();
      expect(probes.takes(event(kind, { messageId: id }), [])).toBe(true);
      await clock.pass(0);
      expect([told, frames]).toEqual([[reply], ["frame"]]);
    }
  });

  it("keeps everything that follows from it away from turns, and leaves their own frames alone", async () => {
    const { clock, probes, id } = await sent();
    const open = [{ end: undefined }];
    expect(probes.takes(event("ack", { messageId: id }), open)).toBe(true);
    await clock.pass(0);
    expect(probes.takes(event("agent_completed", { messageId: id, runId: "r" }), open)).toBe(true);
    expect(probes.takes(event("agent_completed", { messageId: "mine" }), open)).toBe(false);
    expect(probes.takes(event("rejected"), [])).toBe(false);
  });

  it("is refused by an error without ids, unless an open turn could be meant", async () => {
    const { clock, probes, told } = await sent();
    expect(probes.takes(event("rejected"), [{ end: undefined }])).toBe(false);
    expect(probes.takes(event("rejected", { runId: "r" }), [])).toBe(false);
    expect(probes.takes(event("rejected"), [{ end: "completed" }])).toBe(true);
    await clock.pass(0);
    expect(told).toEqual(["refused"]);
  });

  it("is known again by its rows", () => {
    const row = { id: "r", role: "assistant", text: "an answer", links: [] } as const;
    expect(isOfProbe(row)).toBe(false);
    expect(isOfProbe({ ...row, links: ["run", "access-probe-1"] })).toBe(true);
  });

  it("meets silence after a while, and an acceptance after that is reported once", async () => {
    const { clock, probes, told, id } = await sent();
    await clock.pass(2_000_000);
    expect(told).toEqual(["silence"]);
    expect(probes.takes(event("agent_started", { messageId: id }), [])).toBe(true);
    expect(probes.takes(event("agent_completed", { messageId: id }), [])).toBe(true);
    expect(told).toEqual(["silence", "late"]);
  });
});
