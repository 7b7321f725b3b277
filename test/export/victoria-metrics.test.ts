// Metrics in protobuf at a real receiver: what it stored is what the run counted.
import { expect, it } from "vitest";
import { Exporter } from "../../src/export/exporter.js";
import { otlpSettings } from "../../src/export/settings.js";
import { wallNowUs } from "../../src/support/clock.js";
import { createHttpClient } from "../../src/wire/http/http.js";
import { freePort, openDen, startServer } from "../real-stores/support/server-process.js";
import { folded, second } from "../support/records.js";
import { TARGET } from "../support/scenario.js";
import { describeWith, pathOf } from "../support/services.js";

interface Found {
  readonly data: {
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>;
      readonly value: readonly [number, string];
    }[];
  };
}

describeWith(["victoria-metrics"], "VictoriaMetrics", () => {
  it("stores sums, gauges and buckets as they were sent, under their names and attributes", async () => {
    const den = openDen("receiver");
    const port = await freePort();
    const args = [`-httpListenAddr=127.0.0.1:${port}`, `-storageDataPath=${den.folder}/data`];
    const server = await startServer(
      den,
      pathOf("victoria-metrics"),
      [...args, "-search.latencyOffset=0s"],
      port,
    );
    const url = `http://127.0.0.1:${port}`;
    try {
      const samples = [40_000, 90_000, 600_000, 2_500_000];
      const fold = folded(
        [],
        [
          second(
            0,
            [],
            { hold: { "agent.response": { samples, censored: 2 } } },
            { turnsStarted: 11, usersLive: 4, errors: { deadline: 2 } },
          ),
        ],
      );
      const exporter = new Exporter({
        run: {
          runId: "run-1",
          version: "0.0.0",
          scenario: "s",
          target: { name: "t", profile: "netra", url: "http://127.0.0.1:1" },
        },
        settings: otlpSettings(`${url}/opentelemetry`, { OTEL_TRACES_EXPORTER: "none" }),
        http: createHttpClient({
          ...TARGET,
          headers: {},
          timeoutUs: 5_000_000,
          connections: 1,
          bodyBytes: 10_000,
        }),
        wallNowUs,
        totals: () => ({ fold, outcomes: { completed: 8 }, anomalies: {} }),
        startWallUs: wallNowUs,
        warn: (text) => expect.fail(text),
        everyMs: 60_000,
      });
      await exporter.end(5000);
      expect(exporter.account).toMatchObject({ sent: 1, failed: 0 });
      const query = async (name: string): Promise<Found["data"]["result"]> => {
        const asked = new URLSearchParams({ query: `{__name__="${name}","service.instance.id"="run-1"}` });
        return ((await (await fetch(`${url}/api/v1/query?${asked}`)).json()) as Found).data.result;
      };
      // What came in is found a moment later.
      await fetch(`${url}/internal/force_flush`);
      await expect.poll(async () => (await query("gpload.turns.started")).length).toBe(1);
      const [started] = await query("gpload.turns.started");
      expect(started?.value[1]).toBe("11");
      expect(started?.metric).toMatchObject({ "service.name": "gp-load", "gpload.profile": "netra" });
      const numberOf = async (name: string): Promise<string | undefined> => (await query(name))[0]?.value[1];
      expect(await numberOf("gpload.users.live")).toBe("4");
      expect(await query("gpload.errors")).toMatchObject([
        { metric: { "error.type": "deadline" }, value: [expect.anything(), "2"] },
      ]);
      expect(await numberOf("gpload.agent.response_count")).toBe("4");
      expect(await numberOf("gpload.agent.response_sum")).toBe("3.23");
      expect(await numberOf("gpload.censored")).toBe("2");
      const buckets = await query("gpload.agent.response_bucket");
      const below = Object.fromEntries(buckets.map(({ metric, value }) => [metric.le, Number(value[1])]));
      expect([below["0.05"], below["0.1"], below["2"], below["3"], below["+Inf"]]).toEqual([1, 2, 3, 4, 4]);
      expect(new Set(buckets.map(({ metric }) => metric["gpload.phase"]))).toEqual(new Set(["hold"]));
    } finally {
      await server.stop("SIGKILL");
      await den.close();
    }
  });
});
