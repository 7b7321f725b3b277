// The defect that makes a knee: few servers, a fixed service time, first come, first served.
import { expect, it } from "vitest";
import { startBackend } from "./backend.js";

it("few-servers serves so many turns at a time, each for so long, and the others wait in turn", async () => {
  const backend = await startBackend();
  try {
    await backend.switchOn({ name: "few-servers", params: { servers: 2, ms: 300 } });
    const users = await Promise.all([1, 2, 3, 4, 5].map(() => backend.user()));
    const turns = await Promise.all(
      users.map(async (user) => {
        const [channel, thread] = [await backend.channel(user), await backend.thread(user)];
        return () => channel.turn(thread, "What did we sell in May?");
      }),
    );
    const events = await Promise.all(turns.map((turn) => turn()));
    // By the stamps of the service itself, in seconds.
    const starts = events.map(([started]) => started?.timestamp ?? Number.NaN).sort((a, b) => a - b);
    const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0] = starts;
    expect(second - first).toBeLessThan(0.29);
    expect(third - first).toBeGreaterThan(0.29);
    expect(fourth - third).toBeLessThan(0.29);
    expect(fifth - third).toBeGreaterThan(0.29);
  } finally {
    await backend.close();
  }
});
