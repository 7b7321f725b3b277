// `gp-load schema`
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { run } from "./command.fixture.js";

it("gp-load schema prints the committed schema, byte for byte", async () => {
  const { exit, stdout, stderr } = await run(["schema"]);
  expect(stdout).toBe(readFileSync("schema/scenarios.schema.json", "utf8"));
  expect([exit, stderr]).toEqual([0, ""]);
});
