// The live page of a run in another process, or of one that has ended: read from its log, second by second.
import { randomBytes } from "node:crypto";
import { stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { LiveMessage } from "../../model/report/live.js";
import { readRunLog } from "../../report/build/read-log.js";
import { buildReport } from "../../report/build/report.js";
import { renderLiveHtml } from "../../report/live/page.js";
import { liveRule } from "../../run/coordinator/progress-source.js";
import { toolVersion } from "../version.js";
import { endedAs, LiveFeed, livePageData, liveRules, type Standing } from "./feed.js";
import { openLiveServer } from "./server.js";

export interface WatchOptions {
  /** Of `run.jsonl`. */
  readonly path: string;
  /** 0 for any free port. */
  readonly port: number;
  readonly signal: AbortSignal;
  readonly onUrl: (url: string) => void;
}

/** Serves until aborted, also after the run has ended. Reads the log again whenever it has grown. */
export async function watchFolder({ path, port, signal, onUrl }: WatchOptions): Promise<void> {
  let read = await readLog(path);
  const feed = new LiveFeed(read.header);
  const server = await openLiveServer({
    port,
    token: randomBytes(18).toString("base64url"),
    page: renderLiveHtml(livePageData(read.header, false), toolVersion()),
    all: () => feed.all(read.fold, read.standing),
  });
  onUrl(server.url);
  let message: LiveMessage = feed.next(read.fold, read.standing);
  while (!signal.aborted) {
    await sleep(1000, undefined, { signal }).catch(() => undefined);
    const { size } = await stat(path);
    if (size === read.size || signal.aborted) continue;
    read = await readLog(path);
    message = feed.next(read.fold, read.standing);
    server.push(message);
  }
  server.end(message);
}

async function readLog(path: string) {
  const { size } = await stat(path);
  const { fold, header } = await readRunLog(path);
  const report = buildReport(fold, header);
  const over = fold.footer !== undefined;
  const standing: Standing = {
    phase: fold.points.at(-1)?.phase ?? "prepare",
    elapsedMs: fold.points.length * 1000,
    rules: liveRules(report.sla.map((rule) => liveRule(rule, false))),
    ...(over ? endedAs(report) : {}),
  };
  return { size, fold, header, standing };
}
