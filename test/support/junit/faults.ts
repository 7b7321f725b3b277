// What Jenkins and GitLab would object to in a JUnit file: Jenkins by its schema, GitLab by what its parser reads.
import { readFileSync } from "node:fs";
import { validateXML } from "xmllint-wasm";

const SCHEMA = readFileSync(new URL("jenkins.xsd", import.meta.url), "utf8");
/** GitLab takes no larger file. */
const GITLAB_BYTES = 30 * 1024 * 1024;

/** One line for each fault; empty for a file that both take whole. */
export async function junitFaults(xml: string): Promise<readonly string[]> {
  const { errors } = await validateXML({
    xml: { fileName: "junit.xml", contents: xml },
    schema: { fileName: "jenkins.xsd", contents: SCHEMA },
  });
  return [...errors.map(({ message }) => message), ...gitlabFaults(xml)];
}

/** GitLab keeps the first of several cases of one class and name, and shows the text of a failure, not its message. */
function gitlabFaults(xml: string): string[] {
  const ids = [...xml.matchAll(/<testcase classname="([^"]*)" name="([^"]*)"/g)].map(([id]) => id);
  const twice = [...new Set(ids.filter((id, at) => ids.indexOf(id) !== at))];
  const mute = [...xml.matchAll(/<(?:failure|error)\b[^>]*?(?:\/>|><\/)/g)].map(([tag]) => tag);
  return [
    ...(Buffer.byteLength(xml) > GITLAB_BYTES ? ["larger than 30 MB"] : []),
    ...twice.map((id) => `twice: ${id}`),
    ...mute.map((tag) => `no text: ${tag}`),
  ];
}
