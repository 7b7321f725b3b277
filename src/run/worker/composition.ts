// Assembles what the users of one worker share: profile, wires, account, observer, settling.

import type { CheckState } from "../../checks/check.js";
import { startOwnCheck } from "../../checks/own-check.js";
import { codedChannel, codedStream } from "../../extensions/codec-wire.js";
import { ExtensionHost, type FrameCodec } from "../../extensions/host.js";
import type { LoadedExtension } from "../../extensions/load.js";
import { Meter } from "../../extensions/meter.js";
import { peakUsers } from "../../load/load.js";
import { type People, peopleOf } from "../../load/people.js";
import { isJudged } from "../../model/log/phase.js";
import { blankEvent } from "../../model/turn/event.js";
import { type NonceCodec, nonceCodec } from "../../model/turn/nonce.js";
import { type TraceIds, traceIds, traceparentOf } from "../../model/turn/trace.js";
import { emptyUsageCounts } from "../../model/turn/usage.js";
import { profileNamed } from "../../profiles/index.js";
import type { Protocol } from "../../profiles/profile.js";
import { organisationOf } from "../../scenarios/accounts/organisations.js";
import { promptSet } from "../../scenarios/prompts/library.js";
import type { Scenario } from "../../scenarios/scenario.js";
import { rollingAt, Settler } from "../../session/lookup/settling.js";
import type { Services } from "../../session/services.js";
import { decides, passOf } from "../../session/steps/index.js";
import type { VirtualUser } from "../../session/user/virtual-user.js";
import { searchedWords } from "../../session/user/watched-words.js";
import { nowUs, wallMinusMonoUs } from "../../support/clock.js";
import { defined } from "../../support/defined.js";
import { LogBuffer } from "../../support/log/log-lines.js";
import { createHttpClient, type HttpClient } from "../../wire/http/http.js";
import type { StreamRequest } from "../../wire/http/http-stream.js";
import { type EventStream, openEventStream, type StreamHandlers } from "../../wire/http/sse.js";
import type { Channel, ChannelHandlers } from "../../wire/socket/channel.js";
import { openWithHandshake } from "../../wire/socket/handshake.js";
import { CHANNEL_OPENERS } from "../../wire/socket/transports.js";
import { HTTP_CONNECTIONS } from "../plan/machine-ports.js";
import { cpuWaitUs } from "../process/cpu-wait.js";
import type { WorkerPlan } from "../process/messages.js";
import { TurnLines, type TurnLinesOptions } from "./kept/turn-lines.js";
import { loggedHttp, loggedWire } from "./logged-wires.js";
import { WorkerObserver } from "./observer.js";
import type { PhaseClock } from "./phase-clock.js";
import { logInAgain, logInBriefly } from "./prepare.js";
import { rateLimiter } from "./rate-limiter.js";
import { resendNotes } from "./resend-notes.js";
import { SecretKeeper } from "./secret-keeper.js";
import { watchedCollections } from "./self-monitor.js";
import { WorkerStores } from "./stores/worker-stores.js";
import { WorkerTurnAccount } from "./turn-account.js";
import { UserRegistry } from "./users/registry.js";
import type { Wiretap } from "./wiretap.js";

const MAX_BODY_BYTES = 8 * 1_048_576;

export interface WorkerParts {
  readonly services: Services;
  readonly people: People;
  readonly http: HttpClient;
  readonly registry: UserRegistry;
  readonly account: WorkerTurnAccount;
  readonly observer: WorkerObserver;
  readonly settler: Settler;
  /** How many more turns this worker may start. */
  readonly turnsLeft: () => number;
  /** Present if the target names stores. */
  readonly stores: WorkerStores | undefined;
  readonly secrets: SecretKeeper;
  /** Absent if no log was requested. */
  readonly log: LogBuffer | undefined;
  /** Absent if no turn gets a line. */
  readonly lines: TurnLines | undefined;
  /** The user's own code; absent if the scenario uses none. */
  readonly own: OwnCode | undefined;
}

/** The user's own code in this worker. */
export interface OwnCode {
  readonly host: ExtensionHost;
  readonly meter: Meter;
}

/** What is not in the plan, because it depends on the worker. */
export interface WorkerSurroundings {
  readonly userNumbered: (user: number) => VirtualUser | undefined;
  readonly onLost: Services["onLost"];
  /** Definitions from the scenario's modules. */
  readonly loaded: readonly LoadedExtension[];
  /** Shows people a note at once. */
  readonly note: (text: string) => void;
  /** Intercepts traffic, for a trial. */
  readonly tap?: Wiretap | undefined;
}

export function workerParts(
  plan: WorkerPlan,
  schedule: PhaseClock,
  { userNumbered, onLost, loaded, note, tap }: WorkerSurroundings,
): WorkerParts {
  const { scenario } = plan;
  const { target } = scenario;
  const { clock } = schedule;
  const profile = profileNamed(target.profile);
  if (!profile) throw new Error(`no profile named ${target.profile}`);
  const log = plan.logLevel && new LogBuffer(plan.logLevel);
  const bare = createHttpClient({
    tls: target.tls,
    proxy: target.proxy,
    headers: { ...defined({ origin: target.origin }), ...target.headers },
    timeoutUs: target.connect.timeoutUs,
    connections: HTTP_CONNECTIONS,
    bodyBytes: MAX_BODY_BYTES,
    onResent: resendNotes((cause) => account.count(cause), note),
  });
  const client = log ? loggedHttp(bare, log) : bare;
  const http = tap?.http(client) ?? client;
  const secrets = new SecretKeeper(scenario);
  const own = ownCodeOf(plan, http, loaded, log, note);
  const spoken = profile.open(target, target.options, http);
  const opened = secrets.watch(target.login && own ? own.host.withLogin(spoken, target.login) : spoken);
  const protocol = tap?.protocol(opened) ?? opened;
  const traces = plan.traceKey === undefined ? undefined : traceIds(plan.traceKey);
  const frames = target.codec && own?.host.codec(target.codec);
  const bareWire = wireOf(plan, http, traces, frames);
  const wire = log ? loggedWire(bareWire, log) : bareWire;
  const startUs = (): number => schedule.startUs;
  const account = new WorkerTurnAccount({
    settings: scenario.turn,
    limits: plan.goodLimits,
    reported: {
      // Usage counted by the run's own model is not counted again from the backend's reports.
      usage: protocol.capabilities.usage === true && scenario.model === undefined,
      tools: protocol.capabilities.tools === true,
      prices: scenario.prices,
      counts: emptyUsageCounts(),
    },
    nowUs: clock.nowUs,
    startUs,
    userOf: ({ user }) => userNumbered(user),
    onEnded(turn) {
      stores?.turnEnded(turn);
      if (isJudged(schedule.phaseAt(turn.intendedUs))) own?.meter.lag(turn.intendedUs, turn.sentUs);
    },
    tellsWindows: scenario.model !== undefined,
  });
  const people = peopleOf(scenario);
  const lines =
    plan.turns &&
    linesOf(plan, plan.turns, { schedule, secrets, traces, tools: protocol.capabilities.tools === true });
  const observer = new WorkerObserver({
    lines,
    groupOf: people.groupOf,
    ownCheck: own && ownCheckOf(own.host, startUs),
    checks: scenario.checks,
    clock: target.clock,
    wallOffsetUs: wallMinusMonoUs(),
    startUs,
    nowUs: clock.nowUs,
    anomalies: account.anomalies,
    shapeOf: (frame, name) => protocol.shapeOf(frame, name),
    onSettled(turn) {
      account.settle(turn);
      stores?.turnSettled(turn);
    },
    onTrouble: (cause) => account.count(cause),
    traces,
    log,
  });
  const watched = tap?.observer(observer) ?? observer;
  const codec = nonceCodec(plan.runSeed);
  const stores = target.stores && storesOf(plan, schedule, codec, protocol, observer, userNumbered);
  const everyTurn = scenario.checks.some(({ check }) => check === "history");
  const journeys = [scenario.journey, ...(scenario.groups ?? []).map(({ journey }) => journey)];
  const inOrganisation = (user: number): string | undefined => organisationOf(target.accounts, user);
  const registry = new UserRegistry(inOrganisation);
  const planted = journeys.some((journey) => passOf(journey).plantsRecords);
  const settler = new Settler({
    registry,
    plantsRecords: planted,
    schedule,
    protocol,
    codec,
    observer: watched,
    traces,
    settleUs: scenario.settleUs,
    everyTurn,
    rollingAt: rollingAt(peakUsers(scenario.load) / plan.workers),
  });
  let turnsLeft = plan.turnBudget ?? Number.POSITIVE_INFINITY;
  const services: Services = {
    schedule,
    protocol,
    wire: tap?.wire(wire) ?? wire,
    codec,
    event: blankEvent(),
    plantsRecords: planted,
    traces,
    groupNameOf: (user) => people.groupOf(user)?.name ?? "",
    account,
    observer: watched,
    registry,
    settler,
    prompts: promptSet(scenario.prompts),
    ...defined({
      conversations: scenario.conversations,
      ...tracedTokens(scenario),
    }),
    ownSteps: own?.host,
    recalls: plan.recalls,
    decides: journeys.some(decides),
    otherThan(user) {
      const near = [user + plan.workers, user - plan.workers].map(userNumbered);
      const other = near.find((one) => one?.channel.ready);
      return other && { session: other.session, send: (frame) => other.socket?.send(frame) };
    },
    mayStartTurn: () => turnsLeft-- > 0,
    connection: {
      timeoutUs: target.connect.timeoutUs,
      pingUs: target.connect.pingUs,
      silenceUs: target.connect.silenceUs,
      silenceInTurnUs: target.connect.silenceInTurnUs ?? scenario.turn.timeoutUs,
      askService: target.clock === "unknown",
      reconnects: target.connect.reconnects,
      greeting: { seen: undefined },
      // A rate for the whole run, divided among the workers.
      pace: rateLimiter(clock, target.connect.ratePerSecond && target.connect.ratePerSecond / plan.workers),
    },
    log,
    controls: new Map(),
    onLost,
    logIn: (user) => logInAgain(user, target.accounts, plan.runLabel, protocol, clock),
    logInBriefly: (user, lifeUs) => logInBriefly(user, target.accounts, plan.runLabel, protocol, lifeUs),
    organisationOf: inOrganisation,
    watchedWords: searchedWords(journeys),
  };
  return {
    services,
    people,
    http,
    registry,
    account,
    observer,
    settler,
    stores,
    secrets,
    log,
    lines,
    own,
    turnsLeft: () => turnsLeft,
  };
}

function linesOf(
  { scenario: { prices }, workers }: WorkerPlan,
  choice: NonNullable<WorkerPlan["turns"]>,
  {
    schedule: { recorder },
    secrets: { redact },
    ...known
  }: Pick<TurnLinesOptions, "traces" | "tools"> & {
    readonly schedule: PhaseClock;
    readonly secrets: SecretKeeper;
  },
): TurnLines {
  return new TurnLines({
    ...{ choice, workers, prices, redact, ...known },
    labelsOf: ({ labels }) => recorder.labels.valuesOf(labels),
  });
}

function ownCodeOf(
  { scenario: { target, extensions = [] } }: WorkerPlan,
  http: HttpClient,
  loaded: readonly LoadedExtension[],
  log: LogBuffer | undefined,
  note: (text: string) => void,
): OwnCode | undefined {
  if (loaded.length === 0) return undefined;
  const meter = new Meter({ nowUs, note, gcUs: watchedCollections(), cpuWaitUs });
  return { meter, host: new ExtensionHost(loaded, extensions, { meter, target, http, nowUs, log }) };
}

function ownCheckOf(host: ExtensionHost, startUs: () => number) {
  return (check: string, settings: unknown): CheckState | undefined =>
    check.includes("/") ? startOwnCheck(check, host.check(check, settings), startUs) : undefined;
}

function storesOf(
  plan: WorkerPlan,
  schedule: PhaseClock,
  codec: NonceCodec,
  { capabilities }: Protocol,
  observer: WorkerObserver,
  userNumbered: (user: number) => VirtualUser | undefined,
): WorkerStores {
  return new WorkerStores({
    plan,
    schedule,
    codec,
    ackStores: capabilities.ackStores ?? false,
    userIdOf: (user) => userNumbered(user)?.session.userId,
    tell: (reading) => observer.stored(reading),
  });
}

function wireOf(
  { scenario: { target }, sources, worker }: WorkerPlan,
  http: HttpClient,
  traces: TraceIds | undefined,
  codec: FrameCodec | undefined,
): Services["wire"] {
  const { tls, proxy, origin, headers: extraHeaders } = target;
  const { frameBytes } = target.limits;
  const base = target.url.replace(/\/$/, "");
  let opened = 0;
  const settings = { tls, proxy, origin, extraHeaders, frameBytes };
  return {
    openChannel(request, handlers) {
      const { handshake, transport = "websocket" } = request;
      const open = CHANNEL_OPENERS[transport];
      const number = opened++;
      const localAddress = sources[(worker + number) % Math.max(1, sources.length)];
      const trace = traces && { traceparent: traceparentOf(traces.connection(worker, number)) };
      const options = { ...request, ...settings, localAddress, headers: { ...trace, ...request.headers } };
      const openCoded = (inner: ChannelHandlers): Channel =>
        codec ? codedChannel(codec, inner, (coded) => open(options, coded)) : open(options, inner);
      return handshake ? openWithHandshake(handshake, handlers, openCoded) : openCoded(handlers);
    },
    openStream(request, idleUs, handlers) {
      const openPlain = (asked: StreamRequest, told: StreamHandlers): EventStream =>
        openEventStream(http, asked, { frameBytes, idleUs }, told);
      return codec ? codedStream(codec, request, handlers, openPlain) : openPlain(request, handlers);
    },
    ask: ({ path, ...rest }) => http.request({ ...rest, url: `${base}${path}` }),
    get: (request) => http.request({ method: "GET", ...request }),
  };
}

/** The lengths in a trace for each start. */
function tracedTokens({ load }: Scenario): Pick<Services, "inputTokens" | "outputTokens"> {
  const trace = load.kind === "arrivals" ? load.trace : undefined;
  return trace ? { inputTokens: trace.inputTokens, outputTokens: trace.outputTokens } : {};
}
