// What deploy/ holds keeps to the schemas of those who read it, fits together, and says what the program understands.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import type { CommandInput } from "../../src/app/context.js";
import type { CommandModule } from "../../src/commands/command.js";
import { COMMANDS } from "../../src/commands/table.js";
import { EXIT } from "../../src/support/errors.js";
import { run } from "../commands/command.fixture.js";
import { ROOT, readDocument } from "../docs/markdown.js";
import { COMPOSE } from "./compose.js";
import { MANIFEST, type Manifest, type PodSpec } from "./kubernetes.js";

const FOLDER = join(ROOT, "deploy");
const read = (name: string): string => readFileSync(join(FOLDER, name), "utf8");
const files = readdirSync(join(FOLDER, "kubernetes")).map((name) => `kubernetes/${name}`);
const documents = files.flatMap((name) => parseAllDocuments(read(name)).map((one): unknown => one.toJS()));

const BACKEND = "https://staging.example.com";
/** What compose is to be told, as it takes the place of `${NAME:?why}`. */
const VARIABLES = { FLEET_PASSWORD: "secret", TARGET: BACKEND, TARGET_HOST: new URL(BACKEND).hostname };

function interpolated(text: string): string {
  return text.replace(/\$\{(\w+):\?[^}]*\}/g, (_, name: string) => {
    const value = Object.entries(VARIABLES).find(([key]) => key === name)?.[1];
    if (value === undefined) throw new Error(`nobody sets ${name}`);
    return value;
  });
}

/** Workers load no host that they are not told, nor does the run. */
function expectLeaveToLoad(worker: CommandInput, lead: CommandInput): void {
  const { hostname } = new URL(String(lead.options.target));
  expect([worker.options.allowHost, lead.options.allowHost]).toEqual([[hostname], [hostname]]);
}

/** What the real commands make of a command line, without doing it. */
async function understood(args: readonly string[]): Promise<CommandInput & { readonly name: string }> {
  let asked: (CommandInput & { readonly name: string }) | undefined;
  const deaf: readonly CommandModule[] = COMMANDS.map((module) => ({
    ...module,
    run: async (input) => {
      asked = { ...input, name: module.name };
      return EXIT.pass;
    },
  }));
  const { exit, stderr } = await run(args, {}, deaf);
  if (exit !== EXIT.pass || !asked) throw new Error(`${args.join(" ")}: ${stderr}`);
  return asked;
}

function manifests(): readonly Manifest[] {
  return documents.map((one) => MANIFEST.parse(one));
}

function pods(): readonly (readonly [string, PodSpec, Readonly<Record<string, string>>])[] {
  return manifests().flatMap((one) =>
    one.kind === "Job" || one.kind === "Deployment"
      ? [[one.metadata.name, one.spec.template.spec, one.spec.template.metadata.labels] as const]
      : [],
  );
}

describe("the manifests for Kubernetes", () => {
  it("keep to its schema, every field", () => {
    expect(documents.length).toBe(6);
    for (const document of documents) expect(MANIFEST.safeParse(document).error?.issues ?? []).toEqual([]);
  });

  it("are held to it: a field with a typing error is refused", () => {
    const job = documents.find((one) => (one as Manifest).kind === "Job") as { spec: object };
    expect(MANIFEST.safeParse({ ...job, spec: { ...job.spec, backofLimit: 0 } }).success).toBe(false);
    expect(MANIFEST.safeParse({ ...job, apiVersion: "batch/v1beta1" }).success).toBe(false);
  });

  it("mount only volumes that they name, and read one secret with two keys", () => {
    for (const [name, pod] of pods()) {
      const named = (pod.volumes ?? []).map((volume) => volume.name).sort();
      const mounted = pod.containers.flatMap(({ volumeMounts = [] }) => volumeMounts.map((one) => one.name));
      expect([name, [...new Set(mounted)].sort()]).toEqual([name, named]);
    }
    const keys = JSON.stringify(pods()).matchAll(/"secretKeyRef":\{"name":"([^"]+)","key":"([^"]+)"/g);
    expect(new Set([...keys].map(([, secret, key]) => `${secret}/${key}`))).toEqual(
      new Set(["gp-load-fleet/redis-password"]),
    );
    expect(JSON.stringify(pods()).match(/"secretName":"([^"]+)"/g)).toEqual(
      Array(2).fill('"secretName":"gp-load-fleet"'),
    );
  });

  it("select pods that are there: the service and the policy find Redis, and the policy lets workers and run in", () => {
    const labelled = Object.fromEntries(pods().map(([name, , labels]) => [name, labels]));
    const redis = labelled["gp-load-redis"];
    for (const one of manifests()) {
      if (one.kind === "Service") expect(redis).toMatchObject(one.spec.selector);
      if (one.kind === "Deployment") expect(redis).toMatchObject(one.spec.selector.matchLabels);
      if (one.kind !== "NetworkPolicy") continue;
      expect(redis).toMatchObject(one.spec.podSelector.matchLabels);
      const [rule] = one.spec.ingress;
      for (const name of ["gp-load-workers", "gp-load-run"])
        expect(labelled[name]).toMatchObject(rule?.from[0]?.podSelector.matchLabels ?? { none: "" });
      expect(rule?.ports).toEqual([{ protocol: "TCP", port: 6379 }]);
    }
  });

  it("start nothing a second time: a slice that was lost makes the run INVALID", () => {
    const jobs = manifests().flatMap((one) => (one.kind === "Job" ? [one] : []));
    expect(jobs.map(({ spec }) => [spec.backoffLimit, spec.template.spec.restartPolicy])).toEqual(
      Array(2).fill([0, "Never"]),
    );
  });

  it("say what the program understands, and the same Redis, host and number of workers on both sides", async () => {
    const args = (name: string) => pods().find(([pod]) => pod === name)?.[1].containers[0]?.args ?? [];
    const [worker, lead] = [await understood(args("gp-load-workers")), await understood(args("gp-load-run"))];
    expect([worker.name, lead.name]).toEqual(["worker", "run"]);
    expect(worker.options).toMatchObject({ redis: lead.options.fleet, once: true });
    expectLeaveToLoad(worker, lead);
    const job = manifests().find((one) => one.metadata.name === "gp-load-workers");
    if (job?.kind !== "Job") throw new Error("no workers");
    expect(job.spec).toMatchObject({ completionMode: "Indexed", completions: Number(lead.options.workers) });
    expect(job.spec.parallelism).toBe(job.spec.completions);
    const room = Number(worker.options.capacity) * Number(lead.options.workers);
    expect(room).toBeGreaterThanOrEqual(Number(lead.options.users));
  });
});

describe("the compose file", () => {
  const text = read("compose.yaml");
  const compose = COMPOSE.parse(parse(interpolated(text)));
  const { worker, run: lead } = compose.services;

  it("refers only to networks, secrets and services that it has", () => {
    for (const { networks, secrets = [], depends_on = [] } of Object.values(compose.services)) {
      for (const network of networks) expect(compose.networks).toHaveProperty(network);
      for (const secret of secrets) expect(compose.secrets).toHaveProperty(secret);
      for (const service of depends_on) expect(compose.services).toHaveProperty(service);
    }
  });

  it("says what the program understands, and the same Redis, host and number of workers on both sides", async () => {
    const [served, led] = [await understood(worker?.command ?? []), await understood(lead?.command ?? [])];
    expect([served.name, led.name]).toEqual(["worker", "run"]);
    expect(served.options.redis).toBe(led.options.fleet);
    expectLeaveToLoad(served, led);
    expect(Number(led.options.workers)).toBe(worker?.deploy?.replicas);
    // The first container that ends takes the others with it: that must be the run.
    expect(served.options.once).toBeUndefined();
  });

  it("leads a run that is refused for nothing but the key, which is not here", async () => {
    const { exit, stderr } = await run(lead?.command ?? [], {
      "scenarios.yaml": readFileSync(join(ROOT, "scenarios.yaml"), "utf8"),
    });
    const errors = stderr.split("\n").filter((line) => line.startsWith("error: "));
    expect(errors).toEqual([expect.stringContaining("cannot read the fleet's key")]);
    expect(exit).toBe(EXIT.usage);
  });

  it("is started by a command that sets what it asks for and exits with the run's code, in itself and in the docs", () => {
    const asked = new Set([...text.matchAll(/\$\{(\w+):\?/g)].map(([, name = ""]) => name));
    expect([...asked].sort()).toEqual(Object.keys(VARIABLES).sort());
    for (const place of [text, readDocument("docs/fleet.md")]) {
      for (const name of asked) expect(place).toMatch(new RegExp(`\\b${name}=`));
      expect(place).toContain("docker compose -f deploy/compose.yaml up --exit-code-from run");
    }
  });
});

describe("the image", () => {
  it("is built without keys, reports and modules of the machine that builds it", () => {
    const ignored = read("Dockerfile.dockerignore").split("\n");
    expect(ignored).toEqual(
      expect.arrayContaining(["**/*.key", "**/*.pem", "reports", "node_modules", "dist"]),
    );
  });

  const lines = read("Dockerfile").split("\n");
  const last = lines.slice(lines.findLastIndex((line) => line.startsWith("FROM ")));

  it("runs as nobody in particular, and holds only the packed program and the clients of a fleet", () => {
    expect(last.find((line) => line.startsWith("USER "))).toBe("USER 1000:1000");
    expect(last.filter((line) => line.startsWith("COPY "))).toEqual([
      "COPY --from=build /pack/gp-load-*.tgz /pack/gp-load.tgz",
    ]);
    const { peerDependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
      readonly peerDependencies: Readonly<Record<string, string>>;
    };
    expect(peerDependencies.bullmq).toBe("^6.0.0");
    expect(peerDependencies.ioredis).toContain("^6.0.0");
    expect(last.join("\n")).toContain("bullmq@^6.0.0 ioredis@^6.0.0");
  });
});
