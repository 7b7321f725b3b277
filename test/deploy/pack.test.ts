// What is published: all that the program needs, nothing that only its own project needs, and no script at install.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT, readDocument } from "../docs/markdown.js";

interface Manifest {
  readonly bin: Readonly<Record<string, string>>;
  readonly types: string;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly keywords: readonly string[];
}
const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Manifest;

interface Packed {
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

/** As npm would pack what is built now. */
function packed(): Packed {
  const { npm_execpath: npm } = process.env;
  const args = ["pack", "--dry-run", "--json", "--ignore-scripts"];
  const [program, ...first] = npm?.endsWith("js") ? [process.execPath, npm] : ["npm"];
  const { stdout, stderr } = spawnSync(program, [...first, ...args], {
    cwd: ROOT,
    encoding: "utf8",
    shell: process.platform === "win32" && program === "npm",
  });
  const told = JSON.parse(stdout || "null") as readonly Packed[] | Readonly<Record<string, Packed>> | null;
  const [pack] = Object.values(told ?? {});
  if (!pack) throw new Error(stderr);
  return pack;
}

const pack = packed();
const paths = pack.files.map(({ path }) => path);
const targets = Object.values(manifest.exports).flatMap((one) =>
  typeof one === "string" ? [one] : Object.values(one),
);

describe("the package", () => {
  it("holds what its program, its exports and its documents name", () => {
    const named = [...Object.values(manifest.bin), manifest.types, ...targets];
    for (const path of named) expect(paths).toContain(path.replace("./", ""));
    for (const path of ["scenarios.yaml", "README.md", "CHANGELOG.md", "LICENSE"])
      expect(paths).toContain(path);
    for (const document of paths.filter((path) => path.startsWith("docs/") && path.endsWith(".md")))
      for (const [, link = ""] of readDocument(document).matchAll(/\]\(([\w./-]+)(?:#[\w-]*)?\)/g)) {
        const target = join("docs", link);
        // What is only in the repository is linked from pages about the project, and is there.
        if (!paths.includes(target) && !paths.some((path) => path.startsWith(`${target}/`)))
          expect([document, link, existsSync(join(ROOT, target))]).toEqual([document, link, true]);
      }
  });

  it("holds every process that the program starts", () => {
    for (const entry of [
      "run/worker/main.js",
      "reference/main.js",
      "faults/proxy/main.js",
      "faults/hook-runner/main.js",
    ])
      expect(paths).toContain(`dist/${entry}`);
  });

  it("holds the data files that the program reads when it starts", () => {
    const data = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" });
    const named = data.filter((path) => /\.(yaml|sql)$/.test(path)).map((path) => path.replaceAll("\\", "/"));
    expect(named).toContain("scenarios/prompts/library.yaml");
    for (const path of named) expect(paths).toContain(`dist/${path}`);
  });

  it("holds no source map, no source, no test and no leftover of a build", () => {
    const foreign = paths.filter(
      (path) =>
        /\.map$|\.tsbuildinfo$|\/\.built$/.test(path) || /^(src|test|scripts|bench|reports)\//.test(path),
    );
    expect(foreign).toEqual([]);
    expect(paths.filter((path) => /\.ts$/.test(path) && !/\.d\.ts$/.test(path))).toEqual([]);
    expect(pack.unpackedSize).toBeLessThan(5_250_000);
  });

  it("runs no script if it is installed", () => {
    const atInstall = [
      "preinstall",
      "install",
      "postinstall",
      "prepare",
      "prepublish",
      "preprepare",
      "postprepare",
    ];
    expect(Object.keys(manifest.scripts).filter((name) => atInstall.includes(name))).toEqual([]);
    expect(manifest).not.toHaveProperty("overrides");
  });

  it("imports at run time only what it depends on", () => {
    const known = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)];
    const missing = paths
      .filter((path) => path.startsWith("dist/") && path.endsWith(".js") && !path.includes("/html/pages/"))
      .flatMap((path) => {
        const text = readFileSync(join(ROOT, path), "utf8");
        const specifiers = [...text.matchAll(/^(?:import|export)\b[^;"']*\bfrom "([^".][^"]*)"/gm)].map(
          ([, name = ""]) => name,
        );
        const names = specifiers.map((name) =>
          name
            .split("/")
            .slice(0, name.startsWith("@") ? 2 : 1)
            .join("/"),
        );
        return names
          .filter((name) => !name.startsWith("node:") && !known.includes(name))
          .map((name) => `${path}: ${name}`);
      });
    expect(missing).toEqual([]);
  });

  it("can be found, and says what it is", () => {
    expect(manifest.keywords.length).toBeGreaterThan(5);
  });
});
