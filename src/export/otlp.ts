// The building blocks of OTLP's JSON: attributes, instants and who speaks, as opentelemetry-proto 1.x writes them.

/** A version of the semantic conventions: names of `gen_ai.*`, `server.*` and `error.type` are theirs. */
export const SCHEMA_URL = "https://opentelemetry.io/schemas/1.41.0";

export type AttributeValue = string | number | boolean | undefined;

interface Attribute {
  readonly key: string;
  readonly value: object;
}

/** Numbers are whole; what is `undefined` is left out. */
export function attributesOf(values: Readonly<Record<string, AttributeValue>>): readonly Attribute[] {
  return Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value: anyValue(value) }],
  );
}

function anyValue(value: string | number | boolean): object {
  if (typeof value === "string") return { stringValue: value };
  return typeof value === "boolean" ? { boolValue: value } : { intValue: String(value) };
}

/** Nanoseconds since the epoch as OTLP's JSON wants them, a text, from whole microseconds since the epoch. */
export function nanosOf(wallUs: number): string {
  return `${Math.round(wallUs)}000`;
}

/** The run that all telemetry of one export is about. */
export interface ExportedRun {
  readonly runId: string;
  readonly version: string;
  readonly scenario: string;
  readonly target: { readonly name: string; readonly profile: string; readonly url: string };
}

/** Each run is an instance of its own: its sums begin at zero. */
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
