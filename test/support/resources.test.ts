// One owner of what was opened: everything is closed, once, the last first.
import { expect, it } from "vitest";
import { Resources } from "../../src/support/resources.js";

it("what was opened last is closed first, each once, and one after another", async () => {
  const closed: string[] = [];
  const resources = new Resources();
  resources.onClose(() => closed.push("first"));
  resources.onClose(async () => {
    await new Promise((resolve) => setImmediate(resolve));
    closed.push("second");
  });
  await resources.close();
  await resources.close();
  expect(closed).toEqual(["second", "first"]);
});

it("everything is closed also where closing something fails, and the first failure is reported", async () => {
  const closed: string[] = [];
  const resources = new Resources();
  resources.onClose(() => closed.push("first"));
  for (const why of ["one", "two"])
    resources.onClose(() => {
      throw new Error(why);
    });
  await expect(resources.close()).rejects.toThrow("two");
  expect(closed).toEqual(["first"]);
});
