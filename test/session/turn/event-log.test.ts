// The events of a turn as its waterfall shows them, packed and unpacked.
import fc from "fast-check";
import { expect, it } from "vitest";
import { EventLog } from "../../../src/session/turn/frames/event-log.js";

it("shows each event with the tool, the call and the anomaly that it came with", () => {
  const kind = fc.constantFrom("agent_started", "agent_thinking", "waiting", "agent_completed", "ack");
  const id = fc.option(fc.constantFrom("x-1", "x-2"), { nil: undefined });
  const ofTool = fc.record({
    kind: fc.constantFrom("tool_executing", "tool_completed"),
    tool: fc.constantFrom("search", "send_mail"),
    toolId: id,
    anomaly: fc.option(fc.constantFrom("late", "duplicate"), { nil: undefined }),
  });
  const other = fc.record({
    kind,
    tool: fc.constant(undefined),
    toolId: id,
    anomaly: fc.constant(undefined),
  });
  const events = fc.array(fc.record({ event: fc.oneof(ofTool, other), us: fc.nat(60_000_000) }), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(events, (all) => {
      const log = new EventLog();
      for (const { event, us } of all) log.push(event.kind, us, event.tool, event.anomaly, event.toolId);
      const shown = all.map(({ event, us }) => ({ ...event, atMs: us / 1000 }));
      expect(log.entries()).toEqual(shown);
    }),
  );
});
