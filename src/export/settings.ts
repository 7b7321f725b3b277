// Where telemetry goes: from `--otlp` and the environment variables that OpenTelemetry's own exporters read.
import { tried, UserError } from "../support/errors.js";

export interface OtlpSettings {
  /** Full URLs; absent for signals that are off. */
  readonly metricsUrl: string | undefined;
  readonly tracesUrl: string | undefined;
  /** JSON instead of protobuf. */
  readonly json: boolean;
  /** May contain secrets. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The value of `--otlp` that takes the endpoint from the environment. */
const FROM_ENVIRONMENT = "env";
const EXAMPLE = "http://127.0.0.1:4318";

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws UserError for an invalid endpoint or header */
export function otlpSettings(option: string, env: Environment): OtlpSettings {
  const whole = option === FROM_ENVIRONMENT;
  if (whole && env.OTEL_EXPORTER_OTLP_PROTOCOL === "grpc") {
    throw new UserError(
      "OTEL_EXPORTER_OTLP_PROTOCOL is grpc, and telemetry is sent over plain HTTP",
      `name the receiver's HTTP endpoint: --otlp ${EXAMPLE}`,
    );
  }
  const base = whole ? env.OTEL_EXPORTER_OTLP_ENDPOINT : option;
  const urlOf = (signal: "metrics" | "traces"): string | undefined => {
    const name = signal.toUpperCase();
    if (env[`OTEL_${name}_EXPORTER`] === "none") return undefined;
    const own = whole ? env[`OTEL_EXPORTER_OTLP_${name}_ENDPOINT`] : undefined;
    if (own !== undefined && own !== "") return checkedUrl(own);
    if (whole && (base ?? "") === "") return undefined;
    const url = new URL(checkedUrl(base ?? ""));
    url.pathname = `${url.pathname.replace(/\/+$/, "")}/v1/${signal}`;
    return url.href;
  };
  const settings = {
    metricsUrl: urlOf("metrics"),
    tracesUrl: urlOf("traces"),
    json: env.OTEL_EXPORTER_OTLP_PROTOCOL === "http/json",
    headers: headersOf(env.OTEL_EXPORTER_OTLP_HEADERS ?? ""),
  };
  if (whole && settings.metricsUrl === undefined && settings.tracesUrl === undefined) {
    throw new UserError(
      "--otlp env: the environment names no receiver",
      `export OTEL_EXPORTER_OTLP_ENDPOINT=${EXAMPLE}`,
    );
  }
  return settings;
}

function checkedUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return text;
  throw new UserError("the telemetry receiver is not an http or https URL", `such as --otlp ${EXAMPLE}`);
}

/** `name=value,name=value`, percent-encoded. Errors never show a value. */
function headersOf(text: string): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const pair of text.split(",").filter((part) => part.trim() !== "")) {
    const at = pair.indexOf("=");
    const name = pair.slice(0, Math.max(0, at)).trim();
    const value = decoded(pair.slice(at + 1).trim());
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) || value === undefined || /[\r\n\0]/.test(value)) {
      throw new UserError(
        "OTEL_EXPORTER_OTLP_HEADERS cannot be read",
        "name=value pairs with commas between them, values percent-encoded",
      );
    }
    headers[name.toLowerCase()] = value;
  }
  return headers;
}

function decoded(text: string): string | undefined {
  return tried(() => decodeURIComponent(text));
}
