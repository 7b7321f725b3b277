// Promises of junit.xml.
import { describe, expect, it } from "vitest";
import { renderJunit } from "../../../src/report/formats/junit.js";
import { renderSuiteJunit } from "../../../src/report/suite/junit.js";
import { junitFaults } from "../../support/junit/faults.js";
import { emptySample, failSample, HOSTILE, passSample } from "../samples.js";
import { left, ran, suiteOf } from "../suite/samples.js";

/** Start tags, in order; throws when the document is not well-formed. */
function parse(xml: string): {
  tags: { name: string; attributes: Record<string, string> }[];
  texts: string[];
} {
  const tags: { name: string; attributes: Record<string, string> }[] = [];
  const texts: string[] = [];
  const open: string[] = [];
  const body = xml.replace(/^<\?xml[^>]*\?>/, "");
  const token = /<(\/?)([\w-]+)((?:\s+[\w-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;
  let end = 0;
  for (const [whole, closing, name = "", attributes = "", empty, text] of body.matchAll(token)) {
    end += whole.length;
    if (text !== undefined) texts.push(plainText(text));
    else if (closing) expect(open.pop()).toBe(name);
    else {
      const pairs = [...attributes.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key = "", value = ""]) => [
        key,
        plainText(value),
      ]);
      tags.push({ name, attributes: Object.fromEntries(pairs) });
      if (!empty) open.push(name);
    }
  }
  expect(end).toBe(body.length);
  expect(open).toEqual([]);
  return { tags, texts };
}

function plainText(text: string): string {
  expect(text.replace(/&(lt|gt|amp|quot|#39);/g, "")).not.toContain("&");
  return text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");
}

describe("junit.xml", () => {
  it("has one case for every rule, every check, the ledger and the generator", () => {
    const { report } = passSample();
    const { tags } = parse(renderJunit(report));
    const names = tags.filter((tag) => tag.name === "testcase").map((tag) => tag.attributes.name);
    expect(names).toContain("history.query p99 < 100ms");
    expect(names).toContain("isolation");
    expect(names).toContain("every turn is accounted for");
    expect(names).toContain("the generator was not the limit");
    expect(names.length).toBe(report.sla.length + report.checks.length + 2 + report.notChecked.length);
  });

  it("counts what it holds", () => {
    const { tags } = parse(renderJunit(failSample().report));
    const count = (name: string): number => tags.filter((tag) => tag.name === name).length;
    const suite = tags.find((tag) => tag.name === "testsuite")?.attributes;
    expect(suite).toMatchObject({
      tests: String(count("testcase")),
      failures: String(count("failure")),
      errors: String(count("error")),
      skipped: String(count("skipped")),
    });
    expect(count("failure")).toBe(6);
  });

  it("shows the observed value, the limit and n in a failure", () => {
    const { tags } = parse(renderJunit(failSample().report));
    const messages = tags.filter((tag) => tag.name === "failure").map((tag) => tag.attributes.message);
    expect(messages).toContain("observed 212ms, limit < 100ms, n = 1020");
  });

  it("makes errors of what cannot be known, and skips what was not checked", () => {
    const invalid = parse(renderJunit(emptySample().report)).tags;
    const errors = invalid.filter((tag) => tag.name === "error").map((tag) => tag.attributes.message);
    expect(errors).toContain("none of 100 users logged in: ECONNREFUSED 127.0.0.1:9");
    expect(errors.some((message) => message?.includes("at least 299 are needed"))).toBe(true);
    const passed = parse(renderJunit(passSample().report)).tags;
    expect(passed.find((tag) => tag.name === "skipped")?.attributes.message).toBe(
      "no store is configured for this target",
    );
    expect(passed.some((tag) => tag.name === "failure" || tag.name === "error")).toBe(false);
  });

  it("fails the ledger's case when turns are in flight", () => {
    const { report } = passSample();
    const open = { ...report, ledger: { ...report.ledger, completed: 1_359, inFlightAtEnd: 1 } };
    const { tags } = parse(renderJunit(open));
    const at = tags.findIndex((tag) => tag.attributes.name === "every turn is accounted for");
    expect(tags[at + 1]).toMatchObject({ name: "failure" });
  });

  it("stays well-formed with hostile text, which it keeps as text", () => {
    const { tags } = parse(renderJunit(failSample().report));
    expect(tags.some((tag) => tag.attributes.message?.includes(HOSTILE))).toBe(true);
    expect(tags.some((tag) => tag.name === "img")).toBe(false);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what XML cannot hold
    expect(renderJunit(failSample().report)).not.toMatch(/[\x00-\x08\x0b\x0c\x0e-\x1f]/);
  });
});

describe("a CI that reads junit.xml", () => {
  const broken = failSample().report;
  const [finding] = broken.findings;
  const [rule] = broken.sla;
  if (!finding || !rule) throw new Error("the sample has no finding or no rule");

  it.each([
    ["a run that passed", passSample().report],
    ["one that failed", broken],
    ["one that says nothing", emptySample().report],
    [
      "one with the same rule for two steps, and two reasons of one code",
      {
        ...emptySample().report,
        sla: [rule, rule],
        invalidReasons: [1, 2].map((at) => ({ code: "generator" as const, message: `reason ${at}` })),
      },
    ],
  ])("takes that of %s whole", async (_, report) => {
    expect(await junitFaults(renderJunit(report))).toEqual([]);
  });

  it("takes that of a suite, of repeated and of left out scenarios", async () => {
    const again = suiteOf([ran("a", broken), ran("a", broken), left("b", "not its turn")]);
    const runs = again.suite.runs.map((run, at) => (at < 2 ? { ...run, repetition: at + 1 } : run));
    const xml = renderSuiteJunit({ ...again.suite, runs }, again.reports);
    expect(await junitFaults(xml)).toEqual([]);
    expect(xml).toContain('classname="a #2.sla"');
  });

  it("shows in the text of a failure what its message says", () => {
    const xml = renderJunit(broken);
    expect(xml).toMatch(/<failure type="sla" message="(observed 212ms[^"]*)">\1\n/);
  });

  it.each([
    ["an attribute that a schema lacks", ' errors="', ' skipped="0" errors="', "not allowed"],
    ["an element that it lacks", "<properties>", "<note/><properties>", "note"],
    ["a time that is none", /time="[\d.]+"/, 'time="soon"', "soon"],
    ["a test that is named twice", /name="isolation"/, 'name="history"', "twice"],
    ["a failure without text", /(<failure[^>]*>)[^<]*/, "$1", "no text"],
  ])("would object to %s", async (_, from, to, fault) => {
    const xml = renderJunit(broken);
    const changed = xml.replace(from, to);
    expect(changed).not.toBe(xml);
    expect((await junitFaults(changed)).join("\n")).toContain(fault);
  });
});
