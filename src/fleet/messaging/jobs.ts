// Slices handed out as BullMQ jobs, one queue an agent: locked while they are served, never tried twice, stalls reported.
import { optionalPackage } from "../../support/optional-package.js";
import type { RedisClient } from "../../wire/redis.js";
import { type FleetRedis, PREFIX } from "./connection.js";

/** A job whose lock was not renewed for so long is stalled; with two checks it shows within 8 s. */
const LOCK_MS = 5000;
const CHECK_MS = 1500;
const NAME = "slices";
/** What is left of a queue whose agent is gone. */
const EXPIRE_MS = 3_600_000;
/** Looks after which keys are kept from expiring. */
const KEEP_EVERY = 60;

/** What a job carries in the clear: whose keys to draw, and the order, sealed. */
export interface JobData {
  readonly runId: string;
  readonly salt: string;
  readonly sealed: string;
}

export interface JobTaker {
  /** Keeps the queue from expiring. */
  keep(): Promise<void>;
  close(): Promise<void>;
}

const bullmq = () => optionalPackage("bullmq", "a fleet", () => import("bullmq"));

const queueName = (agent: string): string => `agent-${agent}`;

/** BullMQ refuses ids that are whole numbers, which eight hexadecimal digits of a run now and then are. */
const jobIdOf = (runId: string): string => `run-${runId}`;

/** Takes the agent's jobs one after another. A job whose handler throws has failed, with that reason. */
export async function takeJobs(
  redis: FleetRedis,
  agent: string,
  handle: (job: JobData) => Promise<void>,
): Promise<JobTaker> {
  const { Worker, UnrecoverableError } = await bullmq();
  const connection = await redis.waiting();
  const worker = new Worker<JobData>(
    queueName(agent),
    async ({ data }) => {
      await handle(data).catch((error: unknown) => {
        throw new UnrecoverableError(error instanceof Error ? error.message : String(error));
      });
    },
    {
      connection,
      prefix: PREFIX,
      lockDuration: LOCK_MS,
      lockRenewTime: LOCK_MS / 4,
      maxStalledCount: 0,
      // The coordinator looks: who has stalled would not.
      skipStalledCheck: true,
      removeOnComplete: { count: 0 },
      removeOnFail: { age: EXPIRE_MS / 1000 },
      drainDelay: 2,
    },
  );
  // Redis away, a lock that could not be renewed: the run itself notices what matters of it.
  worker.on("error", () => {});
  return {
    keep: () => expire(redis, keptOf(worker.keys)),
    async close() {
      await worker.close(true);
    },
  };
}

export interface GivenJob {
  /** Why it failed, or that it has stalled; `undefined` while neither is so. Rejects while Redis is away. */
  trouble(): Promise<string | undefined>;
  /** Takes it back, served or not, and stops looking. */
  close(): Promise<void>;
}

/** @param shared a connection that waits, for all jobs of a run */
export async function giveJob(
  redis: FleetRedis,
  shared: RedisClient,
  agent: string,
  data: JobData,
): Promise<GivenJob> {
  const { Queue, Worker } = await bullmq();
  const connection = redis.commands;
  const queue = new Queue<JobData>(queueName(agent), { connection: shared, prefix: PREFIX });
  queue.on("error", () => {});
  const jobId = jobIdOf(data.runId);
  const job = await queue.add(NAME, data, { jobId, attempts: 1, removeOnComplete: true });
  // One that takes no jobs, and only looks whether the lock of the one under way still holds.
  const watch = new Worker<JobData>(queueName(agent), undefined, {
    connection: shared,
    prefix: PREFIX,
    autorun: false,
    maxStalledCount: 0,
    stalledInterval: CHECK_MS,
  });
  let stalled = false;
  watch.on("error", () => {});
  watch.on("stalled", () => {
    stalled = true;
  });
  await watch.startStalledCheckTimer();
  const jobKey = queue.toKey(jobId);
  const keys = [...keptOf(queue.keys), jobKey];
  await expire(redis, keys);
  let looks = 0;
  return {
    async trouble() {
      if (stalled) return "its job has stalled: the lock was not renewed";
      if (connection.status !== "ready") return undefined;
      if (++looks % KEEP_EVERY === 5) await expire(redis, keys);
      const failed = await connection.hget(jobKey, "failedReason");
      return failed ?? undefined;
    },
    async close() {
      await watch.close(true);
      if (connection.status === "ready") await job.remove().catch(() => {});
      await expire(redis, keys);
      await queue.close().catch(() => {});
    },
  };
}

/** All but the mark that a look for stalled jobs was just made: while that stays, no other look is made. */
function keptOf(keys: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(keys).flatMap(([name, key]) => (name === "stalled-check" ? [] : [key]));
}

async function expire(redis: FleetRedis, keys: readonly string[]): Promise<void> {
  if (redis.commands.status !== "ready") return;
  const pipeline = redis.commands.pipeline();
  for (const key of keys) pipeline.pexpire(key, EXPIRE_MS);
  await pipeline.exec().catch(() => {});
}
