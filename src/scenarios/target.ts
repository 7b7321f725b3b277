// From a parsed target to plain data: defaults, accounts, TLS files, and rules between its keys.
import { defined } from "../support/defined.js";
import { messageOf } from "../support/errors.js";
import { accountsOf, defaultAccounts, type ReadText } from "./accounts/accounts.js";
import { isLoopback } from "./accounts/hosts.js";
import type { Axes } from "./axes.js";
import { checked, type Fault } from "./parse/explain.js";
import type { Problem } from "./parse/problems.js";
import type { Accounts, MetricsSource, Target, TlsSpec } from "./scenario.js";
import { DEFAULT_CONNECT } from "./schema/connect.js";
import { memoryPage } from "./schema/metrics.js";
import type { TargetData } from "./schema/target.js";

export interface TargetResult {
  readonly target: Target | undefined;
  /** Of the target's keys; the caller adds places. */
  readonly faults: readonly Fault[];
  /** In files that it names. */
  readonly problems: readonly Problem[];
}

export interface TargetContext {
  readonly name: string;
  /** From `--target <url>`. */
  readonly adHoc: boolean;
  readonly allowedHosts: readonly string[];
  readonly profiles: Axes["profiles"];
  readonly readText: ReadText;
}

export function targetOf(data: TargetData, context: TargetContext): TargetResult {
  const faults: Fault[] = keyFaults(data);
  const embedded = data.embedded ?? false;
  const url = data.url ?? "";
  const local = embedded || (isLoopback(url) && (data.authUrl === undefined || isLoopback(data.authUrl)));
  const options = profileOptions(data, context.profiles, faults);
  const tls = tlsOf(data.tls, context.readText, faults);
  const { accounts, problems } = targetAccounts(data, local, context, faults);
  if (faults.length > 0 || problems.length > 0 || !accounts) return { target: undefined, faults, problems };
  const target: Target = {
    name: context.name,
    profile: data.profile,
    options,
    embedded,
    url,
    authUrl: data.authUrl,
    accounts,
    connect: data.connect ?? DEFAULT_CONNECT,
    tls,
    proxy: data.proxy,
    origin: data.origin,
    headers: data.headers ?? {},
    clock: data.clock ?? (embedded ? "same" : "unknown"),
    trace: data.trace ?? true,
    allowedHosts: context.allowedHosts,
    ...metricsOf(data, embedded),
    limits: { frameBytes: data.limits?.frame ?? 1_048_576 },
    ...defined({ login: data.login, codec: data.codec }),
    ...(data.stores && data.stores.list.length > 0 ? { stores: data.stores } : {}),
  };
  return { target, faults, problems };
}

/** The embedded backend always reports its memory. */
function metricsOf({ metrics }: TargetData, embedded: boolean): Pick<Target, "metrics"> {
  const sources = metrics ?? (embedded ? [memoryPage("/metrics")] : undefined);
  return sources === undefined ? {} : { metrics: sources };
}

const MAX_SERVER_METRICS = 50;

function metricsFaults(sources: readonly MetricsSource[]): readonly Fault[] {
  const names = sources.flatMap((source) => source.named.map(({ name }) => name));
  const twice = names.find((name, at) => names.indexOf(name) < at);
  const message =
    twice !== undefined
      ? `has server.${twice} twice: each name is one metric`
      : `has ${names.length} metrics: at most ${MAX_SERVER_METRICS}`;
  const wrong = twice !== undefined || names.length > MAX_SERVER_METRICS;
  return wrong ? [{ path: ["metrics"], message, atKey: true }] : [];
}

function keyFaults(data: TargetData): Fault[] {
  const faults: Fault[] = [];
  if (data.embedded && data.url !== undefined) {
    faults.push({ path: ["url"], message: "an embedded target has no url: the run starts it", atKey: true });
  }
  if (!data.embedded && data.url === undefined) {
    faults.push({ path: [], message: "needs a url, or `embedded: true`" });
  }
  if (data.embedded && data.clock === "unknown") {
    faults.push({ path: ["clock"], message: "an embedded target runs on this machine: its clock is `same`" });
  }
  faults.push(...metricsFaults(data.metrics ?? []));
  const named = Object.keys(data.headers ?? {}).find((name) => name.toLowerCase() === "traceparent");
  if (named !== undefined && data.trace !== false) {
    const message = "turns and connections bring their own traceparent";
    faults.push({ path: ["headers", named], message, hint: "trace: false", atKey: true });
  }
  if ((data.tls?.cert === undefined) !== (data.tls?.key === undefined)) {
    faults.push({ path: ["tls"], message: "`cert` and `key` go together" });
  }
  return faults;
}

/** Written options are parsed already; without any, the profile's defaults apply. */
function profileOptions(data: TargetData, profiles: Axes["profiles"], faults: Fault[]): unknown {
  const axis = profiles[data.profile];
  if (data.options !== undefined || !axis) return data.options;
  const result = checked(axis.schema, {});
  if (result.ok) return result.data;
  const missing = result.faults.map((fault) => fault.path.join(".")).join(", ");
  faults.push({ path: [], message: `profile \`${data.profile}\` needs options: ${missing}` });
  return undefined;
}

function targetAccounts(
  data: TargetData,
  local: boolean,
  context: TargetContext,
  faults: Fault[],
): { readonly accounts: Accounts | undefined; readonly problems: readonly Problem[] } {
  if (data.accounts) {
    const result = accountsOf(data.accounts, local, context.readText);
    faults.push(...result.faults);
    return result;
  }
  // A missing url is reported already.
  if (local || context.adHoc || data.url === undefined)
    return { accounts: defaultAccounts(local), problems: [] };
  const hint = 'accounts: { file: accounts.csv }, or { pattern: "load-{n}@example.com", password: … }';
  const message = "needs accounts: none are made up on a host that is not this machine";
  faults.push({ path: [], message, hint });
  return { accounts: undefined, problems: [] };
}

function tlsOf(data: TargetData["tls"], readText: ReadText, faults: Fault[]): TlsSpec {
  const pem = (key: "ca" | "cert" | "key"): string | undefined => {
    const value = data?.[key];
    // A variable may hold the PEM text itself.
    if (value === undefined || value.includes("-----BEGIN")) return value;
    try {
      const content = readText(value);
      if (content.includes("-----BEGIN")) return content;
      faults.push({ path: ["tls", key], message: `${value} is not a PEM file` });
    } catch (error) {
      faults.push({ path: ["tls", key], message: `cannot read ${value}: ${messageOf(error)}` });
    }
    return undefined;
  };
  const rejectUnauthorized = data?.rejectUnauthorized ?? true;
  return { ca: pem("ca"), cert: pem("cert"), key: pem("key"), rejectUnauthorized };
}
