// Where telemetry goes: the option, and the variables that OpenTelemetry's exporters read everywhere.
import { describe, expect, it } from "vitest";
import { otlpSettings } from "../../src/export/settings.js";

describe("--otlp <url>", () => {
  it("is the base URL of both signals, including its path", () => {
    expect(otlpSettings("http://h:4318", {})).toEqual({
      metricsUrl: "http://h:4318/v1/metrics",
      tracesUrl: "http://h:4318/v1/traces",
      json: false,
      headers: {},
    });
    expect(otlpSettings("https://h/api/v1/otlp/?tenant=3", {}).metricsUrl).toBe(
      "https://h/api/v1/otlp/v1/metrics?tenant=3",
    );
  });

  it("overrules the environment's endpoints, but takes its headers and its switches", () => {
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://other:1",
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://other:2/x",
      OTEL_EXPORTER_OTLP_HEADERS: "Api-Key=a%2Cb%3D, x-team = load ",
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_METRICS_EXPORTER: "none",
    };
    expect(otlpSettings("http://h:4318", env)).toEqual({
      metricsUrl: undefined,
      tracesUrl: "http://h:4318/v1/traces",
      json: true,
      headers: { "api-key": "a,b=", "x-team": "load" },
    });
  });

  it.each(["nowhere", "ftp://h", "h:4318", ""])("refuses %j", (url) => {
    expect(() => otlpSettings(url, {})).toThrow("is not an http or https URL");
  });

  it("refuses malformed headers without showing their values", () => {
    for (const text of [
      "secret-value",
      "=secret-value",
      "a b=secret-value",
      "a=secret-value%0d%0a",
      "a=%secret-value",
    ]) {
      const refused = (): unknown => otlpSettings("http://h", { OTEL_EXPORTER_OTLP_HEADERS: text });
      expect(refused).toThrow(/^OTEL_EXPORTER_OTLP_HEADERS cannot be read$/);
    }
  });
});

describe("--otlp env", () => {
  it("uses the environment's endpoints: one base, or a full URL for each signal", () => {
    expect(
      otlpSettings("env", {
        OTEL_EXPORTER_OTLP_ENDPOINT: "http://base:4318/",
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://traces/as-it-is",
      }),
    ).toMatchObject({ metricsUrl: "http://base:4318/v1/metrics", tracesUrl: "http://traces/as-it-is" });
  });

  it("refuses an environment without an endpoint, or with gRPC", () => {
    expect(() => otlpSettings("env", {})).toThrow("names no receiver");
    const grpc = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://h:4317", OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" };
    expect(() => otlpSettings("env", grpc)).toThrow("is grpc");
  });
});
