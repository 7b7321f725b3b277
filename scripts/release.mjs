// Prepares a release: refuses a tag that is not the version, writes the repository into package.json, prints the notes.
// Usage: node scripts/release.mjs <tag> <url of the repository>
import { readFileSync, writeFileSync } from "node:fs";

const [tag = "", repository = ""] = process.argv.slice(2);
const manifest = JSON.parse(readFileSync("package.json", "utf8"));
if (tag !== `v${manifest.version}`) fail(`the tag ${tag} is not the version ${manifest.version}`);
if (!/^https:\/\/[^/]+\/[^/]+\/[^/]+$/.test(repository)) fail(`${repository} is not the URL of a repository`);

const notes = sectionOf(readFileSync("CHANGELOG.md", "utf8"), manifest.version);
if (notes === "") fail(`CHANGELOG.md has no section ${manifest.version}`);

const published = {
  ...manifest,
  repository: { type: "git", url: `git+${repository}.git` },
  homepage: `${repository}#readme`,
  bugs: `${repository}/issues`,
};
writeFileSync("package.json", `${JSON.stringify(published, null, 2)}\n`);
process.stdout.write(`${notes}\n`);

/** What stands under the heading of a version, up to the next version. */
function sectionOf(changelog, version) {
  const lines = changelog.split("\n");
  const start = lines.findIndex((line) => line.startsWith(`## [${version}]`));
  if (start < 0) return "";
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => line.startsWith("## "));
  return rest
    .slice(0, end < 0 ? undefined : end)
    .join("\n")
    .trim();
}

function fail(why) {
  process.stderr.write(`${why}\n`);
  process.exit(1);
}
