// Slices as BullMQ jobs, one queue per agent: locked while served, never retried, stalls reported.
import { optionalPackage } from "../../support/optional-package.js";
import type { RedisClient } from "../../wire/redis.js";
import { type FleetRedis, PREFIX } from "./connection.js";

/** A job whose lock is not renewed for this long has stalled; with two checks that is noticed within 8 s. */
const LOCK_MS = 5000;
const CHECK_MS = 1500;
const NAME = "slices";
/** Lifetime of the queue of an agent that is gone. */
const EXPIRE_MS = 3_600_000;
/** Checks between renewals of the keys' expiry. */
const KEEP_EVERY = 60;

/** What a job contains in the clear: how to derive the keys, and the sealed order. */
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

/** BullMQ rejects ids that are whole numbers, as a run's eight hexadecimal digits may happen to be. */
const jobIdOf = (runId: string): string => `run-${runId}`;

/** Takes the agent's jobs one by one. A job whose handler throws has failed for that reason. */
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
      // The coordinator checks: a stalled agent could not.
      skipStalledCheck: true,
      removeOnComplete: { count: 0 },
      removeOnFail: { age: EXPIRE_MS / 1000 },
      drainDelay: 2,
    },
  );
  // Such as Redis unreachable, or a lock not renewed: the run itself notices if it matters.
  worker.on("error", () => {});
  return {
    keep: () => expire(redis, keptOf(worker.keys)),
    async close() {
      await worker.close(true);
    },
  };
}

export interface GivenJob {
  /** Why it failed, or that it has stalled; `undefined` otherwise. Rejects while Redis is unreachable. */
  trouble(): Promise<string | undefined>;
  /** Removes it, served or not, and stops checking. */
  close(): Promise<void>;
}

/** @param shared a connection for blocking commands, shared by all jobs of a run */
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
  // Takes no jobs, and only checks whether the lock of the current one is still held.
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

/** All but the mark of a recent check for stalled jobs: as long as that exists, no other check is made. */
function keptOf(keys: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(keys).flatMap(([name, key]) => (name === "stalled-check" ? [] : [key]));
}

async function expire(redis: FleetRedis, keys: readonly string[]): Promise<void> {
  if (redis.commands.status !== "ready") return;
  const pipeline = redis.commands.pipeline();
  for (const key of keys) pipeline.pexpire(key, EXPIRE_MS);
  await pipeline.exec().catch(() => {});
}
