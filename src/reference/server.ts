// Assembles the reference backend in this process: service, sockets, agent, model and control server.

import { randomBytes } from "node:crypto";
import { setMaxListeners } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import pino from "pino";
import { z } from "zod";
import { startEmbeddedModel } from "./agent/embedded-model.js";
import { createModelClient } from "./agent/model-client.js";
import { createControl } from "./control-server.js";
import { createCounters } from "./counters.js";
import { createDefectBook } from "./defects/book.js";
import { serveUpgrades } from "./gateway/upgrade.js";
import { HttpApp } from "./http/app.js";
import { addAuthRoutes } from "./http/auth-routes.js";
import { failureReply } from "./http/errors.js";
import { addHealthRoutes } from "./http/health-routes.js";
import { addHistoryRoutes } from "./http/history-routes.js";
import { addThreadRoutes } from "./http/thread-routes.js";
import { type ReferenceOptions, type Settings, settingsFrom } from "./options.js";
import { createApprovals } from "./run/approvals.js";
import { createJournal } from "./run/journal.js";
import { ServiceStops } from "./run/pauses.js";
import { createDeadSessions } from "./sabotage/dead-sessions.js";
import { sabotagedRows, sabotagedStore } from "./sabotage/store.js";
import type { Service } from "./service.js";
import { createHub, type Hub } from "./socket/hub.js";
import { stampUs } from "./stamps.js";
import { openTiers } from "./storage/open.js";
import { tieredStore } from "./storage/tiers.js";
import { createTokens } from "./tokens.js";
import { createTraces } from "./traces.js";
import { acceptMessage } from "./turns/acceptance.js";
import { createEventDelivery } from "./turns/delivery.js";
import { createTurnQueues, type TurnQueues } from "./turns/queue.js";
import { createRunShelf, type RunShelf } from "./turns/run-shelf.js";
import { createRunner } from "./turns/runner.js";
import { stopRun } from "./turns/stop-run.js";
import { takeUpRuns } from "./turns/take-up.js";

/** Addresses of a running backend. */
export const referenceAddress = z.object({
  /** `http://127.0.0.1:port` */
  url: z.string(),
  /** `ws://127.0.0.1:port/ws` */
  wsUrl: z.string(),
  controlUrl: z.string(),
  /** Bearer token of the control server. */
  controlToken: z.string(),
});
export type ReferenceAddress = Readonly<z.infer<typeof referenceAddress>>;

export interface ReferenceServer extends ReferenceAddress {
  /** Contains the database if no path was given; removed by `close`. */
  readonly temporaryDirectory: string | undefined;
  /** Stops listening, gives running turns up to a second to end, closes sockets (1001), removes a temporary database. */
  close(): Promise<void>;
}

/** What to undo at the end, in the order it was done. */
type Undo = (() => Promise<unknown>)[];

const SWEEP_MS = 5000;
const DRAIN_MS = 1000;
const CLOSE_MS = 300;

/** Starts everything in this process. Rejects if a port, the database or the model is not available. */
export async function createReferenceServer(options: ReferenceOptions = {}): Promise<ReferenceServer> {
  const settings = settingsFrom(options);
  const undo: Undo = [];
  try {
    const temporaryDirectory = settings.databasePath === undefined ? await makeTemporary(undo) : undefined;
    const databasePath = settings.databasePath ?? join(temporaryDirectory ?? "", "reference.db");
    const service = await createService(settings, databasePath, undo);
    const { approvals } = service;
    const { app, hub, queues, shelf } = wire(service, undo);
    await takeUpRuns(service, shelf, queues);
    const controlToken = randomBytes(24).toString("base64url");
    const control = createControl(service, hub, controlToken);
    await app.listen(settings.port, settings.host);
    undo.push(
      () => control.close(),
      () => app.close(),
    );
    await control.listen(0, "127.0.0.1");
    undo.push(async () => {
      approvals.stop();
      await queues.idle(DRAIN_MS);
      await closeAll(hub);
    });
    return {
      url: urlOf("http", app),
      wsUrl: `${urlOf("ws", app)}/ws`,
      controlUrl: urlOf("http", control),
      controlToken,
      temporaryDirectory,
      close: () => unwind(undo),
    };
  } catch (error) {
    await unwind(undo);
    throw error;
  }
}

/** Cuts off peers that do not answer the close, since the HTTP server waits for every socket. */
async function closeAll(hub: Hub): Promise<void> {
  for (const connection of hub.all()) connection.close(1001, "the service stops");
  for (let waited = 0; waited < CLOSE_MS && hub.size().connections > 0; waited += 10) await setTimeout(10);
  for (const connection of hub.all()) connection.terminate();
}

async function makeTemporary(undo: Undo): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "gp-load-reference-"));
  undo.push(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

async function createService(settings: Settings, databasePath: string, undo: Undo): Promise<Service> {
  const defects = createDefectBook();
  for (const order of settings.defects) defects.switchOn(order);
  // Never log requests themselves: their URLs and headers contain tokens.
  const log = pino({ level: settings.logLevel }, process.stderr);
  const tiers = await openTiers(settings, databasePath, log);
  const tiered = tieredStore(tiers, (tier, message) => sabotagedRows(tier, message, tiers.truth, defects));
  undo.push(() => tiered.close());
  const store = sabotagedStore(tiered, defects);
  const embedded = settings.modelUrl === undefined ? await startEmbeddedModel() : undefined;
  if (embedded) undo.push(() => embedded.stop());
  const model = createModelClient({
    url: embedded?.url ?? settings.modelUrl ?? "",
    key: settings.modelKey,
    name: settings.modelName,
    timeoutMs: settings.modelTimeoutMs,
    embedded: settings.modelFaults,
  });
  undo.push(() => model.close());
  let lastRowUs = 0;
  const nextRowUs = (): number => {
    lastRowUs = Math.max(lastRowUs + 1, stampUs());
    return lastRowUs;
  };
  const tokens = createTokens(store, settings.tokenTtlSeconds, settings.tokenKey);
  const journal = createJournal(store, settings);
  return {
    settings,
    sleep: stoppableSleep(undo),
    store,
    cache: tiers.cache,
    analytics: tiers.analytics,
    journal,
    approvals: createApprovals(defects, journal),
    tokens,
    model,
    counters: createCounters(),
    defects,
    traces: createTraces(),
    log,
    nextRowUs,
  };
}

interface Wired {
  readonly app: HttpApp;
  readonly hub: Hub;
  readonly queues: TurnQueues;
  readonly shelf: RunShelf;
}

function wire(service: Service, undo: Undo): Wired {
  const { limits } = service.settings;
  const app = new HttpApp({
    bodyBytes: limits.frameBytes,
    jsonDepth: limits.jsonDepth,
    before: (url, headers) => service.traces.header("request", url, headers),
    failed: (error, route) => failureReply(error, route, service.log),
  });
  addAuthRoutes(app, service);
  addThreadRoutes(app, service);
  addHistoryRoutes(app, service);
  addHealthRoutes(app, service);
  const hub = createHub();
  const shelf = createRunShelf(service.settings.keepRunsMs);
  const delivery = createEventDelivery(service, hub, shelf);
  const dead = createDeadSessions();
  const queues = createTurnQueues(service.defects, createRunner(service, delivery, hub, dead.kill));
  const acceptance = { service, queues, shelf, isDead: dead.swallows };
  serveUpgrades(app.server, service, hub, {
    service,
    delivery,
    stop: (connection, frame) => stopRun(shelf, connection, frame),
    accept: (connection, message) => acceptMessage(acceptance, connection, message),
  });
  const sweeper = setInterval(shelf.sweep, SWEEP_MS);
  undo.push(async () => clearInterval(sweeper));
  return { app, hub, queues, shelf };
}

function stoppableSleep(undo: Undo): (ms: number) => Promise<void> {
  const stop = new AbortController();
  // Every sleeping turn listens, and there may be thousands.
  setMaxListeners(0, stop.signal);
  undo.push(async () => stop.abort());
  return (ms) =>
    setTimeout(ms, undefined, { signal: stop.signal }).catch(() => {
      throw new ServiceStops("the service stops");
    });
}

/** Stops parts in reverse order; a failure does not keep the others from stopping. */
async function unwind(undo: Undo): Promise<void> {
  for (let stop = undo.pop(); stop; stop = undo.pop()) await stop().catch(() => undefined);
}

function urlOf(scheme: string, app: HttpApp): string {
  const { address, family, port } = app.server.address() as AddressInfo;
  return `${scheme}://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}
