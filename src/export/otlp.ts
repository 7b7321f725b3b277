// The building blocks of OTLP's JSON, as in opentelemetry-proto 1.x: attributes, times, resource and scope.

/** The first separate release of the GenAI conventions, which define the names `gen_ai.*`. */
export const SCHEMA_URL = "https://opentelemetry.io/schemas/gen-ai/0.1.0";

export type AttributeValue = string | number | boolean | undefined;

interface Attribute {
  readonly key: string;
  readonly value: object;
}

/** Numbers must be integers; `undefined` is left out. */
export function attributesOf(values: Readonly<Record<string, AttributeValue>>): readonly Attribute[] {
  return Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value: anyValue(value) }],
  );
}

function anyValue(value: string | number | boolean): object {
  if (typeof value === "string") return { stringValue: value };
  return typeof value === "boolean" ? { boolValue: value } : { intValue: String(value) };
}

/** Nanoseconds since the epoch as a string, as in OTLP's JSON, from integer microseconds. */
export function nanosOf(wallUs: number): string {
  return `${Math.round(wallUs)}000`;
}

/** The run that the telemetry is about. */
export interface ExportedRun {
  readonly runId: string;
  readonly version: string;
  readonly scenario: string;
  readonly target: { readonly name: string; readonly profile: string; readonly url: string };
}

/** Attributes of the agent in every metric and span, by the GenAI conventions. */
export function agentOf({ target }: ExportedRun): Readonly<Record<string, AttributeValue>> {
  const { hostname, port, protocol } = new URL(target.url);
  return {
    "gen_ai.operation.name": "invoke_agent",
    "gen_ai.provider.name": target.profile,
    "gen_ai.agent.name": target.name,
    "server.address": hostname,
    "server.port": Number(port) || (protocol === "https:" ? 443 : 80),
  };
}

/** Each run is a separate instance, since its sums start at zero. */
export function resourceOf({ runId, version, scenario, target }: ExportedRun): object {
  return {
    attributes: attributesOf({
      "service.name": "gp-load",
      "service.version": version,
      "service.instance.id": runId,
      "gpload.scenario": scenario,
      "gpload.target": target.name,
      "gpload.profile": target.profile,
    }),
  };
}

export function scopeOf({ version }: ExportedRun): object {
  return { name: "gp-load", version };
}
