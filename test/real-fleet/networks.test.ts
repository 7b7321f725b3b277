// A worker in a network of its own on the coordinator's kernel, as in a container: it has the clock, and not the loopback.
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { startCli } from "../e2e/support/cli.js";
import { startRedis } from "../real-stores/support/redis.js";
import { describeWith } from "../support/services.js";
import { FLEET_SLA, fixedScenario, testFleet } from "./support/fleet.js";
import { throughOwnNetwork } from "./support/own-network.js";

describeWith(["redis", "own network"], "a worker in a container", () => {
  it("is refused an embedded backend, which one beside the coordinator is given; its clock is the coordinator's", async () => {
    const redis = await startRedis();
    onTestFinished(() => redis.close());
    const { space, worker, args } = testFleet(redis.url, fixedScenario({ embedded: true }, 2, 1, FLEET_SLA));
    const through = await throughOwnNetwork(redis.port);
    const key = join(space.folder, "fleet.key");
    const contained = startCli(
      ["worker", "--redis", redis.url, "--fleet-key-file", key, "--name", "contained", "--once"],
      { cwd: space.folder, through },
    );
    await contained.said("serves the fleet");
    const { code, stderr } = await space.start(["e2e", ...args, "--workers", "1"]).finished;
    expect(stderr).toContain("fleet: contained serves worker 0, on this machine, with its own network");
    expect(stderr).toContain("the worker contained has its own network");
    expect(code).toBe(2);
    expect(space.runFolders()).toEqual([]);
    await contained.finished;
    await worker("beside");
    const { report, stderr: told } = await space.run(["e2e", ...args, "--workers", "1"]);
    expect(told).toMatch(/fleet: beside serves worker 0, on this machine$/m);
    expect(report.ledger).toMatchObject({ attempted: 2, completed: 2 });
  });
});
