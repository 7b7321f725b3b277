// The page about the architecture names the folders that there are, in their real order, and modules that exist.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { describe, expect, it } from "vitest";
import { codeSpans, ROOT, readDocument, section, tableRows } from "./markdown.js";

const PAGE = readDocument("docs/architecture.md");
const SRC = join(ROOT, "src");

/** Folder (or file) right under src → its layer, `undefined` for a tree of its own. */
const layers = new Map(
  tableRows(section(PAGE, "## The house")).map(([layer = "", folder = ""]) => [
    /`src\/([\w.]+)`/.exec(folder)?.[1] ?? folder,
    /^\d+$/.test(layer) ? Number(layer) : undefined,
  ]),
);

describe("the house", () => {
  it("is the folders under src, each once, and no others", () => {
    const real = readdirSync(SRC, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() || entry.name.endsWith(".ts"))
      .map(({ name }) => name);
    expect(real.length).toBeGreaterThan(10);
    expect([...layers.keys()].sort()).toEqual(real.sort());
  });

  it("is in layers of which each imports only what is below", () => {
    const wrong: string[] = [];
    let seen = 0;
    for (const path of readdirSync(SRC, { recursive: true, encoding: "utf8" })) {
      const from = path.replaceAll("\\", "/");
      if (!from.endsWith(".ts")) continue;
      const code = readFileSync(join(SRC, path), "utf8");
      for (const [, specifier = ""] of code.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)) {
        const to = posix.join(posix.dirname(from), specifier);
        const [above = "", below = ""] = [from, to].map((one) => one.split("/")[0] ?? "");
        const [high, low] = [layers.get(above), layers.get(below)];
        if (above === below || high === undefined || low === undefined) continue;
        seen++;
        if (high <= low) wrong.push(`${from} → ${to}`);
      }
    }
    expect(seen).toBeGreaterThan(200);
    expect(wrong).toEqual([]);
  });
});

describe("a module that the page names", () => {
  const named = codeSpans(PAGE).filter((span) => /^[\w./-]+\.ts$/.test(span) && span.includes("/"));

  it("is found where there are some", () => {
    expect(named.length).toBeGreaterThan(30);
  });

  it("exists", () => {
    const gone = named.filter((path) => !existsSync(join(ROOT, path)) && !existsSync(join(SRC, path)));
    expect(gone).toEqual([]);
  });
});

describe("the messages between processes", () => {
  it("are all named", () => {
    const code = readFileSync(join(SRC, "run/process/messages.ts"), "utf8");
    const types = [...code.matchAll(/type: z.literal\("(\w+)"\)/g)].map(([, type]) => type ?? "");
    expect(types.length).toBeGreaterThan(7);
    const spans = codeSpans(section(PAGE, "## Processes"));
    expect(types.filter((type) => !spans.includes(type))).toEqual([]);
  });
});
