// The live page of a run in this process.
import { randomBytes } from "node:crypto";
import type { RunHeader } from "../../model/log/run-log.js";
import type { LiveMessage, OpenTurn } from "../../model/report/live.js";
import type { RunReport } from "../../model/report/report.js";
import type { KeptTurn } from "../../model/turn/turn.js";
import type { ProgressState } from "../../progress/state.js";
import { renderLiveHtml } from "../../report/live/page.js";
import type { CoordinatorState } from "../../run/coordinator/coordinator-state.js";
import { defined } from "../../support/defined.js";
import { UserError } from "../../support/errors.js";
import { toolVersion } from "../version.js";
import { endedAs, LiveFeed, livePageData, liveRules, type Standing } from "./feed.js";
import { openLiveServer } from "./server.js";

/** Where a command serves the pages of its runs: those of a suite one after another at the same address. */
export interface LiveSettings {
  /** 0 until the first run has found a free port. */
  port: number;
  readonly token: string;
}

const MAX_OPEN = 10;
const MAX_PORT = 65_535;

/** @param value of `--live`: `true` for any free port */
export function liveSettings(value: string | true): LiveSettings {
  const port = value === true ? 0 : Number(value);
  if (!Number.isInteger(port) || port < 0 || port > MAX_PORT)
    throw new UserError(
      `--live ${value} is not a port`,
      "put --live after the scenario names, or write --live=8123",
    );
  return { port, token: randomBytes(18).toString("base64url") };
}

export interface WatchedRun {
  readonly url: string;
  readonly update: (progress: ProgressState, state: CoordinatorState) => void;
  /** Tells how it ended, if it was judged, and closes the page's server. Safe to call twice. */
  readonly end: (report?: RunReport) => void;
}

export async function watchRun(
  header: RunHeader,
  settings: LiveSettings,
  stop: () => void,
): Promise<WatchedRun> {
  const feed = new LiveFeed(header);
  let latest: { readonly standing: Standing; readonly state: CoordinatorState } | undefined;
  const server = await openLiveServer({
    ...settings,
    page: renderLiveHtml(livePageData(header, true), toolVersion()),
    all: () => (latest ? feed.all(latest.state.fold, latest.standing) : nothingYet(header)),
    onStop: stop,
  });
  settings.port = server.port;
  let over = false;
  return {
    url: server.url,
    update(progress, state) {
      latest = { standing: standingOf(progress, state), state };
      server.push(feed.next(state.fold, latest.standing));
    },
    end(report) {
      if (over) return;
      over = true;
      if (!latest) return server.end(nothingYet(header));
      const { leftMs: _, ...standing } = latest.standing;
      server.end(
        feed.next(latest.state.fold, { ...standing, ...(report ? endedAs(report) : { ended: {} }) }),
      );
    },
  };
}

function nothingYet(header: RunHeader): LiveMessage {
  const nothing = { turnsEnded: 0, turnsInFlight: 0, usersLive: 0, errors: {} };
  return {
    all: true,
    points: [],
    state: { phase: "prepare", usersPlanned: header.plannedUsers, ...nothing, rules: [], workers: [] },
    lists: { phases: [], faults: [], notes: [], open: [], failed: [] },
  };
}

function standingOf(
  { phase, elapsedUs, leftUs, sla }: ProgressState,
  { snapshots }: CoordinatorState,
): Standing {
  const open: OpenTurn[] = snapshots
    .flatMap((snapshot) => snapshot.open ?? [])
    .sort((a, b) => a.sinceMs - b.sinceMs)
    .slice(0, MAX_OPEN);
  const lastFailed = snapshots
    .flatMap((snapshot) => snapshot.failed ?? [])
    .reduce<KeptTurn | undefined>(
      (last, one) => (one.intendedMs > (last?.intendedMs ?? -1) ? one : last),
      undefined,
    );
  return {
    ...defined({ lastFailed }),
    phase,
    elapsedMs: elapsedUs / 1000,
    ...(leftUs === undefined ? {} : { leftMs: leftUs / 1000 }),
    open,
    rules: liveRules(sla),
  };
}
