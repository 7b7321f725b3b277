// Promises of the picture of a verdict.
import { expect, it } from "vitest";
import { renderSvg } from "../../../src/report/formats/svg.js";
import { browserForTests } from "../../support/browser.js";
import { describeWith } from "../../support/services.js";
import { emptySample, failSample, HOSTILE, longSample, passSample } from "../samples.js";

it("shows the verdict and what broke first, and no more rules than fit", () => {
  const picture = renderSvg(failSample().report);
  const texts = [...picture.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text);
  expect(texts[0]).toBe("✗ FAIL");
  const marks = texts.filter((text) => /^[✗✓?–]$/.test(text ?? ""));
  expect(marks).toEqual([...marks].sort((a, b) => "✗?✓–".indexOf(a ?? "") - "✗?✓–".indexOf(b ?? "")));
  expect(marks.filter((mark) => mark === "✗")).toHaveLength(4);
  expect(renderSvg(passSample().report)).toContain("✓ PASS");
  const { report } = passSample();
  const many = { ...report, sla: Array.from({ length: 15 }, () => report.sla).flat() };
  expect(renderSvg(many)).toContain("more rules");
});

it("keeps hostile text in its place, and makes no requests", () => {
  const { report } = failSample();
  const picture = renderSvg({
    ...report,
    summary: `${HOSTILE}\u202e`,
    scenario: { ...report.scenario, name: HOSTILE },
  });
  expect(picture).not.toMatch(/<img|<script|<\/script|href=|url\(|\u202e/);
  expect(picture).toContain("&lt;/script&gt;");
});

describeWith(["chromium"], "the picture of a verdict in a browser", () => {
  const open = browserForTests();

  it.each([
    ["PASS", passSample],
    ["FAIL", failSample],
    ["INVALID", emptySample],
    ["a long run", longSample],
  ])("is well-formed and keeps its words inside: %s", async (_, sample) => {
    const picture = renderSvg(sample().report);
    const { page } = await open(`<!doctype html><p id="theme"></p>${picture}`);
    const found = await page.evaluate((source) => {
      const parsed = new DOMParser().parseFromString(source, "image/svg+xml");
      const svg = document.querySelector("svg")?.getBoundingClientRect();
      const out = [...document.querySelectorAll("svg text")].filter((text) => {
        const { right, bottom } = text.getBoundingClientRect();
        return svg === undefined || right > svg.right || bottom > svg.bottom;
      });
      return {
        errors: parsed.querySelectorAll("parsererror").length,
        out: out.map((text) => text.textContent),
      };
    }, picture);
    expect(found).toEqual({ errors: 0, out: [] });
    await page.close();
  });
});
