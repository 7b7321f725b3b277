// The breakdown of a real run, in a browser: one row and one bar for each tool, and every label and metric drawn without an error.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { browserForTests } from "../support/browser.js";
import { describeWith } from "../support/services.js";
import { load, scenarioFile } from "./support/scenario.js";
import { workspace } from "./support/workspace.js";

/** The embedded agent models the cost of what it is told in figures, and searches where it is asked to. */
const PROMPTS = [
  ["bill", "Our bill is {spend} dollars a month. What would a cheaper one look like?"],
  ["records", "Please search my earlier messages for the budget."],
].map(([id, text]) => ({ id, topic: id, weight: "light", text, facts: { figures: [], words: ["budget"] } }));

describeWith(["chromium"], "the report of a run that used several tools", () => {
  const openPage = browserForTests();

  test("has a row and a bar for each tool, and draws every label and metric", async () => {
    const groups = {
      readers: { share: "50%", journey: ["connect", { loop: [{ send: { prompt: "bill" } }] }] },
      writers: { share: "50%", journey: ["connect", { loop: [{ send: { prompt: "records" } }] }] },
    };
    const keys = { load: load(6, "3s"), prompts: "prompts.yaml", journey: undefined, groups, checks: [] };
    const place = workspace(scenarioFile({ embedded: true }, keys));
    place.write("prompts.yaml", JSON.stringify({ prompts: PROMPTS }));
    const { folder, report } = await place.run(["e2e"]);
    const valuesOf = (label: string): readonly string[] =>
      (report.breakdown ?? []).filter((one) => one.label === label).map(({ value }) => value);
    const tools = valuesOf("tool");
    expect([...tools].sort()).toEqual(["cost_model", "search_records"]);
    expect([...valuesOf("group")].sort()).toEqual(["readers", "writers"]);

    const { page, troubles } = await openPage(readFileSync(join(folder, "report.html"), "utf8"));
    expect(await toolRows(page)).toEqual(tools);
    expect(await plotted(page)).toEqual(tools);
    const shown = await allDrawn(page);
    const labels = [...new Set(shown.map(([label]) => label))];
    expect(labels).toEqual(expect.arrayContaining(["group", "prompt", "tool", "phase"]));
    expect(shown.filter(([, , drawn]) => !drawn)).toEqual([]);
    const by = page.locator("#breakdown-controls label:has-text('By') select");
    await by.selectOption("group");
    expect(await plotted(page)).toEqual(valuesOf("group"));
    expect(troubles).toEqual([]);
    await page.close();
  });
});

const toolRows = (page: Page): Promise<readonly string[]> =>
  page.locator("#breakdown table:has(caption:text('Tools')) tbody tr > :first-child").allInnerTexts();

/** Names of the plot's bars, as the plot's own table of values has them. */
async function plotted(page: Page): Promise<readonly string[]> {
  const values = page.locator("#plot-breakdown ~ .values");
  if ((await values.getAttribute("open")) !== null) await values.locator("summary").click();
  await values.locator("summary").click();
  await values.locator("tbody tr").first().waitFor();
  return values.locator("tbody tr > :first-child").allInnerTexts();
}

/** Every label and metric that can be chosen, each chosen in turn, and whether the plot then holds anything. */
const allDrawn = (
  page: Page,
): Promise<readonly (readonly [label: string, metric: string, drawn: boolean])[]> =>
  page.evaluate(async () => {
    const selects = (): HTMLSelectElement[] => [
      ...document.querySelectorAll<HTMLSelectElement>("#breakdown-controls select"),
    ];
    const choose = async (at: number, value: string): Promise<void> => {
      const select = selects()[at];
      if (!select) throw new Error("no such choice");
      select.value = value;
      select.dispatchEvent(new Event("change"));
      await new Promise((done) => setTimeout(done));
    };
    const optionsOf = (at: number): string[] => [...(selects()[at]?.options ?? [])].map(({ value }) => value);
    const all: [string, string, boolean][] = [];
    for (const label of optionsOf(0)) {
      await choose(0, label);
      for (const metric of optionsOf(1)) {
        await choose(1, metric);
        const canvas = document.querySelector<HTMLCanvasElement>("#plot-breakdown canvas");
        const data = canvas?.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data;
        all.push([label, metric, data?.some((value) => value !== 0) ?? false]);
      }
    }
    return all;
  });
