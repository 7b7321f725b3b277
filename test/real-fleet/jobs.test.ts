// An agent's order as a job in a real Redis: taken under any run's id, told when it fails, and gone afterwards.
import { expect, it, onTestFinished } from "vitest";
import { openFleetRedis } from "../../src/fleet/messaging/connection.js";
import { giveJob, type JobData, takeJobs } from "../../src/fleet/messaging/jobs.js";
import { waitUntil } from "../e2e/support/wait.js";
import { startRedis } from "../real-stores/support/redis.js";
import { describeWith } from "../support/services.js";

const STATION = "a1b2c3";

async function ownRedis() {
  const server = await startRedis();
  onTestFinished(() => server.close());
  const redis = await openFleetRedis(server.url);
  onTestFinished(() => redis.close());
  return redis;
}

describeWith(["redis"], "an order to an agent", () => {
  // About one id in fifty is a whole number in decimal digits, which BullMQ takes for none.
  it.each(["12345678", "90210007", "0a1b2c3d"])(
    "of the run %s arrives, and why it failed comes back",
    async (runId) => {
      const redis = await ownRedis();
      const heard: JobData[] = [];
      const taker = await takeJobs(redis, STATION, (job) => {
        heard.push(job);
        return Promise.reject(new Error("it is of another key"));
      });
      const data: JobData = { runId, salt: "c2FsdA==", sealed: "c2VhbGVk" };
      const job = await giveJob(redis, await redis.waiting(), STATION, data);
      let trouble: string | undefined;
      await waitUntil("its failure is told", async () => {
        trouble = await job.trouble();
        return trouble !== undefined;
      });
      expect(trouble).toBe("it is of another key");
      expect(heard).toEqual([data]);
      const own = async (): Promise<readonly string[]> =>
        (await redis.commands.keys("*")).filter((key) => key.includes(runId));
      const [key = "", ...more] = await own();
      expect(more).toEqual([]);
      expect(await redis.commands.pttl(key)).toBeGreaterThan(0);
      await job.close();
      expect(await own()).toEqual([]);
      await taker.close();
    },
  );

  it("whose holder renews its lock no more is told to have stalled", async () => {
    const redis = await ownRedis();
    let taken = false;
    const taker = await takeJobs(redis, STATION, () => {
      taken = true;
      return new Promise(() => {});
    });
    const data: JobData = { runId: "0a1b2c3d", salt: "c2FsdA==", sealed: "c2VhbGVk" };
    const job = await giveJob(redis, await redis.waiting(), STATION, data);
    onTestFinished(() => job.close());
    await waitUntil("it is taken", () => taken);
    expect(await job.trouble()).toBeUndefined();
    await taker.close();
    let trouble: string | undefined;
    await waitUntil("the stall is told", async () => {
      trouble = await job.trouble();
      return trouble !== undefined;
    });
    expect(trouble).toBe("its job has stalled: the lock was not renewed");
  });
});
